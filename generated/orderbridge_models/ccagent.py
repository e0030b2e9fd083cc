# Written by `orderbridge generate`, never edit.
# source: openapi/ccagent/openapi.yaml
# sha256: 33fb55b1c80f39a03b422b16c5638ea6d039e08196ddbcc9b55015a005ee5aa8 (of the bundled contract at level documented, without its examples)
# generator: datamodel-code-generator 0.89.0

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field, RootModel, StrictBool, StrictFloat, StrictInt, StrictStr


class Address(BaseModel):
    """A postal address. Every member may be absent, empty or null; a member that is not listed is a dynamic property of the address."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    firstName: StrictStr | None | MISSING = MISSING
    middleName: StrictStr | None | MISSING = MISSING
    lastName: StrictStr | None | MISSING = MISSING
    prefix: StrictStr | None | MISSING = MISSING
    """Salutation before the name."""
    suffix: StrictStr | None | MISSING = MISSING
    """What follows the name."""
    jobTitle: StrictStr | None | MISSING = MISSING
    companyName: StrictStr | None | MISSING = MISSING
    address1: StrictStr | None | MISSING = MISSING
    address2: StrictStr | None | MISSING = MISSING
    address3: StrictStr | None | MISSING = MISSING
    city: StrictStr | None | MISSING = MISSING
    county: StrictStr | None | MISSING = MISSING
    state: StrictStr | None | MISSING = MISSING
    """Code (`AL`) or name (`New York`)."""
    postalCode: StrictStr | None | MISSING = MISSING
    country: StrictStr | None | MISSING = MISSING
    """Code (`US`) or name (`United States`)."""
    phoneNumber: StrictStr | None | MISSING = MISSING
    faxNumber: StrictStr | None | MISSING = MISSING
    email: StrictStr | None | MISSING = MISSING
    """May be empty, so no format is asked for."""
    selectedCountry: StrictStr | None | MISSING = MISSING
    """Always the code."""
    selectedState: StrictStr | None | MISSING = MISSING
    """Always the code."""
    state_ISOCode: StrictStr | None | MISSING = MISSING
    """Country and state code, ISO 3166-2."""
    DEFAULT_POSTAL_CODE_PATTERN: StrictStr | None | MISSING = MISSING
    """Regular expression that agent clients send back as they got it; without meaning here."""
    stateName: Any | MISSING = MISSING
    """Name of the state."""
    alias: Any | MISSING = MISSING
    """Label of the address; tells the addresses of shipping groups apart."""
    type: Any | MISSING = MISSING
    """Kind of address, mostly empty."""
    repositoryId: Any | MISSING = MISSING
    """Id at the server."""
    ownerId: Any | MISSING = MISSING
    """Profile that owns the address."""
    id: Any | MISSING = MISSING
    """Id at the server."""
    version: Any | MISSING = MISSING
    """Revision at the server."""
    isDefaultAddress: Any | MISSING = MISSING
    isDefaultBillingAddress: Any | MISSING = MISSING
    isDefaultShippingAddress: Any | MISSING = MISSING


class Payment(BaseModel):
    """One payment. Which members matter depends on the type; all of them are listed here, as the documentation does."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: Any | MISSING = MISSING
    """Kind of payment."""
    paymentMethodType: Any | MISSING = MISSING
    """Kind of payment, under the name that adding a payment to an order uses; some clients send both."""
    paymentMethod: Any | MISSING = MISSING
    """Kind of payment, under a third name seen at a storefront."""
    amount: Any | MISSING = MISSING
    """Amount of this payment."""
    paymentGroupId: Any | MISSING = MISSING
    """Existing payment group (gift card, loyalty points, PayPal)."""
    billingAddress: Address | MISSING = MISSING
    """Billing address of this payment (card, gift card, invoice, generic)."""
    customProperties: dict[str, Any] | MISSING = MISSING
    """Free members, handed to the payment webhook as they are."""
    cardNumber: Any | MISSING = MISSING
    """Number of the card."""
    cardType: Any | MISSING = MISSING
    """Card brand as a code (`visa`)."""
    cardTypeName: Any | MISSING = MISSING
    """Card brand as shown (`Visa`)."""
    cardCVV: Any | MISSING = MISSING
    """Security code of the card."""
    nameOnCard: Any | MISSING = MISSING
    """Holder of the card."""
    endMonth: Any | MISSING = MISSING
    """Month in which the card ends, two digits."""
    endYear: Any | MISSING = MISSING
    """Year in which the card ends."""
    expiryMonth: Any | MISSING = MISSING
    """Month in which the card ends, with or without a leading zero."""
    expiryYear: Any | MISSING = MISSING
    """Year in which the card ends; sent beside `endYear`."""
    savedCardId: Any | MISSING = MISSING
    """Saved card that is charged."""
    giftCardNumber: Any | MISSING = MISSING
    """Number of the gift card."""
    giftCardPin: Any | MISSING = MISSING
    """PIN of the gift card, may be empty."""
    PONumber: Any | MISSING = MISSING
    """Purchase order number (invoice)."""
    storeCreditNumber: Any | MISSING = MISSING
    """Number of the store credit."""
    PayerID: Any | MISSING = MISSING
    """Payer at PayPal."""
    token: Any | MISSING = MISSING
    """Token of the PayPal checkout."""
    paymentId: Any | MISSING = MISSING
    """Payment at PayPal or PayU."""
    currency: Any | MISSING = MISSING
    """Currency of a PayU checkout."""
    IIN: Any | MISSING = MISSING
    """First digits of the card, for pricing only."""
    seqNum: Any | MISSING = MISSING
    """Order of the payments of a split payment."""
    useDefaultBillingAddress: Any | MISSING = MISSING
    isDefaultAddressValid: Any | MISSING = MISSING


