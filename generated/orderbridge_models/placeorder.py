# Written by `orderbridge generate`, never edit.
# source: openapi/placeorder/openapi.yaml
# sha256: 77a2ca3d5381b702862f1f0a7afe9fdb95f8db900b57ce6e5f4d9f32613f5cc6 (of the bundled contract at level documented, without its examples)
# generator: datamodel-code-generator 0.89.0

from __future__ import annotations

from typing import Annotated, Any

from pydantic import MISSING, BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr


class UserInfo(BaseModel):
    """The user of the chat. Four members have two spellings; the first of each pair is the one to write"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    first_name: StrictStr | MISSING = MISSING
    """Given name"""
    last_name: StrictStr | MISSING = MISSING
    """Family name"""
    username: StrictStr | MISSING = MISSING
    """Name of the user at the chat platform; sent where the platform gives one"""
    uid: StrictStr | MISSING = MISSING
    """How shop and bot call the user: an e-mail address, a chat id or a customer number. Not a UUID"""
    firstName: StrictStr | MISSING = MISSING
    """Other spelling of first_name"""
    lastName: StrictStr | MISSING = MISSING
    """Other spelling of last_name"""
    userName: StrictStr | MISSING = MISSING
    """Other spelling of username"""
    uuid: StrictStr | MISSING = MISSING
    """Other spelling of uid"""


class QueriedEntity(BaseModel):
    """The order. Which other members there are depends on the shop, so they are taken as they come"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    orderId: StrictStr | MISSING = MISSING
    """Number of the order, as the attribute orderId of the answer to placing it"""
    orderID: StrictStr | MISSING = MISSING
    """Other spelling of orderId"""


class PaymentInfo(BaseModel):
    """How the order is paid"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    paymentType: StrictStr | MISSING = MISSING
    """Instrument, such as credit card or creditCard; no list is published"""
    amount: StrictFloat | MISSING = MISSING
    """What is to be paid; neither currency nor unit is stated"""
    paymentMode: StrictStr | MISSING = MISSING
    """At once, in instalments or later. The example sends the list of all three instead of one"""


class ReplyPlaceholder(BaseModel):
    """Where the shop is to put its answer; empty in a request, and left out by most"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class ContainerAttribute(BaseModel):
    """One result by name, such as orderId, transactionId or orderStatus (Placed)"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: StrictStr
    """What the value is"""
    value: StrictStr
    """The value, always as text"""


class SimpleResponse(BaseModel):
    """A sentence"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    responseText: StrictStr
    """The sentence"""


class AccessibleImage(BaseModel):
    """A picture, and what it shows in words"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    url: StrictStr | MISSING = MISSING
    """Where the picture is"""
    accessibilityText: StrictStr | MISSING = MISSING
    """What it shows"""


class MediaObject(BaseModel):
    """One thing to play"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    contentUrl: StrictStr | MISSING = MISSING
    """Where it is"""
    description: StrictStr | MISSING = MISSING
    """What it is about"""
    icon: AccessibleImage | MISSING = MISSING
    name: StrictStr | MISSING = MISSING
    """What it is called"""


class ListResponse(BaseModel):
    """Several sentences"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    list_: Annotated[list[Any] | MISSING, Field(alias="list")] = MISSING
    """The sentences"""


class CatalogImage(BaseModel):
    """A picture of a product"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    url: Any | MISSING = MISSING
    """Where the picture is"""
    imageText: Any | MISSING = MISSING
    """What it shows"""


class CatalogAction(BaseModel):
    """Where the product can be seen"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    url: Any | MISSING = MISSING
    """Page of the product"""


class CatalogPrice(BaseModel):
    """Price of a product"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    priceType: Any | MISSING = MISSING
    """Currency, such as INR"""
    value: Any | MISSING = MISSING
    """The amount, as text"""


class CatalogStock(BaseModel):
    """Whether a product is there"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    stockLevel: Any | MISSING = MISSING
    """How many there are, as text"""
    stockStatus: Any | MISSING = MISSING
    """In a word, such as InStock"""


class CatalogFilter(BaseModel):
    """One filter"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    attribute: Any | MISSING = MISSING
    """What is filtered by"""
    value: Any | MISSING = MISSING
    """What it has to be"""


class UserAddress(BaseModel):
    """Address of the user"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    addr1: Any | MISSING = MISSING
    """First line"""
    addr2: Any | MISSING = MISSING
    """Second line"""
    city: Any | MISSING = MISSING
    """Town"""
    state: Any | MISSING = MISSING
    """State"""
    country: Any | MISSING = MISSING
    """Country"""
    zip: Any | MISSING = MISSING
    """Postal code"""


class UserContact(BaseModel):
    """How to reach the user"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    emailId: Any | MISSING = MISSING
    """E-mail address"""
    phoneNumber: Any | MISSING = MISSING
    """Phone number"""


