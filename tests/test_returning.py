"""The way back: what the receiver changed comes home or is named, however much it is, and nothing else moves."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from orderbridge import jsontext, laws, pointer
from orderbridge import translate as translate_order
from orderbridge.api import partner
from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import leaves, without
from orderbridge.translation.homecoming import translate_back
from orderbridge.translation.translating import Request, translate
from tests.edits import at, edited, lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.document import Place
    from orderbridge.translation.side import Side

PARTNERS: Final = ("placeorder", "unisouk", "fabric", "ccagent", "configurator")
PAIRS: Final = [pytest.param(a, b, id=f"{a}-{b}") for a, b in permutations(PARTNERS, 2)]
OPENAPI: Final = Path(__file__).parent.parent / "openapi"
SUITE: Final = Path(__file__).parent / "suite" / "_translation" / "returning"
UNCHECKED: Final = Request(check=False)
NOT_RETURNABLE: Final = frozenset({"unreadable", "was-filled", "not-mapped", "refused", "no-container"})


@cache
def side(name: str) -> Side:
    return partner(name).side


@cache
def orders(name: str) -> dict[str, Any]:
    files = sorted((OPENAPI / name / "examples").glob("createOrder.request.*.json"))
    return {file.name.split(".")[2]: jsontext.read(file.read_bytes())[0] for file in files}


@cache
def sent(source: str, target: str, name: str = "main") -> Any:
    return translate(side(source), side(target), orders(source)[name], UNCHECKED)


def home(there: Any, came: Any, request: Request = UNCHECKED) -> Any:
    return translate_back(there.target, there.source, came, request, there.ticket)


def own(there: Any) -> Any:
    """Give what the sender had, as the ticket has it."""
    return without(there.document, there.source.secrets)


# Cases as data


def cases() -> Iterator[Any]:
    for file in sorted(SUITE.glob("*.json")):
        for case in jsontext.read(file.read_bytes())[0]:
            yield pytest.param(*file.stem.split("-"), case, id=f"{file.stem} {case['description']}")


def patched(document: Any, operations: list[dict[str, Any]]) -> Any:
    """Apply the add, remove, replace, move and copy of RFC 6902."""
    document = deepcopy(document)
    for each in operations:
        value = each.get("value")
        if each["op"] in {"move", "copy"}:
            value = deepcopy(pointer.get(document, each["from"]))
        if each["op"] in {"move", "remove"}:
            holder, key = _end(document, each.get("from", each["path"]))
            del holder[key]
        if each["op"] == "remove":
            continue
        holder, key = _end(document, each["path"])
        if isinstance(holder, list) and each["op"] != "replace":
            holder.insert(key, value)
        else:
            assert each["op"] != "replace" or isinstance(holder, list) or key in holder
            holder[key] = value
    return document


def _end(document: Any, path: str) -> tuple[Any, Any]:
    *way, last = pointer.split(path)
    holder = pointer.get(document, pointer.join(way))
    return holder, last if isinstance(holder, dict) else len(holder) if last == "-" else int(last)


def told(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Give the rows of what did not stay, as cases write them: the outcome, how, and the targets if there are any."""
    return {
        row["pointer"]: [row[name] for name in ("outcome", "how", "targets") if row.get(name)]
        for row in rows
        if row["outcome"] != "unchanged"
    }


@pytest.mark.parametrize(("source", "target", "case"), list(cases()))
def test_an_edit_comes_home_as_the_case_says(source: str, target: str, case: dict[str, Any]) -> None:
    order = patched(orders(source)[case.get("order", "main")], case.get("sent", []))
    there = translate_order(order, source, target, check=False, supply=case.get("supply"))
    back = home(there, patched(there.draft, case["edits"]))
    assert is_same(back.draft, patched(own(there), case["expected"]))
    assert told(back.source_leaves) == case["came"]
    assert told(back.removed_leaves) == case["removed"]
    assert [row["pointer"] for row in back.target_leaves if row["cause"] == "followed"] == case["followed"]
    assert list(breaches(there, patched(there.draft, case["edits"]), back)) == []


# Whatever the receiver does


def breaches(there: Any, came: Any, back: Any) -> Iterator[str]:
    """Say what is wrong with an account of a way back."""
    report = back.report
    yield from (f"{breach.where}: {breach.what}" for breach in laws.is_accounted_for(back))
    gone = [row["pointer"] for row in report["removed_leaves"]]
    given = {pointer.join(place): value for place, value in leaves(there.draft)}
    now = {pointer.join(place) for place, _ in leaves(came)}
    yield from (f"{each} is removed twice" for each, count in Counter(gone).items() if count > 1)
    yield from (f"{each} is removed, and was not there" for each in gone if each not in given)
    yield from (
        f"{each} is in no list"
        for each in given
        if each not in now and each not in gone and not any(map(pointer.is_index, pointer.split(each)))
    )
    yield from _words(report)
    yield from _ends(back)
    yield from _untouched(there, back)


