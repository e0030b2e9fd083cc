"""Two of the translations written by hand, for one pair of partners each and to win.

The same fields, the same refusals: a blank is absent, a value of another type than the one that the sender documents
is not taken, nor one that a table does not have; countries go by their codes, names and aliases, a postal code is
digits; no free member takes the name of a field or of a secret, and no secret goes along. What the receiver misses is
found by his contract.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from orderbridge.codec.registry import CODECS

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACE: Final = UUID("6f1b5d5e-6a57-5f0c-9d7e-0d8a5c0b7a11")
_TYPES: Final = {"DEFAULT": "WEB"}
_COUNTRIES: Final[dict[str, str]] = {}
_SLOT: Final = "orderbridge"


def country(value: Any) -> str | None:
    """Give the three letters of a country by its code, name or alias; each spelling is worked out once."""
    if type(value) is not str:
        return None
    known = _COUNTRIES.get(value)
    if known is None:
        code = CODECS["country"].up(value, None)
        known = CODECS["country3"].down(code, None)
        if type(known) is not str:
            return None
        if len(_COUNTRIES) < 1000:  # noqa: PLR2004 - spellings come from outside
            _COUNTRIES[value] = known
    return known


def key_of(cart: Any) -> str:
    """Make the key of the order's only shipment."""
    return str(uuid5(_SPACE, f"{cart} shipments 0"))


def _digits(value: Any) -> str | None:
    if type(value) is int:
        return str(value) if value >= 0 else None
    if type(value) is str:
        return value if value.isascii() and value.isdigit() else None
    if type(value) is Decimal and value.is_finite() and value >= 0 and value == value.to_integral_value():
        return str(int(value))
    return None


def storefront_to_management(order: Any) -> dict[str, Any]:  # noqa: C901, PLR0912, PLR0915 - one straight line is fast
    """Turn an order of the storefront into one of the order management system."""
    whole: dict[str, Any] = {}
    if type(order) is not dict:
        order = {}
    cart = order.get("cartId")
    if type(cart) is str and cart:
        whole["cartId"] = cart
    kind = order.get("channelType")
    if type(kind) is str and kind in _TYPES:
        whole["type"] = _TYPES[kind]
    whole["currency"] = "INR"
    whole["statusCode"] = "ORDER_CREATED"
    free = order.get("extraData")
    if type(free) is dict and free:
        attributes = {
            name: _copied(value) for name, value in free.items() if name and name != _SLOT and not _is_blank(value)
        }
        if attributes:
            whole["attributes"] = attributes
    buyer = order.get("buyerInfo")
    if type(buyer) is not dict:
        buyer = {}
    customer = _person(buyer)
    account = order.get("customerId")
    if type(account) is str and account:
        customer["userId"] = account
    if customer:
        whole["customer"] = customer
    to = order.get("shippingDetail")
    if type(to) is not dict or not to:
        to = buyer if not to and buyer.get("isShippingSame") is True else {}
    place = _person(to)
    street = to.get("address")
    building = to.get("building")
    lines = [line for line in (street, building) if type(line) is str and line]
    if lines:
        place["address1"] = lines[0]
        if len(lines) > 1:
            place["address2"] = lines[1]
    city = to.get("city")
    if type(city) is str and city:
        place["city"] = city
    state = to.get("state")
    if type(state) is str and state:
        place["state"] = state
    letters = country(to.get("country"))
    if letters is not None:
        place["country"] = letters
    code = _digits(to.get("pincode"))
    if code is not None:
        place["postalCode"] = code
    info: dict[str, Any] = {"shipToAddress": place} if place else {}
    info["shipToId"] = key_of(cart)
    whole["shipInfo"] = [info]
    return whole


def _person(source: dict[str, Any]) -> dict[str, Any]:
    person: dict[str, Any] = {}
    name = {}
    first = source.get("firstName")
    if type(first) is str and first:
        name["first"] = first
    last = source.get("lastName")
    if type(last) is str and last:
        name["last"] = last
    if name:
        person["name"] = name
    email = source.get("email")
    if type(email) is str and email:
        person["email"] = email
    phone = source.get("phone")
    if type(phone) is str and phone:
        person["phone"] = {"number": phone}
    return person


