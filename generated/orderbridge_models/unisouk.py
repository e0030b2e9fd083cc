# Written by `orderbridge generate`, never edit.
# source: openapi/unisouk/openapi.yaml
# sha256: 1ee3f38d8b6dc7f9cdf594d24f75e75b449054947f72727f64dfc540d2ab85ab (of the bundled contract at level documented, without its examples)
# generator: datamodel-code-generator 0.89.0

from __future__ import annotations

from typing import Any, Literal

from pydantic import MISSING, BaseModel, ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr


class BuyerInfo(BaseModel):
    """Who buys, and where the invoice goes"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    firstName: StrictStr
    """Given name"""
    lastName: StrictStr
    """Family name"""
    building: Any | MISSING = MISSING
    """House or building"""
    address: StrictStr
    """Street address, one line"""
    city: StrictStr
    """Town"""
    pincode: StrictFloat
    """Indian postal index number, as a JSON number"""
    state: StrictStr
    """State, by name"""
    country: StrictStr
    """Country, by name"""
    email: StrictStr
    """E-mail address"""
    phone: StrictStr
    """Phone number; cash on delivery needs one that works"""
    isShippingSame: StrictBool
    """True when the goods go to the buyer's own address"""


class ShippingDetail(BaseModel):
    """Who receives the goods, and where"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    firstName: StrictStr
    """Given name of the recipient"""
    lastName: StrictStr
    """Family name of the recipient"""
    building: Any | MISSING = MISSING
    """House or building"""
    address: StrictStr
    """Street address, one line"""
    city: StrictStr
    """Town"""
    pincode: StrictFloat
    """Indian postal index number, as a JSON number"""
    state: StrictStr
    """State, by name"""
    country: StrictStr
    """Country, by name"""
    email: StrictStr
    """E-mail address of the recipient"""
    phone: StrictStr
    """Phone number of the recipient"""


class Address(BaseModel):
    """Where the goods are picked up; the read page calls it the order's primary address"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    name: StrictStr
    """Full name of the contact, in one piece"""
    building: Any | MISSING = MISSING
    """House or building"""
    address: StrictStr
    """Street address, one line"""
    city: StrictStr
    """Town"""
    pincode: StrictFloat
    """Indian postal index number, as a JSON number"""
    state: StrictStr
    """State, by name"""
    country: StrictStr
    """Country, by name"""
    email: StrictStr
    """E-mail address of the contact"""
    phone: StrictStr
    """Phone number of the contact"""


class ExtraData(BaseModel):
    """Anything the caller wants to keep with the order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )


class Charges(BaseModel):
    """What is added to the lines"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    delivery: StrictFloat | MISSING = MISSING
    """Delivery charge"""
    tax: StrictFloat | MISSING = MISSING
    """Tax"""
    packing: StrictFloat | MISSING = MISSING
    """Packing charge"""


class OrderItem(BaseModel):
    """One line of an order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    variantId: StrictStr
    """Product variant"""
    title: StrictStr
    """Name of the product"""
    description: StrictStr
    """Description of the product"""
    brandName: StrictStr
    """Brand of the product"""
    quantity: StrictFloat
    """Units"""
    price: StrictFloat
    """Price of one unit"""


class CreateCartRequest(BaseModel):
    """Whose cart to open"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    customerId: StrictStr
    """The customer, by the id that a login gives"""


class AddCartItemRequest(BaseModel):
    """What to put into which cart"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    cartId: StrictStr
    """The cart"""
    variantId: StrictStr
    """The product variant"""
    quantity: StrictFloat
    """Units to add"""
    price: StrictFloat
    """Price of one unit in minor units (paise)"""


class RemoveCartItemRequest(BaseModel):
    """What to take out of which cart"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    cartId: StrictStr
    """The cart"""
    variantId: StrictStr
    """The product variant"""


class ProductImage(BaseModel):
    """One picture of a product"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    position: Any | MISSING = MISSING
    """Place among the pictures"""
    url: Any | MISSING = MISSING
    """Where the picture is"""


class VariantColor(BaseModel):
    """Colour of a variant"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    displayName: Any | MISSING = MISSING
    """The colour's name as shown"""
    hexCode: Any | MISSING = MISSING
    """The colour as a hexadecimal triplet"""
    value: Any | MISSING = MISSING
    """The colour's own value"""


class VariantSize(BaseModel):
    """Size of a variant"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    brand: Any | MISSING = MISSING
    """Brand whose size table is meant"""
    displayName: Any | MISSING = MISSING
    """The size's name as shown"""
    gender: Any | MISSING = MISSING
    """Whose size table is meant"""
    name: Any | MISSING = MISSING
    """The size's own name"""
    value: Any | MISSING = MISSING
    """The size's own values"""


