# Written by `orderbridge generate`, never edit.
# source: openapi/_canonical/openapi.yaml
# sha256: aacdcf0d3eca86f1fbf4331a910fcb3384a2d9c3c1aacc4ed40b4be6a4448c43 (of the bundled contract at level documented, without its examples)
# generator: datamodel-code-generator 0.89.0

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import MISSING, BaseModel, ConfigDict, Field, RootModel, StrictBool, StrictInt, StrictStr


class Reference(BaseModel):
    """One other number of the order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr, Field(min_length=1)]
    """Handle of this reference within this document, made when the order was read; never a partner's field"""
    type: Annotated[StrictStr, Field(min_length=1)]
    """What the number counts, such as order or transaction"""
    value: Annotated[StrictStr, Field(min_length=1)]
    """The number"""


class Channel(BaseModel):
    """Through which channel the order came"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The channel's own id"""
    type: Annotated[StrictStr | MISSING, Field(pattern="^(web|app|pos|call_centre|ondc|chat:[a-z0-9_]+)$")] = MISSING
    """Kind of channel: web, app, pos, call_centre, ondc, or chat: and the chat platform"""
    subtype: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Finer kind, in the sender's words"""


class Seller(BaseModel):
    """Who sells, as far as the call says so"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    site_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Store or site"""
    org_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Organisation that owns the order"""
    origin_org_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Organisation that the order came from"""


class PosProfile(BaseModel):
    """Profile: an order taken at a till"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    location: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Store"""
    register_: Annotated[StrictStr | MISSING, Field(alias="register", min_length=1)] = MISSING
    """Till"""
    cashier: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Cashier"""
    transaction: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Number of the till's transaction"""


class StreetItem(RootModel[StrictStr]):
    root: Annotated[StrictStr, Field(min_length=1)]


class ContactExtra(BaseModel):
    """What only some address forms know; the list is closed"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    prefix: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Title before the name"""
    suffix: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """What follows the name"""
    job_title: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Position"""
    county: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """County or district"""
    fax: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Fax number"""
    phone_kind: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Kind of phone, such as mobile, home or business"""


class LineOption(BaseModel):
    """Which option of its parent's configuration a part stands for"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    property_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The property that was configured"""
    option_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The option chosen for it"""


class Money(BaseModel):
    """An exact amount in major units"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    amount: Annotated[StrictStr, Field(max_length=1000, pattern="^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$")]
    """Decimal number as text"""
    currency: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z]{3}$")] = MISSING
    """ISO 4217 code, only where it differs from the order's"""


class Note(BaseModel):
    """One remark"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr, Field(min_length=1)]
    """Handle of this note within this document, made when the order was read; never a partner's field"""
    text: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """What it says"""
    author: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Who wrote it"""


class DaysOfMonthItem(RootModel[StrictInt]):
    root: Annotated[StrictInt, Field(ge=1, le=31)]


class DaysOfWeekItem(RootModel[StrictInt]):
    root: Annotated[StrictInt, Field(ge=1, le=7)]


class WeeksOfMonthItem(RootModel[StrictInt]):
    root: Annotated[StrictInt, Field(ge=1, le=5)]


class Month(RootModel[StrictInt]):
    root: Annotated[StrictInt, Field(ge=0, le=11)]


class Attributes(BaseModel):
    """Free members: names and values of the sender, any JSON"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class ProblemEntry(BaseModel):
    """One single fault"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Handle of this fault within this document, made when the order was read; never a partner's field"""
    pointer: StrictStr | MISSING = MISSING
    """JSON Pointer of the faulty value; empty for the whole document"""
    code: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The receiver's own code"""
    message: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """What it says"""


class Buyer(BaseModel):
    """Who buys: a contact with ids. The contact members are those of Contact; a closed object cannot be extended, so they are repeated"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The customer's id at the seller; may be an e-mail address or a chat id"""
    account_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Loyalty or company account"""
    username: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Name that the customer signs in or chats with"""
    name: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Full name in one piece, as given"""
    given: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Given name"""
    middle: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Middle name"""
    family: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Family name"""
    company: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Company"""
    email: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """E-mail address, as given"""
    phone: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Phone number as given, in E.164 form only when that is certain"""
    street: Annotated[list[StreetItem] | MISSING, Field(min_length=1)] = MISSING
    """Lines of the street address, first line first; the whole list is one value"""
    city: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Town"""
    region: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """State or province, as given"""
    region_code: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")] = MISSING
    """ISO 3166-2 code of the region, only when it is certain"""
    postal_code: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Postal code; text, since zeros lead and letters occur"""
    country: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z]{2}$")] = MISSING
    """ISO 3166-1 alpha-2 code"""
    extra: ContactExtra | MISSING = MISSING


