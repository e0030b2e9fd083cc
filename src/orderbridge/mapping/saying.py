"""One hub value written into a partner's document, or the reason why it cannot be: what lowering stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused
from orderbridge.mapping.derive import Site, derived, identity
from orderbridge.mapping.document import ABSENT, copied, leaves, read, write
from orderbridge.mapping.lifting import ROW
from orderbridge.mapping.notation import below
from orderbridge.mapping.operations import (
    Constant,
    Group,
    HubPath,
    Leaf,
    Leave,
    Parts,
)
from orderbridge.mapping.reach import holds
from orderbridge.mapping.trace import Address, Cause, Lowered, NoImage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Fill, Operation, Path, Section
    from orderbridge.mapping.trace import CauseKind
_CURRENCY_UNSAID: Final = "the order's currency {} cannot be said here, so the amount would be read in another"
_NO_CURRENCY_HERE: Final = "the amount is in {}, and here it can only be read as {}"
_ONE: Final = "1"
_OVERFLOW: Final = ", "


@dataclass(slots=True)
class Scope:
    """Where operations stand: the object under construction and its place, a hub row and its name, what is around.

    `repeated` is the path of the row's key where an earlier row has the same.
    """

    whole: dict[str, Any]
    place: Place
    row: dict[str, Any]
    rows: str = ""
    handle: str = ""
    above: Scope | None = None
    position: int = 0
    repeated: Path | None = None


@dataclass(frozen=True, slots=True)
class Filling:
    """A derivation that waits for the rest of the document."""

    line: Operation
    at: Path
    fill: Any


class Saying:
    """The state of lowering one document: how a single value gets there, or why it does not."""

    def __init__(self, section: Section, hub: dict[str, Any], reserved: frozenset[str]) -> None:
        self.section = section
        self.hub = hub
        self.reserved = reserved
        self.lowered = Lowered()
        self.root = Scope(self.lowered.document, (), hub)
        self.implied = dict(section.context).get(section.currency)
        self.currency = hub.get(section.currency)
        self.is_unsaid = is_unsaid(self.currency, section.currency_codecs)
        self.elements: dict[str, dict[str, Any]] = {}
        self.waiting: list[tuple[Scope, Any]] = []
        self.firsts: dict[str, dict[str, Operation]] = {}
        self.by_handle: dict[str, dict[str, dict[str, Any]]] = {}
        self.name: str | None = None

    # One value

    def leaf(self, scope: Scope, line: Leaf, *, prefix: tuple[HubPath, HubPath] | None = None) -> None:
        """Write a leaf, from what stands in for it where the hub lacks it."""
        if line.when is not None and not holds(scope.whole, line.when):
            return
        paths = (line.to,) if prefix is None else (moved(line.to, prefix),)
        for index, path in enumerate((*paths, *line.otherwise)):
            value = self.row_at(scope, path).get(path.leaf)
            if path.first is not None:
                self.firsts.setdefault(path.first, {})[path.leaf] = line
            if value is None:
                continue
            address, _ = self.address(scope, path)
            if scope.repeated == line.at and line.fill is not None:
                self.refuse(address, "another row has this key", line)
                break
            kind: CauseKind = "source" if index == 0 and prefix is None else "derived"
            self.value(scope, line, value, address, kind)
            return
        self.fill(scope, line, line.at, line.fill)

    def value(self, scope: Scope, line: Leaf, value: Any, address: Address, kind: CauseKind) -> None:
        """Write a hub value, or say why it cannot be written."""
        currency = self.currency_of(scope, line, address)
        if isinstance(currency, Refused):
            self.refuse(address, currency.why, line)
            return
        written = line.codec.down(value, currency)
        if isinstance(written, Refused):
            self.refuse(address, written.why, line)
            return
        cause = Cause(kind, (address,), line, line.codec.lossy.get(value) if line.codec.lossy else None)
        for path in (line.at, *line.also):
            self.put(scope, path, written, cause)
        self.state_currency(scope, line, address, currency)

    def currency_of(self, scope: Scope, line: Leaf, address: Address) -> Any:
        """Give the currency that an amount is in, or refuse one that would be read as another here."""
        if not address.leaf.endswith(".amount"):
            return self.currency if line.codec.currency else None
        own = self.row_of(address).get(f"{address.leaf.removesuffix('amount')}currency")
        currency = own or self.currency
        if currency is None:
            return None
        if self.implied is not None and currency != self.implied:
            return Refused(_NO_CURRENCY_HERE.format(currency, self.implied))
        if own is not None and own != self.currency and line.currency is None and self.section.states_currency:
            return Refused(_NO_CURRENCY_HERE.format(own, self.currency or "the order's currency"))
        if self.is_unsaid and (own is None or own == self.currency):
            return Refused(_CURRENCY_UNSAID.format(self.currency))
        return currency

    def state_currency(self, scope: Scope, line: Leaf, address: Address, currency: Any) -> None:
        """Name the currency of an amount where it is not the order's."""
        if line.currency is None or currency is None or currency == self.currency:
            return
        own = address._replace(leaf=f"{address.leaf.removesuffix('amount')}currency")
        self.put(scope, line.currency, currency, Cause("source", (own,), line))

    def row_of(self, address: Address) -> dict[str, Any]:
        """Find the row that an address names."""
        if not address.rows:
            return self.hub
        by_handle = self.by_handle.get(address.rows)
        if by_handle is None:
            rows = self.hub.get(address.rows, ())
            by_handle = self.by_handle[address.rows] = {row[ROW]: row for row in reversed(rows)}
        return by_handle.get(address.row, {})

    def parts(self, scope: Scope, line: Parts, *, prefix: tuple[HubPath, HubPath] | None = None) -> None:
        """Write a list of texts into the places that hold it between them."""
        if line.when is not None and not holds(scope.whole, line.when):
            return
        paths = (line.to,) if prefix is None else (moved(line.to, prefix),)
        for index, path in enumerate((*paths, *line.otherwise)):
            texts = self.row_at(scope, path).get(path.leaf)
            if path.first is not None:
                self.firsts.setdefault(path.first, {})[path.leaf] = line
            if not texts:
                continue
            address, _ = self.address(scope, path)
            cause = Cause("source" if index == 0 and prefix is None else "derived", (address,), line)
            for at, text in zip(line.at, spread(texts, len(line.at)), strict=False):
                self.put(scope, at, text, cause)
            return
        self.fill(scope, line, line.at[0], line.fill)

    def fill(self, scope: Scope, line: Operation, at: Path, fill: Fill | None) -> None:
        """Write a constant at once; what is derived waits for the rest."""
        if fill is None:
            return
        if isinstance(fill, Constant):
            self.put(scope, at, copied(fill.value), Cause("defaulted", (), line))
            return
        self.waiting.append((scope, Filling(line, at, fill)))

    def derive(self, scope: Scope, filling: Filling) -> None:
        """Work out a derivation once everything else is written, since it may look at that."""
        if read(scope.whole, filling.at)[0] is not ABSENT:
            return
        site = Site(self.hub, self.order, scope.rows, scope.row, scope.position, scope.whole)
        value, sources = derived(filling.fill, site, lambda path: self.look(scope, path))
        if value is not None:
            self.put(scope, filling.at, value, Cause("derived", tuple(sources), filling.line))

    def order(self) -> str:
        """Name the order among others; that is worked out once, from all that it holds if need be."""
        if self.name is None:
            self.name = identity(self.hub, self.section)
        return self.name

    def look(self, scope: Scope, path: HubPath) -> tuple[Address, Any]:
        """Read a hub leaf, with its address."""
        address, row = self.address(scope, path)
        return address, row.get(path.leaf)

    def group(self, scope: Scope, group: Group, prefix: tuple[HubPath, HubPath]) -> None:
        """Write a shape from the prefix that stands in for its own."""
        for line in group.lines:
            if isinstance(line, (Leaf, Parts)) and line.to.first is not None:
                # The first row has nothing of it, another may: that cannot be said here either.
                self.firsts.setdefault(line.to.first, {}).setdefault(line.to.leaf, line)
            if isinstance(line, (Leaf, Parts)) and line.when is not None:
                self.waiting.append((scope, line))
            elif isinstance(line, Parts):
                self.parts(scope, line, prefix=prefix)
            elif isinstance(line, Leaf):
                self.leaf(scope, line, prefix=prefix)
            else:
                self.leave(scope, line)

    def fallback(self, scope: Scope, group: Group) -> tuple[HubPath, HubPath] | None:
        """Find the prefix that stands in for the group's own, which has nothing at all."""
        if not group.otherwise or any(self.has(scope, line.to) for line in group.lines if not isinstance(line, Leave)):
            return None
        for other in group.otherwise:
            prefix = (group.prefix, other)
            if any(self.has(scope, moved(line.to, prefix)) for line in group.lines if not isinstance(line, Leave)):
                return prefix
        return None

    def has(self, scope: Scope, path: HubPath) -> bool:
        """Tell whether the hub has a leaf."""
        return self.row_at(scope, path).get(path.leaf) is not None

    def leave(self, scope: Scope, line: Leave) -> None:
        """Write what the partner wants there, if the mapping says so: nothing of the order belongs here."""
        self.fill(scope, line, line.at, line.fill)

    # Writing

    def address(self, scope: Scope, path: HubPath) -> tuple[Address, dict[str, Any]]:
        """Find the row that a hub path names."""
        if path.first is not None:
            rows = self.hub.get(path.first)
            return (Address(path.first, rows[0][ROW], path.leaf), rows[0]) if rows else (_nowhere(path), {})
        for _ in range(path.up):
            scope = scope.above or scope
        return Address(scope.rows, scope.handle, path.leaf), scope.row

    def row_at(self, scope: Scope, path: HubPath) -> dict[str, Any]:
        """Find the row that a hub path names, without an address: most leaves are not there."""
        if path.first is not None:
            rows = self.hub.get(path.first)
            return rows[0] if rows else {}
        for _ in range(path.up):
            scope = scope.above or scope
        return scope.row

    def put(self, scope: Scope, path: Path, value: Any, cause: Cause) -> None:
        """Write a value, with its cause for each of its leaves."""
        place, tags = write(scope.whole, path, value)
        self.tag(scope, tags, cause.line)
        if not place:
            return
        whole = (*scope.place, *place)
        if not isinstance(value, (dict, list)):
            self.lowered.causes[whole] = cause
            return
        for leaf, _ in leaves(value, whole):
            self.lowered.causes[leaf] = cause

    def tag(self, scope: Scope, tags: list[Place], line: Operation | None) -> None:
        """Note what selected elements are known by."""
        for tag in tags:
            self.lowered.causes[*scope.place, *tag] = Cause("defaulted", (), line)

    def refuse(self, address: Address, why: str, line: Operation | None) -> None:
        """Note what cannot be said, and why."""
        self.lowered.no_images.append(NoImage(address, why, line))


def is_unsaid(currency: Any, codecs: Sequence[Codec]) -> bool:
    """Tell whether an order's currency is refused by all that would write it; not where nothing would."""
    if currency is None or not codecs:
        return False
    return all(isinstance(codec.down(currency, None), Refused) for codec in codecs)


def spread(texts: list[str], places: int) -> list[str]:
    """Put lines into a number of places; what is over goes to the last one, behind commas."""
    if len(texts) <= places:
        return texts
    return [*texts[: places - 1], _OVERFLOW.join(texts[places - 1 :])]


def moved(path: HubPath, prefix: tuple[HubPath, HubPath]) -> HubPath:
    """Give the leaf of another prefix that stands in for one of a group's own."""
    old, new = prefix
    leaf = path.leaf[len(old.leaf) + 1 :] if old.leaf else path.leaf
    return below(new, leaf)


def _nowhere(path: HubPath) -> Address:
    return Address(path.first or "", "0", path.leaf)
