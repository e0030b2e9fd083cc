# Written by `orderbridge generate`, never edit.
# source: openapi/fabric/openapi.yaml
# sha256: 2bf1952734d00edff56316d534e939a21dc43c76d420b406e9bb75a34e490cb7 (of the bundled contract at level documented, without its examples)
# generator: datamodel-code-generator 0.89.0

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field, RootModel, StrictBool, StrictFloat, StrictInt, StrictStr


class SiteContext(BaseModel):
    """What the header `x-site-context` says, before it is written as text."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    account: Annotated[StrictStr, Field(max_length=24, min_length=24)]
    """Account id as the partner's console shows it."""
    stage: StrictStr | MISSING = MISSING
    """Environment, such as production."""
    date: StrictStr | MISSING = MISSING
    """Moment of the call."""
    channel: Any | MISSING = MISSING
    """Sales channel, usually a number; named channels are strings."""


class Error(BaseModel):
    """The one shape of every error."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr | MISSING = MISSING
    """What went wrong, for a person."""


class Attributes(BaseModel):
    """The merchant's own fields, any names and any values."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class Retail(BaseModel):
    """Where in a store it was sold. An order from elsewhere gives locationNum alone, or leaves the object out."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    locationNum: StrictInt | StrictStr | MISSING = MISSING
    """Number of the store. An integer by the reference, digits in a string by the partner's import sample; both are read."""
    cashierId: StrictStr | MISSING = MISSING
    """Who sold it."""
    registerId: StrictStr | MISSING = MISSING
    """At which till."""
    transactionId: StrictStr | MISSING = MISSING
    """The till's number of the sale."""


class OrderFee(BaseModel):
    """A charge on the whole order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: StrictStr | MISSING = MISSING
    """Kind of charge, such as shipping."""
    value: StrictFloat | MISSING = MISSING
    """Amount."""
    invoiceValue: StrictFloat | MISSING = MISSING
    """Part of the amount that is invoiced already."""


class ItemFeeRequest(BaseModel):
    """A charge on one line. Unlike a charge on the order it has no invoiced part."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: StrictStr | MISSING = MISSING
    """Kind of charge."""
    value: StrictFloat | MISSING = MISSING
    """Amount."""


class ItemFee(BaseModel):
    """A charge on one stored line."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: StrictStr | MISSING = MISSING
    """Kind of charge."""
    value: StrictFloat | MISSING = MISSING
    """Amount."""
    invoiceQuantity: StrictInt | MISSING = MISSING
    """Units of it invoiced."""
    refundAmount: StrictFloat | MISSING = MISSING
    """Money given back."""
    quantity: StrictInt | MISSING = MISSING
    """Units it was charged for."""


class TaxDetail(BaseModel):
    """One part of a tax."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: StrictStr | MISSING = MISSING
    """Kind of tax."""
    value: StrictFloat | MISSING = MISSING
    """Amount."""


class DiscountRequest(BaseModel):
    """A reduction."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    quantity: StrictInt | MISSING = MISSING
    """Units that get it."""
    amount: StrictFloat | MISSING = MISSING
    """Money off for all these units together."""
    unit: StrictStr | MISSING = MISSING
    """How value is meant, for example AMOUNT_OFF. The list is open."""
    value: StrictInt | MISSING = MISSING
    """The figure of the promotion, read as unit says. A whole number, though amount is not."""
    promoId: StrictStr | MISSING = MISSING
    """Id of the promotion."""
    promoCode: StrictStr | MISSING = MISSING
    """Code the customer entered."""
    promoTitle: StrictStr | MISSING = MISSING
    """Name the customer sees."""
    type: StrictStr | MISSING = MISSING
    """Kind of reduction."""


class Discount(BaseModel):
    """A reduction of a stored order or line."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    quantity: StrictInt | MISSING = MISSING
    """Units that get it."""
    amount: StrictFloat | MISSING = MISSING
    """Money off for all these units together."""
    unit: StrictStr | MISSING = MISSING
    """How value is meant."""
    value: StrictInt | MISSING = MISSING
    """The figure of the promotion, read as unit says."""
    promoId: StrictStr | MISSING = MISSING
    """Id of the promotion."""
    promoCode: StrictStr | MISSING = MISSING
    """Code the customer entered."""
    promoTitle: StrictStr | MISSING = MISSING
    """Name the customer sees."""
    type: StrictStr | MISSING = MISSING
    """Kind of reduction."""
    invoiceQuantity: StrictInt | MISSING = MISSING
    """Units invoiced."""
    returnQuantity: StrictInt | MISSING = MISSING
    """Units sent back."""
    cancelQuantity: StrictInt | MISSING = MISSING
    """Units cancelled."""