class Contact(BaseModel):
    """A person or company and where to find them"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Full name in one piece, as given"""
    given: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Given name"""
    middle: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Middle name"""
    family: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Family name"""
    company: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Company"""
    email: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """E-mail address, as given"""
    phone: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Phone number as given, in E.164 form only when that is certain"""
    street: Annotated[list[StreetItem] | MISSING, Field(min_length=1)] = MISSING
    """Lines of the street address, first line first; the whole list is one value"""
    city: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Town"""
    region: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """State or province, as given"""
    region_code: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")] = MISSING
    """ISO 3166-2 code of the region, only when it is certain"""
    postal_code: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Postal code; text, since zeros lead and letters occur"""
    country: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z]{2}$")] = MISSING
    """ISO 3166-1 alpha-2 code"""
    extra: ContactExtra | MISSING = MISSING


class Shipment(BaseModel):
    """One destination of goods"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr, Field(min_length=1)]
    """Handle of this shipment within this document, made when the order was read; never a partner's field"""
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The partner's own id of the destination or group"""
    kind: Literal["ship", "pickup", "digital"] | MISSING = MISSING
    """How the goods reach the recipient"""
    method: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Shipping method, in the sender's words"""
    to: Contact | MISSING = MISSING
    """Recipient"""
    from_: Annotated[Contact | MISSING, Field(alias="from")] = MISSING
    """Where the goods start or are collected"""
    instructions: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """What the carrier has to know"""
    same_as_buyer: StrictBool | MISSING = MISSING
    """Whether the sender said that the recipient is the buyer, true or not"""


class Recurring(BaseModel):
    """A charge that comes back"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    amount: Money | MISSING = MISSING
    """Amount of each charge"""
    frequency: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """How often, in the sender's words"""
    duration: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """For how long, as stated"""


class Payment(BaseModel):
    """One way in which (part of) the order is paid. No card number, PIN or token has a place here"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr, Field(min_length=1)]
    """Handle of this payment within this document, made when the order was read; never a partner's field"""
    method: Literal["cash_on_delivery", "cash", "card", "gift_card", "store_credit", "loyalty_points", "invoice", "wallet", "bank_transfer", "convenience_store", "online", "in_store", "other"] | MISSING = (
        MISSING
    )
    """Means of payment"""
    plan: Literal["regular", "instalments", "deferred"] | MISSING = MISSING
    """When it is paid: at once, in instalments, or later"""
    amount: Money | MISSING = MISSING
    """Amount paid this way"""
    status: Literal["pending", "authorized", "partially_paid", "paid", "deferred", "refunded", "cancelled", "failed"] | MISSING = (
        MISSING
    )
    """Where a payment stands"""
    provider: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Payment service provider"""
    reference: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Purchase order number, or the masked number of a card; never the number itself"""
    bill_to: Contact | MISSING = MISSING
    """Billing address of this payment, if it has its own"""


class Adjustment(BaseModel):
    """One discount, fee, tax or shipping charge"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr, Field(min_length=1)]
    """Handle of this adjustment within this document, made when the order was read; never a partner's field"""
    kind: Literal["discount", "fee", "tax", "shipping"] | MISSING = MISSING
    """What it is"""
    type: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The sender's word for it"""
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Id of the promotion or charge"""
    code: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Code that the buyer entered"""
    title: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Name as shown"""
    level: Literal["order", "line", "shipping"] | MISSING = MISSING
    """What it applies to"""
    line: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Handle of the line that it applies to"""
    amount: Money | MISSING = MISSING
    """Amount without regard to direction: a discount of 5 is 5"""
    state: Literal["claimed", "unclaimed"] | MISSING = MISSING
    """Whether a coupon was redeemed"""