class Recurrence(BaseModel):
    """Days of a calendar schedule, or the interval of a periodic one. Numbers are also written as text."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    daysInMonth: list[Any] | MISSING = MISSING
    """Days of the month; win over `daysOfWeek` when both are sent."""
    daysOfWeek: list[Any] | MISSING = MISSING
    """Days of the week, 1 is Sunday."""
    monthsInYear: list[Any] | MISSING = MISSING
    """Months, 0 is January."""
    weeksInMonth: list[Any] | MISSING = MISSING
    """Weeks of the month."""
    selectedDates: Any | MISSING = MISSING
    """Name that one release used for `daysInMonth`."""
    occurrenceInDay: Any | MISSING = MISSING
    """How often a day."""
    period: Any | MISSING = MISSING
    """Milliseconds between two orders."""
    delay: Any | MISSING = MISSING
    """Milliseconds to wait after the start."""


class ShippingMethod(BaseModel):
    """How a shipping group travels. Requests carry `value`; replies add the rest."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    value: StrictStr | MISSING = MISSING
    """Id of the shipping method."""
    cost: Any | MISSING = MISSING
    shippingTax: Any | MISSING = MISSING
    secondaryCurrencyTaxAmount: Any | MISSING = MISSING
    taxIncluded: Any | MISSING = MISSING
    taxCode: Any | MISSING = MISSING
    shippingMethodDescription: Any | MISSING = MISSING
    externalId: Any | MISSING = MISSING


class ShippingGroupItem(BaseModel):
    """A line, or a part of it, in a shipping group."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    productId: Any | MISSING = MISSING
    """Product of the line."""
    catRefId: Any | MISSING = MISSING
    """SKU of the line."""
    quantity: Any | MISSING = MISSING
    """How many of the line go into this group."""
    commerceItemId: Any | MISSING = MISSING
    """Line of the cart."""
    detailedRecurringChargeInfo: list[dict[str, Any]] | MISSING = MISSING
    """Recurring charges of this part of the line."""
    availablePickupDate: Any | MISSING = MISSING
    """When the store has it ready (in-store pickup)."""
    preferredPickupDate: Any | MISSING = MISSING
    """When the shopper wants to collect it (in-store pickup)."""


class PickupStore(BaseModel):
    """A store with in-store pickup. Its published member list is cut off, so other members are taken as they come."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    locationId: Any | MISSING = MISSING
    name: Any | MISSING = MISSING
    address1: Any | MISSING = MISSING
    address2: Any | MISSING = MISSING
    address3: Any | MISSING = MISSING
    city: Any | MISSING = MISSING
    state: Any | MISSING = MISSING
    postalCode: Any | MISSING = MISSING
    country: Any | MISSING = MISSING
    phone: Any | MISSING = MISSING
    email: Any | MISSING = MISSING
    hours: Any | MISSING = MISSING


class Coupon(BaseModel):
    """A coupon as the agent console holds it."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    code: StrictStr | MISSING = MISSING
    """What the shopper typed."""
    level: StrictStr | MISSING = MISSING
    """What the promotion is about (`order`)."""
    description: StrictStr | MISSING = MISSING
    id: StrictStr | MISSING = MISSING
    """Promotion of the coupon."""
    status: StrictStr | MISSING = MISSING
    """Whether it is in use (`unclaimed`, `claimed`)."""


class ExternalDataValues(BaseModel):
    """The values of a configurator fact; any key."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    label: Any | MISSING = MISSING
    displayValue: Any | MISSING = MISSING
    value: Any | MISSING = MISSING


class SelectedOption(BaseModel):
    """One chosen option of a variant."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    optionName: Any | MISSING = MISSING
    optionValue: Any | MISSING = MISSING
    optionId: Any | MISSING = MISSING
    optionValueId: Any | MISSING = MISSING


class GiftWithPurchaseSelection(BaseModel):
    """A gift and the promotion that grants it."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    giftWithPurchaseIdentifier: Any | MISSING = MISSING
    """May be negative."""
    promotionId: Any | MISSING = MISSING
    giftWithPurchaseQuantity: Any | MISSING = MISSING


class FrequencySubTotal(BaseModel):
    """Subtotal of one frequency; member names as in the e-mail templates."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    frequency: Any | MISSING = MISSING
    total: Any | MISSING = MISSING


class FrequencyTax(BaseModel):
    """Tax of one frequency; member names as in the e-mail templates."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    frequency: Any | MISSING = MISSING
    tax: Any | MISSING = MISSING


class SoldTo(BaseModel):
    """The buying party."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    partyId: Any | MISSING = MISSING
    partyNumber: Any | MISSING = MISSING


class DynamicProperty(BaseModel):
    """A dynamic property with its label."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    """Key of the property."""
    label: Any | MISSING = MISSING
    """Label as shown."""
    value: Any | MISSING = MISSING
    """Text by the documentation, which allows booleans and numbers as well; null is seen."""


class PriceInfo(BaseModel):
    """Totals in the currency of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    amount: Any | MISSING = MISSING
    """Sum of the lines."""
    subTotal: Any | MISSING = MISSING
    """Sum of the lines before tax."""
    shipping: Any | MISSING = MISSING
    shippingSurchargeValue: Any | MISSING = MISSING
    tax: Any | MISSING = MISSING
    total: Any | MISSING = MISSING
    """What the shopper pays."""
    totalWithoutTax: Any | MISSING = MISSING
    """Total before tax; one page types it as text."""
    currencyCode: Any | MISSING = MISSING
    """ISO 4217."""
    primaryCurrencyTotal: Any | MISSING = MISSING
    secondaryCurrencyTotal: Any | MISSING = MISSING
    secondaryCurrencyShippingAmount: Any | MISSING = MISSING
    secondaryCurrencyTaxAmount: Any | MISSING = MISSING
    lkpValExcludingFreeShip: Any | MISSING = MISSING
    orderTotalBySite: Any | MISSING = MISSING
    """Total of each site."""
    isTaxIncluded: Any | MISSING = MISSING
    orderDiscountAmount: Any | MISSING = MISSING
    """Discount on the order as a whole."""


class TaxPriceInfo(BaseModel):
    """Taxes."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    amount: Any | MISSING = MISSING
    cityTax: Any | MISSING = MISSING
    countyTax: Any | MISSING = MISSING
    stateTax: Any | MISSING = MISSING
    districtTax: Any | MISSING = MISSING
    countryTax: Any | MISSING = MISSING
    miscTax: Any | MISSING = MISSING
    valueAddedTax: Any | MISSING = MISSING
    secondaryCurrencyTaxAmount: Any | MISSING = MISSING
    isTaxIncluded: Any | MISSING = MISSING
    miscTaxInfo: Any | MISSING = MISSING
    """Further taxes by name."""


class CouponDiscount(BaseModel):
    """What a coupon did."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    promotionId: Any | MISSING = MISSING
    promotionName: Any | MISSING = MISSING
    promotionDesc: Any | MISSING = MISSING
    promotionLevel: Any | MISSING = MISSING
    totalAdjustment: Any | MISSING = MISSING
    """Change of the total; negative for a discount."""