class Offer(BaseModel):
    """An offer for a user"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    offerId: Any | MISSING = MISSING
    """Number of the offer"""
    name: Any | MISSING = MISSING
    """What it is called"""
    offerType: Any | MISSING = MISSING
    """What it is for, product or user"""
    imageUrl: Any | MISSING = MISSING
    """Where its picture is"""
    isSeasonalOffer: Any | MISSING = MISSING
    """Whether it belongs to a season"""
    offerDescription: Any | MISSING = MISSING
    """What is offered"""
    validity: Any | MISSING = MISSING
    """How long it lasts, in words such as 45 days"""


class ConversationRequest(BaseModel):
    """Who talks to the bot, and through which chat platform"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    channel: StrictStr | MISSING = MISSING
    """Chat platform, such as TELEGRAM; no list is published"""
    userInfo: UserInfo


class OrderQueryParams(BaseModel):
    """What is asked about"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    entityInfo: QueriedEntity


class LineItem(BaseModel):
    """One product of the cart, and how many of it"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    productId: StrictStr
    """SKU of the product"""
    Quantity: StrictStr | StrictInt | MISSING = MISSING
    """Units, 1 where nothing is said. Written as digits in quotes; a unit after them (4 nos) and a bare number are read too. Its first spelling has a capital letter, Quantity, the other is quantity"""
    categoryId: StrictStr
    """SKU of the product's category"""
    quantity: StrictStr | StrictInt | MISSING = MISSING
    """Units, 1 where nothing is said. Written as digits in quotes; a unit after them (4 nos) and a bare number are read too. Its first spelling has a capital letter, Quantity, the other is quantity"""


class ContainerResponse(BaseModel):
    """A sentence, and what it says as names and values"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    responseText: StrictStr
    """The sentence. Where it and the attributes disagree about a number, the attributes count"""
    attributes: list[ContainerAttribute]
    """The results, orderId first; then transactionId and orderStatus"""


class BasicCard(BaseModel):
    """A card with a picture"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    title: StrictStr | MISSING = MISSING
    """First line"""
    subtitle: StrictStr | MISSING = MISSING
    """Second line"""
    formattedText: StrictStr | MISSING = MISSING
    """What the card says"""
    image: AccessibleImage | MISSING = MISSING


class MediaResponse(BaseModel):
    """Things to play"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    mediaType: StrictStr | MISSING = MISSING
    """Kind of media; AUDIO is the only one shown"""
    mediaObjects: list[MediaObject] | MISSING = MISSING
    """What to play, in order"""


class CatalogItem(BaseModel):
    """A product on show; every value is text, prices and stock too"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    productId: Any | MISSING = MISSING
    """SKU of the product"""
    categoryId: Any | MISSING = MISSING
    """SKU of its category"""
    title: Any | MISSING = MISSING
    """Name of the product"""
    description: Any | MISSING = MISSING
    """Description of the product"""
    category: Any | MISSING = MISSING
    """Name of its category"""
    image: CatalogImage | MISSING = MISSING
    openUrlAction: CatalogAction | MISSING = MISSING
    price: CatalogPrice | MISSING = MISSING
    stock: CatalogStock | MISSING = MISSING


class UserAccount(BaseModel):
    """What the shop knows of the user"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    userName: Any | MISSING = MISSING
    """Name of the user"""
    userAddress: UserAddress | MISSING = MISSING
    userContact: UserContact | MISSING = MISSING


class OrderQueryParameters(BaseModel):
    """Wrapper around the parameters"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    params: OrderQueryParams


class OrderedEntity(BaseModel):
    """The cart. Which other members there are depends on the shop, so they are taken as they come"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    items: list[LineItem]
    """The lines of the cart"""


class CatalogResponse(BaseModel):
    """Products, and what they can be filtered by"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    items: list[CatalogItem] | MISSING = MISSING
    """The products"""
    filter: list[CatalogFilter] | MISSING = MISSING
    """The filters"""


class OrderQuery(BaseModel):
    """The intent, and what it needs"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    interestType: StrictStr
    """Which intent the message is. Open text, since the pages agree on no list: createOrder and orderStatus are both shown for placing an order, order-status and orderStatus for its state, order-details for its content"""
    parameters: OrderQueryParameters


class PlaceOrderParams(BaseModel):
    """What is ordered and how it is paid"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    entityInfo: OrderedEntity
    paymentInfo: PaymentInfo


class Message(BaseModel):
    """One thing to say or show. Each kind has a member of its own, and a message may have several"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    containerResponse: ContainerResponse | MISSING = MISSING
    simpleResponse: SimpleResponse | MISSING = MISSING
    basicCard: BasicCard | MISSING = MISSING
    mediaResponse: MediaResponse | MISSING = MISSING
    listResponse: ListResponse | MISSING = MISSING
    catalogResponse: CatalogResponse | MISSING = MISSING
    userAccount: UserAccount | MISSING = MISSING
    offersList: list[Offer] | MISSING = MISSING
    """Offers for the user"""


class OrderQueryRequest(BaseModel):
    """Which order is asked about, by whom and in which language"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    conversationRequest: ConversationRequest
    queryInfo: OrderQuery
    languageCode: StrictStr
    """Language of the conversation, with or without a region (en, en-US, en-AU). en-UK is sent too, although the region is GB"""
    response: ReplyPlaceholder | MISSING = MISSING


