"""Reading YAML and JSON documents: what scalars mean, what is refused and where, and what an attack may cost."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orderbridge import jsontext, pointer, yamltext
from orderbridge.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Callable

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the test with the pure parser and with the compiled one."""
    monkeypatch.setattr(yamltext, "_LOADER", request.param)


def value_of(text: str, *, strict: bool = False) -> Any:
    return yamltext.read(text.encode(), strict=strict).value


def refusal(text: str | bytes) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        yamltext.read(text if isinstance(text, bytes) else text.encode(), file="contract.yaml")
    assert caught.value.file == "contract.yaml"
    return caught.value


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("null", None), ("true", True), ("false", False), ("a:", {"a": None}), ("---\n...", None)),
        *(("1", 1), ("-1", -1), ("1.50", Decimal("1.50")), ("1.5e3", Decimal("1.5e3")), ("0", 0)),
        *((text, text) for text in ("NO", "yes", "on", "True", "NULL", "~", "012345", "2020-01-01", "1_000", ".inf")),
        *((text, text) for text in ("0x1F", "0o7", "+1", "1.", ".5", ".nan", "12:30:45", "1e", "--1", "\u0661")),
        *(('"1"', "1"), ("'true'", "true"), ('""', ""), ("! 1", "1"), ("!!str 1", "1"), ("|\n 1\n", "1\n")),
        *(("!!int 1", 1), ("!!float 1", 1), ('!!null ""', None), ('!!bool "true"', True), ("!!seq [1]", [1])),
        *(("200: x", {"200": "x"}), ("NO: x", {"NO": "x"}), ("null: x", {"null": "x"}), ("1.0: x", {"1.0": "x"})),
        *(("'a b': c", {"a b": "c"}), ('"<<": 1', {"<<": 1}), ("=: 1", {"=": 1}), ("'': 1", {"": 1})),
        *(("a: &x [1]\nb: *x", {"a": [1], "b": [1]}), ("&k a: 1\nb: *k", {"a": 1, "b": "a"})),
        *(("&k a: b\nc: {*k : 1}", {"a": "b", "c": {"a": 1}}), ("a: &x 1\nb: *x", {"a": 1, "b": 1})),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}", {"a": {"b": 1, "c": 2}, "d": {"b": 3, "c": 2}}),
        ("a: &x {b: 1}\nd: {c: 3, b: 4, <<: [{b: 2, e: 5}, *x]}", {"a": {"b": 1}, "d": {"b": 4, "e": 5, "c": 3}}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1 # one\r\n\r\nb: [x, y,]\r\n", {"a": 1, "b": ["x", "y"]}),
        ("%YAML 1.1\n---\na: 😀", {"a": "😀"}),
        ("{a, b: 1}", {"a": None, "b": 1}),
        ('{"a": [1, {"b": null}], "c": "\\u00e9"}', {"a": [1, {"b": None}], "c": "é"}),
    ],
)
def test_document_has_this_value(text: str, value: Any) -> None:
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)
    assert repr(found) == repr(value) or isinstance(value, dict)