class CouponPromotion(BaseModel):
    """A promotion of a coupon."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    promotionId: Any | MISSING = MISSING
    promotionName: Any | MISSING = MISSING
    promotionDesc: Any | MISSING = MISSING
    promotionLongDesc: Any | MISSING = MISSING
    promotionLevel: Any | MISSING = MISSING


class DiscountDescription(BaseModel):
    """A discount in words."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    promotionName: Any | MISSING = MISSING
    promotionLevel: Any | MISSING = MISSING
    external: Any | MISSING = MISSING


class GiftWithPurchaseInfo(BaseModel):
    """A gift that the shopper may choose."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    promotionId: Any | MISSING = MISSING
    giftWithPurchaseIdentifier: Any | MISSING = MISSING
    giftWithPurchaseType: Any | MISSING = MISSING
    """What may be chosen (`product`)."""
    giftWithPurchaseDetail: Any | MISSING = MISSING
    """Id of what may be chosen."""
    giftWithPurchaseQuantity: Any | MISSING = MISSING
    giftWithPurchaseQuantityAvailableForSelection: Any | MISSING = MISSING


class OrderComment(BaseModel):
    """A comment on the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    repositoryId: Any | MISSING = MISSING
    comment: Any | MISSING = MISSING
    creationDate: Any | MISSING = MISSING


class Organization(BaseModel):
    """The organisation for which the shopper buys; null without one."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    repositoryId: Any | MISSING = MISSING
    name: Any | MISSING = MISSING
    active: Any | MISSING = MISSING


class OrderProfile(BaseModel):
    """The shopper, in short."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    firstName: Any | MISSING = MISSING
    middleName: Any | MISSING = MISSING
    lastName: Any | MISSING = MISSING
    email: Any | MISSING = MISSING
    login: Any | MISSING = MISSING
    parentOrganization: Organization | None | MISSING = MISSING
    loyaltyPrograms: list[Any] | MISSING = MISSING
    shippingAddress: Address | MISSING = MISSING


class Link(BaseModel):
    """A link."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    rel: Any | MISSING = MISSING
    """`self`."""
    href: Any | MISSING = MISSING
    method: Any | MISSING = MISSING


class ScheduledOrder(BaseModel):
    """The template of a scheduled order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING


class Currency(BaseModel):
    """A currency."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    currencyCode: Any | MISSING = MISSING
    """ISO 4217."""
    symbol: Any | MISSING = MISSING
    displayName: Any | MISSING = MISSING
    repositoryId: Any | MISSING = MISSING
    numericCode: Any | MISSING = MISSING
    """ISO 4217, as text."""
    fractionalDigits: Any | MISSING = MISSING
    currencyType: Any | MISSING = MISSING
    deleted: Any | MISSING = MISSING


class PriceList(BaseModel):
    """A price list."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    repositoryId: Any | MISSING = MISSING


class OrderPayment(BaseModel):
    """A payment of the order. A failed authorisation shows here, in a reply of status 200."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    paymentGroupId: Any | MISSING = MISSING
    type: Any | MISSING = MISSING
    paymentMethod: Any | MISSING = MISSING
    paymentState: Any | MISSING = MISSING
    """State of the payment."""
    message: Any | MISSING = MISSING
    amount: Any | MISSING = MISSING
    """Authorised amount."""
    balance: Any | MISSING = MISSING
    """What is left on a gift card."""
    currencyCode: Any | MISSING = MISSING
    gatewayName: Any | MISSING = MISSING
    giftCardNumber: Any | MISSING = MISSING
    """Masked number."""
    savedCardId: Any | MISSING = MISSING
    uiIntervention: Any | MISSING = MISSING
    """What the shopper still has to do (`REDIRECT`)."""
    customPaymentProperties: Any | MISSING = MISSING
    """What the payment gateway added."""
    billingAddress: Address | MISSING = MISSING


class PaymentStatus(BaseModel):
    """One answer of the payment gateway."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    amount: Any | MISSING = MISSING
    transactionId: Any | MISSING = MISSING
    transactionSuccess: Any | MISSING = MISSING
    errorMessage: Any | MISSING = MISSING
    transactionTimestamp: Any | MISSING = MISSING
    statusProps: Any | MISSING = MISSING
    """Further facts of the gateway."""
    externalStatusProps: Any | MISSING = MISSING


class ChildSKU(BaseModel):
    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    primaryThumbImageURL: Any | MISSING = MISSING


class DetailedItemPriceInfo(BaseModel):
    """Price of a part of a line."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    amount: Any | MISSING = MISSING
    detailedUnitPrice: Any | MISSING = MISSING
    tax: Any | MISSING = MISSING
    orderDiscountShare: Any | MISSING = MISSING
    configurationDiscountShare: Any | MISSING = MISSING
    secondaryCurrencyTaxAmount: Any | MISSING = MISSING
    quantity: Any | MISSING = MISSING
    discounted: Any | MISSING = MISSING
    currencyCode: Any | MISSING = MISSING


class Variant(BaseModel):
    """One option of a variant."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    optionName: Any | MISSING = MISSING
    optionValue: Any | MISSING = MISSING


class SkuProperty(BaseModel):
    """A property of the SKU."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    name: Any | MISSING = MISSING
    value: Any | MISSING = MISSING
    propertyType: Any | MISSING = MISSING


class OrderShippingGroupItem(BaseModel):
    """A line in a shipping group of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    productId: Any | MISSING = MISSING
    """Product of the line."""
    catRefId: Any | MISSING = MISSING
    """SKU of the line."""
    quantity: Any | MISSING = MISSING
    """How many of the line go into this group."""
    commerceItemId: Any | MISSING = MISSING
    """Line of the cart."""
    detailedRecurringChargeInfo: list[Any] | MISSING = MISSING
    """Recurring charges of this part of the line."""
    availablePickupDate: Any | MISSING = MISSING
    """When the store has it ready (in-store pickup)."""
    preferredPickupDate: Any | MISSING = MISSING
    """When the shopper wants to collect it (in-store pickup)."""
    commerceId: Any | MISSING = MISSING
    """Line id at the server, beside the id of the client."""
    relationshipType: Any | MISSING = MISSING
    """`SHIPPINGQUANTITY` or `SHIPPINGQUANTITYREMAINING`."""
    returnedQuantity: Any | MISSING = MISSING
    preOrderQuantity: Any | MISSING = MISSING
    backOrderQuantity: Any | MISSING = MISSING
    availabilityDate: Any | MISSING = MISSING
    status: Any | MISSING = MISSING
    stateDetailsAsUser: Any | MISSING = MISSING
    """State as a sentence."""


