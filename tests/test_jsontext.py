"""Reading and writing JSON: the corpus of broken texts, and the laws that hold for every text and value."""

from __future__ import annotations

import json
import string
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orderbridge import jsontext, pointer
from orderbridge.errors import UsageError
from orderbridge.jsontext import scanner
from orderbridge.jsontext.limits import MOST_DEPTH

if TYPE_CHECKING:
    import random

SUITE = Path(__file__).parent / "suite" / "_text"


def corpus() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case['description']}")
        for file in sorted(SUITE.glob("*.json"))
        for case in json.loads(file.read_text(encoding="utf-8"))
    ]


def raw(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    return "".join(text * times for text, times in case.get("parts", [[case.get("latin1"), 1]])).encode("latin-1")


def pointers(value: Any, at: str = "") -> list[str]:
    """List the pointers of a value and of everything in it."""
    found = [at]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in items:
        found += pointers(part, f"{at}/{pointer.escape(str(name))}")
    return found


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e300", max_value="1e300")
    | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5), max_leaves=20
)
pieces = st.sampled_from(
    [
        *"{}[],:\"\\ \n\t'/#-+.eE019x\0",
        *('"a"', '"a":1', '"b":', "true", "null", "NaN", "1e400", "1.50", "-0", "\\ud800", '"\\ud83d\\ude00"'),
        *("\r\n", "\ufeff", "é", "😀", '"pin":', "1e-310", "[" * 70, "]" * 70, "9" * 400),
    ]
)
texts = st.lists(pieces, max_size=25).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a JSON text in which a few places were overwritten, cut out or doubled."""
    data = bytearray(jsontext.write(draw(values), indent=draw(st.sampled_from([None, 2]))))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        until = at + draw(st.integers(0, 4))
        data[at:until] = draw(st.binary(max_size=3) | st.just(bytes(data[at:until]) * 2) | texts.map(str.encode))
    return bytes(data)


any_bytes = damaged() | texts.map(str.encode) | st.binary()


@pytest.mark.parametrize("case", corpus())
def test_text_of_the_corpus_has_exactly_its_faults(case: dict[str, Any]) -> None:
    value, problems = jsontext.read(raw(case))
    found = [{"code": p.code, "pointer": p.pointer, "line": p.line, "column": p.column} for p in problems]
    assert found == case["problems"]
    assert value is None or not problems
    assert all(p.severity == "error" and p.evidence is None for p in problems)
    assert all(p.message and p.expected and p.actual and p.fix for p in problems)


@pytest.mark.parametrize("case", corpus())
def test_fast_way_refuses_the_corpus_alike(case: dict[str, Any]) -> None:
    assert jsontext.read(raw(case), exact=False)[1] == jsontext.read(raw(case))[1]


def test_corpus_is_large() -> None:
    assert len(corpus()) >= 150


@settings(max_examples=300, deadline=None)
@given(any_bytes)
@example(b"[5e-324]")
@example(b"-5e-324")
@example(b'{"a":"-","b":5e-324}')
@example(b'{"a":1,"a":1}')
@example(b"1,2")
def test_no_bytes_raise_and_both_ways_agree(data: bytes) -> None:
    value, problems = jsontext.read(data)
    fast, fast_problems = jsontext.read(data, exact=False)
    assert fast_problems == problems
    assert jsontext.write(fast) == jsontext.write(value) or as_floats(fast) == as_floats(value)


SPACES = st.sampled_from(["", "", " ", "\n  ", "\t", "\r\n"])
PIECES = st.sampled_from(
    ["1", "1.5", "1.50", "1e2", "5e-324", "-0", '"a b"', '"a  b"', '" "', r'"\u0041"', r'"\\ "', r'"\" "', "true"]
)


@st.composite
def spaced(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Lay out an object or array with white space anywhere, member names maybe twice."""
    space = draw(SPACES)
    if draw(st.booleans()):
        return f"[{space}{f'{draw(SPACES)},{draw(SPACES)}'.join(draw(st.lists(inner, max_size=4)))}{space}]"
    members = st.tuples(st.sampled_from(["a", "b", "a b", "ab", " a"]), SPACES, SPACES, inner)
    pairs = [f'"{name}"{before}:{after}{part}' for name, before, after, part in draw(st.lists(members, max_size=4))]
    return f"{{{space}{f'{draw(SPACES)},{draw(SPACES)}'.join(pairs)}{space}}}"