class PersonName(BaseModel):
    """A person's name in parts."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    first: StrictStr | MISSING = MISSING
    """Given name."""
    middle: StrictStr | MISSING = MISSING
    """Middle name."""
    last: StrictStr | MISSING = MISSING
    """Family name."""


class Phone(BaseModel):
    """A telephone number."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    number: StrictStr | MISSING = MISSING
    """The number as the customer gave it."""
    type: Literal["MOBILE", "HOME", "BUSINESS"] | MISSING = MISSING
    """Which of the customer's telephones it is."""


class Address(BaseModel):
    """A postal address with the person living there."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: PersonName | MISSING = MISSING
    email: StrictStr | MISSING = MISSING
    """Where to write to."""
    phone: Phone | MISSING = MISSING
    address1: StrictStr | MISSING = MISSING
    """First line, usually street and number."""
    address2: StrictStr | MISSING = MISSING
    """Second line."""
    address3: StrictStr | MISSING = MISSING
    """Third line."""
    address4: StrictStr | MISSING = MISSING
    """Fourth line."""
    city: StrictStr | MISSING = MISSING
    """Town."""
    state: StrictStr | MISSING = MISSING
    """State or province, two letters in the examples."""
    country: StrictStr | MISSING = MISSING
    """Country, three letters in the examples."""
    postalCode: StrictStr | MISSING = MISSING
    """Post code. A string, so that leading zeros stay."""
    type: StrictStr | MISSING = MISSING
    """Kind of address, such as residence. The list is open."""
    latitude: StrictFloat | MISSING = MISSING
    """Degrees north."""
    longitude: StrictFloat | MISSING = MISSING
    """Degrees east. The partner's example lacks the minus sign of a place in Texas."""


class Customer(BaseModel):
    """Who ordered."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: PersonName | MISSING = MISSING
    email: StrictStr | MISSING = MISSING
    """Where to write to."""
    phone: Phone | MISSING = MISSING
    userId: StrictStr | MISSING = MISSING
    """Id of the logged-in user."""
    accountId: StrictStr | MISSING = MISSING
    """Loyalty account."""
    employeeId: StrictStr | MISSING = MISSING
    """Employee who acts for the customer."""
    company: StrictStr | MISSING = MISSING
    """The customer's company."""


class PaymentIdentifier(BaseModel):
    """Names the payment, at the merchant and here."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    cardIdentifier: StrictStr | MISSING = MISSING
    """Last four digits of the card. A whole card number has no place here, hence the pattern."""
    expirationYear: StrictStr | MISSING = MISSING
    """Four digits in a string."""
    expirationMonth: StrictStr | MISSING = MISSING
    """Two digits in a string, January is 01."""
    paymentId: StrictStr | MISSING = MISSING
    """The merchant's id of the payment."""
    fabricPaymentReference: StrictStr | MISSING = MISSING
    """This system's id of the payment."""


class PaymentToken(BaseModel):
    """What the payment provider gave in place of the card."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    token: StrictStr | MISSING = MISSING
    """The provider's token."""
    paymentType: StrictStr | MISSING = MISSING
    """Card scheme, such as VISA."""


class PaymentRequest(BaseModel):
    """One means of payment."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    paymentCounter: StrictInt | MISSING = MISSING
    """Running number within the order."""
    paymentDate: StrictStr | MISSING = MISSING
    """When it was paid or authorised."""
    billToId: StrictStr | MISSING = MISSING
    """Id of the billing address."""
    paymentIdentifier: PaymentIdentifier | MISSING = MISSING
    paymentProvider: StrictStr | MISSING = MISSING
    """Who handles it, such as stripe."""
    paymentToken: PaymentToken | MISSING = MISSING
    paymentMethod: StrictStr | MISSING = MISSING
    """Means of payment, such as CREDIT_CARD. The list is open."""
    authAmount: StrictFloat | MISSING = MISSING
    """Amount authorised."""
    chargedAmount: StrictFloat | MISSING = MISSING
    """Amount taken already."""
    currency: StrictStr | MISSING = MISSING
    """Currency of this payment, ISO 4217."""
    conversion: StrictFloat | MISSING = MISSING
    """Rate from this currency to the order's."""
    paymentStatus: StrictStr | MISSING = MISSING
    """State of the payment, such as AUTHORIZED. The list is open."""
    authExpirationDate: StrictStr | MISSING = MISSING
    """When the authorisation ends. Never comes back in the response."""
    billToAddress: Address | MISSING = MISSING
    attributes: Attributes | MISSING = MISSING