class TrackingInfo(BaseModel):
    """A parcel."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    trackingUrl: Any | MISSING = MISSING
    trackingNumber: Any | MISSING = MISSING


class OrderRecurringCharges(BaseModel):
    """Recurring charges of an order; null without subscriptions."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    subTotalByFrequency: list[FrequencySubTotal] | MISSING = MISSING
    """Subtotals, one per frequency."""
    taxByFrequency: list[FrequencyTax] | MISSING = MISSING
    """Taxes, one per frequency."""


class SingleError(BaseModel):
    """One error."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr
    """What went wrong, in the language of the caller for statuses of 400 and more."""
    status: Annotated[StrictStr, Field(pattern="^[1-5][0-9]{2}$")]
    """The HTTP status, as text."""
    errorCode: Annotated[StrictStr, Field(pattern="^[0-9]+$")]
    """Digits that stay the same in every language."""
    devMessage: StrictStr | MISSING = MISSING
    """Technical text."""
    moreInfo: StrictStr | MISSING = MISSING
    """Further help."""
    type: StrictStr | MISSING = MISSING
    """Address of the definition of the HTTP status."""
    o_errorPath: Annotated[StrictStr | MISSING, Field(alias="o:errorPath")] = MISSING
    """Place of the fault in the request."""


class SeveralErrors(BaseModel):
    """Several errors; there is no `errorCode` beside the list."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr
    """What went wrong, in the language of the caller for statuses of 400 and more."""
    status: Annotated[StrictStr, Field(pattern="^[1-5][0-9]{2}$")]
    """The HTTP status, as text."""
    errors: list[SingleError]
    """The errors."""
    devMessage: StrictStr | MISSING = MISSING
    """Technical text."""
    moreInfo: StrictStr | MISSING = MISSING
    """Further help."""
    type: StrictStr | MISSING = MISSING
    """Address of the definition of the HTTP status."""
    o_errorPath: Annotated[StrictStr | MISSING, Field(alias="o:errorPath")] = MISSING
    """Place of the fault in the request."""


class OrderSchedule(BaseModel):
    """When a scheduled order is placed again."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: Any | MISSING = MISSING
    """Name of the scheduled order."""
    startDate: Any | MISSING = MISSING
    """First day."""
    endDate: Any | MISSING = MISSING
    """Last day."""
    state: Any | MISSING = MISSING
    """Whether the schedule runs (`active`)."""
    scheduleType: Any | MISSING = MISSING
    """By calendar days or by a fixed interval."""
    schedule: Recurrence | MISSING = MISSING
    """The repetition itself."""


class ExternalData(BaseModel):
    """One fact of a configurator about a line."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: Any | MISSING = MISSING
    """Name of the fact."""
    actionCode: Any | MISSING = MISSING
    """What happens to it."""
    values: ExternalDataValues | MISSING = MISSING


class RecurringChargePriceInfo(BaseModel):
    """Recurring charges, by frequency. Other members are not published."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    subTotalByFrequency: list[FrequencySubTotal] | MISSING = MISSING
    """Subtotals, one per frequency."""
    taxByFrequency: list[FrequencyTax] | MISSING = MISSING
    """Taxes, one per frequency."""


class DiscountInfo(BaseModel):
    """Discounts of the order or of a shipping group. Empty maps are `{}`."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    orderDiscount: Any | MISSING = MISSING
    shippingDiscount: Any | MISSING = MISSING
    orderImplicitDiscountList: list[Any] | MISSING = MISSING
    """Discounts that took no coupon."""
    orderCouponsMap: Any | MISSING = MISSING
    """Coupons in use, by code."""
    unclaimedCouponsMap: Any | MISSING = MISSING
    """Coupons that changed nothing, by code."""
    claimedCouponMultiPromotions: Any | MISSING = MISSING
    """Promotions of the coupons in use, by code."""
    unclaimedCouponMultiPromotions: Any | MISSING = MISSING
    """Promotions of the other coupons, by code."""
    discountDescList: list[DiscountDescription] | MISSING = MISSING
    """Discounts of a shipping group, described."""


class PriceListGroup(BaseModel):
    """The price lists of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    repositoryId: Any | MISSING = MISSING
    displayName: Any | MISSING = MISSING
    locale: Any | MISSING = MISSING
    active: Any | MISSING = MISSING
    deleted: Any | MISSING = MISSING
    isTaxIncluded: Any | MISSING = MISSING
    currency: Currency | MISSING = MISSING
    listPriceList: PriceList | MISSING = MISSING
    salePriceList: PriceList | MISSING = MISSING
    shippingSurchargePriceList: PriceList | MISSING = MISSING


class PaymentGroup(BaseModel):
    """A payment group of a submitted order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Any | MISSING = MISSING
    amount: Any | MISSING = MISSING
    amountAuthorized: Any | MISSING = MISSING
    currencyCode: Any | MISSING = MISSING
    state: Any | MISSING = MISSING
    """State of the group."""
    paymentMethod: Any | MISSING = MISSING
    paymentGroupClassType: Any | MISSING = MISSING
    """Class of the group (`invoiceRequest`, `tokenizedCreditCard`)."""
    submittedDate: Any | MISSING = MISSING
    gatewayName: Any | MISSING = MISSING
    paymentProps: Any | MISSING = MISSING
    authorizationStatus: list[PaymentStatus] | MISSING = MISSING
    debitStatus: list[PaymentStatus] | MISSING = MISSING
    PONumber: Any | MISSING = MISSING
    lastName: Any | MISSING = MISSING
    creditCardNumber: Any | MISSING = MISSING
    """Last four digits."""
    expirationMonth: Any | MISSING = MISSING
    expirationYear: Any | MISSING = MISSING
    token: Any | MISSING = MISSING
    IIN: Any | MISSING = MISSING


