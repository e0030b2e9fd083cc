"""The same two translations as specifications for glom and as JSONata expressions: the fields, refusing nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from glom import SKIP, Coalesce, T, Val, glom
from jsonata import Jsonata

from bench.by_hand import DECLARED, country, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TYPES: Final = {"DEFAULT": "WEB"}


def _maybe(spec: Any) -> Coalesce:
    return Coalesce(spec, default=SKIP)


def _person(at: str) -> dict[str, Any]:
    return {
        "name": {"first": _maybe(f"{at}.firstName"), "last": _maybe(f"{at}.lastName")},
        "email": _maybe(f"{at}.email"),
        "phone": {"number": _maybe(f"{at}.phone")},
    }


_TO: Final = "shippingDetail"
_TO_MANAGEMENT: Final = {
    "cartId": _maybe("cartId"),
    "type": _maybe(("channelType", _TYPES.get)),
    "currency": Val("INR"),
    "statusCode": Val("ORDER_CREATED"),
    "customer": {**_person("buyerInfo"), "userId": _maybe("customerId")},
    "shipInfo": (
        {
            "shipToAddress": {
                **_person(_TO),
                "address1": _maybe(f"{_TO}.address"),
                "city": _maybe(f"{_TO}.city"),
                "state": _maybe(f"{_TO}.state"),
                "country": _maybe((f"{_TO}.country", country)),
                "postalCode": _maybe((f"{_TO}.pincode", str)),
            },
            "shipToId": ("cartId", key_of),
        },
        lambda info: [info],
    ),
}


def _free(order: Mapping[str, Any]) -> Any:
    return {name: value for name, value in order.items() if name not in DECLARED} or SKIP


def _to_configurator(configurations: Mapping[str, Any]) -> dict[str, Any]:
    line = {
        "count": _maybe(("quantity", int)),
        "metadata": _maybe("shopperInput"),
        "configurationId": _maybe(("catRefId", T, configurations.get)),
    }
    return {
        "name": _maybe("cartName"),
        "customerId": _maybe("profileId"),
        "metadata": _free,
        "cart": _maybe(("shoppingCart.items", [line])),
    }


def storefront_by_glom() -> Callable[[Any], Any]:
    """Give the first translation by glom."""
    return lambda order: glom(order, _TO_MANAGEMENT)


def agent_by_glom(configurations: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Give the second translation by glom."""
    spec = _to_configurator(configurations)
    return lambda order: glom(order, spec)


_STOREFRONT: Final = """
(
  $person := function($from) {
    {"name": {"first": $from.firstName, "last": $from.lastName}, "email": $from.email, "phone": {"number": $from.phone}}
  };
  {
    "cartId": cartId,
    "type": $lookup({"DEFAULT": "WEB"}, channelType),
    "currency": "INR",
    "statusCode": "ORDER_CREATED",
    "customer": $merge([$person(buyerInfo), {"userId": customerId}]),
    "shipInfo": [{
      "shipToAddress": $merge([$person(shippingDetail), {
        "address1": shippingDetail.address,
        "city": shippingDetail.city,
        "state": shippingDetail.state,
        "country": $country(shippingDetail.country),
        "postalCode": $string(shippingDetail.pincode)
      }]),
      "shipToId": $key(cartId)
    }]
  }
)
"""

_AGENT: Final = """
{
  "name": cartName,
  "customerId": profileId,
  "metadata": $sift($, function($value, $name) { $not($name in $declared) }),
  "cart": [shoppingCart.items.{
    "count": $number(quantity),
    "metadata": shopperInput,
    "configurationId": $lookup($configurations, catRefId)
  }]
}
"""


@cache
def _storefront() -> Jsonata:
    expression = Jsonata(_STOREFRONT)
    expression.register_lambda("country", country)
    expression.register_lambda("key", key_of)
    return expression


def storefront_by_jsonata() -> Callable[[Any], Any]:
    """Give the first translation by JSONata."""
    evaluate: Callable[[Any], Any] = _storefront().evaluate
    return evaluate


def agent_by_jsonata(configurations: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Give the second translation by JSONata."""
    expression = Jsonata(_AGENT)
    expression.assign("declared", sorted(DECLARED))
    expression.assign("configurations", dict(configurations))
    evaluate: Callable[[Any], Any] = expression.evaluate
    return evaluate
