"""What a schema declares below it, by path: which members there are, of which types, which of them are required.

Alternatives count together: a member that any branch declares is declared. Whoever asks (mappings, reports,
drift) wants to know what may stand there, not whether a given value does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from orderbridge import pointer
from orderbridge.contract import composition
from orderbridge.contract.secrets import is_marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.contract.contract import Contract

Steps: TypeAlias = tuple[str, ...]
"""Member names, `*` for the elements of a list."""

_PARTS: Final = ("allOf", "anyOf", "oneOf")
ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a schema: all schemas that apply there, references followed, parts and alternatives taken apart."""

    document: Any
    schemas: tuple[Any, ...]

    @property
    def exists(self) -> bool:
        """Whether the contract declares anything here."""
        return bool(self.schemas)

    @property
    def parts(self) -> Iterator[dict[str, Any]]:
        """Every schema object that has a say here."""
        for schema in self.schemas:
            yield from composition.parts(schema, self.document, _PARTS)

    @property
    def types(self) -> frozenset[str]:
        """The JSON types that are named; empty where anything goes."""
        named = {part["type"] for part in self.parts if isinstance(part.get("type"), str)}
        if not named and any("properties" in part for part in self.parts):
            return frozenset({"object"})
        return frozenset(named)

    @property
    def enum(self) -> tuple[Any, ...] | None:
        """The values that the first `enum` lists."""
        return next((tuple(part["enum"]) for part in self.parts if isinstance(part.get("enum"), list)), None)

    @property
    def is_secret(self) -> bool:
        """Whether the contract marks the value as a secret."""
        return any(is_marked(schema, self.document) for schema in self.schemas)

    @property
    def is_read_only(self) -> bool:
        """Whether only the receiver sets it."""
        return any(part.get("readOnly") is True for part in self.parts)

    @property
    def is_open(self) -> bool:
        """Whether members that are not declared may stand here and nothing is said of them."""
        parts = list(self.parts)
        return not any(part.get("additionalProperties") is False for part in parts)

    @property
    def members(self) -> dict[str, Spot]:
        """The declared members, in the order in which they are first declared."""
        found: dict[str, list[Any]] = {}
        for part in self.parts:
            properties = part.get("properties")
            for name, schema in properties.items() if isinstance(properties, dict) else ():
                found.setdefault(name, []).append(schema)
        return {name: Spot(self.document, tuple(schemas)) for name, schemas in found.items()}

    @property
    def free_types(self) -> frozenset[str]:
        """The JSON types that members which are not declared may have; empty where anything goes."""
        schemas = [part["additionalProperties"] for part in self.parts if "additionalProperties" in part]
        return Spot(self.document, tuple(each for each in schemas if isinstance(each, dict))).types

    @property
    def required(self) -> tuple[str, ...]:
        """The members that every value has: what alternatives ask for does not count."""
        names: dict[str, None] = {}
        for schema in self.schemas:
            for part in composition.parts(schema, self.document):
                names.update(dict.fromkeys(part.get("required", ())))
        return tuple(names)

    @property
    def elements(self) -> Spot:
        """The elements of a list."""
        return Spot(self.document, tuple(part["items"] for part in self.parts if isinstance(part.get("items"), dict)))

    def at(self, steps: Iterable[str]) -> Spot:
        """Follow member names and `*`; what is not declared does not exist."""
        spot = self
        for step in steps:
            spot = spot.elements if step == ANY else spot._member(step)
        return spot

    def _member(self, name: str) -> Spot:
        """Find one member without collecting all of them."""
        declared = (part["properties"] for part in self.parts if isinstance(part.get("properties"), dict))
        return Spot(self.document, tuple(members[name] for members in declared if name in members))

    def leaves(self) -> Iterator[tuple[Steps, Spot]]:
        """Yield every leaf below, in document order; what a schema repeats of itself is yielded as a leaf, once."""
        yield from _leaves(self, (), frozenset())

    def _identity(self) -> frozenset[int]:
        return frozenset(id(composition.followed(schema, self.document)) for schema in self.schemas)


def _leaves(spot: Spot, steps: Steps, above: frozenset[int]) -> Iterator[tuple[Steps, Spot]]:
    own = spot._identity()  # noqa: SLF001 - a function of this class that would not read well as a method
    members = spot.members
    elements = spot.elements
    if own & above or not (members or elements.exists):
        yield steps, spot
        return
    inside = above | own
    for name, member in members.items():
        yield from _leaves(member, (*steps, name), inside)
    if elements.exists:
        yield from _leaves(elements, (*steps, ANY), inside)


def spot(contract: Contract, where: str | None) -> Spot:
    """Stand at the schema that a pointer of a contract names; None stands nowhere."""
    return Spot(contract.document, () if where is None else (pointer.get(contract.document, where),))


def listed(here: Spot) -> tuple[Any, ...] | None:
    """Give the values that the contract lists for a place; None where anything else may stand there too."""
    found: list[Any] = []
    for schema in here.schemas:
        values = _listed(schema, here.document, ())
        if values is None:
            return None
        found.extend(value for value in values if value not in found)
    return tuple(found) if here.schemas else None


def _listed(schema: Any, document: Any, above: tuple[int, ...]) -> list[Any] | None:
    schema = composition.followed(schema, document)
    if not isinstance(schema, dict) or id(schema) in above:
        return None
    if isinstance(schema.get("enum"), list):
        return list(schema["enum"])
    above = (*above, id(schema))
    for each in schema.get("allOf", ()):
        values = _listed(each, document, above)
        if values is not None:
            return values
    for keyword in ("anyOf", "oneOf"):
        branches = [_listed(each, document, above) for each in schema.get(keyword, ())]
        if branches and all(values is not None for values in branches):
            return [value for values in branches for value in values or ()]
    return None
