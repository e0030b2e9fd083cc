"""Codecs: pairs of total functions whose samples come back and whose refusals are values."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderbridge.codec.codec import Codec, Refused, is_same
from orderbridge.codec.regions import region_code
from orderbridge.codec.registry import CODECS, Row, breaches, describe, register, table_codec
from orderbridge.codec.tables import currency_digits, folded, rows

ROOT = Path(__file__).parent.parent
ALL = [pytest.param(codec, id=name) for name, codec in CODECS.items()]
CURRENCIES = (None, "INR", "JPY", "KWD", "CLF", "XAU", "nonsense", 5)
PLAIN = st.from_regex(r"-?(0|[1-9][0-9]{0,40})([.][0-9]{1,40})?", fullmatch=True)
SAMPLES = [value for codec in CODECS.values() for pair in codec.samples for value in pair]
REFUSED = [value for codec in CODECS.values() for value in (*codec.refuses_up, *codec.refuses_down)]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**990, max_value=10**1010)
    | st.floats()
    | st.decimals()
    | st.text()
    | PLAIN
    | PLAIN.map(Decimal)
    | st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})", fullmatch=True
    )
    | st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    | st.from_regex(r"[a-z]([0-9]|[a-z]|[.]|\[[0-9]\]){0,9}", fullmatch=True)
    | st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_][A-Za-z]{2})?", fullmatch=True)
    | st.sampled_from(sorted(currency_digits()) + [row["name"] for row in rows("countries")])
    | st.sampled_from([*SAMPLES, *REFUSED, "UK", "12/01/2016", "4 nos", "\ud800", "\uff11"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
) | st.lists(st.integers() | PLAIN, min_size=1, max_size=3)
LEFT_OVER = "not a whole number of the smallest unit of {}: {} would be left over"
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "array": (list,),
}
WRITES = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "a boolean",
    "array": "a list",
}
IN_WORDS = ("two letters", "three letters", "the English name", "the lines joined", "`items[0].sku`")
NO_ROW = "the value table has no row for this value; "


@pytest.mark.parametrize("codec", ALL)
def test_every_codec_keeps_the_laws_that_registering_asks_for(codec: Codec) -> None:
    assert list(breaches(codec)) == []


@given(value=JSON, currency=st.sampled_from(CURRENCIES))
@settings(max_examples=max(settings().max_examples, 1_500))
def test_codecs_answer_for_any_value_and_what_they_read_they_can_write_and_read_again(
    value: Any, currency: Any
) -> None:
    for codec in CODECS.values():
        meant, written = codec.up(value, currency), codec.down(value, currency)
        if isinstance(meant, Refused):
            assert meant.why
        elif not isinstance(back := codec.down(meant, currency), Refused):
            assert type(back) in TYPES[codec.takes[0]]
            assert codec.kind == "narrowed" or codec.same(codec.up(back, currency), meant)
        if not isinstance(written, Refused):
            assert type(written) in TYPES[codec.takes[0]]
            # What is narrowed is said for good, and is reported as such.
            assert codec.kind == "narrowed" or codec.same(codec.up(written, currency), value)


@given(text=PLAIN)
def test_a_decimal_number_keeps_its_digits_and_its_scale(text: str) -> None:
    for name in ("decimal", "decimal_text"):
        codec = CODECS[name]
        assert codec.up(text, None) == codec.up(Decimal(text), None) == text
        assert str(codec.down(text, None)) == (text if text != "-0" or name == "decimal_text" else "0")


@given(whole=st.integers(min_value=-(10**60), max_value=10**60), currency=st.sampled_from(sorted(currency_digits())))
def test_minor_units_come_back_to_the_last_digit_in_every_currency(whole: int, currency: str) -> None:
    codec = CODECS["minor"]
    text = codec.up(whole, currency)
    assert codec.down(text, currency) == whole
    head, _, fraction = text.partition(".")
    assert int(head + fraction) == whole
    assert len(fraction) == currency_digits()[currency]


@pytest.mark.parametrize("name", ["decimal", "decimal_text", "whole", "digits", "integer", "minor", "quantity_text"])
@pytest.mark.parametrize(
    "value", [10**1_000, Decimal("1E+1000"), Decimal("1E-1001"), Decimal("1E+999999999"), "9" * 1_001], ids=str
)
def test_numbers_beyond_a_thousand_digits_are_refused(name: str, value: Any) -> None:
    assert isinstance(CODECS[name].up(value, "INR"), Refused)
    assert isinstance(CODECS[name].down(value, "INR"), Refused)


def test_a_thousand_digits_are_read_and_written() -> None:
    codec = CODECS["decimal"]
    for value in (10**999, -(10**999), Decimal("0." + "7" * 999), Decimal("1E+300")):
        assert is_same(codec.down(codec.up(value, None), None), value)


def test_every_codec_is_described_where_mappings_are() -> None:
    page = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    table = page[page.index("## Codecs") :]
    documented = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", table, re.MULTILINE))
    assert documented.keys() == CODECS.keys()
    for name, _, _, writes in describe():
        assert documented[name].startswith((WRITES[writes], *IN_WORDS)), name


def test_every_country_is_known_by_its_codes_and_its_names_and_by_no_name_of_another() -> None:
    table = rows("countries")
    assert len({row["alpha2"] for row in table}) == len({row["alpha3"] for row in table}) == len(table) == 249
    names: dict[str, str] = {}
    for row in table:
        own = [row["alpha2"], row["alpha3"], row["name"], *filter(None, row["aliases"].split("|"))]
        assert {names.setdefault(folded(name), row["alpha2"]) for name in own} == {row["alpha2"]}
        for name in own:
            assert CODECS["country"].up(f" {name.upper()} ", None) == row["alpha2"]
        assert CODECS["country3"].down(row["alpha2"], None) == row["alpha3"]
        assert CODECS["country_name"].down(row["alpha2"], None) == row["name"]
        assert CODECS["country_name_lower"].down(row["alpha2"], None) == row["name"].lower()


@pytest.mark.parametrize(
    ("digits", "codes"),
    [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    ],
)
def test_currencies_without_two_digits_are_those_of_the_standard(digits: int, codes: str) -> None:
    assert " ".join(sorted(code for code, found in currency_digits().items() if found == digits)) == codes


def test_every_other_currency_has_two_digits_and_what_has_no_smallest_unit_is_none() -> None:
    assert len(currency_digits()) == 165
    assert set(currency_digits().values()) == {0, 2, 3, 4}
    assert currency_digits().keys().isdisjoint({"XAU", "XAG", "XPT", "XPD", "XDR", "XSU", "XUA", "XTS", "XXX"})


def test_regions_are_complete_for_the_countries_that_have_some() -> None:
    table = rows("regions")
    found = Counter(row["code"].partition("-")[0] for row in table)
    sizes = "AT 9, AU 8, BR 27, CA 13, CH 26, DE 16, GB 4, IN 36, JP 47, MX 32, US 57"
    assert ", ".join(f"{country} {found[country]}" for country in sorted(found)) == sizes
    for row in table:
        country, _, short = row["code"].partition("-")
        assert CODECS["region_code"].up(row["code"], None) == region_code(short, country) == row["code"]
        for name in filter(None, (row["name"], *row["aliases"].split("|"))):
            assert region_code(name.upper(), country) == (None if row["name"] == name == "México" else row["code"])


def test_data_files_are_written_the_same_way() -> None:
    for file in sorted((ROOT / "src/orderbridge/codec/data").glob("*.csv")):
        text = file.read_text(encoding="utf-8")
        table = list(csv.reader(text.splitlines()))
        assert {len(row) for row in table} == {len(table[0])}, file.name
        assert table[1:] == sorted(table[1:]), file.name
        assert "\r" not in text, file.name


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
        ("quantity_text", "012 Pcs.", None, "12"),
        ("quantity_text", "007", None, "7"),
        ("quantity_text", "000", None, "0"),
        ("quantity_text", "2.5", None, "2.5"),
        ("minor", 10**40 + 7, "EUR", f"1{'0' * 38}.07"),
        ("minor", "-5", "EUR", Refused("this is not an integer")),
        ("minor", -5, "EUR", "-0.05"),
        ("minor", Decimal("1999.0"), "EUR", "19.99"),
        ("decimal", "1.50", None, "1.50"),
        ("decimal", "\uff11", None, Refused("this is not a number")),
        ("decimal", Decimal("0E+5"), None, "0"),
        ("decimal", Decimal("1E-7"), None, "0.0000001"),
        ("decimal", 1e22, None, "10000000000000000000000"),
        ("integer", 7.0, None, 7),
        ("integer", Decimal("7E+1"), None, 70),
        ("integer_text", "12", None, 12),
        ("integers", ["1", -2, Decimal("3.0")], None, [1, -2, 3]),
        ("texts", "one", None, ["one"]),
        ("one_line", "Main St 1, Flat 2", None, ["Main St 1, Flat 2"]),
        ("locale", "en-UK", None, "en-GB"),
        ("locale", "zh_hant_tw", None, "zh-Hant-TW"),
        ("instant", "2022-01-27T16:15:58-05:00", None, "2022-01-27T21:15:58Z"),
        ("instant", "2022-12-31T23:59:59.5+00:00", None, "2022-12-31T23:59:59.5Z"),
        ("instant", "2022-12-31t23:59:59.123456789012z", None, "2022-12-31T23:59:59.123456789012Z"),
        ("instant", "2022-12-31T23:59:59.500-00:30", None, "2023-01-01T00:29:59.5Z"),
        ("instant", "0001-01-01T00:00:00Z", None, "0001-01-01T00:00:00Z"),
        ("instant", "2024-02-29T00:00:00.000+05:30", None, "2024-02-28T18:30:00Z"),
        ("instant", "2022-05-12T09:30", None, Refused("a time without an offset names no instant")),
        ("instant", "2016-12-31T23:59:60Z", None, Refused("a leap second has no other spelling")),
        ("epoch_ms", 1548571340007.0, None, "2019-01-27T06:42:20.007Z"),
        ("date", "10/01/2015", None, "2015-10-01"),
        ("country", "india", None, "IN"),
        ("country", "United States of America", None, "US"),
        ("country", "UK", None, "GB"),
        ("country", "Turkey", None, "TR"),
        ("country", "côte d'ivoire", None, "CI"),
        ("country", "Cote d\u2019Ivoire", None, "CI"),
        ("country", "Trinidad & Tobago", None, "TT"),
        ("country", "  Czech  Republic ", None, "CZ"),
        ("country", "Russia", None, "RU"),
        ("country", "Viet Nam", None, "VN"),
        ("country", "South Korea", None, "KR"),
        ("country", "England", None, "GB"),
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
        ("minor", "-0.05", "EUR", -5),
        ("minor", f"{10**40}.07", "EUR", 10**42 + 7),
        ("minor", "500.00", "JPY", 500),
        ("minor", "1", "DEM", Refused("this order's currency is no currency of ISO 4217 with a smallest unit")),
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
        ("epoch_ms", "2019-01-27T06:42:20.5Z", None, 1548571340500),
        ("epoch_ms", "2019-01-27T06:42:20.0001Z", None, Refused("it is known more finely than to the millisecond")),
        ("property_path", "/items/0/a b", None, "/items/0/a b"),
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
        ("Jammu & Kashmir", "IN", "IN-JK"),
        ("IN-UT", "IN", "IN-UK"),
        ("Bavaria", "DE", "DE-BY"),
        ("England", "GB", "GB-ENG"),
        ("Kent", "GB", None),
        ("Mexico", "MX", None),
        ("Mexico City", "MX", "MX-CMX"),
        ("US-TX", "US", "US-TX"),
        ("US-TX", "CA", None),
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
    assert codec.up("c", None) == Refused(f"{NO_ROW}it has a, b")
    assert isinstance(codec.up([], None), Refused)


def test_a_table_tells_true_from_one_and_takes_one_number_however_it_is_written() -> None:
    codec = table_codec("flags", (Row(partner=True, hub="yes"), Row(1, "one"), Row(Decimal("2.5"), "half")))
    found = [codec.up(each, None) for each in (True, 1, Decimal("1.0"), 1.0, 2.5)]
    assert found == ["yes", "one", "one", "one", "half"]
    assert codec.takes == ("boolean", "integer", "number")
    assert isinstance(codec.up(False, None), Refused)  # noqa: FBT003 - the value is the point


@given(value=JSON)
def test_a_table_answers_for_any_value(value: Any) -> None:
    codec = table_codec("any", (Row("a", hub=True), Row(0, hub=False), Row([], "list"), Row("b", {"x": 1})))
    for answer in (codec.up(value, None), codec.down(value, None)):
        assert answer in ("a", True, 0, False) or isinstance(answer, Refused)
    lists: list[Any] = []
    assert codec.up(lists, None) == codec.up("b", None) == Refused(f"{NO_ROW}it has a, 0")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("cod", "the nearest is COD"),
        ("COD ", "the nearest is COD"),
        ("x", "it has COD, one, two, three, four, …"),
        (5, "it has COD, one, two, three, four, …"),
        ("x" * 10**6, "it has COD, one, two, three, four, …"),
    ],
    ids=["case", "space", "far", "number", "long"],
)
def test_what_a_table_does_not_have_is_met_with_what_it_has_and_not_repeated(value: Any, why: str) -> None:
    codec = table_codec("words", tuple(Row(each, each) for each in ("COD", "one", "two", "three", "four", "five")))
    assert codec.up(value, None) == Refused(NO_ROW + why)


def test_an_empty_table_refuses() -> None:
    assert table_codec("none", ()).up("x", None) == Refused(f"{NO_ROW}it has none")


def _raise(value: Any, _: Any) -> Any:
    raise TypeError(value)


def _as_text(value: Any, _: Any) -> Any:
    return value if type(value) is str and value else Refused("no text")


GOOD = Codec("good", _as_text, _as_text, "exact", ("string",), "text", (("a", "a"),), (1,), (1,))


@pytest.mark.parametrize(
    ("broken", "breach"),
    [
        (replace(GOOD, samples=()), "it has no samples"),
        (replace(GOOD, down=lambda _, __: "x"), "'a' is written as 'x', not 'a'"),
        (replace(GOOD, samples=(("a", "b"),)), "'a' is read as 'a', not 'b'"),
        (replace(GOOD, refuses_up=("a",)), "'a' should be refused and is read"),
        (replace(GOOD, refuses_down=("a",)), "'a' should be refused and is written"),
        (replace(GOOD, up=_raise), "it raises TypeError"),
        (replace(GOOD, down=_raise), "it raises TypeError"),
        (replace(GOOD, takes=("integer",)), "which is not integer"),
        (replace(GOOD, up=lambda value, _: value.upper() if value == "x" else _as_text(value, _)), "read again as 'X'"),
    ],
)
def test_a_codec_that_breaks_its_promise_is_not_registered(broken: Codec, breach: str) -> None:
    assert any(breach in found for found in breaches(broken))
    with pytest.raises(ValueError, match="cannot be registered"):
        register(broken)
    assert "good" not in CODECS


def test_a_codec_of_a_partner_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderbridge.codec.registry._ALL", {})
    assert register(GOOD) is GOOD
    with pytest.raises(ValueError, match="the name is taken"):
        register(GOOD)