class PaymentLogBody(BaseModel):
    """Body of the provider's answer."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    transactionId: StrictStr | MISSING = MISSING
    """The provider's id of the transaction."""
    transactionTimestamp: StrictStr | MISSING = MISSING
    """When it happened, as the provider writes it."""
    responseCode: StrictStr | MISSING = MISSING
    """The provider's code."""
    status: StrictStr | MISSING = MISSING
    """State of the transaction."""
    attributes: Attributes | MISSING = MISSING
    errors: list[dict[str, Any]] | MISSING = MISSING
    """What the provider complained of."""


class ItemReturn(BaseModel):
    """Units of a line that were sent back together."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    shipmentId: StrictStr | MISSING = MISSING
    """The shipment they came with."""
    shipmentLineItemId: StrictStr | MISSING = MISSING
    """Their line in that shipment."""
    shipmentQuantity: StrictInt | MISSING = MISSING
    """How many."""
    refundAmount: StrictFloat | MISSING = MISSING
    """Money given back for them."""
    invoicedAmount: StrictFloat | MISSING = MISSING
    """Money that was invoiced for them."""
    returnsCreatedAt: StrictStr | MISSING = MISSING
    """When the return was recorded."""


class PickupPerson(BaseModel):
    """Somebody who may collect the goods."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: PersonName | MISSING = MISSING
    email: StrictStr | MISSING = MISSING
    """Where to write to."""
    phone: Phone | MISSING = MISSING
    pickupType: Literal["Primary", "Alternate"] | MISSING = MISSING
    """Whether it is the customer or somebody sent."""


class ShipInfo(BaseModel):
    """A destination and how to get there."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    shipToId: StrictStr | MISSING = MISSING
    """Id of the destination; the lines name it."""
    taxCode: StrictStr | MISSING = MISSING
    """Tax class of the shipping cost."""
    locationNum: StrictStr | MISSING = MISSING
    """Store or warehouse. A string here, an integer under retail."""
    pickup: list[PickupPerson] | MISSING = MISSING
    """Who may collect the goods."""
    shipToAddress: Address | MISSING = MISSING
    taxDetail: list[TaxDetail] | MISSING = MISSING
    """The tax on shipping in parts."""
    shipMethod: StrictStr | MISSING = MISSING
    """Way of shipping as the merchant calls it."""
    shipToType: StrictStr | MISSING = MISSING
    """Kind of destination, such as SHIP_TO_ADDRESS or BOPIS. The list is open."""
    estimatedShipDate: StrictStr | MISSING = MISSING
    """When it should leave."""
    estimatedDeliveryDate: StrictStr | MISSING = MISSING
    """When it should arrive."""
    shipToPrice: StrictFloat | MISSING = MISSING
    """Shipping cost."""
    shipToDiscount: StrictFloat | MISSING = MISSING
    """Reduction of the shipping cost."""
    shipToTaxTotal: StrictFloat | MISSING = MISSING
    """Tax on the shipping cost."""
    shipmentInstructions: StrictStr | MISSING = MISSING
    """What the customer asks of the carrier."""
    attributes: Attributes | MISSING = MISSING


class Note(BaseModel):
    """A remark."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    timestamp: StrictStr | MISSING = MISSING
    """When it was written. No format is promised."""
    user: StrictStr | MISSING = MISSING
    """Who wrote it."""
    notes: StrictStr | MISSING = MISSING
    """The remark itself."""


class AppeasementPayment(BaseModel):
    """Money that went back to one payment."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    paymentCounter: StrictInt | MISSING = MISSING
    """Which payment of the order."""
    refundAmount: StrictFloat | MISSING = MISSING
    """How much."""


class UpdatedField(BaseModel):
    """One changed field."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    fieldName: StrictStr | MISSING = MISSING
    """Its name."""
    fieldOriginalValue: StrictStr | MISSING = MISSING
    """Its value before."""