class Totals(BaseModel):
    """Sums as stated; never recomputed"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    subtotal: Money | MISSING = MISSING
    """Sum of the lines"""
    discount: Money | MISSING = MISSING
    """Sum of the discounts"""
    fulfillment: Money | MISSING = MISSING
    """Shipping and handling"""
    fee: Money | MISSING = MISSING
    """Sum of the fees"""
    tax: Money | MISSING = MISSING
    """Sum of the taxes"""
    total: Money | MISSING = MISSING
    """What is to be paid"""


class Schedule(BaseModel):
    """When an order repeats, as the sender states it; it is not turned into a recurrence rule"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Name of the repeating order"""
    kind: Literal["calendar", "periodic"] | MISSING = MISSING
    """By days of the calendar, or every so many milliseconds"""
    state: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """State of the schedule, in the sender's words"""
    starts_on: StrictStr | MISSING = MISSING
    """First day"""
    ends_on: StrictStr | MISSING = MISSING
    """Last day"""
    days_of_month: list[DaysOfMonthItem] | MISSING = MISSING
    """Days of the month, 1 to 31; they win over days of the week"""
    days_of_week: list[DaysOfWeekItem] | MISSING = MISSING
    """Days of the week, 1 (Sunday) to 7 (Saturday)"""
    weeks_of_month: list[WeeksOfMonthItem] | MISSING = MISSING
    """Weeks of the month, 1 to 5"""
    months: list[Month] | MISSING = MISSING
    """Months, 0 (January) to 11 (December)"""
    times_per_day: Annotated[StrictInt | MISSING, Field(ge=1)] = MISSING
    """Runs per day"""
    period_ms: Annotated[StrictInt | MISSING, Field(ge=0)] = MISSING
    """Repeat interval in milliseconds"""
    delay_ms: Annotated[StrictInt | MISSING, Field(ge=0)] = MISSING
    """Wait after the start in milliseconds"""


class Problem(BaseModel):
    """Why a receiver refused (problem/1)"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    kind: Literal["invalid", "unauthenticated", "forbidden", "not_found", "conflict", "too_large", "unsupported", "unavailable", "internal"]
    """What went wrong, in one word"""
    status: Annotated[StrictInt | MISSING, Field(ge=100, le=599)] = MISSING
    """HTTP status"""
    code: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The receiver's own code"""
    message: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """What it says"""
    errors: list[ProblemEntry] | MISSING = MISSING
    """Each single fault"""


class AssetProfile(BaseModel):
    """Profile: a line that starts, changes or ends something the customer owns or subscribes to"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    action: Literal["add", "modify", "delete", "no_change"] | MISSING = MISSING
    """What happens to the asset (TM Forum 622)"""
    asset_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Id of the asset"""
    asset_key: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Key of the asset"""
    parent_key: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Key of the asset it belongs to"""
    root_key: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Key of the asset at the top"""
    is_asset: StrictBool | MISSING = MISSING
    """Whether the line becomes an asset"""
    active_from: StrictStr | MISSING = MISSING
    """When it becomes active"""
    active_to: StrictStr | MISSING = MISSING
    """When it ends; not checked against the start"""
    transaction_at: StrictStr | MISSING = MISSING
    """When the change was made"""
    service_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Service that the line is about"""
    service_account_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Account that receives the service"""
    billing_account_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Account that is billed"""
    billing_profile_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """How that account is billed"""
    customer_account_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Account that owns the asset"""
    recurring: Recurring | MISSING = MISSING


class Line(BaseModel):
    """One product of the order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    row: Annotated[StrictStr, Field(min_length=1)]
    """Handle of this line within this document, made when the order was read; never a partner's field"""
    parent: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Handle of the line that this one is a part of"""
    shipment: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Handle of the shipment that it goes with"""
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The partner's own id of the line; may repeat within an order"""
    product_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Product in the catalogue"""
    sku: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Stock keeping unit"""
    category_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Category of the product"""
    configuration_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """A saved configuration of the product"""
    configurator_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The configurator run that the line came from"""
    option: LineOption | MISSING = MISSING
    name: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Name of the product as shown"""
    quantity: Annotated[StrictStr | MISSING, Field(max_length=1000, pattern="^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$")] = (
        MISSING
    )
    """How many or how much, as stated; for a part it is not multiplied by its parent's"""
    unit: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z0-9]{2,3}$")] = MISSING
    """Unit of the quantity, UN/ECE Recommendation 20"""
    unit_price: Money | MISSING = MISSING
    """Price of one unit"""
    price_override: Money | MISSING = MISSING
    """Price of one unit set from outside the price list"""
    total: Money | MISSING = MISSING
    """Amount of the line"""
    inputs: Attributes | MISSING = MISSING
    """What the buyer entered for this line, such as an engraving"""
    attributes: Attributes | MISSING = MISSING
    asset: AssetProfile | MISSING = MISSING


