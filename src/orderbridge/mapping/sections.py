"""The lines of one kind of message to operations, names resolved against the hub, constants typed by the contract."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from orderbridge.codec.registry import CODECS, table_codec
from orderbridge.contract.members import Spot
from orderbridge.mapping.document import is_blank
from orderbridge.mapping.draft import Draft, Lines, Raw, suggestion
from orderbridge.mapping.fills import read_fill
from orderbridge.mapping.hub import HubLeaf, Scope, hub_scope
from orderbridge.mapping.lines import (
    REASONS,
    Where,
    constants_of,
    guard_of,
    guarded,
    is_left,
    list_of,
    origin_of,
    path_of,
    row_of,
    spot_at,
    with_parts,
    with_spellings,
)
from orderbridge.mapping.notation import ROWS, PathError, below, read_hub_path, write_path
from orderbridge.mapping.operations import (
    Each,
    Either,
    Group,
    Guard,
    HubPath,
    Leaf,
    Leave,
    Members,
    Message,
    Operation,
    Path,
    Reason,
    Reference,
    Rest,
    Section,
    Source,
    Tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from orderbridge.codec.codec import Codec
    from orderbridge.contract.contract import Contract

MOST_LINES: Final = 5_000
"""Of one kind of message, those that shapes give included."""
_EITHER: Final = "either"
_DEFAULTS: Final = {"flag": "flag", "integer": "integer", "texts": "texts", "integers": "integers"}
_PAIR: Final = 2
LINE_MEMBERS: Final[dict[str, frozenset[str]]] = {
    "ref": frozenset({"to", "ref", "key", "need"}),
    "to": frozenset(
        {"to", "as", "table", "aka", "also", "when", "else", "fill", "currency", "need"},
    ),
    "each": frozenset({"each", "key", "where", "nest", "components", "of", "make", "bare", "aka", "need"}),
    "use": frozenset({"use", "at", "else", "else_from", "when"}),
    "members": frozenset({"members", "at", "match", "quantity"}),
    "tree": frozenset({"tree", "fill"}),
    "rest": frozenset({"rest"}),
    "leave": frozenset({"leave", "fill", "need"}),
}
"""The members that a line of each kind may have; the kind is the first of these that the line has."""


@dataclass(frozen=True)
class SectionReader:
    """Reads the lines of one kind of message."""

    draft: Draft
    hub: Contract
    message: Message
    at: Spot
    _tables: dict[tuple[str, frozenset[str]], Codec] = field(default_factory=dict)
    _made: list[int] = field(default_factory=lambda: [0])

    def read(self, lines: Lines) -> Section:
        """Read all lines of the section.

        Raises:
            DocumentError: one of them cannot mean anything.

        """
        where = Where(self.at, (hub_scope(self.hub, self.message),))
        prefix = "order." if self.message == "response" else ""
        paths = {path: raw for path, raw in lines.items() if path != _EITHER}
        operations = self._lines({path_of(raw, path): raw for path, raw in paths.items()}, where)
        either = self._either(lines[_EITHER], where) if _EITHER in lines else ()
        currency = f"{prefix}{self._currency()}"
        return Section(
            message=self.message,
            operations=(*operations, *either),
            context=tuple(self._constants("context", prefix)) if self.message != "error" else (),
            only=tuple(self._constants("only", prefix)) if self.message == "request" else (),
            currency=currency,
            identity=self._identity(),
            scope=where.root,
            states_currency=any(isinstance(each, Leaf) and each.to.leaf == currency for each in operations),
        )

    def _constants(self, member: str, prefix: str) -> Iterator[tuple[str, Any]]:
        raw = self.draft.head.get(member)
        for path, value in raw.members(f"`{member}`").items() if raw else ():
            known = hub_scope(self.hub, "request").leaves
            if path not in known:
                value.refuse(f"the hub has no leaf {path!r}{suggestion(path, known)}")
            if is_blank(value.value):
                value.refuse(f"a leaf of the hub is never null or empty: leave {path!r} out of `{member}`")
            yield f"{prefix}{path}", value.value

    def _currency(self) -> str:
        raw = self.draft.head.get("money")
        members = raw.members("`money`") if raw else {}
        return members["currency"].text("`currency`") if "currency" in members else "currency"

    def _identity(self) -> tuple[Path, ...]:
        raw = self.draft.head.get("identity")
        if raw is None or self.message != "request":
            return ()
        return tuple(path_of(each) for each in raw.elements("`identity`"))

    def _either(self, raw: Raw, where: Where) -> Iterator[Operation]:
        for name, sets in raw.members("`either`").items():
            if name not in where.root.lists:
                sets.refuse(f"the hub has no list {name!r}{suggestion(name, where.root.lists)}")
            yield Either(
                name,
                tuple(
                    self._lines({path_of(line, path): line for path, line in one.members("a set").items()}, where)
                    for one in sets.elements("the sets of `either`")
                ),
                origin_of(sets),
            )

    def _lines(self, lines: dict[Path, Raw], where: Where) -> tuple[Operation, ...]:
        for raw in lines.values():
            self._count(1, raw)
        own = {path: raw for path, raw in lines.items() if ROWS not in path}
        inside: dict[Path, dict[Path, Raw]] = {}
        for path, raw in lines.items():
            if ROWS in path:
                cut = path.index(ROWS)
                inside.setdefault(path[:cut], {})[path[cut + 1 :]] = raw
        found = [each for path, raw in own.items() for each in self._line(path, raw, own, inside.pop, where)]
        for rows in inside.values():
            raw = next(iter(rows.values()))
            raw.refuse("there is no line for the list that this stands in: one that says `each`")
        return tuple(with_parts(with_spellings(found)))

    def _count(self, lines: int, raw: Raw) -> None:
        """Refuse more lines than anybody writes: what uses up memory and time through shapes is written in no time."""
        self._made[0] += max(lines, 1)
        if self._made[0] > MOST_LINES:
            raw.refuse(f"these are more than {MOST_LINES:,} lines for one kind of message")

    def _line(
        self, path: Path, raw: Raw, own: dict[Path, Raw], take: Callable[..., dict[Path, Raw]], where: Where
    ) -> Iterator[Operation]:
        line = raw if isinstance(raw.value, dict) else Raw({"to": raw.text("a line")}, raw.where, raw.document)
        kind = next((kind for kind in LINE_MEMBERS if kind in line.value), None)
        if kind is None:
            raw.refuse(f"a line says one of: {', '.join(sorted(LINE_MEMBERS))}")
        for name in line.value:
            if name not in LINE_MEMBERS[kind]:
                raw.refuse(f"a line with `{kind}` has no member {name!r}{suggestion(name, LINE_MEMBERS[kind])}")
        if kind == "each":
            yield self._each(path, line, take(path, {}), where)
        elif kind == "members":
            yield self._members_of(path, line, take(path, {}), where)
        elif kind == "use":
            yield from self._use(path, line, own, where)
        elif kind == "tree":
            yield self._tree(path, line, own, where)
        elif kind == "rest":
            yield self._rest(path, line, own, where)
        else:
            yield _READERS[kind](self, path, line, where)

    # Single lines

    def _leaf(self, path: Path, line: Raw, where: Where, *, base: Path = (), prefix: HubPath | None = None) -> Leaf:
        """Read a line with `to`; in a shape, paths are below `base` and hub leaves below `prefix`."""
        members = line.members("a line")
        to, leaf = self._hub_path(members["to"], where, prefix)
        at = (*base, *path)
        here = spot_at(where.at, at)

        def relative(raw: Raw) -> Path:
            return (*base, *path_of(raw))

        def hub_path(raw: Raw, text: str | None = None) -> HubPath:
            return self._hub_path(raw, where, prefix, text)[0]

        when = members.get("when")
        return Leaf(
            at=at,
            to=to,
            codec=self._codec(members, line, leaf, here),
            origin=origin_of(line),
            aka=tuple(map(relative, members["aka"].elements("`aka`"))) if "aka" in members else (),
            also=tuple(map(relative, members["also"].elements("`also`"))) if "also" in members else (),
            when=guard_of(when, where, base) if when else None,
            otherwise=tuple(map(hub_path, members["else"].elements("`else`"))) if "else" in members else (),
            fill=read_fill(members["fill"], here, hub_path, relative) if "fill" in members else None,
            need=members["need"].text("`need`") if "need" in members else None,
            currency=relative(members["currency"]) if "currency" in members else None,
        )

    def _hub_path(
        self, raw: Raw, where: Where, prefix: HubPath | None = None, text: str | None = None
    ) -> tuple[HubPath, HubLeaf]:
        """Read a hub path and find its leaf; that of a Money is its amount, of a numbered street line the street."""
        written = raw.text("a hub path") if text is None else text
        try:
            path = read_hub_path(written, where.root.lists)
        except PathError as error:
            raw.refuse(str(error))
        if prefix is not None and not path.up and path.first is None:
            path = below(prefix, path.leaf)
        scope = self._scope_of(path, raw, where)
        if path.leaf in scope.money:
            path = replace(path, leaf=f"{path.leaf}.amount")
        leaf = scope.leaves.get(path.leaf) or scope.leaves.get(list_of(path.leaf))
        if leaf is None or (path.leaf not in scope.leaves and leaf.type != "texts"):
            hint = _elsewhere(path.leaf, scope, where.root) or suggestion(path.leaf, [*scope.leaves, *scope.money])
            raw.refuse(f"the hub has no leaf {str(path)!r} here{hint}")
        return path, leaf

    def _scope_of(self, path: HubPath, raw: Raw, where: Where) -> Scope:
        if path.up >= len(where.scopes):
            raw.refuse("`^` climbs out of the order: there is nothing above it")
        if path.first is not None:
            return where.root.lists[path.first]
        return where.scopes[-1 - path.up]

    def _codec(self, members: Lines, line: Raw, leaf: HubLeaf, here: Spot) -> Codec:
        if "table" in members:
            return self._table(members["table"], here)
        if "as" not in members:
            return self._default(line, leaf)
        name = members["as"].text("a codec")
        if name not in CODECS:
            members["as"].refuse(f"there is no codec {name!r}{suggestion(name, CODECS)}")
        codec = CODECS[name]
        if codec.hub != leaf.type:
            members["as"].refuse(f"the codec {name!r} makes {codec.hub}, and this leaf of the hub holds {leaf.type}")
        return codec

    def _default(self, line: Raw, leaf: HubLeaf) -> Codec:
        name = "text" if leaf.free else _DEFAULTS.get(leaf.type)
        if name is None:
            line.refuse("this leaf of the hub does not hold any text: name a codec with `as`, or a `table`")
        return CODECS[name]

    def _table(self, raw: Raw, here: Spot) -> Codec:
        name = raw.word("a table", self.draft.tables)
        key = (name, here.types)
        if key not in self._tables:
            rows = [row for row in self.draft.tables[name] if not is_left(row)]
            self._tables[key] = table_codec(name, tuple(row_of(row, here) for row in rows))
        return self._tables[key]

    def _reference(self, path: Path, line: Raw, where: Where) -> Reference:
        members = line.members("a line")
        if "key" not in members or len(where.scopes) < _PAIR:
            line.refuse("`ref` stands in a list's element and comes with `key`, the other list's own key")
        to, _ = self._hub_path(members["to"], where)
        need = members["need"].text("`need`") if "need" in members else None
        rows = write_path(path_of(members["ref"]))
        return Reference(path, to.leaf, rows, path_of(members["key"]), origin_of(line), need)

    def _members_of(self, path: Path, line: Raw, lines: dict[Path, Raw], where: Where) -> Members:
        members = line.members("a line")
        rows = members["members"].word("`members`", where.root.lists)
        inner = Where(spot_at(where.at, path).elements, (*where.scopes, where.root.lists[rows]))
        if "at" not in members or "match" not in members:
            line.refuse("`members` comes with `at` and `match`")

        def leaf(name: str, raw: Raw) -> Leaf:
            inside = raw if isinstance(raw.value, dict) else Raw({"to": raw.text("a line")}, raw.where, raw.document)
            if "to" not in inside.value or inside.value.keys() - LINE_MEMBERS["to"]:
                raw.refuse("a line by which a row is found says `to`, and nothing that a line with `to` has not")
            return self._leaf(path_of(raw, name), inside, inner)

        match = tuple(
            tuple(leaf(name, raw) for name, raw in way.members("a way to match").items())
            for way in members["match"].elements("`match`")
        )
        quantity = None
        if "quantity" in members:
            raw = members["quantity"]
            named = raw.members("`quantity`") if isinstance(raw.value, dict) else {"quantity": raw}
            if len(named) != 1:
                raw.refuse("`quantity` is one line, such as {qty: {to: quantity, as: whole}}")
            ((name, inside),) = named.items()
            quantity = leaf(name, inside)
        to, _ = self._hub_path(members["at"], inner)
        left = tuple(self._left(each, raw, inner) for each, raw in lines.items())
        return Members(path, rows, to.leaf, match, origin_of(line), quantity, left)

    def _left(self, path: Path, raw: Raw, where: Where) -> Leave:
        if not isinstance(raw.value, dict) or raw.value.keys() != {"leave"}:
            raw.refuse("below a list with `members` a line can only say `leave`; what is read stands in `match`")
        return self._leave(path, raw, where)

    def _tree(self, path: Path, line: Raw, own: dict[Path, Raw], where: Where) -> Tree:
        members = line.members("a line")
        to, leaf = self._hub_path(members["tree"], where)
        if leaf.type != "tree":
            members["tree"].refuse(f"`{to}` of the hub does not hold free members")
        here = spot_at(where.at, path)
        fill = read_fill(members["fill"], here, self._hub_in(where), path_of) if "fill" in members else None
        return Tree(path, to, frozenset({*here.members, *_named(path, own)}), here.free_types, origin_of(line), fill)

    def _rest(self, path: Path, line: Raw, own: dict[Path, Raw], where: Where) -> Rest:
        raw = line.at("rest")
        to, leaf = self._hub_path(raw, where)
        if leaf.type != "tree":
            raw.refuse(f"`{to}` of the hub does not hold free members")
        here = spot_at(where.at, path)
        return Rest(path, to, frozenset({*here.members, *_named(path, own)}), here.free_types, origin_of(line))

    def _leave(self, path: Path, line: Raw, where: Where) -> Leave:
        members = line.members("a line")
        reason = members["leave"].word("the reason", REASONS)
        fill = None
        if "fill" in members:
            fill = read_fill(members["fill"], spot_at(where.at, path), self._hub_in(where), path_of)
        need = members["need"].text("`need`") if "need" in members else None
        return Leave(path, cast("Reason", reason), origin_of(line), fill, need)

    def _hub_in(self, where: Where) -> Callable[..., HubPath]:
        """Give what reads hub paths where a line without a leaf of its own stands."""
        return lambda raw, text=None: self._hub_path(raw, where, None, text)[0]

    # Lines that hold others

    def _each(self, path: Path, line: Raw, inside: dict[Path, Raw], where: Where) -> Each:
        members = line.members("a line")
        to = members["each"].word("`each`", where.root.lists)
        rows = where.root.lists[to]
        elements = spot_at(where.at, path).elements
        bare = "bare" in members and members["bare"].flag("`bare`")
        if bare:
            elements = Spot(elements.document, (*elements.schemas, *spot_at(where.at, path).schemas))
        owner = members["of"].word("`of`", rows.leaves) if "of" in members else None
        body = self._lines(inside, Where(elements, (*where.scopes, rows)))
        if "make" in members and any(isinstance(each, Leaf) and not each.at for each in body):
            members["make"].refuse("a list of plain values cannot be given a row: only an object can be filled")
        return Each(
            at=path,
            to=to,
            body=body,
            origin=origin_of(line),
            aka=tuple(path_of(each) for each in members["aka"].elements("`aka`")) if "aka" in members else (),
            nest=members["nest"].text("`nest`") if "nest" in members else None,
            where=tuple(constants_of(members["where"], rows)) if "where" in members else (),
            key=path_of(members["key"]) if "key" in members else None,
            make="make" in members and members["make"].word("`make`", ("row",)) == "row",
            bare=bare,
            owner=owner,
            components=cast("Any", members["components"].word("`components`", ("lines", "refuse")))
            if "components" in members
            else "lines",
            need=members["need"].text("`need`") if "need" in members else None,
            is_whole=bool(elements.required),
        )

    def _use(self, path: Path, line: Raw, own: dict[Path, Raw], where: Where) -> Iterator[Group]:
        members = line.members("a line")
        if "at" not in members:
            line.refuse("`use` comes with `at`, the hub path that the shape is written under")
        prefix = self._prefix(members["at"], where)
        otherwise = (
            tuple(self._prefix(each, where) for each in members["else"].elements("`else`")) if "else" in members else ()
        )
        source = self._source(members["else_from"], where) if "else_from" in members else None
        guard = self._shape_guard(members, where) if "when" in members else None
        for raw in members["use"].elements("`use`"):
            name = raw.word("a shape", self.draft.shapes)
            self._count(len(self.draft.shapes[name]), raw)
            lines = [
                guarded(self._shape_line(inner, each, where, path, prefix), guard)
                for text, each in self.draft.shapes[name].items()
                if (*path, *(inner := path_of(each, text))) not in own
            ]
            yield Group(cast("Any", tuple(with_parts(lines))), path, prefix, origin_of(line), otherwise, source)

    def _shape_guard(self, members: Lines, where: Where) -> Guard:
        """Read the condition of a whole shape; fallbacks are written at once, conditions are looked at last."""
        if "else" in members or "else_from" in members:
            members["when"].refuse("a shape with `when` has neither `else` nor `else_from`")
        return guard_of(members["when"], where, ())

    def _shape_line(self, inner: Path, raw: Raw, where: Where, path: Path, prefix: HubPath) -> Operation:
        line = raw if isinstance(raw.value, dict) else Raw({"to": raw.text("a line")}, raw.where, raw.document)
        if "leave" in line.value:
            return self._leave((*path, *inner), line, where)
        for name in line.value:
            if name not in LINE_MEMBERS["to"]:
                raw.refuse(f"a line of a shape has no member {name!r}{suggestion(name, LINE_MEMBERS['to'])}")
        if "to" not in line.value:
            raw.refuse("a line of a shape says `to` or `leave`")
        return self._leaf(inner, line, where, base=path, prefix=prefix)

    def _prefix(self, raw: Raw, where: Where) -> HubPath:
        try:
            path = read_hub_path(raw.text("a hub path"), where.root.lists)
        except PathError as error:
            raw.refuse(str(error))
        scope = self._scope_of(path, raw, where)
        if path.leaf and not any(leaf.startswith(f"{path.leaf}.") for leaf in scope.leaves):
            raw.refuse(f"the hub has nothing below {str(path)!r}")
        return path

    def _source(self, raw: Raw, where: Where) -> Source:
        members = raw.members("`else_from`")
        if members.keys() != {"path", "when"}:
            raw.refuse("`else_from` has the members path and when")
        return Source(path_of(members["path"]), guard_of(members["when"], where, ()))


def _named(path: Path, own: Iterable[Path]) -> Iterator[str]:
    """Yield the members of an object that have lines of their own."""
    for other in own:
        if len(other) > len(path) and other[: len(path)] == path and isinstance(other[len(path)], str):
            yield str(other[len(path)])


_READERS: Final[dict[str, Callable[[SectionReader, Path, Raw, Where], Operation]]] = {
    "leave": SectionReader._leave,  # noqa: SLF001 - the table of this module's own readers
    "ref": SectionReader._reference,  # noqa: SLF001
    "to": SectionReader._leaf,  # noqa: SLF001
}


def _elsewhere(leaf: str, scope: Scope, root: Scope) -> str:
    """Say where there is such a leaf: a path is right, but does not begin or end where it has to."""
    return next(filter(None, (way(leaf, scope, root) for way in _WAYS)), "")


def _from_the_row(leaf: str, scope: Scope, _root: Scope) -> str:
    """Tell whoever writes a path from the order on, where it has to start at the row."""
    _, star, inner = leaf.rpartition(".*.")
    return f"; inside of a list, paths start at its row: {inner!r}" if star and inner in scope.leaves else ""


def _without_position(leaf: str, _scope: Scope, root: Scope) -> str:
    """Tell whoever goes from a list straight to a leaf of its rows."""
    rows = next((each for each in root.lists if leaf.startswith(f"{each}.")), None)
    inner = leaf.removeprefix(f"{rows}.")
    if rows is None or not _has(root.lists[rows], inner):
        return ""
    return f"; {rows!r} is a list: its first row has '{rows}.0.{inner}', and a line below `each: {rows}` says {inner!r}"


def _of_another_row(leaf: str, _scope: Scope, root: Scope) -> str:
    """Tell whoever stands outside of the list whose rows have the leaf."""
    lists = [each for each, rows in root.lists.items() if _has(rows, leaf)]
    return f"; rows of {' and '.join(lists)} have it: the line stands below one that says `each`" if lists else ""


def _inside_of_a_tree(leaf: str, scope: Scope, _root: Scope) -> str:
    """Tell whoever wants one member of what is free as a whole."""
    above = (leaf[:index] for index, sign in enumerate(leaf) if sign == ".")
    tree = next((each for each in above if each in scope.leaves and scope.leaves[each].type == "tree"), None)
    return f"; {tree!r} is one leaf: `tree: {tree}` takes a whole object of free members" if tree else ""


def _has(scope: Scope, leaf: str) -> bool:
    return leaf in scope.leaves or leaf in scope.money


_WAYS: Final = (_from_the_row, _without_position, _of_another_row, _inside_of_a_tree)