class PaymentLogData(BaseModel):
    """The provider's answer."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    status: StrictStr | MISSING = MISSING
    """Status of the answer."""
    body: PaymentLogBody | MISSING = MISSING


class ItemRequest(BaseModel):
    """A line of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    lineItemId: StrictStr | MISSING = MISSING
    """The merchant's id of the line."""
    lineItemNumber: StrictInt | MISSING = MISSING
    """Number of the line."""
    itemId: StrictStr | MISSING = MISSING
    """Item in the product catalogue. A string, though it looks like a number."""
    sku: StrictStr | MISSING = MISSING
    """Stock keeping unit."""
    shipToId: StrictStr | MISSING = MISSING
    """Destination of the line; one of the order's `shipInfo[].shipToId`."""
    channelId: StrictStr | MISSING = MISSING
    """Sales channel of the line."""
    segment: StrictStr | MISSING = MISSING
    """Segment of the assortment."""
    vendorId: StrictStr | MISSING = MISSING
    """Who supplies it."""
    title: StrictStr | MISSING = MISSING
    """Name of the item."""
    type: StrictStr | MISSING = MISSING
    """How the line reaches the customer, such as WEB_SHIP. The list is open."""
    subType: StrictStr | MISSING = MISSING
    """Finer than type, such as Borderfree. The list is open."""
    backorder: StrictBool | MISSING = MISSING
    """Whether it may be delivered later, from stock to come."""
    orderedQuantity: StrictInt | MISSING = MISSING
    """Units ordered."""
    uom: StrictStr | MISSING = MISSING
    """Unit of measure, such as EA."""
    itemUnitPrice: StrictFloat | MISSING = MISSING
    """Price of one unit."""
    itemSubTotal: StrictFloat | MISSING = MISSING
    """Price of all units before anything is added or taken off."""
    itemFeeTotal: StrictFloat | MISSING = MISSING
    """Sum of the line's fees."""
    itemDiscountsTotal: StrictFloat | MISSING = MISSING
    """Sum of the line's reductions."""
    itemTaxTotal: StrictFloat | MISSING = MISSING
    """Sum of the line's taxes."""
    itemTotal: StrictFloat | MISSING = MISSING
    """Sub-total minus reductions plus fees plus tax."""
    currency: StrictStr | MISSING = MISSING
    """Currency of the line's amounts, ISO 4217."""
    employeeId: StrictStr | MISSING = MISSING
    """Employee who entered the line."""
    associateId: StrictStr | MISSING = MISSING
    """Sales associate who is credited with it."""
    fees: list[ItemFeeRequest] | MISSING = MISSING
    """Charges on the line."""
    taxCode: StrictStr | MISSING = MISSING
    """Tax class of the item."""
    taxDetail: list[TaxDetail] | MISSING = MISSING
    """The tax in parts."""
    discounts: list[DiscountRequest] | MISSING = MISSING
    """Reductions of the line."""
    attributes: Attributes | MISSING = MISSING
    notes: list[Note] | MISSING = MISSING
    """Remarks on the line."""


class Appeasement(BaseModel):
    """Goodwill given after the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    appeasementCounter: StrictInt | MISSING = MISSING
    """Running number."""
    reasonCode: StrictStr | MISSING = MISSING
    """Why."""
    subReasonCode: StrictStr | MISSING = MISSING
    """Why, finer."""
    value: StrictFloat | MISSING = MISSING
    """Amount."""
    invoiceValue: StrictFloat | MISSING = MISSING
    """Part of the amount that is invoiced already."""
    payments: list[AppeasementPayment] | MISSING = MISSING
    """To which payments the money went back."""


class AuditLogEntry(BaseModel):
    """A change of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    auditId: StrictStr | MISSING = MISSING
    """Id of the entry."""
    auditType: StrictStr | MISSING = MISSING
    """Kind of change."""
    employeeId: StrictStr | MISSING = MISSING
    """Who made it."""
    auditTimestamp: StrictStr | MISSING = MISSING
    """When."""
    source: StrictStr | MISSING = MISSING
    """From which system."""
    reasonCode: StrictStr | MISSING = MISSING
    """Why."""
    subReasonCode: StrictStr | MISSING = MISSING
    """Why, finer."""
    policyCode: StrictStr | MISSING = MISSING
    """Policy that allowed it."""
    note: StrictStr | MISSING = MISSING
    """A remark."""
    lineItemId: StrictStr | MISSING = MISSING
    """The line it is about."""
    lineItemNumber: StrictInt | MISSING = MISSING
    """Number of that line."""
    sku: StrictStr | MISSING = MISSING
    """Item of that line."""
    quantity: StrictInt | MISSING = MISSING
    """Units it is about."""
    amount: StrictFloat | MISSING = MISSING
    """Money it is about."""
    paymentToken: PaymentToken | MISSING = MISSING
    success: StrictBool | MISSING = MISSING
    """Whether it worked."""
    paymentResponse: dict[str, Any] | MISSING = MISSING
    """What the payment provider answered."""
    updatedFields: list[UpdatedField] | MISSING = MISSING
    """What it was before."""
    attributes: Attributes | MISSING = MISSING