@settings(max_examples=500, deadline=None)
@given(st.recursive(PIECES, spaced, max_leaves=12), SPACES)
@example('{ "a": 1, "a": 1}', "")
@example('{ "a": "x y", "a": "xy"}', "")
@example('{ "a": [5e-324]}', "")
def test_both_ways_agree_on_texts_with_white_space_anywhere(text: str, end: str) -> None:
    data = (text + end).encode()
    value, problems = jsontext.read(data)
    fast, fast_problems = jsontext.read(data, exact=False)
    assert fast_problems == problems
    assert as_floats(fast) == as_floats(value)


@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"indent": 4}, {"indent": "\t"}, {"separators": (",", ":")}])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_the_fast_way_takes_a_clean_text_however_it_is_laid_out(layout: dict[str, Any], end: str) -> None:
    order = {"id": "a b", "amount": 19.99, "lines": [{"sku": "x", "note": None}, []], "extra": {}}
    test = jsontext.quick_test(lambda value: bool(value == order))
    assert test((json.dumps(order, **layout) + end).encode()) is jsontext.PASSED


NOT_ALONE = (
    b'{"a":1},{"b":2}\n{"x":[{}\n{}]}',
    b'"a\nb",1',
    b"1\n2,3\n4",
    b"1,2\n\n3",
    b"1] [2\n3",
    b"1],[2\n3",
    b"[1\n2],[3]\n4]",
    b'["\n"]\n1',
    b'{"a":"\n"},{"b":"\n"}',
    b'{"a": 1\n"b": 2}',
    b'{"a": "\n", "b": "\n"}',
    b'[ "x" ]\n[ 1\n2 ]',
    b'{ "a": 1 }\n1 2\n"b", "c"',
    b'{ "a": 1 }\r\n1\r2\r\n3, 4',
    b'{"a":1,"a":1}\n{"a":1}',
    b'\xef\xbb\xbf{"a":1}\n{"a":1}',
    b'{"a":1}\n\xef\xbb\xbf{"a":1}',
    b"1.50\n1",
    b"12345678901234567890123\n1",
    b'{"a":1}\n',
    b'\n{"a":1}',
    b'{"a":1},{"b":2}\r\n{"x":[{}\r\n{}]}\r',
    b"1,2\r\n\r\n3\r",
    b"1\r2\n3\r",
    b"\n",
    b"",
    b" ",
    b"\r",
)
"""Lines that are not each a text written as short as can be, though some of them are one together."""


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """Draw lines that are texts, parts of texts or nothing of the kind."""
    whole = values.map(jsontext.write) | st.recursive(PIECES, spaced, max_leaves=5).map(str.encode)
    line = whole | whole | whole | damaged() | texts.map(str.encode) | st.sampled_from([b"", b" ", b"\r", b"{}"])
    return b"\n".join(draw(st.lists(line, max_size=5)))


@settings(max_examples=500, deadline=None)
@given(lines())
@example(b'{ "a": 1 }\n{ "b": "x  y" }')
@example(b'{ "a": 1 }\r\n{ "b": [] }\r')
def test_lines_are_read_together_only_as_each_is_read_alone(data: bytes) -> None:
    together = jsontext.read_lines(data)
    if together is None:
        return
    alone = [jsontext.read(line) for line in data.split(b"\n")]
    assert [problems for _, problems in alone] == [()] * len(together)
    assert [repr(as_floats(value)) for value, _ in alone] == [repr(as_floats(value)) for value in together]


@pytest.mark.parametrize("data", NOT_ALONE)
def test_lines_that_are_a_text_only_together_are_not_read_together(data: bytes) -> None:
    assert jsontext.read_lines(data) is None


