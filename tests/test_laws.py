"""Laws of validation: what holds for every message of every contract, not only for those that somebody thought of."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise, product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderbridge import jsontext, pointer
from orderbridge.api import Partner
from orderbridge.contract.contract import Contract
from orderbridge.contract.operations import read_operations
from orderbridge.problem import CODES, LEVELS, Problem
from orderbridge.render.formats import RENDERERS
from orderbridge.render.report import Checked, Subject, Totals
from orderbridge.validation.compiling import compile_schema
from orderbridge.validation.examples import examples
from orderbridge.validation.validator import Validator
from tests.differential import comparing, corpus, generated_models, openapi_core, openapi_schema_validator, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from orderbridge.problem import Evidence
    from tests.differential.rival import Message, Oracle

ROWS: list[dict[str, str]] = json.loads((Path(__file__).parent / "data" / "disagreements.json").read_bytes())
RIVALS = {module.NAME: module for module in (generated_models, openapi_core, openapi_schema_validator)}
MESSAGES = [
    pytest.param(message, id=f"{name}-{message.direction}")
    for name in corpus.CONTRACTS
    for message in corpus.messages(name)
]
TEXT_FAULTS = frozenset(
    {
        "bom",
        "duplicate-key",
        "empty",
        "lone-surrogate",
        "malformed-json",
        "not-utf8",
        "number-out-of-range",
        "too-deep",
        "trailing-text",
    }
)
ONE_WAY = frozenset({"read-only", "write-only"})
LONG = 10
"""How many times as much is tried by `make prove`, and by how many seeds."""
BYTES = settings(max_examples=min(LONG * 100, settings().max_examples))
"""There are a dozen messages, and every text is read and judged in eight ways: fewer will do than of other laws."""


def values(message: Message, *, prove: bool, mutants: int = 160, seed: int = 0) -> Iterator[Any]:
    """Yield examples, made messages and mutants of a message."""
    yield from corpus.shown(message)
    for start in range(seed, seed + (LONG if prove else 1) * 1000, 1000):
        yield from corpus.made(message, range(start, start + mutants // 8))
        yield from corpus.mutated(message, mutants, start)


def errors(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


# (a) Examples


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", corpus.CONTRACTS)
def test_every_example_of_every_contract_is_clean_at_every_level(name: str, level: Evidence) -> None:
    partner = corpus.partner(name)
    found = list(examples(partner.contract))
    assert found
    for each in found:
        text = jsontext.write(each.value)
        asked: Any = {"message": each.direction, "operation": each.operation, "status": each.status, "level": level}
        assert partner.validate(text, **asked) == [], f"{each.operation} {each.status} {each.name}"
        assert partner.validate(each.value, **asked) == []


# (b) Rivals


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_agrees_but_for_the_listed_reasons(
    name: str, record_property: Callable[[str, object], None], *, prove: bool
) -> None:
    rival = RIVALS[name]
    counts: Counter[str] = Counter(dict.fromkeys(rival.REASONS, 0))
    total = 0
    unlisted: list[str] = []
    for contract in corpus.CONTRACTS:
        for message in corpus.messages(contract):
            oracle: Oracle = rival.oracle(message)
            for value in values(message, prove=prove):
                total += 1
                unlisted += comparing.unlisted(rival, counts, message, jsontext.write(value), oracle)
    report = {"compared": total, **counts}
    for key, count in report.items():
        record_property(f"{name}: {key}", count)
        sys.stdout.write(f"{name}: {key}: {count}\n")
    assert unlisted == []
    assert not prove or [row for row, count in counts.items() if not count] == [], "listed, but never seen"


def test_the_list_of_disagreements_names_every_row_of_the_code_and_no_other() -> None:
    assert [row.keys() for row in ROWS] == [{"rival", "row", "rule", "refuses", "reason"}] * len(ROWS)
    assert [(row["rival"], row["row"]) for row in ROWS] == [
        (name, row) for name, rival in sorted(RIVALS.items()) for row in rival.REASONS
    ]
    assert {row["refuses"] for row in ROWS} <= {"orderbridge", "rival"}


# (c) Places


@pytest.mark.parametrize("style", corpus.STYLES)
@pytest.mark.parametrize("message", MESSAGES)
def test_every_problem_points_at_its_place_in_value_text_and_contract(
    message: Message, style: str, *, prove: bool
) -> None:
    validator = corpus.validator(message)
    random = Random(style)  # noqa: S311 - chance that can be repeated, not secrets
    for value in values(message, prove=prove, mutants=60, seed=1):
        text = corpus.written(_wide(value), corpus.STYLES[style], random)
        problems = validator.check(text.encode())
        if problems:
            _check_places(problems, text, validator)


def _wide(value: Any) -> Any:
    """Put characters outside the basic plane in front of everything else, where columns can go wrong."""
    if isinstance(value, dict):
        return {'😀🛒\t"': "漢\\字😀", **value}
    return [value, "😀"] if isinstance(value, list) else value


def _check_places(problems: list[Problem], text: str, validator: Validator) -> None:
    offsets = places.offsets(text)
    for problem in problems:
        assert problem.code in CODES
        assert problem.pointer in offsets, problem
        assert (problem.line, problem.column) == places.line_and_column(text, offsets[problem.pointer]), problem
        assert problem.schema_pointer is not None
        pointer.get(validator.contract.document, problem.schema_pointer)
        for words in (problem.message, problem.fix, problem.expected, problem.actual):
            assert words is None or words.isprintable()
    assert all(offsets[one.pointer] <= offsets[other.pointer] for one, other in pairwise(problems))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_missing_member_is_reported_at_the_object_that_misses_it(message: Message) -> None:
    for value in values(message, prove=False, mutants=200, seed=2):
        for problem in corpus.validator(message).check_value(value):
            subject = pointer.get(value, problem.pointer)
            if problem.code == "required":
                assert isinstance(subject, dict), problem


# Secrets


@pytest.mark.parametrize("name", [name for name in corpus.CONTRACTS if corpus.CATALOGUE.contract(name).secrets])
def test_no_secret_is_shown_by_any_problem_or_any_format(name: str, *, prove: bool) -> None:
    for message in corpus.messages(name):
        validator = corpus.validator(message)
        for number, value in enumerate(values(message, prove=prove, mutants=40, seed=3)):
            random = Random(number)  # noqa: S311 - chance that can be repeated, not secrets
            planted: list[str] = []
            text = corpus.written(_planted(value, sorted(validator.secrets), random, planted), _style(random), random)
            for data in (text.encode(), text.encode()[: random.randrange(len(text) + 1)], f"{text}]".encode()):
                told = _everything_told(data, validator, message)
                assert [secret for secret in planted if secret in told] == [], data


def _style(random: Random) -> corpus.Style:
    return random.choice(list(corpus.STYLES.values()))


def _planted(value: Any, names: list[str], random: Random, planted: list[str]) -> Any:
    """Put secrets under secret names, where they are and where they are not expected."""
    if isinstance(value, list):
        return [_planted(each, names, random, planted) for each in value]
    if not isinstance(value, dict):
        return value
    members = {
        key: _secret(random, planted) if key in names else _planted(each, names, random, planted)
        for key, each in value.items()
    }
    if random.random() < 0.3:
        members[random.choice(names)] = _secret(random, planted)
    return members


def _secret(random: Random, planted: list[str]) -> Any:
    word = f"s3{random.getrandbits(60):x}T"
    number = random.randrange(10**14, 10**15)
    planted.extend((word, str(number)))
    shapes: list[Any] = [word, number, -number, [word], {"value": word}, f'{word} "{number}\\', [[number]], f"\n{word}"]
    return random.choice(shapes)


def _everything_told(data: bytes, validator: Validator, message: Message) -> str:
    problems = tuple(validator.check(data))
    told = [repr(problems)]
    checked = Checked("f.json", None, problems, data.decode("utf-8", "replace"), validator.secrets)
    subject = Subject(message.contract.name, message.operation, message.direction, message.status)
    for make in RENDERERS.values():
        renderer = make(version="0")
        told += [*renderer.start(subject), *renderer.document(checked), *renderer.end(Totals().plus(checked))]
    return "".join(told)


# (d) Any bytes


@cache
def texts(message: Message) -> tuple[bytes, ...]:
    """Give the examples of a message as texts, compact and not."""
    styles = [style for style in corpus.STYLES.values() if not style.shuffled]
    random = Random(0)  # noqa: S311 - chance that can be repeated, not secrets
    return tuple(
        corpus.written(value, styles[index % len(styles)], random).encode()
        for index, value in enumerate(corpus.shown(message))
    )


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "delete", "insert", "copy"]),
        st.integers(0, 2**20),
        st.binary(min_size=1, max_size=4)
        | st.sampled_from(
            [b'"', b"\\", b"{", b"[", b"}", b"]", b",", b":", b"0", b"-", b"e400", b"\\ud83d", b"\r", b"null"]
        ),
    ),
    min_size=1,
    max_size=3,
)


def edited(data: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    """Flip, delete, insert or copy some bytes."""
    for kind, number, piece in edits:
        at = number % (len(data) + 1)
        if kind == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << number % 8)]) + data[at + 1 :]
        elif kind == "delete":
            data = data[:at] + data[at + len(piece) :]
        elif kind == "copy":
            data = data[:at] + data[at : at + 40] + data[at:]
        else:
            data = data[:at] + piece + data[at:]
    return data


def check_text(data: bytes, message: Message) -> None:
    """Hold what any bytes at all give against each other: values, texts, both ways to read."""
    validator = corpus.validator(message)
    problems = validator.check(data)
    assert {type(problem) for problem in problems} <= {Problem}
    assert {problem.code for problem in problems} <= CODES.keys()
    exact, faults = jsontext.read(data)
    near, near_faults = jsontext.read(data, exact=False)
    assert faults == near_faults
    if faults:
        assert list(faults) == problems
        assert {fault.code for fault in faults} <= TEXT_FAULTS
        assert exact is near is None
    else:
        assert TEXT_FAULTS.isdisjoint(problem.code for problem in problems)
        assert validator.accepts(exact) == validator.accepts(near) == (not problems)
        placeless = [replace(problem, line=None, column=None) for problem in problems]
        assert validator.check_value(exact) == placeless
        assert validator.check_value(near) == placeless
        # A string is a text wherever a payload is handed over.
        assert isinstance(exact, str) or validator.check(exact) == placeless
    if "not-utf8" not in {fault.code for fault in faults}:
        assert validator.check(data.decode()) == problems
    assert validator.check(bytearray(data)) == problems


@pytest.mark.parametrize("message", MESSAGES)
@BYTES
@given(data=st.binary(max_size=200))
def test_no_bytes_raise(message: Message, data: bytes) -> None:
    check_text(data, message)


@pytest.mark.parametrize("message", MESSAGES)
@BYTES
@given(number=st.integers(0, 10_000), edits=EDITS)
def test_no_broken_example_raises(message: Message, number: int, edits: list[tuple[str, int, bytes]]) -> None:
    found = texts(message)
    check_text(edited(found[number % len(found)], edits), message)


@pytest.mark.parametrize("message", MESSAGES)
def test_a_text_is_judged_as_its_value_is(message: Message, *, prove: bool) -> None:
    random = Random(4)  # noqa: S311 - chance that can be repeated, not secrets
    for value in values(message, prove=prove, mutants=100, seed=4):
        check_text(jsontext.write(value), message)
        check_text(corpus.written(value, _style(random), random).encode(), message)


# (e) Severity


@pytest.mark.parametrize("message", MESSAGES)
def test_errors_are_what_the_rules_of_the_level_refuse_and_levels_nest(message: Message, *, prove: bool) -> None:
    contract = corpus.CATALOGUE.contract(message.contract.name)
    alone = {
        level: compile_schema(contract.at(level), message.schema, message.direction, mark=False) for level in LEVELS
    }
    for value in values(message, prove=prove, mutants=100, seed=5):
        refused = []
        for level in LEVELS:
            problems = corpus.validator(message, level).check_value(value)
            assert alone[level].is_valid(value) == (not errors(problems)), (level, value)
            refused.append(bool(errors(problems)))
        assert refused == sorted(refused), "a weaker level accepts what a stronger one refuses"
        assert {problem.code for problem in problems if problem.severity == "warning"} <= ONE_WAY


@pytest.mark.parametrize("message", MESSAGES)
def test_a_warning_comes_from_weaker_evidence_than_the_level(message: Message, *, prove: bool) -> None:
    for value in values(message, prove=prove, mutants=100, seed=6):
        for level in LEVELS:
            warnings = [
                problem
                for problem in corpus.validator(message, level).check_value(value)
                if problem.severity == "warning" and problem.code not in ONE_WAY
            ]
            assert {problem.evidence for problem in warnings} <= {*LEVELS[LEVELS.index(level) + 1 :]}, warnings


MIXED: dict[str, Any] = {
    "x-evidence": "seed",
    "type": "object",
    "required": ["a", "b", "c"],
    "properties": {
        "a": {"type": "integer", "format": "int32", "x-evidence": {"format": "inferred"}},
        "b": {"type": "string", "maxLength": 1, "x-evidence": {"maxLength": "observed"}},
        "c": {"type": "integer", "format": "int64", "maximum": 5, "x-evidence": {"maximum": "observed"}},
    },
    "anyOf": [
        {"required": ["d"], "x-evidence": "seed", "properties": {"d": {"type": "string"}}},
        {"required": ["e", "f"], "x-evidence": {"required": {"e": "documented", "f": "inferred"}}},
    ],
}
REFUSING_LESS = {"not": {"required": ["e", "b"], "x-evidence": {"required": {"b": "inferred"}}}}
"""Below a `not`, a weak rule that is taken out leaves a stronger contract: the level refuses what the whole accepts."""
MEMBERS: dict[str, list[Any]] = {
    "a": [1, 2**40, "x"],
    "b": ["x", "xx", 1],
    "c": [1, 6, 10**30],
    "d": ["x", 1],
    "e": [1],
    "f": [1],
}


@pytest.mark.parametrize("more", [{}, REFUSING_LESS], ids=["monotone", "not"])
def test_the_laws_hold_where_alternatives_mix_evidence(more: dict[str, Any]) -> None:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "made up", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Mixed": {**MIXED, **more}}},
    }
    contract = Contract("mixed", document, read_operations(document), Path(), Path("mixed.yaml"))
    where = "/components/schemas/Mixed"
    validators = {level: Validator(contract, where, "request", level) for level in LEVELS}
    alone = {level: compile_schema(contract.at(level), where, "request", mark=False) for level in LEVELS}
    choices = [[(name, each) for each in values] + [(name, None)] for name, values in MEMBERS.items()]
    for chosen in product(*choices):
        value = {name: each for name, each in chosen if each is not None}
        for level, validator in validators.items():
            problems = validator.check_value(value)
            assert alone[level].is_valid(value) == (not errors(problems)), (level, value, problems)
            for problem in problems:
                assert problem.schema_pointer is not None
                pointer.get(document, problem.schema_pointer)
                assert problem.evidence is not None
                # A fault in one branch may be no error because another branch loses what it breaks.
                is_weak = LEVELS.index(problem.evidence) > LEVELS.index(level) or "/anyOf/" in problem.schema_pointer
                assert problem.severity == "error" or is_weak, (level, value, problem)


# (f) Once more


@pytest.mark.parametrize("message", MESSAGES)
def test_the_same_message_gives_the_same_problems_in_a_fresh_validator(message: Message) -> None:
    again = Partner(corpus.CATALOGUE.contract(message.contract.name))
    fresh = again.validator(message=message.direction, operation=message.operation, status=message.status)
    for value in values(message, prove=False, mutants=60, seed=7):
        text = jsontext.write(value, indent=2)
        first = corpus.validator(message).check(text)
        assert corpus.validator(message).check(text) == first
        assert fresh.check(text) == first
