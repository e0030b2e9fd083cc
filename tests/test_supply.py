"""What a caller supplies: laid where it is addressed and nowhere else, and looked up inside its folder."""

from __future__ import annotations

import math
import re
from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

import orderbridge
from orderbridge import jsontext
from orderbridge.codec.codec import is_same
from orderbridge.errors import DocumentError, InputError, UsageError
from orderbridge.laws import is_accounted_for
from orderbridge.mapping.document import leaves
from orderbridge.translation.supply import read_supply

OPENAPI: Final = Path(__file__).parent.parent / "openapi"
ITEMS: Final = ("queryInfo", "parameters", "params", "entityInfo", "items")


@cache
def order() -> Any:
    return jsontext.read((OPENAPI / "placeorder/examples/createOrder.request.main.json").read_bytes())[0]


def made(supply: Any, **options: Any) -> Any:
    return orderbridge.translate(order(), "placeorder", "fabric", supply=supply, **options)


def changed(supply: Any) -> dict[tuple[str | int, ...], Any]:
    """Give the leaves in which a document with the supply differs from the one without it."""
    before, after = dict(leaves(made(None).draft)), dict(leaves(made(supply).draft))
    assert before.keys() <= after.keys()
    return {place: value for place, value in after.items() if place not in before or before[place] != value}


# Constants


CASES: Final[list[tuple[str, Any, dict[tuple[str | int, ...], Any]]]] = [
    ("fills a gap", {"fill": {"orderNumber": "7"}}, {("orderNumber",): "7"}),
    ("leaves what is there", {"fill": {"orderTotal": 1, "customer": {"userId": "x"}}}, {}),
    ("overrides what is there", {"override": {"orderTotal": 1}}, {("orderTotal",): 1}),
    (
        "overrides after it filled",
        {"fill": {"orderNumber": "7", "cartId": "c"}, "override": {"orderNumber": "8"}},
        {("orderNumber",): "8", ("cartId",): "c"},
    ),
    (
        "speaks to every row",
        {"fill": {"items": {"*": {"uom": "EA"}}}},
        {("items", 0, "uom"): "EA", ("items", 1, "uom"): "EA"},
    ),
    (
        "fills every row but those that have it",
        {"fill": {"items": {"*": {"sku": "no", "itemId": "yes"}}}},
        {("items", 0, "itemId"): "yes", ("items", 1, "itemId"): "yes"},
    ),
    ("speaks to one row", {"override": {"items": {"1": {"sku": "other"}}}}, {("items", 1, "sku"): "other"}),
    (
        "speaks to all and then to one",
        {"fill": {"items": {"0": {"uom": "KG"}, "*": {"uom": "EA"}}}},
        {("items", 0, "uom"): "KG", ("items", 1, "uom"): "EA"},
    ),
    ("adds a row behind the last", {"fill": {"items": {"2": {"sku": "new"}}}}, {("items", 2, "sku"): "new"}),
    ("makes a list", {"fill": {"fees": {"0": {"type": "gift"}}}}, {("fees", 0, "type"): "gift"}),
    ("makes what is around", {"fill": {"retail": {"cashierId": "c"}}}, {("retail", "cashierId"): "c"}),
    ("supplies a list whole", {"fill": {"notes": [{"notes": "n"}]}}, {("notes", 0, "notes"): "n"}),
    ("supplies what is empty", {"fill": {"attributes": {}}}, {("attributes",): {}}),
    (
        "says nothing of rows that are not there",
        {"fill": {"items": {"9": {"sku": "x"}}}},
        {},
    ),
    ("makes no list for rows that are not there", {"fill": {"fees": {"*": {"type": "gift"}, "1": {"type": "x"}}}}, {}),
    (
        "makes nothing around no rows",
        {"override": {"retail": {"a": {"*": {"x": 1}}}, "orderTotal": {"*": {"x": 1}}}},
        {},
    ),
    ("makes no list inside of rows", {"fill": {"items": {"*": {"fees": {"*": {"type": "x"}}}}}}, {}),
    ("takes only plain positions", {"fill": {"items": {"²": {"sku": "x"}, "01": {"sku": "x"}, "9" * 5000: 1}}}, {}),
    ("fills what is null", {"fill": {"cartId": None}}, {("cartId",): None}),
]