class OrderLine(BaseModel):
    """A line of the order: what was sent, and its price and state."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    productId: Any | MISSING = MISSING
    """Product."""
    catRefId: Any | MISSING = MISSING
    """SKU."""
    quantity: Any | MISSING = MISSING
    """How many; of a child item: per unit of its parent."""
    commerceItemId: Any | MISSING = MISSING
    """Line id, of the server or made by the client."""
    id: Any | MISSING = MISSING
    """Line id of an existing line that is updated."""
    originalCommerceItemId: Any | MISSING = MISSING
    """Line of the order from which this one was copied."""
    shippingGroupId: Any | MISSING = MISSING
    """Shipping group that takes the added quantity."""
    displayName: Any | MISSING = MISSING
    """Name of the product as shown."""
    addOnItem: Any | MISSING = MISSING
    """Whether the line is an add-on, such as gift wrap."""
    configuratorId: Any | MISSING = MISSING
    """Configuration at the configurator, for a configurable item."""
    configurablePropertyId: Any | MISSING = MISSING
    """Property to which an add-on belongs."""
    configurationOptionId: Any | MISSING = MISSING
    """Option to which an add-on belongs."""
    shopperInput: Any | MISSING = MISSING
    """What the shopper entered; `{}` without any."""
    externalData: list[ExternalData] | MISSING = MISSING
    """What the configurator says about the line."""
    childItems: list[OrderLine] | MISSING = MISSING
    """Parts of the line, to any depth."""
    externalPrice: Any | MISSING = MISSING
    """Unit price that another system set."""
    externalPriceQuantity: Any | MISSING = MISSING
    """How many units have that price at most; -1 is seen and reads as no limit."""
    externalRecurringCharge: Any | MISSING = MISSING
    """Charge that comes again with each period."""
    externalRecurringChargeFrequency: Any | MISSING = MISSING
    """How often the charge comes again (`Monthly`)."""
    externalRecurringChargeDuration: Any | MISSING = MISSING
    """How many periods."""
    detailedRecurringChargeInfo: list[Any] | MISSING = MISSING
    """Recurring charges of the line."""
    currentPrice: Any | MISSING = MISSING
    """Price that the client showed."""
    onSale: Any | MISSING = MISSING
    stockStatus: Any | MISSING = MISSING
    """Whether it is in stock."""
    invalid: Any | MISSING = MISSING
    asset: Any | MISSING = MISSING
    """Whether the line is about an asset."""
    priceListGroupId: Any | MISSING = MISSING
    """Price list group."""
    assetId: Any | MISSING = MISSING
    """Asset of the line."""
    assetKey: Any | MISSING = MISSING
    rootAssetKey: Any | MISSING = MISSING
    parentAssetKey: Any | MISSING = MISSING
    serviceId: Any | MISSING = MISSING
    """Service of the asset."""
    serviceAccountId: Any | MISSING = MISSING
    customerAccountId: Any | MISSING = MISSING
    billingAccountId: Any | MISSING = MISSING
    billingProfileId: Any | MISSING = MISSING
    activationDate: Any | MISSING = MISSING
    """When the service starts."""
    deactivationDate: Any | MISSING = MISSING
    """When the service ends."""
    transactionDate: Any | MISSING = MISSING
    """When the change was asked for."""
    actionCode: Any | MISSING = MISSING
    """What happens to the asset (`Add`)."""
    selectedOptions: list[SelectedOption] | MISSING = MISSING
    """Options that choose the variant."""
    giftWithPurchaseSelections: list[GiftWithPurchaseSelection] | MISSING = MISSING
    """Gifts for which this line was chosen."""
    giftWithPurchaseCommerceItemMarkers: list[Any] | MISSING = MISSING
    """Gift markers, echoed from an earlier reply."""
    detailedItemPriceInfo: list[DetailedItemPriceInfo] | MISSING = MISSING
    """How the price came about."""
    isPriceOverridden: Any | MISSING = MISSING
    """Whether the agent set the price; takes a supervisor role."""
    overriddenPrice: Any | MISSING = MISSING
    """Price that the agent set."""
    dynamicProperties: list[DynamicProperty] | MISSING = MISSING
    """Dynamic properties of the line as a list."""
    availabilityDate: Any | MISSING = MISSING
    repositoryId: Any | MISSING = MISSING
    expanded: Any | MISSING = MISSING
    commerceItemQuantity: Any | MISSING = MISSING
    stockState: Any | MISSING = MISSING
    """Stock in words (`IN_STOCK`)."""
    price: Any | MISSING = MISSING
    unitPrice: Any | MISSING = MISSING
    """Price of one."""
    listPrice: Any | MISSING = MISSING
    """Price of one without promotions."""
    salePrice: Any | MISSING = MISSING
    """Sale price of one; 0 when not on sale."""
    amount: Any | MISSING = MISSING
    """Price of the line."""
    rawTotalPrice: Any | MISSING = MISSING
    """Price of the line before discounts."""
    discountAmount: Any | MISSING = MISSING
    shippingSurchargeValue: Any | MISSING = MISSING
    state: Any | MISSING = MISSING
    """State of the line in the language of the agent."""
    stateKey: Any | MISSING = MISSING
    """State of the line."""
    isItemValid: Any | MISSING = MISSING
    pointOfNoRevision: Any | MISSING = MISSING
    taxCode: Any | MISSING = MISSING
    siteId: Any | MISSING = MISSING
    route: Any | MISSING = MISSING
    variant: list[Variant] | MISSING = MISSING
    """Options that choose the variant."""
    skuProperties: list[SkuProperty] | MISSING = MISSING
    itemDiscountInfos: Any | MISSING = MISSING
    orderDiscountInfos: Any | MISSING = MISSING
    discountInfo: Any | MISSING = MISSING
    childSKUs: list[ChildSKU] | MISSING = MISSING


class OrderShippingGroup(BaseModel):
    """A shipping group of the order: what was sent, and its price and state."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: Any | MISSING = MISSING
    """Delivery or in-store pickup."""
    shippingGroupId: Any | MISSING = MISSING
    """Group at the server; `0` for a new one."""
    shippingAddress: Address | MISSING = MISSING
    """Destination; `alias` identifies it."""
    shippingMethod: ShippingMethod | MISSING = MISSING
    """How this group travels."""
    items: list[OrderShippingGroupItem] | MISSING = MISSING
    """Lines, or parts of lines, in this group."""
    store: PickupStore | MISSING = MISSING
    """Store where the lines are collected (in-store pickup)."""
    firstName: Any | MISSING = MISSING
    """Person who collects (in-store pickup)."""
    middleName: Any | MISSING = MISSING
    lastName: Any | MISSING = MISSING
    phoneNumber: Any | MISSING = MISSING
    email: Any | MISSING = MISSING
    locationId: Any | MISSING = MISSING
    """Location where the lines are collected."""
    surcharge: Any | MISSING = MISSING
    """Shipping surcharge."""
    recurringChargePriceInfo: OrderRecurringCharges | None | MISSING = MISSING
    """Recurring charges; null without subscriptions."""
    trackingInfo: list[TrackingInfo] | MISSING = MISSING
    """Where the parcels are."""
    shipOnDate: Any | MISSING = MISSING
    """When it is to be shipped."""
    actualShipDate: Any | MISSING = MISSING
    """When it was shipped."""
    state: Any | MISSING = MISSING
    """State of the group; a number in early webhooks."""
    priceInfo: PriceInfo | MISSING = MISSING
    discountInfo: DiscountInfo | MISSING = MISSING
    taxPriceInfo: TaxPriceInfo | MISSING = MISSING