class Error(BaseModel):
    """What every refused call answers; more members may follow, the published sample is cut"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    requestId: StrictStr
    """Id to ask the partner about"""
    error: StrictStr
    """Name of the exception, such as BadRequestException"""
    statusCode: StrictInt
    """The HTTP status once more"""
    message: list[StrictStr]
    """One sentence for each thing that is wrong"""


class CreateOrderRequest(BaseModel):
    """What turns a cart into an order; lines, prices and currency stay with the cart"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    cartId: StrictStr
    """The cart to turn into an order"""
    customerId: StrictStr
    """The customer who orders, by the id that a login gives"""
    channelType: Literal["DEFAULT", "ONDC"]
    """Sales channel: the store itself (DEFAULT) or the ONDC network"""
    paymentMethod: Literal["COD", "CVS"]
    """COD: cash on delivery. CVS: never explained; the one way that is not COD, so the online one"""
    buyerInfo: BuyerInfo
    shippingDetail: ShippingDetail | MISSING = MISSING
    address: Address
    extraData: ExtraData | MISSING = MISSING


class PaymentDetail(BaseModel):
    """Payment figures; empty right after creation"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    subTotalAmount: StrictFloat | MISSING = MISSING
    """Sum of the lines"""
    charges: Charges | MISSING = MISSING
    totalAmount: StrictFloat | MISSING = MISSING
    """Sum of the lines and all charges"""


class VariantOptionData(BaseModel):
    """Colour and size of a variant"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    color: VariantColor | MISSING = MISSING
    size: VariantSize | MISSING = MISSING


class Order(BaseModel):
    """What both order calls answer"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """Id of the order"""
    storeId: StrictStr
    """Store that the order was placed at"""
    customerId: StrictStr
    """Customer who ordered"""
    channelType: Literal["DEFAULT", "ONDC"]
    """Sales channel: the store itself (DEFAULT) or the ONDC network"""
    status: StrictStr
    """State of the order; PENDING is the only published value"""
    fulfillmentStatus: StrictStr
    """State of the delivery; PENDING is the only published value"""
    purchaseDate: StrictStr
    """When it was bought"""
    paymentMethod: Literal["COD", "CVS"]
    """COD: cash on delivery. CVS: never explained; the one way that is not COD, so the online one"""
    paymentDetail: PaymentDetail
    buyerInfo: BuyerInfo
    shippingDetail: ShippingDetail
    address: Address
    packageMeasurement: dict[str, Any]
    """Size and weight of the parcel, once known; its members are not published"""
    totalAmount: StrictFloat
    """Total in minor units (paise)"""
    externalOrderId: StrictStr
    """Id of the order at an outside platform, empty when there is none"""
    razorpayOrderId: StrictStr | MISSING = MISSING
    """Id to open the Razorpay checkout with; only where payment is not on delivery"""
    externalOrderStatus: StrictStr
    """State of the order at the outside platform"""
    extraData: ExtraData
    orderItems: list[OrderItem] | MISSING = MISSING
    """The lines that were in the cart"""
    createdAt: StrictStr | MISSING = MISSING
    """When the record was made"""
    updatedAt: StrictStr | MISSING = MISSING
    """When the record was last changed"""


class VariantOption(BaseModel):
    """What makes this variant of the product"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    data: VariantOptionData | MISSING = MISSING
    custom: Any | MISSING = MISSING
    """What the store added; its form is not known"""


class CreatedOrder(Order):
    """An order as its creation answers it, with both timestamps and without lines"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    createdAt: StrictStr
    """When the record was made"""
    updatedAt: StrictStr
    """When the record was last changed"""


class StoredOrder(Order):
    """An order as it is read back, with its lines"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    orderItems: list[OrderItem]
    """The lines that were in the cart"""


class CartItem(BaseModel):
    """One variant in a cart"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    variantId: StrictStr
    """Product variant"""
    quantity: StrictFloat
    """Units"""
    price: StrictFloat
    """Price of one unit in minor units (paise)"""
    sku: Any | MISSING = MISSING
    """Stock keeping unit"""
    title: Any | MISSING = MISSING
    """Name of the product"""
    description: Any | MISSING = MISSING
    """Description of the product"""
    brandName: Any | MISSING = MISSING
    """Brand of the product"""
    images: list[ProductImage] | MISSING = MISSING
    """Pictures of the product"""
    option: VariantOption | MISSING = MISSING


class CreateOrderResponse(BaseModel):
    """Envelope around a new order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr
    """What happened, as a sentence"""
    data: CreatedOrder
    source: StrictStr
    """Where the answer was taken from, such as db"""


