"""One partner's house: its contract, mapping and behaviour, and everything that is worked out from the three once.

It turns requests into what is kept of them and their meaning at the hub, and what is kept into what the partner
answers. It stores nothing and knows no HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge.behaviour.echo import echo, echoes
from orderbridge.behaviour.effects import ORDER
from orderbridge.behaviour.plan import planned, planned_kind
from orderbridge.behaviour.result import HEAD, below_head, divided
from orderbridge.behaviour.scene import Kept, Scene
from orderbridge.behaviour.trimming import Shape
from orderbridge.contract.members import spot
from orderbridge.jsontext.limits import MOST_DEPTH
from orderbridge.mapping.compiling import compiled_lift, compiled_lower
from orderbridge.mapping.document import copied, without
from orderbridge.mapping.notation import write_path
from orderbridge.validation.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from orderbridge.behaviour.effects import Behaviour
    from orderbridge.behaviour.plan import KindPlan, Plan
    from orderbridge.behaviour.result import Result
    from orderbridge.contract.contract import Contract
    from orderbridge.contract.members import Spot
    from orderbridge.mapping.operations import Mapping as MappingFile

    Meaning = Callable[[Kept], Mapping[str, Any]]
    """Says what a record means at the hub."""

_NEW: Final = "created"
_DEEPEST: Final = MOST_DEPTH - 20
_CONTAINERS: Final = frozenset({dict, list})


@dataclass(frozen=True)
class House:
    """What the reference server knows of a partner."""

    contract: Contract
    mapping: MappingFile
    behaviour: Behaviour
    _schemas: dict[str, Validator] = field(default_factory=dict, repr=False, compare=False)
    _shapes: dict[str, Shape] = field(default_factory=dict, repr=False, compare=False)

    # What is kept of a request

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The names of members that are never kept, case-folded."""
        return frozenset(name.casefold() for name in self.contract.secrets)

    @cached_property
    def kinds(self) -> Mapping[str, KindPlan]:
        """The kinds of records, by name."""
        written = self._written_kinds
        kinds = self.behaviour.kinds.items()
        return {name: planned_kind(kind, self.fits, is_written=name in written) for name, kind in kinds}

    @cached_property
    def plans(self) -> Mapping[str, tuple[Plan, ...]]:
        """What the operations do of which the behaviour says something, by id."""
        cases = self.behaviour.operations
        return {operation: tuple(planned(case, self.fits) for case in each) for operation, each in cases.items()}

    def without_secrets(self, document: Any) -> Any:
        """Leave out what the contract marks as secret."""
        return without(document, self.secrets)

    def meaning(self, kept: Kept) -> dict[str, Any]:
        """Say what a record means at the hub, as a flat order."""
        if kept.kind == ORDER:
            return divided(kept.result)[0]
        lift = self.kinds[kept.kind].meaning
        return lift(kept.document) if lift is not None else {}

    def said_by_headers(self, headers: Mapping[str, Any]) -> dict[str, Any]:
        """Say what the headers of a call mean at the hub."""
        return self._lift_headers(dict(headers)) if self._lift_headers is not None else {}

    def shop_of(self, called: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Give the leaves, with their values, that tell which shop the headers of a call speak of."""
        return [(leaf, value) for leaf in self.behaviour.same if (value := called.get(leaf))]

    def belongs(self, kept: Kept, shop: Iterable[tuple[str, Any]], meaning: Meaning) -> bool:
        """Tell whether the headers of a call and a record speak of the same shop, as far as both do."""
        if kept.kind == ORDER:
            return all(kept.result.get(below_head(leaf), value) == value for leaf, value in shop)
        own = meaning(kept)
        return all(own.get(leaf, value) == value for leaf, value in shop)

    @property
    def _written_kinds(self) -> frozenset[str]:
        """The kinds of records that some operation creates or changes; of the others there are fixtures alone."""
        cases = [case for cases in self.behaviour.operations.values() for case in cases]
        names = {each.name: each.kind for case in cases for each in case.find}
        return frozenset(names.get(str(case.subject), str(case.subject)) for case in cases if case.does != "read")

    def opened(self, new_id: str, said: Iterable[Mapping[str, Any]], now: str) -> Result:
        """Make the hub's result of a new order of what is said of it: whoever comes later says it better."""
        hub: dict[str, Any] = {}
        for each in said:
            hub.update(each)
        # Rows are written into by whoever decides; what was meant stays, should all of it be done again.
        result: Result = {
            below_head(leaf): _own_rows(value) if type(value) is list else value for leaf, value in hub.items()
        }
        result["id"], result["created_at"], result["status"] = new_id, now, hub.get("status", _NEW)
        return result

    def changed(self, kept: Kept, document: Any, now: str) -> Result:
        """Make the hub's result of an order whose document is another now; what the server decided stays."""
        said_before = self.meant(kept.document).keys()
        hub = {leaf: value for leaf, value in self.meaning(kept).items() if leaf not in said_before}
        hub.update(self.meant(document))
        result = divided(kept.result)[1]
        result.update({below_head(leaf): value for leaf, value in hub.items()})
        result["updated_at"] = now
        return result

    def meant(self, document: Any) -> dict[str, Any]:
        """Lift an order; free members that nest so deeply that nobody could read them again mean nothing."""
        hub = self._lift(document)
        for leaf, value in [item for item in hub.items() if type(item[1]) in _CONTAINERS]:
            if type(value) is dict:
                if _is_deep(value):
                    del hub[leaf]
                continue
            for row in value:
                if type(row) is dict:
                    _drop_deep(row)
        return hub

    def warm(self) -> None:
        """Compile what is compiled when it is first needed."""
        _ = self._lift, self._lift_headers, self._lower, self._echoes, self._whole, self.kinds, self.plans

    # What is answered

    def show(self, kept: Kept, *, is_declared: bool = False) -> Any:
        """Give an order as the partner shows it: lowered from the hub, and what it repeats as it was sent.

        Of one that `is_declared` it is known that it says nothing but what an order may say.
        """
        kind, order = self.kinds[ORDER], kept.document
        if not is_declared:
            order = self._declared(order)
            kept = kept._replace(document=order)
        scene = Scene(records={ORDER: kept}, result=kept.result)
        start = copied(order) if kind.kind.repeat else self._lowered(kept.result, order)
        return kind.show(start, scene)

    def _lowered(self, result: Result, order: Any) -> Any:
        return echo(self._echoes, order, self._lower(result))

    def _declared(self, document: Any) -> Any:
        """Leave out what an order may not say: a member that only answers have would pass for the server's word."""
        if self._whole is None or self._whole.accepts(document):
            return document
        return self.trimmed(document, self._whole.schema)

    def trimmed(self, answer: Any, schema: str | None) -> Any:
        """Leave out the members that the contract does not declare where it declares all of them."""
        if schema is None:
            return answer
        if schema not in self._shapes:
            self._shapes[schema] = Shape(spot(self.contract, schema))
        return self._shapes[schema].trimmed(answer)

    def fits(self, schema: str, value: Any) -> bool:
        """Tell whether a value keeps a schema of the contract, every rule of it."""
        if schema not in self._schemas:
            self._schemas[schema] = Validator(self.contract, f"/components/schemas/{schema}", "request", "inferred")
        return self._schemas[schema].allows(value)

    @cached_property
    def _lift(self) -> Callable[[Any], dict[str, Any]]:
        return compiled_lift(self.mapping.sections["request"])

    @cached_property
    def _lift_headers(self) -> Callable[[Any], dict[str, Any]] | None:
        section = self.mapping.sections["headers"]
        return compiled_lift(section) if section.operations else None

    @cached_property
    def _lower(self) -> Callable[[dict[str, Any]], Any]:
        # Nothing is reserved here: what travels in the order's own slot is part of what it repeats.
        return compiled_lower(self.mapping.sections["response"], frozenset())

    @cached_property
    def _echoes(self) -> Any:
        sections = self.mapping.sections
        return echoes(sections["request"], sections["response"], self._answer, self._decided)

    @cached_property
    def _decided(self) -> frozenset[str]:
        """The leaves of an order that the server writes itself."""
        lines = [line for cases in self.behaviour.operations.values() for case in cases for line in case.result]
        paths = [write_path(line.at) for line in lines if not line.keep]
        return frozenset(path.removeprefix(HEAD) for path in paths if path.startswith(HEAD))

    @cached_property
    def _whole(self) -> Validator | None:
        body = self.contract.operation().request
        schema = body.json_schema if body is not None else None
        return Validator(self.contract, schema, "request", "inferred") if schema is not None else None

    @cached_property
    def _answer(self) -> Spot:
        operation = self.contract.operation()
        body = operation.response(operation.success or "default")
        return spot(self.contract, body.json_schema if body is not None else None)


def _own_rows(rows: list[Any]) -> list[Any]:
    return [dict(row) if type(row) is dict else row for row in rows]


def _drop_deep(holder: dict[str, Any]) -> None:
    for leaf in [leaf for leaf, value in holder.items() if type(value) is dict and _is_deep(value)]:
        del holder[leaf]


def _is_deep(value: Any) -> bool:
    """Tell whether free members are nested more deeply than a stored meaning, and an answer around them, may be."""
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [each for one in level for each in _inside(one) if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value