class ErrorReply(RootModel[SingleError | SeveralErrors]):
    root: SingleError | SeveralErrors
    """A single error, or several under one roof."""


class ShippingGroup(BaseModel):
    """What travels together, where and how."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    type: Any | MISSING = MISSING
    """Delivery or in-store pickup."""
    shippingGroupId: Any | MISSING = MISSING
    """Group at the server; `0` for a new one."""
    shippingAddress: Address | MISSING = MISSING
    """Destination; `alias` identifies it."""
    shippingMethod: ShippingMethod | MISSING = MISSING
    """How this group travels."""
    items: list[ShippingGroupItem] | MISSING = MISSING
    """Lines, or parts of lines, in this group."""
    store: PickupStore | MISSING = MISSING
    """Store where the lines are collected (in-store pickup)."""
    firstName: Any | MISSING = MISSING
    """Person who collects (in-store pickup)."""
    middleName: Any | MISSING = MISSING
    lastName: Any | MISSING = MISSING
    phoneNumber: Any | MISSING = MISSING
    email: Any | MISSING = MISSING
    locationId: Any | MISSING = MISSING
    """Location where the lines are collected."""
    surcharge: Any | MISSING = MISSING
    """Shipping surcharge."""
    recurringChargePriceInfo: RecurringChargePriceInfo | MISSING = MISSING
    """Recurring charges of the group."""


class CartItem(BaseModel):
    """A line of the cart or a part of one. A member that is not listed is a dynamic property of the line."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    productId: StrictStr | MISSING = MISSING
    """Product."""
    catRefId: StrictStr | MISSING = MISSING
    """SKU."""
    quantity: StrictInt | StrictStr | MISSING = MISSING
    """How many; of a child item: per unit of its parent."""
    commerceItemId: StrictStr | MISSING = MISSING
    """Line id, of the server or made by the client."""
    id: Any | MISSING = MISSING
    """Line id of an existing line that is updated."""
    originalCommerceItemId: Any | MISSING = MISSING
    """Line of the order from which this one was copied."""
    shippingGroupId: Any | MISSING = MISSING
    """Shipping group that takes the added quantity."""
    displayName: StrictStr | MISSING = MISSING
    """Name of the product as shown."""
    addOnItem: StrictBool | MISSING = MISSING
    """Whether the line is an add-on, such as gift wrap."""
    configuratorId: StrictStr | MISSING = MISSING
    """Configuration at the configurator, for a configurable item."""
    configurablePropertyId: StrictStr | MISSING = MISSING
    """Property to which an add-on belongs."""
    configurationOptionId: StrictStr | MISSING = MISSING
    """Option to which an add-on belongs."""
    shopperInput: dict[str, Any] | MISSING = MISSING
    """What the shopper entered for an add-on: keys of the site, text values."""
    externalData: list[ExternalData] | MISSING = MISSING
    """What the configurator says about the line."""
    childItems: list[CartItem] | MISSING = MISSING
    """Parts of the line, to any depth."""
    externalPrice: StrictFloat | StrictStr | MISSING = MISSING
    """Unit price that another system set."""
    externalPriceQuantity: StrictInt | MISSING = MISSING
    """How many units have that price at most; -1 is seen and reads as no limit."""
    externalRecurringCharge: StrictFloat | MISSING = MISSING
    """Charge that comes again with each period."""
    externalRecurringChargeFrequency: StrictStr | MISSING = MISSING
    """How often the charge comes again (`Monthly`)."""
    externalRecurringChargeDuration: StrictStr | MISSING = MISSING
    """How many periods."""
    detailedRecurringChargeInfo: list[dict[str, Any]] | MISSING = MISSING
    """Recurring charges of the line."""
    currentPrice: StrictFloat | MISSING = MISSING
    """Price that the client showed."""
    onSale: StrictBool | MISSING = MISSING
    stockStatus: StrictBool | MISSING = MISSING
    """Whether it is in stock."""
    invalid: StrictBool | MISSING = MISSING
    asset: StrictBool | MISSING = MISSING
    """Whether the line is about an asset."""
    priceListGroupId: StrictStr | MISSING = MISSING
    """Price list group."""
    assetId: StrictStr | None | MISSING = MISSING
    """Asset of the line."""
    assetKey: StrictStr | None | MISSING = MISSING
    rootAssetKey: StrictStr | None | MISSING = MISSING
    parentAssetKey: StrictStr | None | MISSING = MISSING
    serviceId: StrictStr | MISSING = MISSING
    """Service of the asset."""
    serviceAccountId: StrictStr | MISSING = MISSING
    customerAccountId: StrictStr | MISSING = MISSING
    billingAccountId: StrictStr | MISSING = MISSING
    billingProfileId: StrictStr | MISSING = MISSING
    activationDate: StrictStr | MISSING = MISSING
    """When the service starts."""
    deactivationDate: StrictStr | MISSING = MISSING
    """When the service ends."""
    transactionDate: StrictStr | MISSING = MISSING
    """When the change was asked for."""
    actionCode: StrictStr | MISSING = MISSING
    """What happens to the asset (`Add`)."""
    selectedOptions: list[SelectedOption] | MISSING = MISSING
    """Options that choose the variant."""
    giftWithPurchaseSelections: list[GiftWithPurchaseSelection] | MISSING = MISSING
    """Gifts for which this line was chosen."""
    giftWithPurchaseCommerceItemMarkers: list[Any] | MISSING = MISSING
    """Gift markers, echoed from an earlier reply."""
    detailedItemPriceInfo: list[Any] | MISSING = MISSING
    """Price details, echoed from an earlier reply."""
    isPriceOverridden: Any | MISSING = MISSING
    """Whether the agent set the price; takes a supervisor role."""
    overriddenPrice: Any | MISSING = MISSING
    """Price that the agent set."""
    dynamicProperties: list[DynamicProperty] | MISSING = MISSING
    """Dynamic properties of the line as a list."""
    availabilityDate: Any | MISSING = MISSING
    repositoryId: Any | MISSING = MISSING
    expanded: Any | MISSING = MISSING
    commerceItemQuantity: Any | MISSING = MISSING
    stockState: Any | MISSING = MISSING
    """Stock in words (`IN_STOCK`)."""
    price: Any | MISSING = MISSING