def _words(report: dict[str, Any]) -> Iterator[str]:
    known = {
        "unchanged": {"equal", "same-meaning"},
        "returned": {"edit", "row"},
        "not-returnable": NOT_RETURNABLE,
        "conflict": {"conflict"},
        "withheld": {None},
    }
    for row in (*report["source_leaves"], *report["removed_leaves"]):
        if row.get("how") not in known.get(row["outcome"], ()):
            yield f"{row} is no outcome"


def _ends(back: Any) -> Iterator[str]:
    """Find changes whose two ends do not name each other."""
    ends = {row["pointer"]: row for row in back.target_leaves}
    starts = {row["pointer"]: row for row in back.source_leaves}
    for row in starts.values():
        for target in row.get("targets", ()):
            if target in ends and row["how"] == "edit" and ends[target]["cause"] not in {"source", "followed"}:
                yield f"{row['pointer']} is said to have become {target}, which is {ends[target]['cause']}"
        if row["outcome"] == "returned" and not row["targets"] and row["how"] == "edit":
            yield f"{row['pointer']} is returned, and went nowhere"
    for row in ends.values():
        for source in row["sources"]:
            if starts[source]["outcome"] != "returned" or row["pointer"] not in starts[source]["targets"]:
                yield f"{row['pointer']} is said to come from {source}, which is {starts[source]}"


def _untouched(there: Any, back: Any) -> Iterator[str]:
    """Find what is another than the sender's although nothing says so."""
    before = Counter((_shape(place), repr(value)) for place, value in leaves(own(there)))
    cause = {row["pointer"]: row["cause"] for row in back.target_leaves}
    for place, value in leaves(back.draft):
        if cause[pointer.join(place)] == "restored" and not before[_shape(place), repr(value)]:
            yield f"{pointer.join(place)} is said to be the sender's, who has no {value!r} there"
    rows = (*back.source_leaves, *back.removed_leaves)
    changed = [row for row in rows if row["outcome"] == "returned"]
    if not changed and not is_same(own(there), back.draft):
        yield "nothing is returned, and the document is another one"
    if any(row["how"] == "row" for row in changed):
        return
    touched = {target for row in changed for target in row["targets"]}
    after = dict(leaves(back.draft))
    for place, value in leaves(own(there)):
        where = pointer.join(place)
        is_kept = place in after and is_same(after[place], value)
        if not is_kept and not any(
            f"{each}/".startswith(f"{where}/") or f"{where}/".startswith(f"{each}/") for each in touched
        ):
            yield f"{where} is not what it was, and nothing says so"


def _shape(place: Place) -> Place:
    return tuple("*" if isinstance(token, int) else token for token in place)


def tried(source: str, target: str, name: str, seed: int) -> tuple[Any, Any]:
    there = sent(source, target, name)
    donors = list(orders(target).values())
    return there, edited(there.draft, there.trip.lowered.causes, f"{source} {target} {name} {seed}", donors)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_any_edits_come_home_or_are_named_and_nothing_else_moves(source: str, target: str, *, prove: bool) -> None:
    names = orders(source) if prove else ["main"]
    found, home_at_all = [], 0
    for name in names:
        for seed in range(300 if prove else 20):
            there, came = tried(source, target, name, seed)
            back = home(there, came)
            if back.draft is None:
                assert [each.code for each in back.problems] == ["ticket-foreign"]
                continue
            home_at_all += 1
            found += [(name, seed, breach) for breach in breaches(there, came, back)]
    assert found == []
    assert home_at_all > 10


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_what_comes_home_never_breaks_the_contract_that_it_kept(source: str, target: str) -> None:
    there = sent(source, target)
    allows = there.source.validator("request").allows
    assert allows(own(there))
    for seed in range(15):
        came = tried(source, target, "main", seed)[1]
        back = home(there, came, Request())
        assert back.draft is None or allows(back.draft)
        assert (back.draft is None) == (back.order is None)


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_same_edits_give_the_same_account(source: str, target: str) -> None:
    for seed in range(3):
        there, came = tried(source, target, "main", seed)
        assert home(there, came).report == home(there, deepcopy(came)).report


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_document_of_any_shape_comes_home(source: str, target: str) -> None:
    there = sent(source, target)
    for came in ({}, [], None, "text", 5, {"a": {"b": []}}, [{}], *[*orders(target).values()][:3]):
        back = translate_order(jsontext.write(came), target, source, ticket=there.ticket, check=False)
        if back.draft is not None:
            assert list(breaches(there, came, back)) == []
        else:
            assert [each.code for each in back.problems] == ["ticket-foreign"]