class OrderRequest(BaseModel):
    """The order to create."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    orderNumber: StrictStr
    """The merchant's number of the order, used once."""
    orderDate: StrictStr | MISSING = MISSING
    """When the customer placed the order, which may be long before it reaches this system. Needs a time zone."""
    channelId: StrictStr
    """Sales channel, for example 12 for the United States and 13 for Canada, or a name."""
    cartId: StrictStr | MISSING = MISSING
    """Cart that became this order. Left out, not null, when there was none."""
    type: Literal["WEB", "CSC", "MOBILE_APP", "POS"] | MISSING = MISSING
    """Where the order was made. CSC is the call centre, POS the till."""
    subType: Literal["IOS", "Android", "International"] | MISSING = MISSING
    """Finer than type. Two values are operating systems, the third is not. The case of the letters is part of the value."""
    employeeId: StrictStr | MISSING = MISSING
    """Employee who entered the order or helped with it; may be empty."""
    retail: Retail | MISSING = MISSING
    orderSubTotal: StrictFloat | MISSING = MISSING
    """Price of the items without tax. Before the discount on the documentation page, after it in the import sample."""
    orderDiscount: StrictFloat | MISSING = MISSING
    """Money taken off."""
    feeTotal: StrictFloat | MISSING = MISSING
    """Sum of the fees. The page's text calls it the value after discount; its name and its arithmetic say fees."""
    taxTotal: StrictFloat | MISSING = MISSING
    """Sum of the taxes."""
    orderTotal: StrictFloat | MISSING = MISSING
    """What the customer pays in the end. The page's figures are sub-total minus discount plus fees plus tax."""
    currency: StrictStr | MISSING = MISSING
    """Currency of the order's amounts, ISO 4217."""
    statusCode: StrictStr
    """State of the order, ORDER_CREATED for a new one. The list of codes is open."""
    statusDescription: StrictStr | MISSING = MISSING
    """The state in words."""
    attributes: Attributes | MISSING = MISSING
    fees: list[OrderFee] | MISSING = MISSING
    """Charges on the whole order."""
    discounts: list[DiscountRequest] | MISSING = MISSING
    """Reductions of the whole order."""
    customer: Customer | MISSING = MISSING
    payments: list[PaymentRequest] | MISSING = MISSING
    """How it is paid, one entry for each means of payment."""
    items: Annotated[list[ItemRequest], Field(max_length=2147483647, min_length=1)]
    """Lines of the order."""
    shipInfo: Annotated[list[ShipInfo], Field(max_length=2147483647, min_length=1)]
    """Destinations, which the lines point at."""
    notes: list[Note] | MISSING = MISSING
    """Remarks for customer service only."""