class OrderCart(BaseModel):
    """Lines of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    numberOfItems: Any | MISSING = MISSING
    orderTotal: Any | MISSING = MISSING
    coupons: list[Coupon] | MISSING = MISSING
    items: list[OrderLine] | MISSING = MISSING


class ShoppingCart(BaseModel):
    """Lines and coupons of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    orderTotal: Any | MISSING = MISSING
    """Total that the client showed."""
    numberOfItems: Any | MISSING = MISSING
    """How many lines."""
    coupons: list[Coupon] | MISSING = MISSING
    """Coupons of the order."""
    items: list[CartItem] | MISSING = MISSING
    """Lines of the order."""


class Order(BaseModel):
    """An order as the agent API answers it. Which members are there depends on the operation; the list is not complete, so other members are taken as they come."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    orderId: Any | MISSING = MISSING
    """Order id, when an order was opened or priced."""
    id: Any | MISSING = MISSING
    """Order id in all other replies."""
    uuid: Any | MISSING = MISSING
    """Second id; null in old and open orders."""
    state: Any | MISSING = MISSING
    """State of the order."""
    stateString: Any | MISSING = MISSING
    """State as a key."""
    orderStatus: Any | MISSING = MISSING
    """State in the language of the agent."""
    creationTime: Any | MISSING = MISSING
    """When the order was opened, in milliseconds since 1970."""
    creationDate: Any | MISSING = MISSING
    """When the order was opened."""
    lastModifiedDate: Any | MISSING = MISSING
    """When the order was last changed."""
    submittedDate: Any | MISSING = MISSING
    """When the order was submitted; null while it is open."""
    lastModifiedTime: Any | MISSING = MISSING
    """When the order was last changed, in milliseconds since 1970."""
    creationSiteId: Any | MISSING = MISSING
    """Site on which the order was opened."""
    siteId: Any | MISSING = MISSING
    """Site of the order."""
    profileId: Any | MISSING = MISSING
    """Shopper."""
    orderProfileId: Any | MISSING = MISSING
    """Shopper."""
    profile: OrderProfile | MISSING = MISSING
    """The shopper, in short."""
    agentId: Any | MISSING = MISSING
    """Agent who works on the order; null for the shopper alone."""
    originOfOrder: Any | MISSING = MISSING
    """`contactCenter` for orders of an agent."""
    salesChannel: Any | MISSING = MISSING
    """`contactCenter` for orders of an agent."""
    sourceSystem: Any | MISSING = MISSING
    """System that holds the order."""
    cartName: Any | MISSING = MISSING
    """Name of the cart."""
    description: Any | MISSING = MISSING
    orderAction: Any | MISSING = MISSING
    """`order`, or what else is being done."""
    orderLocale: Any | MISSING = MISSING
    lastModifierId: Any | MISSING = MISSING
    """Who changed the order last."""
    organizationId: Any | MISSING = MISSING
    """Organisation of the shopper."""
    organization: Organization | None | MISSING = MISSING
    """Organisation for which the shopper buys."""
    allowAlternateCurrency: Any | MISSING = MISSING
    payShippingInSecondaryCurrency: Any | MISSING = MISSING
    payTaxInSecondaryCurrency: Any | MISSING = MISSING
    secondaryCurrencyCode: Any | MISSING = MISSING
    exchangeRate: Any | MISSING = MISSING
    isItemPriceOverrideAllowed: Any | MISSING = MISSING
    """Whether this agent may set prices."""
    additionalEmails: Any | MISSING = MISSING
    approvers: Any | MISSING = MISSING
    """Who may approve the order of an organisation."""
    approverMessages: Any | MISSING = MISSING
    """What the approvers said: a list, or one text when the order is rejected."""
    approvalSystemMessages: Any | MISSING = MISSING
    billingMethod: dict[str, Any] | MISSING = MISSING
    """Billing method (submitOrder); its members are not published."""
    discountInfo: DiscountInfo | MISSING = MISSING
    """Discounts (not after sending again)."""
    dynamicProperties: list[DynamicProperty] | MISSING = MISSING
    """Dynamic properties of the order."""
    giftWithPurchaseInfo: list[GiftWithPurchaseInfo] | MISSING = MISSING
    """Gifts that the shopper may choose."""
    giftWithPurchaseOrderMarkers: list[Any] | MISSING = MISSING
    """Gift markers."""
    notSubmittedOrders: list[Any] | MISSING = MISSING
    """Orders that were not sent again (resendOrdersForFulfillment)."""
    orderComments: list[OrderComment] | MISSING = MISSING
    """Comments on the order."""
    paymentGroup: PaymentGroup | MISSING = MISSING
    """Payment group (submitOrder)."""
    paymentGroups: list[PaymentGroup] | MISSING = MISSING
    """Payment groups (submitOrder)."""
    payments: list[OrderPayment] | MISSING = MISSING
    """Payments as the store lists them."""
    priceInfo: PriceInfo | MISSING = MISSING
    """Totals (not after sending again)."""
    priceListGroup: PriceListGroup | MISSING = MISSING
    shoppingCart: OrderCart | MISSING = MISSING
    """Lines of the order."""
    shippingGroups: list[OrderShippingGroup] | MISSING = MISSING
    """Shipping groups of the order."""
    shippingAddress: Address | MISSING = MISSING
    """Destination of the first shipping group."""
    shippingMethod: ShippingMethod | MISSING = MISSING
    """Shipping method of the first shipping group."""
    billingAddress: Address | MISSING = MISSING
    """Billing address of the order."""
    taxPriceInfo: TaxPriceInfo | MISSING = MISSING
    """Taxes of the order."""
    recurringChargePriceInfo: OrderRecurringCharges | None | MISSING = MISSING
    """Recurring charges; null without subscriptions."""
    quoteInfo: Any | MISSING = MISSING
    pricingMessages: Any | MISSING = MISSING
    """Remarks of the pricing engine; null without any."""
    orderCancelReason: Any | MISSING = MISSING
    """Why the order was cancelled, free text."""
    cancelReason: Any | MISSING = MISSING
    """Why the order was cancelled, free text."""
    markers: Any | MISSING = MISSING
    links: list[Link] | MISSING = MISSING
    """Where the order is."""
    scheduledOrder: Any | MISSING = MISSING
    """The template of a scheduled order, alone or in a list."""


class CreateOrderResponse(Order):
    """The order that was opened, priced or submitted; after sending again, what could not be sent."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class StoredOrder(Order):
    """An order that was read."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class CreateOrderRequest(BaseModel):
    """What the agent asks for. `op` chooses among six requests; the other members are the union of the two root schemas the documentation prints for this operation. A member that is not listed is a dynamic property of the order."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    op: Literal["createOrder", "createNewCart", "priceOrder", "preAuthorizeOrder", "submitOrder", "resendOrdersForFulfillment"] | MISSING = (
        MISSING
    )
    """What to do: open an order, open a further cart, price, authorise payments, submit, or send submitted orders to fulfilment again."""
    profileId: StrictStr | MISSING = MISSING
    """Shopper for whom the agent acts."""
    orderId: Any | MISSING = MISSING
    """Open order that is priced."""
    id: Any | MISSING = MISSING
    """Open order that is submitted (clients send the order id under this name with submitOrder)."""
    requestChannel: StrictStr | MISSING = MISSING
    """Where the call comes from."""
    combineLineItems: Any | MISSING = MISSING
    """Whether equal lines are merged. With `no` each line of a shipping group needs its `commerceItemId`."""
    amountRemaining: Any | MISSING = MISSING
    """Amount to authorise."""
    cartName: Any | MISSING = MISSING
    """Name of the cart; the order id when absent."""
    additionalEmails: Any | MISSING = MISSING
    """Further addresses for the confirmation, ten unless the site says otherwise."""
    appliedPromotions: list[StrictStr] | MISSING = MISSING
    """Ids of promotions to keep."""
    billingAddress: Address | MISSING = MISSING
    """Billing address of the order."""
    orders: list[Any] | MISSING = MISSING
    """Ids of the orders to send to fulfilment again (resendOrdersForFulfillment)."""
    payments: list[Payment] | Payment | MISSING = MISSING
    """Payments of the order: a list in every example and client, a single object in the schema of the page."""
    recurringChargePriceInfo: RecurringChargePriceInfo | MISSING = MISSING
    """Recurring charges of the order."""
    schedule: OrderSchedule | MISSING = MISSING
    """Repetition of a scheduled order (createOrder and createNewCart)."""
    shippingAddress: Address | MISSING = MISSING
    """Destination of the first shipping group; not read when `shippingGroups` is sent."""
    shippingGroups: list[ShippingGroup] | MISSING = MISSING
    """What goes where and how (not with preAuthorizeOrder)."""
    shippingMethod: ShippingMethod | MISSING = MISSING
    """Shipping method of the first shipping group; not read when `shippingGroups` is sent."""
    shoppingCart: ShoppingCart | MISSING = MISSING
    """Lines and coupons."""
    soldTo: SoldTo | MISSING = MISSING
    """Buying party; printed only for the server-extension path of this operation."""
    isAnonymousCheckout: Any | MISSING = MISSING
    """Whether the shopper is not registered."""
    placeAsyncOrder: Any | MISSING = MISSING
    """Whether the order is placed in the background."""
    visitorId: Any | MISSING = MISSING
    """Visitor of the storefront."""
    visitId: Any | MISSING = MISSING
    """Visit of the storefront."""
    giftWithPurchaseOrderMarkers: list[Any] | MISSING = MISSING
    """Gift markers, echoed from an earlier reply."""