def shown_twice(there: Any) -> Iterator[tuple[Place, list[Place]]]:
    """Yield leaves of the sender that the receiver has at several places as they are, and these places."""
    for row in there.source_leaves:
        value = pointer.get(there.document, row["pointer"])
        targets = row.get("targets", [])
        if (
            isinstance(value, str)
            and len(targets) > 1
            and {pointer.get(there.draft, each) for each in targets} == {value}
        ):
            yield (
                tuple(_keys(there.document, row["pointer"])),
                [tuple(_keys(there.draft, target)) for target in targets],
            )


def _keys(document: Any, path: str) -> Iterator[str | int]:
    for token in pointer.split(path):
        key = int(token) if isinstance(document, list) else token
        yield key
        document = document[key]


def test_a_value_that_the_receiver_has_twice_comes_home_if_both_are_changed_alike() -> None:
    tests = 0
    for source, target in permutations(PARTNERS, 2):
        for name in orders(source):
            there = sent(source, target, name)
            for where, places in shown_twice(there):
                came = deepcopy(there.draft)
                for each in places:
                    at(came, each[:-1])[each[-1]] += "x"
                back = home(there, came)
                # A value that was only filled in is named as that; what it was filled from comes home.
                told = [row for row in back.source_leaves if row["outcome"] != "unchanged"]
                home_at_all = {row["outcome"] for row in told if row["how"] != "was-filled"} == {"returned"}
                assert at(back.draft, where) == at(there.document, where) + "x" * home_at_all
                assert {row["pointer"] for row in told} == set(map(pointer.join, places))
                assert "it would change more than this" not in {row.get("why") for row in told}
                assert list(breaches(there, came, back)) == []
                tests += home_at_all
    assert tests > 10


OWN_TOKEN: Final = {"note": {"token": "our own word", "k": 1}}
"""A free member of the sender's under a name that is a secret's at the receiver."""


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        pytest.param(OWN_TOKEN, OWN_TOKEN, id="left alone"),
        pytest.param({"note": {"k": 1}}, OWN_TOKEN, id="kept out of the answer"),
        pytest.param({"note": {"token": "s3cret", "k": 1}}, OWN_TOKEN, id="written over by a secret"),
        pytest.param({"note": {"token": "our own word", "k": 2}}, {"note": {"token": "our own word", "k": 2}}, id="k"),
        pytest.param({**OWN_TOKEN, "token": "s3cret", "b": {"token": 1}}, OWN_TOKEN, id="secrets added"),
        pytest.param({}, {}, id="removed with what held it"),
    ],
)
def test_what_is_no_secret_of_the_senders_stays_as_it_was_sent(came: Any, expected: Any) -> None:
    order = {**orders("configurator")["main"], "metadata": OWN_TOKEN}
    there = translate_order(order, "configurator", "fabric", check=False)
    assert there.draft["attributes"] == OWN_TOKEN
    changed = {**there.draft, "attributes": came} if came else without(there.draft, frozenset({"attributes"}))
    back = home(there, changed)
    assert back.draft.get("metadata", {}) == expected
    assert "s3cret" not in str(back.report) + str(back.draft)
    assert list(breaches(there, changed, back)) == []


# Rows


LISTED: Final = [pair for pair in PAIRS if "unisouk" not in pair.values]


def own_rows(there: Any) -> Iterator[tuple[Place, list[Place]]]:
    """Yield the receiver's lists of rows that the sender has too, and where their rows are at the sender."""
    for place in lists(there.draft):
        rows = [there.trip.lowered.rows.get((*place, index)) for index in range(len(at(there.draft, place)))]
        if rows and None not in rows:
            homes = [there.trip.lifted.rows[row].place for row in rows if row in there.trip.lifted.rows]
            if len(homes) == len(rows):
                yield place, homes


def taken(document: Any, place: Place) -> Any:
    changed = deepcopy(document)
    del at(changed, place[:-1])[place[-1]]
    return changed


