"""Rules on lists: whose rows are whose, and how rows are told apart."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeGuard

from orderbridge.codec.codec import is_same
from orderbridge.contract.members import listed
from orderbridge.mapping.document import ABSENT, read
from orderbridge.mapping.lint.coverage import exclude
from orderbridge.mapping.lint.subject import Found, Part, shown
from orderbridge.mapping.notation import write_path
from orderbridge.mapping.operations import Each, HubPath, Leaf
from orderbridge.validation.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.mapping.operations import Operation, Path
    from orderbridge.mapping.survey import Seen
    from orderbridge.validation.examples import Example


def overlapping(part: Part) -> Iterator[Found]:
    """Find lists whose rows are the same rows of the hub: with `where` sets that do not contradict each other.

    A line for the first row of a list (`shipments.0`) is one more list with one row.
    """
    lists = [(seen, seen.line) for seen in part.seen if isinstance(seen.line, Each) and seen.role == "rows"]
    for (one, first), (other, second) in combinations(lists, 2):
        if first.to == second.to and not exclude(one, other) and not _contradict(first, second):
            yield Found(second.origin, f"the rows of {shown(other)} are those of {shown(one)} as well")
    for seen, line in lists:
        for entry in part.seen:
            if entry.first and entry.hub is not None and entry.hub.rows == line.to and not exclude(seen, entry):
                what = f"{shown(entry)} is a leaf of the first row of `{line.to}`"
                yield Found(entry.line.origin, f"{what}, whose rows are those of {shown(seen)}")


def _contradict(one: Each, other: Each) -> bool:
    second = dict(other.where)
    return any(leaf in second and not is_same(value, second[leaf]) for leaf, value in one.where)


def key(part: Part) -> Iterator[Found]:
    """Find lists whose key cannot be, or is not, unique; and those with none although their rows have an id."""
    for seen in part.seen:
        line = seen.line
        if not isinstance(line, Each) or seen.role != "rows":
            continue
        if line.key is None:
            yield from _without_key(seen, line)
        else:
            yield from _closed_key(seen, line, part)
            yield from _repeated(seen, line, line.key, part)


def _without_key(seen: Seen, line: Each) -> Iterator[Found]:
    for each in line.body:
        if _is_id(each):
            yield Found(
                line.origin, f"{shown(seen)} has no `key`, although its rows have an id: `{write_path(each.at)}`"
            )


def _is_id(line: Operation) -> TypeGuard[Leaf]:
    return isinstance(line, Leaf) and line.to == HubPath("id")


def _closed_key(seen: Seen, line: Each, part: Part) -> Iterator[Found]:
    for entry in part.seen:
        if entry.role == "key" and entry.line is line:
            spots = part.spots(entry)
            if any(listed(here) is not None or here.types == {"boolean"} for here in spots):
                yield Found(line.origin, f"the key {shown(entry)} has a closed list of values, which rows will share")


def _repeated(seen: Seen, line: Each, path: Path, part: Part) -> Iterator[Found]:
    """Find keys that tell the rows of no example apart, unless they are ids by what they mean at the hub.

    Where a key tells rows apart in some documents, those of the others are aligned by what they hold.
    """
    if any(_is_id(each) and each.at == path for each in line.body):
        return
    told = [
        _tells_apart([read(row, path)[0] for row in rows])
        for example in _examples(part)
        for rows in _lists(example.value, seen)
        if len(rows) > 1
    ]
    if told and not any(told):
        what = f"the key `{write_path(path)}` of {shown(seen)}"
        yield Found(line.origin, f"{what} tells the rows of no example apart")


def _tells_apart(keys: list[Any]) -> bool:
    return ABSENT not in keys and not any(is_same(one, other) for one, other in combinations(keys, 2))


def _examples(part: Part) -> Iterator[Example]:
    if part.message not in {"request", "response"}:
        return
    operation = part.whole.operation
    wanted = (operation.id, None if part.message == "request" else operation.success)
    for example in examples(part.whole.contract):
        if (example.operation, example.status) == wanted:
            yield example


def _lists(value: Any, seen: Seen) -> Iterator[list[Any]]:
    """Yield every list of an example that a line reads."""
    pending = [(value, seen.at)]
    while pending:
        here, path = pending.pop()
        cut = path.index("*") if "*" in path else len(path)
        rows, _ = read(here, path[:cut])
        if not isinstance(rows, list):
            continue
        if cut == len(path):
            yield rows
        else:
            pending.extend((row, path[cut + 1 :]) for row in rows)