class PaymentLogEntry(BaseModel):
    """One call to the payment provider."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    paymentId: StrictStr | MISSING = MISSING
    """The payment it was about."""
    status: StrictStr | MISSING = MISSING
    """How the call ended."""
    data: PaymentLogData | MISSING = MISSING


class Item(BaseModel):
    """A line of a stored order, with what has become of its units."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    lineItemId: StrictStr | MISSING = MISSING
    """The merchant's id of the line."""
    lineItemNumber: StrictInt | MISSING = MISSING
    """Number of the line."""
    parentLineItemNumber: StrictInt | MISSING = MISSING
    """Line this one belongs to."""
    itemId: StrictStr | MISSING = MISSING
    """Item in the product catalogue."""
    sku: StrictStr | MISSING = MISSING
    """Stock keeping unit."""
    shipToId: StrictStr | MISSING = MISSING
    """Destination of the line."""
    channelId: StrictStr | MISSING = MISSING
    """Sales channel of the line."""
    segment: StrictStr | MISSING = MISSING
    """Segment of the assortment."""
    vendorId: StrictStr | MISSING = MISSING
    """Who supplies it."""
    title: StrictStr | MISSING = MISSING
    """Name of the item."""
    type: StrictStr | MISSING = MISSING
    """How the line reaches the customer."""
    subType: StrictStr | MISSING = MISSING
    """Finer than type."""
    lineOrderStatus: StrictStr | MISSING = MISSING
    """State of the line."""
    backorder: StrictBool | MISSING = MISSING
    """Whether it may be delivered later, from stock to come."""
    exchangeItem: StrictBool | MISSING = MISSING
    """Whether it came in exchange for another line."""
    infiniteConsent: StrictBool | MISSING = MISSING
    """Whether the customer agreed to wait without a limit."""
    gifting: StrictBool | MISSING = MISSING
    """Whether it is a present."""
    orderedQuantity: StrictInt | MISSING = MISSING
    """Units ordered."""
    backOrderedQuantity: StrictInt | MISSING = MISSING
    """Units waiting for stock."""
    pendingShippedQuantity: StrictInt | MISSING = MISSING
    """Units about to be sent."""
    pendingShippedBackOrderQuantity: StrictInt | MISSING = MISSING
    """Units that waited for stock and are about to be sent."""
    shippedQuantity: StrictInt | MISSING = MISSING
    """Units sent."""
    deliveredQuantity: StrictInt | MISSING = MISSING
    """Units arrived."""
    invoiceQuantity: StrictInt | MISSING = MISSING
    """Units invoiced."""
    cancelledQuantity: StrictInt | MISSING = MISSING
    """Units cancelled."""
    pendingReturnQuantity: StrictInt | MISSING = MISSING
    """Units whose return is announced."""
    processingReturnQuantity: StrictInt | MISSING = MISSING
    """Units whose return is being checked."""
    rejectedReturnQuantity: StrictInt | MISSING = MISSING
    """Units whose return was refused."""
    returnedQuantity: StrictInt | MISSING = MISSING
    """Units sent back."""
    reshippedQuantity: StrictInt | MISSING = MISSING
    """Units sent once more."""
    pendingExchangeQuantity: StrictInt | MISSING = MISSING
    """Units whose exchange is announced."""
    exchangeQuantity: StrictInt | MISSING = MISSING
    """Units exchanged."""
    uom: StrictStr | MISSING = MISSING
    """Unit of measure."""
    itemUnitPrice: StrictFloat | MISSING = MISSING
    """Price of one unit."""
    itemSubTotal: StrictFloat | MISSING = MISSING
    """Price of all units before anything is added or taken off."""
    originalItemSubTotal: StrictFloat | MISSING = MISSING
    """The sub-total when the order was created."""
    itemFeeTotal: StrictFloat | MISSING = MISSING
    """Sum of the line's fees."""
    originalFeeTotal: StrictFloat | MISSING = MISSING
    """The fees when the order was created."""
    itemShippingTotal: StrictFloat | MISSING = MISSING
    """The line's share of the shipping cost."""
    originalShippingTotal: StrictFloat | MISSING = MISSING
    """The share when the order was created."""
    appeasementTotal: StrictFloat | MISSING = MISSING
    """Goodwill given on the line."""
    itemDiscountsTotal: StrictFloat | MISSING = MISSING
    """Sum of the line's reductions."""
    originalDiscounts: StrictFloat | MISSING = MISSING
    """The reductions when the order was created."""
    itemTaxTotal: StrictFloat | MISSING = MISSING
    """Sum of the line's taxes."""
    originalTaxTotal: StrictFloat | MISSING = MISSING
    """The taxes when the order was created."""
    itemTotal: StrictFloat | MISSING = MISSING
    """Sub-total minus reductions plus fees plus tax."""
    originalItemTotal: StrictFloat | MISSING = MISSING
    """The total when the order was created."""
    outstandingItemTotal: StrictFloat | MISSING = MISSING
    """Still to be invoiced."""
    originalOutstandingItemTotal: StrictFloat | MISSING = MISSING
    """What was to be invoiced when the order was created."""
    invoiceTotal: StrictFloat | MISSING = MISSING
    """Invoiced so far."""
    refundAmount: StrictFloat | MISSING = MISSING
    """Given back so far."""
    currency: StrictStr | MISSING = MISSING
    """Currency of the line's amounts, ISO 4217."""
    employeeId: StrictStr | MISSING = MISSING
    """Employee who entered the line."""
    associateId: StrictStr | MISSING = MISSING
    """Sales associate who is credited with it."""
    fees: list[ItemFee] | MISSING = MISSING
    """Charges on the line."""
    taxCode: StrictStr | MISSING = MISSING
    """Tax class of the item."""
    taxDetail: list[TaxDetail] | MISSING = MISSING
    """The tax in parts."""
    discounts: list[Discount] | MISSING = MISSING
    """Reductions of the line."""
    appeasements: list[Appeasement] | MISSING = MISSING
    """Goodwill given on the line."""
    returns: list[ItemReturn] | MISSING = MISSING
    """What was sent back."""
    attributes: Attributes | MISSING = MISSING
    notes: list[Note] | MISSING = MISSING
    """Remarks on the line."""


