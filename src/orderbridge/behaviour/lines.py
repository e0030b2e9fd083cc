"""The lines of a behaviour: sources, tests, texts, and what is written where.

Each kind of line is a small reader in one table; which one it is, the member says that all lines of the kind have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderbridge.behaviour.effects import (
    OWN_ROOTS,
    REQUEST_ROOTS,
    Constant,
    Copy,
    Drop,
    Each,
    Join,
    Line,
    Make,
    Pairs,
    Put,
    Refusal,
    Source,
    Sum,
    Take,
    Template,
    Test,
)
from orderbridge.behaviour.forms import FormError, read_form
from orderbridge.mapping.draft import suggestion
from orderbridge.mapping.lines import origin_of, path_of
from orderbridge.mapping.notation import PathError, read_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orderbridge.behaviour.effects import Effect
    from orderbridge.behaviour.forms import Form
    from orderbridge.mapping.draft import Lines, Raw
    from orderbridge.mapping.hub import Scope

_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_ROW: Final = re.compile(r"(?P<rows>.+?)\.[0-9]+\.(?P<leaf>.+)")
_GUARDS: Final = frozenset({"when", "unless", "keep"})
KINDS: Final = ("not_found", "conflict", "forbidden", "invalid", "unavailable")


@dataclass(frozen=True)
class LineReader:
    """Reads lines; `records` are the names of records that they may speak of, `counts` whether a number may be kept.

    `result` are the leaves that the hub's result can have; without them none is refused.
    """

    records: frozenset[str]
    schemas: frozenset[str]
    counts: bool = True
    result: Scope | None = None

    def lines(self, raw: Raw) -> tuple[Line, ...]:
        """Read a map of lines.

        Raises:
            DocumentError: one of them cannot mean anything.

        """
        return tuple(self.line(each, path) for path, each in raw.members("lines").items())

    def line(self, raw: Raw, path: str) -> Line:
        """Read one line; a text alone is `from`."""
        at = path_of(raw, path)
        if isinstance(raw.value, str):
            return Line(at, Copy((self.source(raw),)), origin_of(raw))
        members = raw.members("a line")
        kind = next((name for name in EFFECTS if name in members), None)
        if kind is None:
            raw.refuse(f"a line has one of the members {', '.join(EFFECTS)}")
        needed, allowed, reader = EFFECTS[kind]
        unknown = members.keys() - needed - allowed - _GUARDS - {kind}
        if unknown or needed - members.keys():
            wanted = ", ".join(sorted(needed | allowed | _GUARDS))
            raw.refuse(
                f"a line with `{kind}` has beside it {wanted}, of which {', '.join(sorted(needed)) or 'none'} must"
            )
        keep = "keep" in members and members["keep"].flag("`keep`")
        effect = reader(self, members[kind], members)
        return Line(
            at, effect, origin_of(raw), self.tests(members.get("when")), self.tests(members.get("unless")), keep
        )

    def source(self, raw: Raw, text: str | None = None) -> Source:
        """Read where a value comes from."""
        written = raw.text("a source") if text is None else text
        try:
            root, *path = read_path(written)
        except (PathError, ValueError):
            raw.refuse(f"{written!r} is not a source such as body.cartId")
        known = {*REQUEST_ROOTS, *OWN_ROOTS, *self.records}
        if not isinstance(root, str) or root not in known:
            raw.refuse(f"{written!r} begins with nothing that is known here{suggestion(str(root), known)}")
        if root == "header" and path:  # whoever writes its name, it is one header
            path[0] = str(path[0]).lower()
        leaf = written.partition(".")[2]
        if root == "result" and self.result is not None and not _is_leaf(self.result, leaf):
            raw.refuse(f"the hub's result has no leaf {leaf!r}{suggestion(leaf, self.result.leaves)}")
        return Source(root, tuple(path), leaf)

    def sources(self, raw: Raw) -> tuple[Source, ...]:
        """Read one source or several."""
        return tuple(self.source(each) for each in raw.elements("sources"))

    def tests(self, raw: Raw | None) -> tuple[Test, ...]:
        """Read a `when`: sources and the values that they may have; null is nothing at all."""
        if raw is None:
            return ()
        return tuple(self._test(each, name) for name, each in raw.members("a test").items())

    def _test(self, raw: Raw, name: str) -> Test:
        values = raw.value if isinstance(raw.value, list) else [raw.value]
        return Test(self.source(raw, name), tuple(values))

    def template(self, raw: Raw) -> Template:
        """Read a text with sources in it, or several of which the first that is complete counts."""
        return Template(tuple(self._alternative(each) for each in raw.elements("a text")))

    def _alternative(self, raw: Raw) -> tuple[str | Source, ...]:
        pieces = _SLOT.split(raw.text("a text"))
        return tuple(
            self.source(raw, piece) if index % 2 else piece for index, piece in enumerate(pieces) if piece or index % 2
        )

    def refusal(self, raw: Raw, kind: str, others: Iterable[str] = ()) -> Refusal:
        """Read the words of a refusal: a text, or a text with the partner's own code."""
        if isinstance(raw.value, str | list):
            return Refusal(kind, self.template(raw))
        members = raw.members("a refusal")
        unknown = members.keys() - {"message", "code", "kind", *others}
        if unknown or "message" not in members:
            raw.refuse("a refusal is a text, or has the members message, code and kind")
        own = members["kind"].word("`kind`", KINDS) if "kind" in members else kind
        code = members["code"].text("`code`") if "code" in members else None
        return Refusal(own, self.template(members["message"]), code)

    def form(self, raw: Raw) -> Form:
        """Read the form of an id."""
        try:
            form = read_form(raw.text("the form of an id"))
        except FormError as error:
            raw.refuse(str(error))
        if form.counts and not self.counts:
            raw.refuse("{number} is counted when a record is made, not whenever it is shown")
        return form