def test_strict_leaves_plain_scalars_as_text_but_for_three_words() -> None:
    value = value_of("[1, 1.50, true, false, null, yes, !!int 3, {200: 012}]", strict=True)
    assert value == ["1", "1.50", True, False, None, "yes", 3, {"200": "012"}]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "empty"),
        ("# nothing", 1, 1, "empty"),
        ("a: 1\nb: 2\na: 3", 3, 1, "twice"),
        ('{"a": 1, "\\u0061": 2}', 1, 10, "twice"),
        ("1: x\n'1': y", 2, 1, "twice"),
        ("é: {😀: 1, 😀: 2}", 1, 11, "twice"),
        ("<<: {a: 1}\n<<: {b: 1}", 2, 1, "twice"),
        ("? [a]\n: b", 1, 3, "key"),
        ("{a: 1}: b", 1, 1, "key"),
        ("a: &x [1]\nb: {*x : 1}", 2, 5, "key"),
        ("a: 1\n--- \nb: 2", 2, 1, "second document"),
        ("a: !!binary aGk=", 1, 4, "!!binary"),
        ("a: !!timestamp 2020-01-01", 1, 4, "!!timestamp"),
        ("a: !!set {b}", 1, 4, "!!set"),
        ("a: !!python/object:os.system x", 1, 4, "tag"),
        ("!custom x", 1, 1, "!custom"),
        ("!!map [1]", 1, 1, "!!map"),
        ("!!str [1]", 1, 1, "!!str"),
        ("!!seq x", 1, 1, "!!seq"),
        ("!!int 012", 1, 1, "!!int"),
        ("!!bool yes", 1, 1, "!!bool"),
        ("!!bool 1", 1, 1, "!!bool"),
        ("!!int true", 1, 1, "!!int"),
        ("a: *b", 1, 4, "anchor"),
        ("a: *b\nc: &b 1", 1, 4, "anchor"),
        ("a: &a [1, *a]", 1, 11, "inside"),
        ("<<: 1", 1, 5, "merged"),
        ("<<: [{a: 1}, [2]]", 1, 14, "merged"),
        ("a:\n\t- b", 2, 1, "tab"),
        ("a: b: c", 1, 5, "colon"),
        ("a: b\n c: d", 2, 3, "colon"),
        ("a: 1\n   b: 2", 2, 5, "quote the text, or mend the indentation"),
        ("a:\n  b: 1\n c: 2", 3, 2, "a key is expected here: mend the indentation"),
        ('a: "x" y', 1, 8, "quote a text as a whole"),
        ("a: @x", 1, 4, "quote it"),
        ("a: `x", 1, 4, "quote it"),
        ("a: ]", 1, 4, "bracket"),
        ("a: 1e400", 1, 4, "out of range"),
        ("a: " + "9" * 1001, 1, 4, "out of range"),
        ('a: "\x07"', 1, 5, "U+0007"),
        ("a: x\ufffe", 1, 5, "U+FFFE"),
        ("[" * 101 + "]" * 101, 1, 101, "nested"),
        ("[" * 100_000, 1, 101, "nested"),
        ("{a: " * 100_000, 1, 401, "nested"),
        ("- " * 100_000, 1, 201, "nested"),
    ],
)
def test_document_is_refused_with_its_place(text: str, line: int, column: int, words: str) -> None:
    error = refusal(text)
    assert words in error.reason
    assert (error.line, error.column) == (line, column)


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "text", ['"abc', "[1, 2", "{a: 1", "a\nb: 1", "'", "- 1\n-2", "a: |x\n b", "&", "*", "!<", "a: [1\nb: 2"]
)
def test_unfinished_document_is_refused_on_a_line_of_it(text: str) -> None:
    error = refusal(text)
    assert 1 <= error.line <= text.count("\n") + 1
    assert error.reason


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\U00110000"', '"\\UFFFFFFFF"', '"\\xZZ"', "%YAML 2.0\n--- 1", "%FOO", "!e!x 1"]
)
def test_what_the_parsers_refuse_in_their_own_ways_is_one_kind_of_error(text: str) -> None:
    assert refusal(text).reason


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"\xff", 1, 1), (b"a: 1\nb: \xe9", 2, 4), ("é: ".encode() + b"\x80", 1, 4), ("a: 1".encode("utf-16"), 1, 1)],
)
def test_document_that_is_not_utf8_is_refused_with_its_place(data: bytes, line: int, column: int) -> None:
    error = refusal(data)
    assert "UTF-8" in error.reason
    assert (error.line, error.column) == (line, column)


def test_document_over_five_mebibytes_is_refused() -> None:
    assert "MiB" in refusal(b"#" * (5 * 1024 * 1024 + 1)).reason
    with pytest.raises(DocumentError, match="MiB"):
        yamltext.read_json(b" " * (5 * 1024 * 1024 + 1))


def merge_bomb(width: int, depth: int) -> str:
    names = [f"x{level}" for level in range(depth)]
    lines = ["x0: &x0 {k: 1}"]
    lines += [f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * width)}]}}" for a, b in pairwise(names)]
    return "\n".join(lines)


def alias_bomb(width: int, depth: int) -> str:
    lines = ["x0: &x0 [x]"]
    lines += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * width)}]" for n in range(1, depth)]
    return "\n".join(lines)


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    "text",
    [merge_bomb(9, 20), merge_bomb(2, 45), alias_bomb(10, 12), alias_bomb(2, 60), alias_bomb(1, 200)],
    ids=["wide merge", "deep merge", "wide aliases", "deep aliases", "tower of aliases"],
)
def test_small_document_that_expands_without_end_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    assert "aliases" in refusal(text).reason
    assert time.process_time() - start < 2