class Payment(BaseModel):
    """One means of payment of a stored order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    paymentCounter: StrictInt | MISSING = MISSING
    """Running number within the order."""
    paymentDate: StrictStr | MISSING = MISSING
    """When it was paid or authorised."""
    billToId: StrictStr | MISSING = MISSING
    """Id of the billing address."""
    paymentIdentifier: PaymentIdentifier | MISSING = MISSING
    paymentProvider: StrictStr | MISSING = MISSING
    """Who handles it."""
    paymentToken: PaymentToken | MISSING = MISSING
    paymentMethod: StrictStr | MISSING = MISSING
    """Means of payment."""
    authAmount: StrictFloat | MISSING = MISSING
    """Amount authorised."""
    chargedAmount: StrictFloat | MISSING = MISSING
    """Amount taken already."""
    refundAmount: StrictFloat | MISSING = MISSING
    """Amount given back."""
    currency: StrictStr | MISSING = MISSING
    """Currency of this payment, ISO 4217."""
    conversion: StrictFloat | MISSING = MISSING
    """Rate from this currency to the order's."""
    paymentStatus: StrictStr | MISSING = MISSING
    """State of the payment."""
    partialCapture: StrictStr | MISSING = MISSING
    """Whether a part was taken. A string, not a boolean."""
    finalCapture: StrictStr | MISSING = MISSING
    """Whether the last part was taken. A string, not a boolean."""
    billToAddress: Address | MISSING = MISSING
    paymentLog: list[PaymentLogEntry] | MISSING = MISSING
    """What the provider answered, call by call."""
    attributes: Attributes | MISSING = MISSING