@pytest.mark.parametrize(("supply", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_a_supply_changes_what_it_addresses_and_nothing_else(supply: Any, expected: Any) -> None:
    given = deepcopy(supply)
    assert changed(supply) == expected
    assert supply == given
    result = made(supply)
    causes = {each["pointer"]: each["cause"] for each in result.target_leaves}
    for place in expected:
        assert causes["".join(f"/{token}" for token in place)] == "supplied"
    assert list(is_accounted_for(result)) == []
    back = orderbridge.translate(result.draft, "fabric", "placeorder", ticket=result.ticket, check=False)
    assert is_same(back.draft, order())
    assert {each["outcome"] for each in back.source_leaves} == {"unchanged"}


def test_what_was_supplied_is_not_returned() -> None:
    result = made({"fill": {"orderNumber": "7", "items": {"*": {"uom": "EA"}}}})
    came = deepcopy(result.draft)
    came["items"][0]["uom"] = "KG"
    back = orderbridge.translate(came, "fabric", "placeorder", ticket=result.ticket, check=False)
    row = next(each for each in back.source_leaves if each["pointer"] == "/items/0/uom")
    assert (row["outcome"], row["how"], row["targets"]) == ("not-returnable", "was-filled", [])
    assert back.draft == order()


def test_a_supplied_row_that_the_receiver_drops_is_no_row_of_the_senders() -> None:
    result = made({"fill": {"items": {"2": {"sku": "new", "lineItemId": "l-3"}}}})
    came = deepcopy(result.draft)
    del came["items"][2]
    back = orderbridge.translate(came, "fabric", "placeorder", ticket=result.ticket, check=False)
    removed = back.report["removed_leaves"]
    assert [(each["pointer"], each["outcome"], each["how"]) for each in removed] == [
        ("/items/2/sku", "not-returnable", "was-filled"),
        ("/items/2/lineItemId", "not-returnable", "was-filled"),
    ]
    assert back.draft == order()


def test_the_parts_of_a_free_member_arrive_each_for_itself_and_not_where_another_is_supplied() -> None:
    sent = {"extraData": {"gift": {"gift": {"gift": 1}, "paper": "blue", "ribbons": [2, 3]}}}
    supply = {"override": {"attributes": {"gift": {"paper": "red"}}}}
    made = orderbridge.translate(sent, "unisouk", "fabric", supply=supply, check=False)
    assert {row["pointer"]: (row.get("how"), row["targets"]) for row in made.source_leaves} == {
        "/extraData/gift/gift/gift": ("exact", ["/attributes/gift/gift/gift"]),
        "/extraData/gift/paper": ("no-home", []),
        "/extraData/gift/ribbons/0": ("exact", ["/attributes/gift/ribbons/0"]),
        "/extraData/gift/ribbons/1": ("exact", ["/attributes/gift/ribbons/1"]),
    }


def test_numbers_of_a_supply_are_exact() -> None:
    result = made({"override": {"orderTotal": 12.3, "orderDiscount": Decimal("1.10"), "taxTotal": 10**30}})
    assert str(result.draft["orderTotal"]) == "12.3"
    assert str(result.draft["orderDiscount"]) == "1.10"
    assert not [value for _, value in leaves([result.draft, result.ticket]) if isinstance(value, float)]


@pytest.mark.parametrize(
    "supply",
    [
        "orderNumber: 7",
        5,
        [],
        {"fil": {}},
        {"fill": []},
        {"override": "x"},
        {"lookup": []},
        {"lookup": {"a": {}}},
        {"lookup": {"a": {"by": "sku"}}},
        {"lookup": {"a": {"by": 5, "table": {}}}},
        {"lookup": {"a": {"by": "sku", "table": {}, "more": 1}}},
        {"lookup": {"a": {"by": "sku", "table": 5}}},
        {"lookup": {"": {"by": "sku", "table": {}}}},
        {"lookup": {"items.*.fees.*.type": {"by": "sku", "table": {}}}},
        {"lookup": {"a..b": {"by": "sku", "table": {}}}},
        {"fill": {"orderTotal": math.nan}},
        {"fill": {"a": {1, 2}}},
        {"fill": {1: 2}},
    ],
    ids=repr,
)
def test_a_supply_of_another_form_is_wrong_use(supply: Any) -> None:
    with pytest.raises(UsageError):
        made(supply)


def test_a_supply_too_deep_to_read_is_wrong_use() -> None:
    deep: Any = {}
    for _ in range(5_000):
        deep = {"a": deep}
    with pytest.raises(UsageError):
        made({"fill": deep})


# Tables


TABLE: Final = {"12345": "item-1", "24680": "item-2"}


def test_a_lookup_finds_the_value_of_each_row() -> None:
    supply = {"lookup": {"items.*.itemId": {"by": "sku", "table": TABLE}}}
    assert changed(supply) == {("items", 0, "itemId"): "item-1", ("items", 1, "itemId"): "item-2"}


def test_a_lookup_leaves_what_is_there_and_what_it_does_not_know() -> None:
    supply = {
        "lookup": {
            "items.*.itemId": {"by": "sku", "table": {"12345": "item-1"}},
            "items.*.sku": {"by": "sku", "table": TABLE},
            "items.*.title": {"by": "configuration_id", "table": TABLE},
            "cartId": {"by": "buyer.id", "table": {"vigneshm@deloitte.com": "cart-1"}},
        }
    }
    assert changed(supply) == {("items", 0, "itemId"): "item-1", ("cartId",): "cart-1"}


@pytest.mark.parametrize(
    ("path", "by", "why"),
    [
        ("items.*.itemId", "skuu", "no row of the hub has 'skuu'; did you mean 'sku'?"),
        ("items.*.itemId", "buyer.username", "no row of the hub has 'buyer.username'"),
        ("cartId", "buyer.idd", "the hub has no leaf 'buyer.idd'; did you mean 'buyer.id'"),
        ("cartId", "sku", "the hub has no leaf 'sku'"),
    ],
)
def test_a_lookup_by_what_the_hub_does_not_have_is_wrong_use(path: str, by: str, why: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"the lookup of {path!r}: {why}")):
        made({"lookup": {path: {"by": by, "table": TABLE}}})


@pytest.mark.parametrize("path", ["items.*", "*", "items", "fees.*.type", "orderNumber.x"])
def test_a_lookup_that_leads_nowhere_changes_nothing(path: str) -> None:
    assert changed({"lookup": {path: {"by": "sku" if "*" in path else "buyer.id", "table": TABLE}}}) == {}


def test_a_lookup_goes_with_the_ticket(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text("sku,id\n12345,item-1\n24680,item-2\n", encoding="utf-8")
    supply = read_supply({"lookup": {"items.*.itemId": {"by": "sku", "table": "ids.csv"}}}, tmp_path)
    result = made(supply)
    (tmp_path / "ids.csv").unlink()
    assert result.draft["items"][1]["itemId"] == "item-2"
    back = orderbridge.translate(result.draft, "fabric", "placeorder", ticket=result.ticket, check=False)
    assert back.draft == order()


def looked_up(table: str, folder: Path) -> Any:
    return read_supply({"lookup": {"items.*.itemId": {"by": "sku", "table": table}}}, folder).lookups[0].table


@pytest.mark.parametrize(
    "name",
    ["../outside.csv", "/etc/passwd", "sub/../../outside.csv", "link.csv", "", ".", "\x00", "a" * 5000, "no.csv"],
)
def test_a_table_is_read_from_its_folder_only(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "outside.csv").write_text("k,v\nsecret,1\n", encoding="utf-8")
    (inside / "link.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises((DocumentError, InputError)):
        looked_up(name, inside)


def test_a_table_beside_and_below_is_read(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("ids.csv", "sub/ids.csv"):
        (tmp_path / name).write_text('k,v\r\n"a,b","1\n2"\r\n\r\n012,"3"\r\n', encoding="utf-8-sig", newline="")
        assert looked_up(name, tmp_path) == {"a,b": "1\n2", "012": "3"}


@pytest.mark.parametrize(
    ("path", "cell", "value"),
    [
        ("address.pincode", "380001", 380001),
        ("address.pincode", "9007199254740993.5", Decimal("9007199254740993.5")),
        ("address.pincode", "01067", "01067"),
        ("address.pincode", "[1]", "[1]"),
        ("buyerInfo.isShippingSame", "true", True),
        ("customerId", "33863324215067648", "33863324215067648"),
        ("extraData.floor", "3", "3"),
    ],
)
def test_a_cell_is_what_the_contract_takes(path: str, cell: str, value: Any, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"k,v\na,{cell}\n", encoding="utf-8")
    root = orderbridge.partner("unisouk").side.root("request")
    supply = read_supply({"lookup": {path: {"by": "cart_id", "table": "t.csv"}}}, tmp_path, root)
    assert is_same(supply.lookups[0].table["a"], value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"k,v\na,1\na,2\n", 3),
        (b"k,v\na\n", 2),
        (b"k,v\na,1,2\n", 2),
        (b'k,v\n"a,1\n', 0),
        (b"k,v\n\xff,1\n", 0),
        (b"k,v\na,\x00\n\xfe\n", 0),
    ],
)
def test_a_broken_table_says_where(text: bytes, line: int, tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_bytes(text)
    with pytest.raises(DocumentError) as refused:
        looked_up("ids.csv", tmp_path)
    assert refused.value.file == "ids.csv"
    assert refused.value.line == line


def test_a_table_of_the_callers_is_named_where_no_file_may_be_read() -> None:
    with pytest.raises(UsageError, match="names a file"):
        made({"lookup": {"items.*.itemId": {"by": "sku", "table": "/etc/passwd"}}})


def test_the_file_of_a_supply_is_read_like_a_contract() -> None:
    from orderbridge import yamltext

    text = b"fill: {orderNumber: 012345, channelId: NO, orderTotal: 12.30, notes: [{notes: 2022-01-01}]}\n"
    supply = yamltext.read(text, file="supply.yaml").value
    assert supply["fill"]["orderNumber"] == "012345"
    assert supply["fill"]["channelId"] == "NO"
    assert str(supply["fill"]["orderTotal"]) == "12.30"
    assert supply["fill"]["notes"][0]["notes"] == "2022-01-01"
