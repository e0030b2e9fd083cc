"""The way back: what changed at the receiver, written into the sender's own document and nothing else touched.

The sender's document comes from the ticket. What the receiver was given is made again from it and compared with what
comes back, leaf by leaf; each difference is one edit of one hub leaf, or is named with the reason why it is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import is_same
from orderbridge.mapping.document import ABSENT, copied, is_blank, leaves, read
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.saying import spread
from orderbridge.translation.accounting import Account
from orderbridge.translation.alignment import align
from orderbridge.translation.editing import LISTS, Editor
from orderbridge.translation.rows import RowEditor
from orderbridge.translation.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from orderbridge.mapping.document import Place
    from orderbridge.mapping.operations import Message
    from orderbridge.mapping.trace import Address, Lifted, Lowered, Mark
    from orderbridge.translation.alignment import Alignment
    from orderbridge.translation.side import Side

ROW: Final = "row"
_GUESSED: Final = "no key tells which row it is: it was recognised by what it holds"


@dataclass(slots=True)
class Returned:
    """The sender's document with the receiver's edits, and the account of both."""

    document: Any
    verdicts: dict[Place, Verdict] = field(default_factory=dict)
    removed: dict[Place, Verdict] = field(default_factory=dict)
    causes: dict[Place, tuple[str, tuple[Place, ...]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Versions:
    """All versions of one order on its way back, lifted and lowered."""

    home: Side
    away: Side
    message: Message
    sent: Any
    lifted: Lifted
    lowered: Lowered
    came: Any
    before: Lifted
    after: Lifted
    alignment: Alignment
    is_acceptable: Callable[[Any], bool]


def bring_back(
    home: Side,
    away: Side,
    message: Message,
    *,
    sent: Any,
    lifted: Lifted,
    lowered: Lowered,
    came: Any,
    is_acceptable: Callable[[Any], bool],
) -> Returned:
    """Write what changed at `away` into the document that `home` sent.

    `sent` is home's document, `lifted` and `lowered` its way to `away`, `came` what away's document is now; none is
    changed. `is_acceptable` tells whether home's contract still takes a document.
    """
    section = away.section(message)
    before, after = lift(lowered.document, section), lift(came, section)
    alignment = align(before, lowered.document, after, came)
    versions = Versions(home, away, message, sent, lifted, lowered, came, before, after, alignment, is_acceptable)
    return _Return(versions).run()


@dataclass(frozen=True, slots=True)
class _Edit:
    """One hub leaf that changed: its new value (`ABSENT`: removed), and the leaves of both versions that say so."""

    address: Address
    value: Any
    places: list[Place]
    gone: list[Place]


class _Return:
    """The state of one way back."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self.returned = Returned(copied(versions.sent))
        self.edits: dict[Address, _Edit] = {}
        self.handles = _handles(versions)
        self.old_places = {row: each.place for row, each in versions.before.rows.items()}
        self.new_rows = {each.place for row, each in versions.after.rows.items() if row not in versions.alignment.was}
        self.now = {was: now for now, was in versions.alignment.was.items()}
        self.gone_rows = {each.place for row, each in versions.before.rows.items() if row not in self.now}
        self.moved = {
            each.place: self.old_places[versions.alignment.was[row]]
            for row, each in versions.after.rows.items()
            if row in versions.alignment.was and versions.alignment.was[row] in self.old_places
        }

    def run(self) -> Returned:
        """Compare leaf by leaf, then write leaves, then rows."""
        self.compare()
        editor = Editor(self.versions.home, self.versions.message, self.returned.document, self.versions.lifted)
        self.write(editor)
        for address, places in editor.follow(tuple(self.edits), self.versions.is_acceptable).items():
            self.followed(self.edits[address], places)
        rows = RowEditor(self.versions, self.returned, self.handles)
        rows.run(self.removed_rows())
        Account(self.versions, self.returned, rows).settle()
        return self.returned

    # Comparing

    def compare(self) -> None:
        """Sort every leaf of both versions, but for those of rows that are new."""
        seen: set[Place] = set()
        for place, value in leaves(self.versions.came):
            if self.is_in_new_row(place):
                continue
            old = self.old_place(place)
            seen.add(old)
            known, _ = read(self.versions.lowered.document, old)
            if known is not ABSENT and is_same(known, value):
                self.returned.verdicts[place] = Verdict("unchanged", "equal")
            else:
                self.judge(place, old, value)
        for place, _ in leaves(self.versions.lowered.document):
            if place not in seen:
                self.judge_gone(place)

    def is_in_new_row(self, place: Place) -> bool:
        return any(place[:length] in self.new_rows for length in range(1, len(place) + 1))

    def old_place(self, place: Place) -> Place:
        """Say where a leaf of the new version was in the old one, as far as its rows were there."""
        for length in range(len(place), 0, -1):
            known = self.moved.get(place[:length])
            if known is not None:
                return (*known, *place[length:])
        return place

    def judge(self, place: Place, old: Place, value: Any) -> None:
        """Classify a leaf that is not what it was."""
        mark = self.versions.after.marks[place]
        cause = self.versions.lowered.causes.get(old)
        if mark.came in {"unreadable", "no-image"}:
            self.settle(place, Verdict("not-returnable", "unreadable", mark.why))
        elif mark.came == "read" and mark.hub is not None:
            self.judge_read(place, old, mark.hub, cause)
        elif mark.came == "blank":
            self.judge_blank(place, old, cause)
        elif cause is not None and cause.kind != "source":
            self.settle(place, Verdict("not-returnable", "was-filled"))
        else:
            self.settle(place, Verdict("not-returnable", "not-mapped", mark.why))
        del value

    def judge_read(self, place: Place, old: Place, address: Address, cause: Any) -> None:
        meant = _at(self.versions.after, address)
        before = _at(self.versions.before, self.before_address(address))
        home = self.home_address(address)
        if self.is_same(place, meant, before):
            self.settle(place, Verdict("unchanged", "same-meaning"))
        elif cause is not None and cause.kind != "source":
            self.settle(place, Verdict("not-returnable", "was-filled"))
        elif cause is None and before is ABSENT and home is not None and _at(self.versions.lifted, home) is not ABSENT:
            self.settle(place, Verdict("conflict", "conflict", "the sender holds a value here that could not be shown"))
        elif home is None:
            self.settle(place, Verdict("not-returnable", "no-container"))
        else:
            self.edit(home, meant, place)
        del old

    def judge_blank(self, place: Place, old: Place, cause: Any) -> None:
        known, _ = read(self.versions.lowered.document, old)
        if known is ABSENT or is_blank(known):
            self.settle(place, Verdict("unchanged", "same-meaning"))
        elif isinstance(known, (dict, list)):
            # What it held is judged leaf by leaf, as gone.
            self.settle(place, Verdict("unchanged", "same-meaning"))
        elif cause is not None and cause.kind == "source":
            self.judge_gone(old, instead=place)
        else:
            self.settle(place, Verdict("not-returnable", "was-filled"))

    def judge_gone(self, place: Place, *, instead: Place | None = None) -> None:
        """Classify a leaf of the old version that is not there any more; `instead` is the blank that took its place."""

        def settle(verdict: Verdict) -> None:
            if instead is not None:
                self.returned.verdicts[instead] = verdict
            else:
                self.returned.removed[place] = verdict

        cause = self.versions.lowered.causes.get(place)
        mark = self.versions.before.marks.get(place)
        outer = self.removed_row(place)
        if outer is not None and outer in self.versions.lowered.rows and not self.is_of_kept_row(mark):
            settle(Verdict("returned", "row"))
        elif cause is None or cause.kind != "source" or not cause.sources:
            # An empty container said nothing; what came into it is judged leaf by leaf.
            was_empty = is_blank(read(self.versions.lowered.document, place)[0])
            settle(Verdict("unchanged", "same-meaning") if was_empty else Verdict("not-returnable", "was-filled"))
        elif mark is None or mark.came != "read" or mark.hub is None:
            settle(Verdict("not-returnable", "not-mapped"))
        else:
            now = self.after_value(mark.hub)
            before = _at(self.versions.before, mark.hub)
            if now is not ABSENT and self.is_same(place, now, before):
                settle(Verdict("unchanged", "same-meaning"))
            else:
                self.edit(cause.sources[0], now, instead, gone=place if instead is None else None)

    def removed_row(self, place: Place) -> Place | None:
        """Find the outermost row around a leaf of the old version that is not there any more."""
        return next((place[:length] for length in range(1, len(place) + 1) if place[:length] in self.gone_rows), None)

    def is_of_kept_row(self, mark: Mark | None) -> bool:
        """Tell whether a leaf said something of a row that is still there, such as a line of its shipment."""
        hub = mark.hub if mark is not None and mark.came == "read" else None
        return hub is not None and (hub.rows, hub.row) in self.now

    def is_same(self, place: Place, one: Any, other: Any) -> bool:
        if one is ABSENT or other is ABSENT:
            return one is other
        line = (self.versions.after.marks.get(place) or self.versions.before.marks[place]).line
        codec = getattr(line, "codec", None)
        return bool(codec.same(one, other)) if codec is not None else is_same(one, other)

    def settle(self, place: Place, verdict: Verdict) -> None:
        self.returned.verdicts[place] = verdict

    def edit(self, address: Address, value: Any, place: Place | None, gone: Place | None = None) -> None:
        edit = self.edits.setdefault(address, _Edit(address, value, [], []))
        if place is not None:
            edit.places.append(place)
        if gone is not None:
            edit.gone.append(gone)

    # Addresses of one version in terms of another

    def before_address(self, address: Address) -> Address:
        if not address.rows:
            return address
        was = self.versions.alignment.was.get((address.rows, address.row))
        return address._replace(row=was[1]) if was is not None else address._replace(row="\0")

    def after_value(self, address: Address) -> Any:
        """Read the hub leaf of the old version in the new one."""
        if not address.rows:
            return _at(self.versions.after, address)
        now = self.now.get((address.rows, address.row))
        return ABSENT if now is None else _at(self.versions.after, address._replace(row=now[1]))

    def home_address(self, address: Address) -> Address | None:
        """Say which leaf of the sender's hub document a leaf of the new version is."""
        if not address.rows:
            return address
        handle = self.handles.get((address.rows, address.row))
        return None if handle is None else address._replace(row=handle)

    def removed_rows(self) -> list[tuple[str, str]]:
        """Give the sender's rows that the receiver had and no longer has."""
        return [
            self.versions.lowered.rows[each.place]
            for row, each in self.versions.before.rows.items()
            if row not in self.now and each.place in self.versions.lowered.rows
        ]

    # Writing

    def write(self, editor: Editor) -> None:
        """Write all edits; what the sender's contract or its lift does not bear stays as it was."""
        values = {address: self.value_of(edit) for address, edit in self.edits.items()}
        known = {address: value for address, value in values.items() if value is not None}
        outcomes = editor.write_all(known, self.versions.is_acceptable)
        for address, edit in self.edits.items():
            self.tell(edit, outcomes.get(address, "no-container"))

    def value_of(self, edit: _Edit) -> Any:
        """Give an edit's value in the sender's terms; None where it names a row that the sender does not have."""
        address = edit.address
        if edit.value is not ABSENT and address.leaf in LISTS and address.rows:
            return self.handles.get((LISTS[address.leaf], edit.value))
        return self.unjoined(address, edit.value)

    def tell(self, edit: _Edit, outcome: list[Place] | str) -> None:
        """Say what became of an edit."""
        if isinstance(outcome, str):
            how, _, why = outcome.partition(": ")
            self.conclude(edit, Verdict("not-returnable", how, why or None, str(edit.address)))
            return
        targets = _changed_leaves(self.versions.sent, self.returned.document, outcome)
        for place in targets:
            self.returned.causes[place] = ("source", tuple(edit.places))
        self.conclude(edit, Verdict("returned", "edit", self.guess(edit), str(edit.address), targets))

    def unjoined(self, address: Address, value: Any) -> Any:
        """Give the sender's own lines of a street where the receiver had them in one and left it alone."""
        sent = _at(self.versions.lifted, address)
        shown = next((_at(self.versions.before, each) for each in self.shown_as(address)), ABSENT)
        if not (isinstance(value, list) and isinstance(sent, list) and isinstance(shown, list)):
            return value
        last = len(shown) - 1
        if len(sent) <= len(shown) or spread(sent, len(shown)) != shown or shown[last] not in value:
            return value
        at = value.index(shown[last])
        return [*value[:at], *sent[last:], *value[at + 1 :]]

    def shown_as(self, address: Address) -> Iterator[Address]:
        """Say which leaf of the old version shows a leaf of the sender's."""
        if not address.rows:
            yield address
        for now, handle in self.handles.items():
            if (now[0], handle) == (address.rows, address.row):
                yield address._replace(row=self.versions.alignment.was[now][1])

    def guess(self, edit: _Edit) -> str | None:
        """Say that the row of an edit was only recognised by what it is like."""
        guessed = {(rows, self.handles.get((rows, row))) for rows, row in self.versions.alignment.guessed}
        return _GUESSED if (edit.address.rows, edit.address.row) in guessed else None

    def followed(self, edit: _Edit, places: list[Place]) -> None:
        """Name the leaves that an edit drew after it, gone ones included."""
        for place in places:
            self.returned.causes[place] = ("followed", ())
        for leaves_, verdicts in ((edit.places, self.returned.verdicts), (edit.gone, self.returned.removed)):
            for leaf in leaves_:
                verdicts[leaf] = replace(verdicts[leaf], targets=(*verdicts[leaf].targets, *places))

    def conclude(self, edit: _Edit, verdict: Verdict) -> None:
        for place in edit.places:
            self.returned.verdicts[place] = verdict
        for place in edit.gone:
            self.returned.removed[place] = verdict