class Order(BaseModel):
    """An order as the hub holds it (order/1). Every member is optional: what is not known is absent, never null or blank."""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Id given by the receiver of the order"""
    number: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Number of the order as the merchant knows it"""
    name: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Name of the order or cart"""
    refs: list[Reference] | MISSING = MISSING
    """Other numbers that point at or out of this order"""
    operation: Literal["create", "create_cart", "price", "authorize", "submit", "resend"] | MISSING = MISSING
    """What the message asks for: create an order, open a further cart, reprice, authorise payment, submit, or send again for fulfilment"""
    placed_at: StrictStr | MISSING = MISSING
    """When the order was placed"""
    status: Literal["draft", "created", "pending_approval", "pending_payment", "confirmed", "processing", "allocated", "on_hold", "partially_fulfilled", "fulfilled", "partially_shipped", "shipped", "partially_picked_up", "picked_up", "partially_delivered", "delivered", "partially_returned", "returned", "completed", "cancelled", "rejected", "failed"] | MISSING = (
        MISSING
    )
    """Where an order stands. A partner's status without a row here stays with that partner"""
    status_text: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The status in words, as given"""
    locale: Annotated[StrictStr | MISSING, Field(pattern="^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")] = (
        MISSING
    )
    """Language of the conversation, a BCP 47 tag of language, script and region"""
    currency: Annotated[StrictStr | MISSING, Field(pattern="^[A-Z]{3}$")] = MISSING
    """ISO 4217 code of every amount that names none of its own; absent when nobody stated one"""
    cart_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The cart that the order is made of"""
    channel: Channel | MISSING = MISSING
    agent_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The employee who took or entered the order"""
    seller: Seller | MISSING = MISSING
    pos: PosProfile | MISSING = MISSING
    buyer: Buyer | MISSING = MISSING
    bill_to: Contact | MISSING = MISSING
    """Where the invoice goes, if not to the buyer"""
    shipments: list[Shipment] | MISSING = MISSING
    """Where goods go, in the order given"""
    lines: list[Line] | MISSING = MISSING
    """What is ordered: one flat list in pre-order, a part after the line it belongs to"""
    payments: list[Payment] | MISSING = MISSING
    """How it is paid"""
    adjustments: list[Adjustment] | MISSING = MISSING
    """What is taken off or added"""
    totals: Totals | MISSING = MISSING
    notes: list[Note] | MISSING = MISSING
    """Remarks"""
    schedule: Schedule | MISSING = MISSING
    attributes: Attributes | MISSING = MISSING


class Result(BaseModel):
    """What a receiver answered to an order (result/1)"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Id that the receiver gave"""
    number: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Number of the order"""
    short_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Short form of the id"""
    uuid: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The id as a UUID, where it is a second one"""
    status: Literal["draft", "created", "pending_approval", "pending_payment", "confirmed", "processing", "allocated", "on_hold", "partially_fulfilled", "fulfilled", "partially_shipped", "shipped", "partially_picked_up", "picked_up", "partially_delivered", "delivered", "partially_returned", "returned", "completed", "cancelled", "rejected", "failed"] | MISSING = (
        MISSING
    )
    """Where an order stands. A partner's status without a row here stays with that partner"""
    status_text: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """The status, or the whole answer, in words"""
    payment_status: Literal["pending", "authorized", "partially_paid", "paid", "deferred", "refunded", "cancelled", "failed"] | MISSING = (
        MISSING
    )
    """Where a payment stands"""
    fulfillment_status: Literal["pending", "processing", "on_hold", "partially_shipped", "shipped", "partially_picked_up", "picked_up", "partially_delivered", "delivered", "partially_returned", "returned", "completed", "cancelled", "failed"] | MISSING = (
        MISSING
    )
    """Where the delivery stands"""
    transaction_id: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """Number of the transaction"""
    payment_reference: Annotated[StrictStr | MISSING, Field(min_length=1)] = MISSING
    """What the payment service knows the payment by"""
    created_at: StrictStr | MISSING = MISSING
    """When the order was stored"""
    updated_at: StrictStr | MISSING = MISSING
    """When it was last changed"""
    totals: Totals | MISSING = MISSING
    comments: list[Note] | MISSING = MISSING
    """Remarks on the order"""
    attributes: Attributes | MISSING = MISSING
    order: Order | MISSING = MISSING
    """The order that is answered"""


MESSAGES: dict[tuple[str, str], type[BaseModel]] = {
    ("createOrder", "request"): Order,
    ("createOrder", "200"): Result,
    ("createOrder", "default"): Problem,
}
"""Operation and `request` or status: the model of each JSON message."""