class PlaceOrderParameters(BaseModel):
    """Wrapper around the parameters"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    params: PlaceOrderParams


class PlacedOrderMessage(Message):
    """A message that carries the numbers of the order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class TextMessage(Message):
    """A message that is a sentence"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class RefusalMessage(Message):
    """A sentence about what went wrong"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class AnyMessage(Message):
    """A message of any kind"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class PlaceOrderQuery(BaseModel):
    """The intent, and what it needs"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    interestType: StrictStr
    """Which intent the message is. Open text, since the pages agree on no list: createOrder and orderStatus are both shown for placing an order, order-status and orderStatus for its state, order-details for its content"""
    parameters: PlaceOrderParameters


class PlacedOrder(BaseModel):
    """What the bot is to say about the new order, with its numbers"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    responseType: StrictStr
    """Kind of answer; tells which members the messages have. The tables of other pages list text, card and media, examples bring container and catalogue"""
    responseId: StrictStr
    """Number of the answer. In every sample a UUID and eight more hexadecimal digits, so not a UUID"""
    responseMessages: list[PlacedOrderMessage]
    """What to say, in order"""


class OrderStatus(BaseModel):
    """What the bot is to say about the state of the order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    responseType: StrictStr
    """Kind of answer; tells which members the messages have. The tables of other pages list text, card and media, examples bring container and catalogue"""
    responseId: StrictStr
    """Number of the answer. In every sample a UUID and eight more hexadecimal digits, so not a UUID"""
    responseMessages: list[TextMessage]
    """What to say, in order"""


class OrderDetails(BaseModel):
    """What the bot is to say and show about the order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    responseType: StrictStr
    """Kind of answer; tells which members the messages have. The tables of other pages list text, card and media, examples bring container and catalogue"""
    responseId: StrictStr
    """Number of the answer. In every sample a UUID and eight more hexadecimal digits, so not a UUID"""
    responseMessages: list[AnyMessage]
    """What to say and show, in order"""


class Refusal(BaseModel):
    """What the bot is to say about a call that failed"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    responseType: Any | MISSING = MISSING
    """A refusal is text"""
    responseId: StrictStr | MISSING = MISSING
    """Number of the answer. In every sample a UUID and eight more hexadecimal digits, so not a UUID"""
    responseMessages: list[RefusalMessage] | MISSING = MISSING
    """What to say, in order"""


class PlaceOrderRequest(BaseModel):
    """What the bot wants, for whom and in which language"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    conversationRequest: ConversationRequest
    queryInfo: PlaceOrderQuery
    languageCode: StrictStr
    """Language of the conversation, with or without a region (en, en-US, en-AU). en-UK is sent too, although the region is GB"""
    response: ReplyPlaceholder | MISSING = MISSING


class PlaceOrderReply(BaseModel):
    """Envelope around the answer"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    response: PlacedOrder


class OrderStatusReply(BaseModel):
    """Envelope around the answer"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    response: OrderStatus


class OrderDetailsReply(BaseModel):
    """Envelope around the answer"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    response: OrderDetails


class ErrorReply(BaseModel):
    """No refused call is published. A bot can only speak, so a refusal is taken to be the usual envelope with a sentence"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    response: Refusal | MISSING = MISSING


MESSAGES: dict[tuple[str, str], type[BaseModel]] = {
    ("createOrder", "request"): PlaceOrderRequest,
    ("createOrder", "200"): PlaceOrderReply,
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
    ("getOrderStatus", "request"): OrderQueryRequest,
    ("getOrderStatus", "200"): OrderStatusReply,
    ("getOrderStatus", "400"): ErrorReply,
    ("getOrderStatus", "401"): ErrorReply,
    ("getOrderStatus", "403"): ErrorReply,
    ("getOrderStatus", "404"): ErrorReply,
    ("getOrderStatus", "405"): ErrorReply,
    ("getOrderStatus", "406"): ErrorReply,
    ("getOrderStatus", "408"): ErrorReply,
    ("getOrderStatus", "413"): ErrorReply,
    ("getOrderStatus", "415"): ErrorReply,
    ("getOrderStatus", "431"): ErrorReply,
    ("getOrderStatus", "500"): ErrorReply,
    ("getOrderStatus", "503"): ErrorReply,
    ("getOrderDetails", "request"): OrderQueryRequest,
    ("getOrderDetails", "200"): OrderDetailsReply,
    ("getOrderDetails", "400"): ErrorReply,
    ("getOrderDetails", "401"): ErrorReply,
    ("getOrderDetails", "403"): ErrorReply,
    ("getOrderDetails", "404"): ErrorReply,
    ("getOrderDetails", "405"): ErrorReply,
    ("getOrderDetails", "406"): ErrorReply,
    ("getOrderDetails", "408"): ErrorReply,
    ("getOrderDetails", "413"): ErrorReply,
    ("getOrderDetails", "415"): ErrorReply,
    ("getOrderDetails", "431"): ErrorReply,
    ("getOrderDetails", "500"): ErrorReply,
    ("getOrderDetails", "503"): ErrorReply,
}
"""Operation and `request` or status: the model of each JSON message."""