def management_supplied(order: dict[str, Any], supply: Mapping[str, Any]) -> None:
    """Add what the storefront does not know: the number, the channel and the lines."""
    fill = supply["fill"]
    for name in ("orderNumber", "channelId"):
        if not order.get(name):
            order[name] = fill[name]
    if not order.get("items"):
        order["items"] = [dict(line) for line in fill["items"].values()]
    order["shipInfo"][0]["shipToId"] = supply["override"]["shipInfo"]["0"]["shipToId"]


DECLARED: Final = frozenset(
    {
        "additionalEmails",
        "amountRemaining",
        "appliedPromotions",
        "billingAddress",
        "cartName",
        "combineLineItems",
        "giftWithPurchaseOrderMarkers",
        "id",
        "isAnonymousCheckout",
        "op",
        "orderId",
        "orders",
        "payments",
        "placeAsyncOrder",
        "profileId",
        "recurringChargePriceInfo",
        "requestChannel",
        "schedule",
        "shippingAddress",
        "shippingGroups",
        "shippingMethod",
        "shoppingCart",
        "soldTo",
        "visitId",
        "visitorId",
    }
)
_SECRETS: Final = frozenset(
    {"giftcardnumber", "cardcvv", "cardnumber", "storecreditnumber", "token", "creditcardnumber", "giftcardpin"}
)
_OTHER_OPERATIONS: Final = frozenset(
    {"createNewCart", "priceOrder", "preAuthorizeOrder", "submitOrder", "resendOrdersForFulfillment"}
)


def agent_to_configurator(order: Any, configurations: Mapping[str, Any]) -> dict[str, Any] | None:
    """Turn an order of the agent API into one of the configurator; None if it asks for something else than an order."""
    whole: dict[str, Any] = {}
    if type(order) is not dict:
        return whole
    operation = order.get("op")
    if type(operation) is str and operation in _OTHER_OPERATIONS:
        return None
    name = order.get("cartName")
    if type(name) is str and name:
        whole["name"] = name
    customer = order.get("profileId")
    if type(customer) is str and customer:
        whole["customerId"] = customer
    metadata = _metadata(order)
    if metadata:
        whole["metadata"] = metadata
    cart = order.get("shoppingCart")
    items = cart.get("items") if type(cart) is dict else None
    if type(items) is list:
        lines = [line for item in items if type(item) is dict and (line := _line(item, configurations))]
        if lines:
            whole["cart"] = lines
    return whole


def _metadata(order: dict[str, Any]) -> dict[str, Any]:
    metadata = {}
    for member, value in order.items():
        if member not in DECLARED and member and member != _SLOT and member.casefold() not in _SECRETS:
            kept = _copied(value)
            if not _is_blank(kept):
                metadata[member] = kept
    return metadata


def _line(item: dict[str, Any], configurations: Mapping[str, Any]) -> dict[str, Any]:
    """Turn an item into a line; its parts are held by the configuration."""
    line: dict[str, Any] = {}
    count = _number(item.get("quantity"))
    if count is not None:
        line["count"] = count
    inputs = item.get("shopperInput")
    if type(inputs) is dict and inputs:
        metadata = {
            name: value
            for name, value in inputs.items()
            if name
            and name != _SLOT
            and type(value) in {str, int, Decimal}
            and value != ""
            and name.casefold() not in _SECRETS
        }
        if metadata:
            line["metadata"] = metadata
    sku = item.get("catRefId")
    if line and type(sku) is str and sku in configurations:
        line["configurationId"] = configurations[sku]
    return line


def _number(value: Any) -> Any:
    if type(value) is int:
        return value
    if type(value) is str or type(value) is Decimal:
        text = CODECS["whole"].up(value, None)
        return CODECS["decimal"].down(text, None) if type(text) is str else None
    return None


def _is_blank(value: Any) -> bool:
    return value is None or value == "" or (type(value) in {dict, list} and not value)


def _copied(value: Any) -> Any:
    """Copy what may be changed later, without secrets."""
    if type(value) is dict:
        return {name: _copied(member) for name, member in value.items() if name.casefold() not in _SECRETS}
    if type(value) is list:
        return [_copied(element) for element in value]
    return value