def _changed_leaves(sent: Any, document: Any, places: Iterable[Place]) -> tuple[Place, ...]:
    """Give the leaves that are not what they were, removed ones included; all if everything is what it was."""
    old = {at: value for place in places for at, value in _below(sent, place).items()}
    new = {at: value for place in places for at, value in _below(document, place).items()}
    changed = [at for at in {**new, **old} if not (at in old and at in new and is_same(old[at], new[at]))]
    return tuple(changed or new)


def _below(document: Any, place: Place) -> dict[Place, Any]:
    value, _ = read(document, place)
    return {} if value is ABSENT else dict(leaves(value, place))


def _at(lifted: Lifted, address: Address) -> Any:
    row = lifted.hub
    if address.rows:
        rows = lifted.hub.get(address.rows, ())
        row = next((each for each in rows if each[ROW] == address.row), {})
    value = row.get(address.leaf, ABSENT)
    if address.member:
        return value.get(address.member, ABSENT) if isinstance(value, dict) else ABSENT
    return value


def _handles(versions: Versions) -> dict[tuple[str, str], str]:
    """Map the rows of the new version to the sender's rows."""
    found: dict[tuple[str, str], str] = {}
    for now, was in versions.alignment.was.items():
        old = versions.before.rows.get(was)
        if old is None:
            # Made of an object, not of a list's element: the first row on both sides.
            rows = versions.lifted.hub.get(was[0])
            if rows:
                found[now] = rows[0][ROW]
            continue
        sent = versions.lowered.rows.get(old.place)
        if sent is not None:
            found[now] = sent[1]
    return found