@pytest.mark.parametrize("layout", [{}, {"separators": (",", ":")}])
@pytest.mark.parametrize("end", ["", "\r"])
def test_clean_lines_are_read_together(layout: dict[str, Any], end: str) -> None:
    orders = [{"id": "a b", "amount": number / 4, "lines": [{"sku": "x-1"}, []], "extra": {}} for number in range(300)]
    data = "\n".join(json.dumps(order, **layout) + end for order in orders).encode()
    assert jsontext.read_lines(data) == orders


@pytest.mark.parametrize("opening", [b"[", b'{"":', b'[{"":'])
def test_each_line_may_nest_as_deep_as_alone(opening: bytes) -> None:
    level = opening.count(b"[") + opening.count(b"{")
    closing = opening.translate(bytes.maketrans(b"[{", b"]}"), b'":')[::-1]

    def nested(depth: int) -> bytes:
        return opening * (depth // level) + b"1" + closing * (depth // level)

    deepest, too_deep = nested(MOST_DEPTH), nested(MOST_DEPTH + level)
    assert jsontext.read_lines(b"\n".join([deepest] * 3)) == [jsontext.read(deepest)[0]] * 3
    assert jsontext.read(too_deep)[1]
    assert jsontext.read_lines(b"\n".join([deepest, too_deep, b"1"])) is None
    assert jsontext.read_lines(too_deep + b"\n1") is None


def as_floats(value: Any) -> Any:
    """Replace exact numbers by the nearest floats."""
    if isinstance(value, dict):
        return {key: as_floats(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_floats(part) for part in value]
    return float(value) if isinstance(value, Decimal | float) else value


@settings(max_examples=300, deadline=None)
@given(any_bytes)
def test_scanner_finds_faults_exactly_where_the_reader_refuses(data: bytes) -> None:
    _, problems = jsontext.read(data)
    assert bool(problems) == bool(scanner.faults_of(data, refused=False))
    assert [p.message for p in problems].count("this text is not JSON") == 0


@settings(max_examples=200, deadline=None)
@given(any_bytes)
def test_reader_accepts_nothing_that_the_standard_library_refuses(data: bytes) -> None:
    value, problems = jsontext.read(data)
    if not problems:
        assert json.loads(data, parse_float=Decimal) == value


@settings(max_examples=200, deadline=None)
@given(any_bytes)
def test_faults_stand_inside_the_text_and_in_its_order(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    lines = [len(line) for line in text.split("\n")]
    places = [(p.line, p.column) for p in jsontext.read(data)[1]]
    assert places == sorted(places)
    for line, column in places:
        assert line is not None
        assert column is not None
        assert 1 <= line <= len(lines)
        assert 1 <= column <= lines[line - 1] + 1


@given(values, st.sampled_from([None, 0, 2, 4]))
def test_what_is_written_reads_back_equal(value: Any, indent: int | None) -> None:
    assert jsontext.read(jsontext.write(value, indent=indent)) == (value, ())


@settings(deadline=None)
@given(any_bytes)
def test_what_is_read_writes_back_equal(data: bytes) -> None:
    value, problems = jsontext.read(data)
    if not problems:
        assert jsontext.read(jsontext.write(value)) == (value, ())


@given(st.floats() | st.decimals())
def test_whatever_number_is_written_is_accepted(number: float | Decimal) -> None:
    try:
        data = jsontext.write([number])
    except UsageError:
        return
    assert jsontext.read(data)[0] == [Decimal(repr(number)) if isinstance(number, float) else number]


def test_numbers_keep_their_digits() -> None:
    value, _ = jsontext.read(b'{"a":12.30,"b":1E+5,"c":123456789012345678901234567890,"d":1.0}')
    assert value == {"a": Decimal("12.30"), "b": Decimal("1E+5"), "c": 123456789012345678901234567890, "d": 1}
    assert jsontext.write(value) == b'{"a":12.30,"b":1E+5,"c":123456789012345678901234567890,"d":1.0}'


def test_sorted_texts_do_not_tell_in_which_order_members_were() -> None:
    texts = (
        b'{"b":[{"d":1.50,"c":null}],"a":123456789012345678901}',
        b'{"a":123456789012345678901,"b":[{"c":null,"d":1.50}]}',
    )
    assert {jsontext.write(jsontext.read(text)[0], is_sorted=True) for text in texts} == {texts[1]}


def test_thousand_digits_read_and_write() -> None:
    for data in (b"9" * 1000, b"-" + b"9" * 1000, b"0." + b"1" * 999, b"1" * 500 + b"." + b"2" * 500):
        value, problems = jsontext.read(data)
        assert not problems
        assert jsontext.write(value) == data


@pytest.mark.parametrize(
    "value",
    [
        *(float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), [{"a": float("nan")}]),
        *({1: 2}, {None: 1}, {1, 2}, b"x", object(), "\ud800", {"\udc00": 1}, 10**1000, Decimal("1E+99999")),
    ],
    ids=lambda value: type(value).__name__,  # a repr holds an address, which differs between processes
)
def test_what_is_not_json_is_refused_in_writing(value: Any) -> None:
    with pytest.raises(UsageError):
        jsontext.write(value)


def test_value_that_holds_itself_is_refused_in_writing() -> None:
    value: list[Any] = [10**30]
    value.append(value)
    with pytest.raises(UsageError):
        jsontext.write(value)


def test_negative_indent_is_refused() -> None:
    with pytest.raises(UsageError):
        jsontext.write([], indent=-1)


def test_text_is_read_like_its_bytes() -> None:
    assert jsontext.read('{"é":1.5}') == ({"é": Decimal("1.5")}, ())
    assert [p.column for p in jsontext.read('{"é":1,"é":2}')[1]] == [8]


def test_half_characters_in_text_are_named() -> None:
    _, problems = jsontext.read('["\ud800", "x\udc00"]')
    assert [(p.code, p.column, p.pointer) for p in problems] == [
        ("lone-surrogate", 3, "/0"),
        ("lone-surrogate", 9, "/1"),
    ]


def test_problems_never_hold_half_characters() -> None:
    _, problems = jsontext.read(b'{"\\ud800":{"a":1,"a":2},"\\ud800":1}')
    assert len(problems) == 4
    for problem in problems:
        repr(problem).encode()
        problem.pointer.encode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a":1,"a":2}', "(first at column 2 of this line)"),
        ('{"a":1,\n"a":2}', "(first at line 1, column 2)"),
        ('{"a": [', "the array that begins at column 7 of this line"),
        ('{"a": [\n1,', "the array that begins at line 1, column 7"),
    ],
)
def test_another_place_on_the_same_line_is_named_without_its_number(text: str, words: str) -> None:
    # A record of many is read alone, as a first line, whichever line of the stream it is.
    (problem,) = jsontext.read(text)[1]
    assert words in problem.message