class Order(BaseModel):
    """A stored order, everything that was sent (but the end of a payment's authorisation) and what has become of it."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    version: Annotated[StrictInt | MISSING, Field(ge=-9223372036854775808, le=9223372036854775807)] = MISSING
    """Counts the changes of the order."""
    orderId: StrictStr | MISSING = MISSING
    """Id given by the system, 24 hexadecimal digits for orders made here; imported ones keep theirs."""
    orderNumber: StrictStr | MISSING = MISSING
    """The merchant's number."""
    orderDate: StrictStr | MISSING = MISSING
    """When the customer placed the order."""
    cancellationDate: StrictStr | MISSING = MISSING
    """When it was cancelled."""
    allocationDate: StrictStr | MISSING = MISSING
    """When stock was allocated."""
    channelId: StrictStr | MISSING = MISSING
    """Sales channel."""
    cartId: StrictStr | MISSING = MISSING
    """Cart that became this order."""
    type: Literal["WEB", "CSC", "MOBILE_APP", "POS"] | MISSING = MISSING
    """Where the order was made. CSC is the call centre, POS the till."""
    subType: Literal["IOS", "Android", "International"] | MISSING = MISSING
    """Finer than type. Two values are operating systems, the third is not. The case of the letters is part of the value."""
    processName: StrictStr | MISSING = MISSING
    """Process that touched the order last. The page shows CANCEL in the answer to a creation."""
    employeeId: StrictStr | MISSING = MISSING
    """Employee who entered the order or helped with it."""
    retail: Retail | MISSING = MISSING
    orderSubTotal: StrictFloat | MISSING = MISSING
    """Price of the items without tax."""
    originalSubTotal: StrictFloat | MISSING = MISSING
    """The sub-total when the order was created."""
    orderDiscount: StrictFloat | MISSING = MISSING
    """Money taken off."""
    originalDiscounts: StrictFloat | MISSING = MISSING
    """The discount when the order was created."""
    feeTotal: StrictFloat | MISSING = MISSING
    """Sum of the fees."""
    originalFeeTotal: StrictFloat | MISSING = MISSING
    """The fees when the order was created."""
    taxTotal: StrictFloat | MISSING = MISSING
    """Sum of the taxes."""
    appeasementTotal: StrictFloat | MISSING = MISSING
    """Sum of the goodwill given."""
    originalTaxTotal: StrictFloat | MISSING = MISSING
    """The taxes when the order was created."""
    returnTotal: StrictFloat | MISSING = MISSING
    """Value sent back."""
    cancelTotal: StrictFloat | MISSING = MISSING
    """Value cancelled."""
    invoiceTotal: StrictFloat | MISSING = MISSING
    """Value invoiced."""
    orderTotal: StrictFloat | MISSING = MISSING
    """What the customer pays in the end."""
    originalOrderTotal: StrictFloat | MISSING = MISSING
    """The total when the order was created."""
    currency: StrictStr | MISSING = MISSING
    """Currency of the order's amounts, ISO 4217."""
    statusCode: StrictStr | MISSING = MISSING
    """State of the order. The list of codes is open."""
    statusDescription: StrictStr | MISSING = MISSING
    """The state in words."""
    attributes: Attributes | MISSING = MISSING
    fees: list[OrderFee] | MISSING = MISSING
    """Charges on the whole order."""
    appeasements: list[Appeasement] | MISSING = MISSING
    """Goodwill given on the whole order."""
    discounts: list[Discount] | MISSING = MISSING
    """Reductions of the whole order."""
    customer: Customer | MISSING = MISSING
    payments: list[Payment] | MISSING = MISSING
    """How it is paid."""
    items: list[Item] | MISSING = MISSING
    """Lines of the order."""
    shipInfo: list[ShipInfo] | MISSING = MISSING
    """Destinations."""
    auditLogs: list[AuditLogEntry] | MISSING = MISSING
    """Every change of the order."""
    notes: list[Note] | MISSING = MISSING
    """Remarks for customer service only."""
    orderReleaseTimestamp: StrictStr | MISSING = MISSING
    """When the order was let through to fulfilment."""
    createdAt: StrictStr | MISSING = MISSING
    """When the order reached the system."""
    updatedAt: StrictStr | MISSING = MISSING
    """When it was changed last."""


class OrderList(BaseModel):
    """Several orders, in the envelope of the partner's order search."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    count: Annotated[StrictInt | MISSING, Field(ge=-9223372036854775808, le=9223372036854775807)] = MISSING
    """How many there are in all."""
    limit: Annotated[StrictInt | MISSING, Field(ge=-2147483648, le=2147483647)] = MISSING
    """How many at most are shown."""
    offset: Annotated[StrictInt | MISSING, Field(ge=-9223372036854775808, le=9223372036854775807)] = MISSING
    """How many are left out before the first one shown."""
    orders: list[Order]
    """The orders."""


class GetOrder200(RootModel[Order | OrderList]):
    root: Order | OrderList


MESSAGES: dict[tuple[str, str], type[BaseModel]] = {
    ("createOrder", "request"): OrderRequest,
    ("createOrder", "200"): Order,
    ("createOrder", "400"): Error,
    ("createOrder", "404"): Error,
    ("createOrder", "500"): Error,
    ("createOrder", "401"): Error,
    ("createOrder", "403"): Error,
    ("createOrder", "405"): Error,
    ("createOrder", "406"): Error,
    ("createOrder", "408"): Error,
    ("createOrder", "409"): Error,
    ("createOrder", "413"): Error,
    ("createOrder", "415"): Error,
    ("createOrder", "422"): Error,
    ("createOrder", "431"): Error,
    ("createOrder", "503"): Error,
    ("getOrder", "200"): GetOrder200,
    ("getOrder", "400"): Error,
    ("getOrder", "404"): Error,
    ("getOrder", "500"): Error,
    ("getOrder", "401"): Error,
    ("getOrder", "403"): Error,
    ("getOrder", "405"): Error,
    ("getOrder", "406"): Error,
    ("getOrder", "408"): Error,
    ("getOrder", "431"): Error,
    ("getOrder", "503"): Error,
}
"""Operation and `request` or status: the model of each JSON message."""
