"""A shop's checkout: makes the storefront's order of a cart and a buyer, and places it."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

STORE = "30182834660443136"


def order_of(cart: str, customer: str, buyer: dict[str, Any]) -> dict[str, Any]:
    """Make the order that the storefront takes."""
    return {
        "cartId": cart,
        "customerId": customer,
        "channelType": "DEFAULT",
        "paymentMethod": "COD",
        "buyerInfo": {**buyer, "isShippingSame": False},
        "shippingDetail": buyer,
        "address": {"name": "Warehouse", **{name: buyer[name] for name in PLACE}},
    }


PLACE = ("address", "city", "pincode", "state", "country", "email", "phone")


def call(url: str, token: str, body: Any = None) -> Any:
    """Call the storefront, and give what it answers."""
    headers = {"authorization": f"Bearer {token}", "x-store-id": STORE, "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, headers), timeout=30) as answer:  # noqa: S310 - a URL of the caller's own
        return json.load(answer)


def place(base_url: str, token: str, order: dict[str, Any]) -> str:
    """Place an order, and give its id."""
    placed: str = call(f"{base_url}/order", token, order)["data"]["id"]
    return placed
