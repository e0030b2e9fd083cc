"""What the checkout promises, tried against the partners' contracts instead of the partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import checkout
import pytest

from orderbridge.pytest_plugin import assert_translates, assert_valid

if TYPE_CHECKING:
    from orderbridge.pytest_plugin import LiveServer

BUYER = {
    "firstName": "Priya",
    "lastName": "Patel",
    "address": "78 Ghandhi Road",
    "city": "ahemdabad",
    "pincode": 380001,
    "state": "gujarat",
    "country": "india",
    "email": "abc@gmail.com",
    "phone": "9876543210",
}


@pytest.fixture
def order() -> dict[str, Any]:
    """Make an order of a cart and a customer that the reference server knows from the start."""
    return checkout.order_of("33863324215067648", "33864324216707648", BUYER)


def test_our_order_keeps_the_storefronts_contract(order: dict[str, Any]) -> None:
    assert_valid("unisouk", order)


@pytest.mark.orderbridge("unisouk")
def test_a_mock_of_the_storefront_takes_it(order: dict[str, Any], orderbridge_server: LiveServer) -> None:
    assert checkout.place(orderbridge_server.url, "a-token", order)


@pytest.mark.orderbridge("unisouk", "fabric", mode="reference")
def test_a_placed_order_can_be_read_here_and_by_the_warehouse(
    order: dict[str, Any], orderbridge_server: LiveServer
) -> None:
    storefront = orderbridge_server.url_of("unisouk")
    placed = checkout.place(storefront, "a-token", order)
    assert checkout.call(f"{storefront}/order/{placed}", "a-token")["data"]["id"] == placed
    there = checkout.call(f"{orderbridge_server.bridge}/orders/{placed}?as=fabric", "a-token")
    assert there["order"]["customer"]["name"]["first"] == "Priya"


def test_the_warehouse_can_be_sent_it(order: dict[str, Any]) -> None:
    line = {"lineItemId": "1", "lineItemNumber": 1, "itemId": "Product_18Cyii", "sku": "Sku_18Dxy", "shipToId": "home"}
    supply = {
        "fill": {"orderNumber": "309019201", "channelId": "12", "items": {"0": line}},
        "override": {"shipInfo": {"0": {"shipToId": "home"}}},
    }
    there = assert_translates("unisouk", "fabric", order, supply=supply)
    assert there.order["orderNumber"] == "309019201"