class GetOrderResponse(BaseModel):
    """Envelope around a stored order"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr
    """What happened, as a sentence"""
    data: StoredOrder
    source: StrictStr
    """Where the answer was taken from, such as unisouk"""


class Cart(BaseModel):
    """A cart of one customer at one store"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    id: StrictStr
    """Id of the cart"""
    storeId: StrictStr
    """Store that the cart belongs to"""
    customerId: StrictStr
    """Customer that the cart belongs to"""
    totalAmount: StrictFloat
    """Sum of the items in minor units (paise)"""
    items: list[CartItem] | MISSING = MISSING
    """What is in the cart"""


class CartResponse(BaseModel):
    """Envelope around a cart"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr
    """What happened, as a sentence"""
    data: Cart
    source: StrictStr
    """Where the answer was taken from, such as db"""


class FilledCart(Cart):
    """A cart whose items are listed"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    items: list[CartItem]
    """What is in the cart"""


class FilledCartResponse(BaseModel):
    """Envelope around a cart whose items are listed"""

    model_config = ConfigDict(
        extra="allow",
        validate_by_name=True,
    )
    message: StrictStr
    """What happened, as a sentence"""
    data: FilledCart
    source: StrictStr
    """Where the answer was taken from, such as db"""


MESSAGES: dict[tuple[str, str], type[BaseModel]] = {
    ("createOrder", "request"): CreateOrderRequest,
    ("createOrder", "200"): CreateOrderResponse,
    ("createOrder", "400"): Error,
    ("createOrder", "401"): Error,
    ("createOrder", "403"): Error,
    ("createOrder", "404"): Error,
    ("createOrder", "405"): Error,
    ("createOrder", "406"): Error,
    ("createOrder", "408"): Error,
    ("createOrder", "409"): Error,
    ("createOrder", "413"): Error,
    ("createOrder", "415"): Error,
    ("createOrder", "422"): Error,
    ("createOrder", "431"): Error,
    ("createOrder", "500"): Error,
    ("createOrder", "503"): Error,
    ("getOrder", "200"): GetOrderResponse,
    ("getOrder", "400"): Error,
    ("getOrder", "401"): Error,
    ("getOrder", "403"): Error,
    ("getOrder", "404"): Error,
    ("getOrder", "405"): Error,
    ("getOrder", "406"): Error,
    ("getOrder", "408"): Error,
    ("getOrder", "431"): Error,
    ("getOrder", "500"): Error,
    ("getOrder", "503"): Error,
    ("createCart", "request"): CreateCartRequest,
    ("createCart", "200"): CartResponse,
    ("createCart", "400"): Error,
    ("createCart", "401"): Error,
    ("createCart", "403"): Error,
    ("createCart", "404"): Error,
    ("createCart", "405"): Error,
    ("createCart", "406"): Error,
    ("createCart", "408"): Error,
    ("createCart", "409"): Error,
    ("createCart", "413"): Error,
    ("createCart", "415"): Error,
    ("createCart", "422"): Error,
    ("createCart", "431"): Error,
    ("createCart", "500"): Error,
    ("createCart", "503"): Error,
    ("getCart", "200"): CartResponse,
    ("getCart", "400"): Error,
    ("getCart", "401"): Error,
    ("getCart", "403"): Error,
    ("getCart", "404"): Error,
    ("getCart", "405"): Error,
    ("getCart", "406"): Error,
    ("getCart", "408"): Error,
    ("getCart", "431"): Error,
    ("getCart", "500"): Error,
    ("getCart", "503"): Error,
    ("addCartItem", "request"): AddCartItemRequest,
    ("addCartItem", "200"): FilledCartResponse,
    ("addCartItem", "400"): Error,
    ("addCartItem", "401"): Error,
    ("addCartItem", "403"): Error,
    ("addCartItem", "404"): Error,
    ("addCartItem", "405"): Error,
    ("addCartItem", "406"): Error,
    ("addCartItem", "408"): Error,
    ("addCartItem", "409"): Error,
    ("addCartItem", "413"): Error,
    ("addCartItem", "415"): Error,
    ("addCartItem", "422"): Error,
    ("addCartItem", "431"): Error,
    ("addCartItem", "500"): Error,
    ("addCartItem", "503"): Error,
    ("removeCartItem", "request"): RemoveCartItemRequest,
    ("removeCartItem", "200"): FilledCartResponse,
    ("removeCartItem", "400"): Error,
    ("removeCartItem", "401"): Error,
    ("removeCartItem", "403"): Error,
    ("removeCartItem", "404"): Error,
    ("removeCartItem", "405"): Error,
    ("removeCartItem", "406"): Error,
    ("removeCartItem", "408"): Error,
    ("removeCartItem", "409"): Error,
    ("removeCartItem", "413"): Error,
    ("removeCartItem", "415"): Error,
    ("removeCartItem", "431"): Error,
    ("removeCartItem", "500"): Error,
    ("removeCartItem", "503"): Error,
}
"""Operation and `request` or status: the model of each JSON message."""