OrderLine.model_rebuild()
CartItem.model_rebuild()


MESSAGES: dict[tuple[str, str], type[BaseModel]] = {
    ("createOrder", "request"): CreateOrderRequest,
    ("createOrder", "200"): CreateOrderResponse,
    ("createOrder", "400"): ErrorReply,
    ("createOrder", "401"): ErrorReply,
    ("createOrder", "403"): ErrorReply,
    ("createOrder", "404"): ErrorReply,
    ("createOrder", "405"): ErrorReply,
    ("createOrder", "406"): ErrorReply,
    ("createOrder", "408"): ErrorReply,
    ("createOrder", "409"): ErrorReply,
    ("createOrder", "413"): ErrorReply,
    ("createOrder", "415"): ErrorReply,
    ("createOrder", "422"): ErrorReply,
    ("createOrder", "431"): ErrorReply,
    ("createOrder", "500"): ErrorReply,
    ("createOrder", "503"): ErrorReply,
    ("getOrder", "200"): StoredOrder,
    ("getOrder", "400"): ErrorReply,
    ("getOrder", "401"): ErrorReply,
    ("getOrder", "403"): ErrorReply,
    ("getOrder", "404"): ErrorReply,
    ("getOrder", "405"): ErrorReply,
    ("getOrder", "406"): ErrorReply,
    ("getOrder", "408"): ErrorReply,
    ("getOrder", "413"): ErrorReply,
    ("getOrder", "431"): ErrorReply,
    ("getOrder", "500"): ErrorReply,
    ("getOrder", "503"): ErrorReply,
}
"""Operation and `request` or status: the model of each JSON message."""