def test_problems_do_not_quote_values() -> None:
    for text in (
        '{"pin":0987}',
        '{"pin":9870x}',
        "{\"pin\":'9870'}",
        '{"pin":9870 }x9870',
        '{"pin":' + "9870" * 300 + "}",
    ):
        assert "987" not in repr(jsontext.read(text)[1])


@settings(max_examples=200, deadline=None)
@given(values, st.sampled_from([None, 2]), st.randoms(use_true_random=False))
def test_every_pointer_is_located_at_its_value(value: Any, indent: int | None, chance: random.Random) -> None:
    text = jsontext.write(value, indent=indent).decode()
    everything = pointers(value)
    for wanted in (everything, chance.sample(everything, min(3, len(everything)))):
        places = jsontext.locate(text, wanted)
        assert set(places) == set(wanted)
        for at, place in places.items():
            _, end = json.JSONDecoder().raw_decode(text, place.offset)
            assert jsontext.read(text[place.offset : end]) == (pointer.get(value, at), ())
            assert (place.line, place.column) == jsontext.position(text, place.offset)


def test_places_count_crlf_tabs_and_wide_characters_as_one() -> None:
    text = '{\r\n\t"😀\\u0041": [1, {"k": "é"}],\r\n\t"b": {}\r\n}'
    places = jsontext.locate(text, ["/😀A/1/k", "/b", ""])
    assert {at: (place.line, place.column) for at, place in places.items()} == {
        "/😀A/1/k": (2, 23),
        "/b": (3, 7),
        "": (1, 1),
    }


