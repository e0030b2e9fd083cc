"""How far practice has moved away from a contract: what was seen and is not declared, what is declared and never seen.

None of it is a finding. A partner that adds a member where members may be added breaks nothing, but somebody should
know; so should who maintains a contract of which half was never seen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer
from orderbridge.contract.members import ANY, Spot, spot
from orderbridge.validation import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.audit.exchange import Field
    from orderbridge.audit.judging import Message
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.members import Steps
    from orderbridge.contract.model import Operation

Row = dict[str, Any]

MOST_ROWS: Final = 1_000
"""Names or values that are kept of one message: a recording may be hostile."""
_EVERYDAY: Final = frozenset(
    {
        *("access-control-allow-credentials", "access-control-allow-headers", "access-control-allow-methods"),
        *("access-control-allow-origin", "access-control-expose-headers", "access-control-max-age", "age", "alt-svc"),
        *("cache-control", "connection", "content-encoding", "content-length", "content-type", "date", "etag"),
        *("expires", "keep-alive", "last-modified", "pragma", "server", "set-cookie", "strict-transport-security"),
        *("transfer-encoding", "vary", "via"),
    }
)
"""Response headers that every server sends and no contract has to list."""


@dataclass(frozen=True)
class _Node:
    """What the contract declares at a place, found out once."""

    spot: Spot
    steps: Steps
    hidden: frozenset[str]

    @cached_property
    def members(self) -> dict[str, _Node]:
        return {name: _Node(each, (*self.steps, name), self.hidden) for name, each in self.spot.members.items()}

    @cached_property
    def elements(self) -> _Node:
        return _Node(self.spot.elements, (*self.steps, ANY), self.hidden)

    @cached_property
    def is_closed(self) -> bool:
        """Whether members were listed at all, and are not free by a schema of their own."""
        return bool(self.members) and not any(
            isinstance(each.get("additionalProperties"), dict) for each in self.spot.parts
        )

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """All values that any alternative lists."""
        found: list[Any] = []
        for part in self.spot.parts:
            found += [each for each in part.get("enum", ()) if each not in found]
        return tuple(found)

    @cached_property
    def is_secret(self) -> bool:
        named = any(step.casefold() in self.hidden for step in self.steps)
        return named or self.spot.is_secret


@dataclass
class _Seen:
    """What was seen of one message of one operation."""

    root: _Node
    places: set[Steps] = field(default_factory=set)
    strange: Counter[Steps] = field(default_factory=Counter)
    values: dict[Steps, Counter[str]] = field(default_factory=dict)
    listed: dict[Steps, _Node] = field(default_factory=dict)

    def take(self, value: Any) -> None:
        self._walk(value, self.root)

    def _walk(self, value: Any, node: _Node) -> None:
        self.places.add(node.steps)
        if isinstance(value, dict):
            for name, member in value.items():
                inner = node.members.get(name)
                if inner is not None:
                    self._walk(member, inner)
                elif node.is_closed:
                    self._count(self.strange, (*node.steps, name))
        elif isinstance(value, list):
            for element in value:
                if node.elements.spot.exists:
                    self._walk(element, node.elements)
        elif node.values:
            self.listed[node.steps] = node
            shown = show.SECRET if node.is_secret and value not in node.values else show.value(value)
            self._count(self.values.setdefault(node.steps, Counter()), shown)

    @staticmethod
    def _count(counter: Counter[Any], key: Any) -> None:
        if key in counter or len(counter) < MOST_ROWS:
            counter[key] += 1

    def unseen(self, *, is_request: bool) -> Iterator[Steps]:
        """Yield the outermost declared members that never came."""
        told: set[Steps] = set()
        for steps, leaf in self.root.spot.leaves():
            missing = next((steps[:end] for end in range(1, len(steps) + 1) if steps[:end] not in self.places), None)
            if missing is None or missing in told or (is_request and leaf.is_read_only):
                continue
            told.add(missing)
            yield missing


@dataclass
class Drift:
    """What is seen is taken in exchange by exchange, and told at the end."""

    contract: Contract
    _calls: Counter[str] = field(default_factory=Counter)
    _statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    _headers: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _messages: dict[tuple[str, str | None], _Seen] = field(default_factory=dict)

    def called(self, operation: Operation, status: str | None, headers: tuple[Field, ...]) -> None:
        """Take in that an operation was called, and answered with one of the contract's statuses."""
        self._calls[operation.id] += 1
        if status is None:
            return
        self._statuses[operation.id, status] += 1
        known = {each.name.lower() for each in operation.responses[status].headers}
        for name in {each.name for each in headers} - known - _EVERYDAY:
            if len(self._headers) < MOST_ROWS:
                self._headers[operation.id, status, name] += 1

    def message(self, message: Message) -> None:
        """Take in a JSON body."""
        key = (message.operation, message.status)
        if key not in self._messages:
            self._messages[key] = _Seen(_Node(self._root(key), (), self._hidden))
        self._messages[key].take(message.value)

    def report(self) -> dict[str, list[Any]]:
        """Tell everything, in the order of the contract; of a recording without any call there is nothing to tell."""
        names = self.contract.operations if self._calls else ()
        return {
            "operations_never_called": [name for name in names if not self._calls[name]],
            "statuses_never_seen": list(self._unseen_statuses()),
            "undeclared_headers": [
                {"operation": operation, "status": status, "header": name, "count": count}
                for (operation, status, name), count in sorted(self._headers.items())
            ],
            "undeclared_members": list(self._rows(_undeclared)),
            "unseen_members": list(self._rows(_unseen)),
            "undeclared_values": list(self._rows(_undeclared_values)),
            "unseen_values": list(self._rows(_unseen_values)),
        }

    def _unseen_statuses(self) -> Iterator[Row]:
        for operation in self.contract.operations.values():
            missing = [status for status in operation.responses if not self._statuses[operation.id, status]]
            if self._calls[operation.id] and missing:
                yield {"operation": operation.id, "statuses": missing}

    def _rows(self, tell: Any) -> Iterator[Row]:
        for (operation, status), seen in sorted(self._messages.items(), key=str):
            message = {"operation": operation, "message": "request" if status is None else "response", "status": status}
            yield from ({**message, **row} for row in tell(seen, is_request=status is None))

    @property
    def _hidden(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.contract.secrets)

    def _root(self, key: tuple[str, str | None]) -> Spot:
        operation, status = self.contract.operations[key[0]], key[1]
        body = operation.request if status is None else operation.responses[status]
        return spot(self.contract, body.json_schema if body is not None else None)


def _undeclared(seen: _Seen, *, is_request: bool) -> Iterator[Row]:
    yield from ({"pointer": pointer.join(steps), "count": count} for steps, count in seen.strange.items())


def _unseen(seen: _Seen, *, is_request: bool) -> Iterator[Row]:
    yield from ({"pointer": pointer.join(steps)} for steps in seen.unseen(is_request=is_request))


def _undeclared_values(seen: _Seen, *, is_request: bool) -> Iterator[Row]:
    for steps, node in seen.listed.items():
        known = set(map(show.value, node.values))
        yield from (
            {"pointer": pointer.join(steps), "value": value, "count": count}
            for value, count in seen.values[steps].items()
            if value not in known
        )


def _unseen_values(seen: _Seen, *, is_request: bool) -> Iterator[Row]:
    for steps, node in seen.listed.items():
        missing = [shown for shown in map(show.value, node.values) if shown not in seen.values[steps]]
        if missing:
            yield {"pointer": pointer.join(steps), "values": missing}