@pytest.mark.parametrize(("source", "target"), LISTED)
def test_a_row_that_the_receiver_removes_is_removed_whole(source: str, target: str) -> None:
    tests = 0
    for name in [*orders(source)][:12]:
        there = sent(source, target, name)
        for place, homes in own_rows(there):
            for index, where in enumerate(homes):
                if at(there.draft, place).count(at(there.draft, place)[index]) > 1:
                    # Which of two equal rows went, nobody can tell.
                    continue
                came = taken(there.draft, (*place, index))
                back = home(there, came)
                rows = [row for row in back.removed_leaves if row["how"] == "row"]
                if not rows:
                    assert is_same(back.draft, own(there))
                    assert {row["outcome"] for row in back.removed_leaves} <= {"not-returnable", "unchanged"}
                    continue
                assert is_same(_without_names(back.draft), _without_names(taken(own(there), where)))
                tests += 1
    assert tests > 1


def _without_names(document: Any) -> Any:
    """Leave out what names rows: it goes with them."""
    return without(document, frozenset({"shiptoid", "shippinggroups"}))


@pytest.mark.parametrize(("source", "target"), LISTED)
def test_rows_that_change_places_do_so_at_the_sender_or_not_at_all(source: str, target: str) -> None:
    tests = 0
    for name in orders(source):
        there = sent(source, target, name)
        for place, homes in own_rows(there):
            came = deepcopy(there.draft)
            at(came, place).reverse()
            back = home(there, came)
            if len({where[:-1] for where in homes}) > 1 or came == there.draft:
                continue
            expected = deepcopy(own(there))
            elements = [deepcopy(at(expected, where)) for where in homes]
            for where, element in zip(homes, reversed(elements), strict=True):
                at(expected, where[:-1])[where[-1]] = element
            assert is_same(back.draft, expected)
            assert {row["outcome"] for row in back.source_leaves} <= {"unchanged", "returned"}
            tests += 1
    assert tests > 0


@pytest.mark.parametrize(("source", "target"), LISTED)
def test_a_row_that_the_receiver_adds_stands_where_it_was_put(source: str, target: str) -> None:
    tests = 0
    for name in [*orders(source)][:12]:
        there = sent(source, target, name)
        for place, homes in own_rows(there):
            for index in range(len(homes) + 1):
                came = deepcopy(there.draft)
                new = deepcopy(at(came, place)[0])
                for leaf, value in [each for each in leaves(new) if each[0]]:
                    at(new, leaf[:-1])[leaf[-1]] = _other(value)
                at(came, place).insert(index, new)
                back = home(there, came)
                added = {
                    tuple(pointer.split(target_)[: len(homes[0])])
                    for row in back.source_leaves
                    if row.get("how") == "row"
                    and pointer.split(row["pointer"])[: len(place) + 1] == [*map(str, place), str(index)]
                    for target_ in row["targets"]
                }
                if len(added) != 1:
                    continue
                (row,) = added
                holder = pointer.get(back.draft, pointer.join(row[:-1]))
                before = pointer.get(own(there), pointer.join(row[:-1])) if index or homes else []
                assert is_same([*holder[: int(row[-1])], *holder[int(row[-1]) + 1 :]], before)
                if len({where[:-1] for where in homes}) == 1:
                    assert int(row[-1]) == index
                tests += 1
    assert tests > 0


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value}7" if value.isdigit() else f"{value} new"
    return value + 100 if isinstance(value, int) and not isinstance(value, bool) else value


def test_rows_beyond_comparing_are_paired_by_position() -> None:
    lines = [{"productId": "same", "Quantity": str(number)} for number in range(1_000)]
    order = json.loads(json.dumps(orders("placeorder")["main"]))
    order["queryInfo"]["parameters"]["params"]["entityInfo"]["items"] = lines
    there = translate(side("placeorder"), side("configurator"), order, UNCHECKED)
    came = {**there.draft, "cart": [{"count": line["count"] + 1} for line in there.draft["cart"]]}
    back = home(there, came)
    changed = back.draft["queryInfo"]["parameters"]["params"]["entityInfo"]["items"]
    assert [line["Quantity"] for line in changed] == [str(number + 1) for number in range(1_000)]


def test_a_free_member_that_changes_in_part_keeps_the_spelling_of_the_rest() -> None:
    order = {**orders("fabric")["main"], "attributes": {"sizes": [1, 2, {"a": 3}]}}
    there = translate(side("fabric"), side("unisouk"), order, UNCHECKED)
    text = jsontext.write(there.draft).replace(b"[1,2,", b"[1.0,2.50,")
    back = home(there, jsontext.read(text)[0])
    assert jsontext.write(back.draft["attributes"]) == b'{"sizes":[1,2.50,{"a":3}]}'
    (row,) = [row for row in back.source_leaves if row["outcome"] == "returned"]
    assert (row["pointer"], row["targets"]) == ("/extraData/sizes/1", ["/attributes/sizes/1"])