def test_pointers_to_nothing_are_left_out() -> None:
    text = '{"a":[1,2],"b":"x"}'
    assert jsontext.locate(text, ["/a/2", "/a/01", "/a/-", "/b/0", "/c", "nonsense", "/a/" + "9" * 5000]) == {}


@settings(max_examples=200, deadline=None)
@given(any_bytes, st.lists(texts.map(lambda text: "/" + text), max_size=3))
def test_locating_in_any_text_does_not_raise(data: bytes, wanted: list[str]) -> None:
    jsontext.locate(data.decode("utf-8", "replace"), ["", "/a", "/0/0", "/b/a", *wanted])


NAMES = frozenset({"pin", "card"})


def masked(text: str) -> str:
    spans = jsontext.secret_spans(text, NAMES)
    assert spans == sorted(spans)
    return "".join("#" if any(start <= at < end for start, end in spans) else char for at, char in enumerate(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"pin":"1\\"2","x":1}', '{"pin":######,"x":1}'),
        ('{"p\\u0069n": 12}', '{"p\\u0069n": ##}'),
        ('{"PIN":12}', '{"PIN":##}'),
        ('{"card":{"a":[1,"}"]},"b":2}', '{"card":#############,"b":2}'),
        ('{"a":[{"pin":1},{"pin":2}]}', '{"a":[{"pin":#},{"pin":#}]}'),
        ('{"pin":1,"pin":2}', '{"pin":#,"pin":#}'),
        ('["pin","card"]', '["pin","card"]'),
        ('{"a":"pin","b":1}', '{"a":"pin","b":1}'),
        ('{"shipping":1', '{"shipping":1'),
        ('{"pin":"12', '{"pin":###'),
        ('{"pin" 12}', '{"pin" ###'),
        ('{"pin":12 34,"a":1}', '{"pin":############'),
        ('{"pin":0123}', '{"pin":#####'),
        ('{"pin":/* x, */ 12}', '{"pin":############'),
        ("{'pin':12}", "{'########"),
        ('{"a":"x, "pin":"12"}', '{"a":"x, "##########'),
        ('{"a":"\\q","p\\u0069n":12}', '{"a":"\\q","#############'),
        ("pin=12", "######"),
        ("", ""),
    ],
)
def test_secrets_are_covered(text: str, shown: str) -> None:
    assert masked(text) == shown


@settings(max_examples=200, deadline=None)
@given(values, st.text(string.ascii_letters, min_size=12), st.integers(0, 400), texts)
def test_secrets_stay_covered_however_the_text_is_damaged(value: Any, secret: str, at: int, damage: str) -> None:
    text = jsontext.write({"a": value, "pin": secret, "b": [value]}).decode()
    start = text.rindex(f'"{secret}"') if value != secret else text.index(f'"pin":"{secret}"')
    at = min(at, start - len('"pin":'))
    if secret in jsontext.write(value).decode() or secret in damage:
        return
    assert secret not in masked(text[:at] + damage + text[at:])


@given(texts)
def test_secret_spans_of_any_text_do_not_raise(text: str) -> None:
    masked(text)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"a":1,' * 30_000,
        b'{"a":1,' + b'"a":1,' * 20_000,
        b'"' + b"\\u0041" * 20_000,
        b"9" * 200_000,
        b"[" + b"1e400," * 20_000,
        b'{"' + b"k" * 200_000 + b'":{' + b'"a":1,' * 20_000,
        b" " * 200_000,
        b"-" * 200_000,
        b"\\" * 200_000,
        b'"\\' * 100_000,
        b"1" + b"0" * 100_000 + b".e",
    ],
    ids=lambda data: data[:12].decode(),
)
def test_hostile_texts_take_linear_time(data: bytes) -> None:
    start = time.process_time()
    _, problems = jsontext.read(data)
    jsontext.secret_spans(data.decode(), NAMES)
    jsontext.locate(data.decode(), ["", "/a", "/0/0"])
    assert problems
    assert time.process_time() - start < 10
