"""Codecs: pairs of total functions whose samples come back and whose refusals are values."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbridge.codec.codec import Codec, Refused, is_same
from orderbridge.codec.regions import region_code
from orderbridge.codec.registry import CODECS, Row, breaches, register, table_codec

ALL = [pytest.param(codec, id=name) for name, codec in CODECS.items()]
CURRENCIES = (None, "INR", "JPY", "KWD", "XAU", "nonsense", 5)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.from_regex(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", fullmatch=True)
    | st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", fullmatch=True
    )
    | st.sampled_from(["US", "usa", "UK", "en-UK", "US-AL", "12/01/2016", "4 nos", "02134", "EUR"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
LEFT_OVER = "not a whole number of the smallest unit of {}: {} would be left over"
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
}


@pytest.mark.parametrize("codec", ALL)
def test_samples_come_back_and_refusals_refuse(codec: Codec) -> None:
    assert codec.samples
    assert list(breaches(codec)) == []


@pytest.mark.parametrize("codec", ALL)
@given(value=JSON, currency=st.sampled_from(CURRENCIES))
def test_a_codec_answers_for_any_value_and_what_it_reads_it_can_write_and_read_again(
    codec: Codec, value: Any, currency: Any
) -> None:
    meant, written = codec.up(value, currency), codec.down(value, currency)
    if not isinstance(written, Refused):
        assert isinstance(written, TYPES[codec.takes[0]])
        # What is narrowed is said for good, and is reported as such.
        assert codec.kind == "narrowed" or codec.same(codec.up(written, currency), value)
    if isinstance(meant, Refused):
        assert meant.why
        return
    back = codec.down(meant, currency)
    if not isinstance(back, Refused):
        assert codec.same(codec.up(back, currency), meant)


def test_every_codec_is_described_where_mappings_are() -> None:
    page = (Path(__file__).parent.parent / "docs" / "mapping.md").read_text(encoding="utf-8")
    table = page[page.index("## Codecs") :]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(CODECS)


@pytest.mark.parametrize(
    ("name", "value", "currency", "expected"),
    [
        ("minor", 1999, "EUR", "19.99"),
        ("minor", 50000, "JPY", "50000"),
        ("minor", 1500, "KWD", "1.500"),
        ("minor", 12345, "CLF", "1.2345"),
        ("minor", 1500, "IQD", "1.500"),
        ("decimal", Decimal("12.30"), None, "12.30"),
        ("decimal", 123456789012345678901234567890, None, "123456789012345678901234567890"),
        ("decimal", Decimal("1E+3"), None, "1000"),
        ("decimal", 19.99, None, "19.99"),
        ("quantity_text", "4 nos", None, "4"),
        ("quantity_text", 1, None, "1"),
        ("locale", "en-UK", None, "en-GB"),
        ("locale", "zh_hant_tw", None, "zh-Hant-TW"),
        ("instant", "2022-01-27T16:15:58-05:00", None, "2022-01-27T21:15:58Z"),
        ("instant", "2022-12-31T23:59:59.5+00:00", None, "2022-12-31T23:59:59.5Z"),
        ("date", "10/01/2015", None, "2015-10-01"),
        ("country", "india", None, "IN"),
        ("country", "United States of America", None, "US"),
        ("country", "UK", None, "GB"),
        ("country", "Turkey", None, "TR"),
        ("country", "côte d'ivoire", None, "CI"),
        ("country3", "usa", None, "US"),
        ("digits", "00123", None, "00123"),
        ("property_path", "shoppingCart.items[0].quantity", None, "/shoppingCart/items/0/quantity"),
    ],
)
def test_what_a_value_means(name: str, value: Any, currency: str | None, expected: Any) -> None:
    assert is_same(CODECS[name].up(value, currency), expected)


@pytest.mark.parametrize(
    ("name", "value", "currency", "expected"),
    [
        ("minor", "19.99", "EUR", 1999),
        ("minor", "19.9", "EUR", 1990),
        ("minor", "0.5", "JPY", Refused(LEFT_OVER.format("JPY", "0.5"))),
        ("minor", "1.234", "EUR", Refused(LEFT_OVER.format("EUR", "0.004"))),
        ("minor", "1", None, Refused("without a currency nobody knows how large the smallest unit is")),
        ("digits", "02134", None, Refused("leading zero")),
        ("digits", "SW1A 1AA", None, Refused("letters, spaces or signs cannot be said as a number")),
        ("whole", "2.0", None, 2),
        ("whole", "2.5", None, Refused("only whole numbers can be said here: 0.5 would be left over")),
        ("decimal", "12.30", None, Decimal("12.30")),
        ("one_line", ["a", "b"], None, "a, b"),
        ("country3", "US", None, "USA"),
        ("country_name_lower", "IN", None, "india"),
        ("epoch_ms", "2019-01-27T06:42:20Z", None, 1548571340000),
    ],
)
def test_what_the_hub_says(name: str, value: Any, currency: str | None, expected: Any) -> None:
    found = CODECS[name].down(value, currency)
    assert found == expected
    assert type(found) is type(expected)
    assert str(found) == str(expected)


@pytest.mark.parametrize(
    ("region", "country", "code"),
    [
        ("gujarat", "IN", "IN-GJ"),
        ("Gujarāt", "IN", "IN-GJ"),
        ("TX", "US", "US-TX"),
        ("new york", "US", "US-NY"),
        ("ON", "CA", "CA-ON"),
        ("Orissa", "IN", "IN-OD"),
        ("gujrat", "IN", None),
        ("TX", "FR", None),
        ("", "US", None),
    ],
)
def test_a_region_has_a_code_only_when_it_is_certain(region: str, country: str, code: str | None) -> None:
    assert region_code(region, country) == code


def test_a_table_prefers_the_marked_row_and_keeps_the_others_one_way() -> None:
    rows = (Row("a", "one"), Row("b", "one", preferred=True), Row("b", "two", "it is not quite the same"))
    codec = table_codec("letters", rows)
    assert [codec.up(each, None) for each in ("a", "b")] == ["one", "one"]
    assert [codec.down(each, None) for each in ("one", "two")] == ["b", "b"]
    assert codec.lossy == {"two": "it is not quite the same"}
    assert codec.samples == (("b", "one"),)
    assert codec.up("c", None) == Refused("the value table has no row for 'c'; it has a, b, b")
    assert isinstance(codec.up([], None), Refused)


def test_a_table_tells_true_from_one() -> None:
    codec = table_codec("flags", (Row(partner=True, hub="yes"), Row(1, "one")))
    assert [codec.up(each, None) for each in (True, 1, Decimal(1))] == ["yes", "one", "one"]


def test_a_codec_that_breaks_its_promise_is_not_registered() -> None:
    broken = Codec("broken", lambda value, _: value, lambda _, __: "x", "exact", ("string",), "text", (("a", "a"),))
    with pytest.raises(ValueError, match="'a' is written as 'x'"):
        register(broken)
    with pytest.raises(ValueError, match="taken"):
        register(CODECS["text"])
