"""The closed set of effects that a behaviour is made of, as frozen data.

A behaviour file is read into these once. They speak of three kinds of documents: the partner's (a request, a stored
record, an answer), the hub's result, and what the server makes itself (ids, times).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.behaviour.forms import Form
    from orderbridge.mapping.operations import Origin, Path, Section

ORDER: Final = "order"
"""The kind of record that has a meaning at the hub of its own: the request that made it, and what it was answered."""

REQUEST_ROOTS: Final = ("body", "path", "query", "header")
OWN_ROOTS: Final = ("result", "name", "missed", "count", "caller", "now", "row", "value")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a part of the request, a record that was found, the hub's result, the server itself.

    `root` is one of `REQUEST_ROOTS` or `OWN_ROOTS`, or the name of a record. `leaf` is the rest as a hub path.
    """

    root: str
    path: Path
    leaf: str = ""

    def __str__(self) -> str:
        return f"{self.root}.{self.leaf}" if self.leaf else self.root


@dataclass(frozen=True, slots=True)
class Test:
    """A constant test: the value is one of these; None among them is met by nothing at all, or by a blank."""

    source: Source
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with sources in it; of several the first whose sources are all there is written."""

    alternatives: tuple[tuple[str | Source, ...], ...]


# What a line writes


@dataclass(frozen=True, slots=True)
class Constant:
    """`value`: a constant in the terms of the document that it is written to."""

    value: Any


@dataclass(frozen=True, slots=True)
class Copy:
    """`from`: the first of these that is there, without some of its members; `fill` where none is."""

    sources: tuple[Source, ...]
    without: frozenset[str] = frozenset()
    fill: Constant | None = None


@dataclass(frozen=True, slots=True)
class Make:
    """`make`: a new id of a form."""

    form: Form


@dataclass(frozen=True, slots=True)
class Each:
    """`each`: one element for each element of a list, made by lines that see it as `row`.

    Without lines the elements themselves, or what records are shown as. `fits` is a schema of the contract that an
    element has to keep to count.
    """

    source: Source
    lines: tuple[Line, ...] = ()
    fits: str | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """`join`: a text for each element of a list, with something between."""

    source: Source
    template: Template
    between: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """`pairs`: an object as a list of its members, name and value each in a member of its own."""

    source: Source
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Put:
    """`put`: an element into the list that stands there; one with the same key is changed, its `add` members summed."""

    lines: tuple[Line, ...]
    key: str
    add: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """`take`: the element with a key out of the list that stands there; `missing` refuses where there is none."""

    source: Source
    key: str
    missing: Template


@dataclass(frozen=True, slots=True)
class Sum:
    """`sum`: the products of some members of each element of a list of the same document, added up."""

    rows: Path
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """`drop`: what stands there is taken out."""


Effect: TypeAlias = Template | Constant | Copy | Make | Each | Join | Pairs | Put | Take | Sum | Drop


@dataclass(frozen=True, slots=True)
class Line:
    """One effect at a place of a document, or at all places that a path with `*` means, each element seen as `row`.

    With `keep` it is laid under what stands there already, member by member, instead of over it.
    """

    at: Path
    effect: Effect
    origin: Origin
    when: tuple[Test, ...] = ()
    unless: tuple[Test, ...] = ()
    keep: bool = False


# What an operation does


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal in the partner's words, with its own code where it has one."""

    kind: str
    message: Template
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Find:
    """A record that the operation wants, under a name.

    `by` are the sources that name it, each with the names of records it may mean (`id`, or one that the kind defines);
    all that are given have to mean the same record. `every` finds a list by a list of values, `all` every record of the
    caller, up to `most`. Without `missing` it may be absent.
    """

    name: str
    kind: str
    origin: Origin
    by: tuple[tuple[Source, tuple[str, ...]], ...] = ()
    where: tuple[Test, ...] = ()
    every: bool = False
    all: bool = False
    most: int = 0
    missing: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A refusal of what was found: where `when` holds, and `unless` does not."""

    refusal: Refusal
    when: tuple[Test, ...] = ()
    unless: tuple[Test, ...] = ()


Does = Literal["create", "change", "read"]


@dataclass(frozen=True, slots=True)
class Case:
    """What an operation does when the tests hold; of its cases the first that fits is taken.

    `subject` is the kind that is created or the name of the found record that is changed. `document` are lines over the
    record's document (a new one starts with the request's body if it is an order), `keeps` the members of the stored
    document that a change leaves alone, `result` lines over the hub's result. The answer is what the order is shown as,
    or nothing where `plain`, with `answer` laid over it.
    """

    origin: Origin
    does: Does = "read"
    subject: str | None = None
    when: tuple[Test, ...] = ()
    find: tuple[Find, ...] = ()
    refuse: tuple[Condition, ...] = ()
    document: tuple[Line, ...] = ()
    keeps: frozenset[str] = frozenset()
    result: tuple[Line, ...] = ()
    prices: bool = False
    plain: bool = False
    answer: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """Another name of a record, unique among those of one caller: copied from the request, or made.

    `hidden` names are keys of something else (the cart that became the order), by which nobody asks for the record.
    """

    name: str
    origin: Origin
    source: Source | None
    form: Form | None
    taken: Refusal
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: the form of its ids, its other names, what it means at the hub, and how it is shown.

    `schema` is the schema of the contract that a record of the kind has, where there is one. An order is shown as it is
    lowered from the hub, or, with `repeat`, as it was sent; `show` are laid over that.
    """

    name: str
    id: Form | None = None
    names: tuple[Name, ...] = ()
    schema: str | None = None
    hub: Section | None = None
    repeat: bool = False
    show: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the reference server does for one partner.

    `same` are hub leaves in which the headers of a call and a record have to agree. `fixtures` are the documents that
    are there before the first call, by kind and id, `places` where they were written.
    """

    partner: str
    file: str
    kinds: Mapping[str, Kind]
    operations: Mapping[str, tuple[Case, ...]]
    same: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    fixtures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    places: Mapping[tuple[str, str], Origin] = field(default_factory=dict)