@pytest.mark.usefixtures("either_parser")
def test_places_are_those_of_the_values() -> None:
    text = 'é: "😀"\r\nb: [é, {c: 1}]\r\nd: &x\r\n  k: v\r\ne: *x\r\nf: {<<: *x, z: 1}\r\n'
    document = yamltext.read(text.encode(), file="x.yaml")
    places = {
        "": (1, 1),
        "/é": (1, 4),
        "/b/0": (2, 5),
        "/b/1": (2, 8),
        "/b/1/c": (2, 12),
        "/d/k": (4, 6),
        "/e": (5, 4),
        "/e/k": (4, 6),
        "/f/k": (4, 6),
        "/f/z": (6, 16),
        "/b/7/x": (2, 4),
        "/nothing/here": (1, 1),
        "no pointer": (1, 1),
    }
    assert {at: document.place(at) for at in places} == places


def test_json_document_has_exact_values_and_places() -> None:
    document = yamltext.read_json('{"é": 1,\r\n "b": [1.50,\t{"c": null}]}'.encode(), file="x.json")
    assert document.value == {"é": 1, "b": [Decimal("1.50"), {"c": None}]}
    assert [document.place(at) for at in ("", "/é", "/b/1/c", "/b/9/x", "nonsense")] == [
        *((1, 1), (1, 7), (2, 20), (2, 7), (1, 1))
    ]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"", 1, 1), (b'{"a":1,\n"a":2}', 2, 1), (b"[1,]", 1, 3), (b"\xff", 1, 1), (b"[" * 101 + b"]" * 101, 1, 101)],
)
def test_broken_json_document_is_refused_with_its_place(data: bytes, line: int, column: int) -> None:
    with pytest.raises(DocumentError) as caught:
        yamltext.read_json(data, file="x.json")
    assert (caught.value.file, caught.value.line, caught.value.column) == ("x.json", line, column)


def test_json_document_of_the_allowed_depth_is_read() -> None:
    yamltext.read_json(b"[" * 100 + b"]" * 100)
    yamltext.read_json(b"1")


# What YAML cannot hold as it is: control characters and the non-characters of the first plane.
printable = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"), max_size=8
)
scalars = st.none() | st.booleans() | st.integers(-(10**6), 10**6) | printable
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(printable, inner, max_size=4)
)


@given(values)
def test_what_a_yaml_writer_wrote_is_read_back(value: Any) -> None:
    written = yaml.dump(value, allow_unicode=True, default_style='"').encode("utf-8", "surrogatepass")
    assert yamltext.read(written).value == value


@given(values)
def test_every_place_leads_to_a_line_of_the_document(value: Any) -> None:
    data = jsontext.write(value, indent=2)
    document, as_yaml = yamltext.read_json(data), yamltext.read(data)
    assert as_yaml.value == document.value == value
    for at in pointers(value):
        assert as_yaml.place(at) == document.place(at)


def pointers(value: Any, at: str = "") -> list[str]:
    found = [at]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in items:
        found += pointers(part, f"{at}/{pointer.escape(str(name))}")
    return found


fragments = st.sampled_from(
    [
        *"ab:-?[]{},&*!|>'\"%@`#~ \n\t\r1",
        *(": ", "- ", "? ", "\n  ", "<<: ", "&a ", "*a", "---\n", "...", "!!str ", "!x ", "%YAML 1.1\n", "null", "1.5"),
        *("\ufeff", "é", "😀", "\x85", "\u2028", "\\u0041", '"\\ud800"', "\x00", "\r\n"),
    ]
)


@settings(max_examples=400)
@given(st.lists(fragments, max_size=30).map("".join).map(str.encode) | st.binary(max_size=40))
def test_nothing_but_a_document_error_is_raised(data: bytes) -> None:
    for read in (yamltext.read, yamltext.read_json):
        outcome = document_or_error(read, data)
        if isinstance(outcome, DocumentError):
            assert (outcome.file, bool(outcome.reason)) == ("x", True)
        else:
            jsontext.write(outcome.value)


@settings(max_examples=200)
@given(st.lists(fragments, max_size=12).map("".join).map(str.encode))
def test_both_parsers_read_the_same_values(data: bytes) -> None:
    values_read = []
    for loader in LOADERS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yamltext, "_LOADER", loader)
            values_read.append(document_or_error(yamltext.read, data))
    pure, compiled = values_read
    if not isinstance(pure, DocumentError) and not isinstance(compiled, DocumentError):
        assert compiled.value == pure.value


def document_or_error(read: Callable[..., yamltext.Document], data: bytes) -> yamltext.Document | DocumentError:
    try:
        return read(data, file="x")
    except DocumentError as error:
        return error