def _is_leaf(scope: Scope, leaf: str) -> bool:
    """Tell whether a result can have a leaf, a list, or a leaf of a row that is named by its position."""
    if leaf in scope.leaves or leaf in scope.lists:
        return True
    found = _ROW.fullmatch(leaf)
    return found is not None and found["rows"] in scope.lists and found["leaf"] in scope.lists[found["rows"]].leaves


# What a line writes: each reader is given what stands at its own member, and the others beside it


def _template(reader: LineReader, raw: Raw, _members: Lines) -> Effect:
    return reader.template(raw)


def _constant(_reader: LineReader, raw: Raw, _members: Lines) -> Effect:
    return Constant(raw.value)


def _copy(reader: LineReader, raw: Raw, members: Lines) -> Effect:
    others = reader.sources(members["else"]) if "else" in members else ()
    fill = Constant(members["fill"].value) if "fill" in members else None
    return Copy((reader.source(raw), *others), _words(members.get("without")), fill)


def _make(reader: LineReader, raw: Raw, _members: Lines) -> Effect:
    return Make(reader.form(raw))


def _each(reader: LineReader, raw: Raw, members: Lines) -> Effect:
    fits = members["fits"].word("`fits`", reader.schemas) if "fits" in members else None
    return Each(reader.source(raw), reader.lines(members["lines"]) if "lines" in members else (), fits)


def _join(reader: LineReader, raw: Raw, members: Lines) -> Effect:
    return Join(reader.source(raw), reader.template(members["text"]), members["with"].text("`with`"))


def _pairs(reader: LineReader, raw: Raw, members: Lines) -> Effect:
    return Pairs(reader.source(raw), members["name"].text("`name`"), members["of"].text("`of`"))


def _put(reader: LineReader, raw: Raw, members: Lines) -> Effect:
    return Put(reader.lines(raw), members["key"].text("`key`"), tuple(sorted(_words(members.get("add")))))


def _take(reader: LineReader, raw: Raw, members: Lines) -> Effect:
    return Take(reader.source(raw), members["key"].text("`key`"), reader.template(members["missing"]))


def _sum(_reader: LineReader, raw: Raw, members: Lines) -> Effect:
    return Sum(path_of(raw), tuple(each.text("a member") for each in members["of"].elements("`of`")))


def _drop(_reader: LineReader, raw: Raw, _members: Lines) -> Effect:
    if raw.value is not True:
        raw.refuse("`drop` is true")
    return Drop()


def _words(raw: Raw | None) -> frozenset[str]:
    return frozenset(each.text("a member") for each in raw.elements("members")) if raw is not None else frozenset()


_NONE: Final[frozenset[str]] = frozenset()
EFFECTS: Final[dict[str, tuple[frozenset[str], frozenset[str], Callable[[LineReader, Raw, Lines], Effect]]]] = {
    "drop": (_NONE, _NONE, _drop),
    "each": (_NONE, frozenset({"lines", "fits"}), _each),
    "from": (_NONE, frozenset({"else", "fill", "without"}), _copy),
    "join": (frozenset({"text", "with"}), _NONE, _join),
    "make": (_NONE, _NONE, _make),
    "pairs": (frozenset({"name", "of"}), _NONE, _pairs),
    "put": (frozenset({"key"}), frozenset({"add"}), _put),
    "sum": (frozenset({"of"}), _NONE, _sum),
    "take": (frozenset({"key", "missing"}), _NONE, _take),
    "text": (_NONE, _NONE, _template),
    "value": (_NONE, _NONE, _constant),
}
"""The kinds of lines: the members that each must have beside its own, those that it may have, and its reader."""
