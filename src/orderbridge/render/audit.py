"""What an audit says beside its findings: what was skipped, what was not recorded, and how far practice has drifted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from orderbridge.render.machine import compact
from orderbridge.render.printable import printable
from orderbridge.render.report import Checked, Totals
from orderbridge.render.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST_LINES: Final = 20
"""Lines of one kind of drift in a text for people; machines get all of them."""


@dataclass(frozen=True)
class Audited(Totals):
    """Counts of exchanges, and what an audit adds to them at its end."""

    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def noun(self) -> str:
        """Name what was counted."""
        return "exchange"

    def plus(self, document: Checked) -> Audited:
        """Count one more exchange."""
        totals = Totals(self.checked, self.valid, self.errors, self.warnings).plus(document)
        return replace(self, checked=totals.checked, valid=totals.valid, errors=totals.errors, warnings=totals.warnings)

    def told(self, **more: Any) -> Audited:
        """Add what is known at the end."""
        return replace(self, more=more)

    def members(self) -> dict[str, object]:
        """Give the counts of a JSON report, and the drift."""
        counts = {"checked": self.checked, "valid": self.valid, "invalid": self.invalid}
        return {**counts, **self.more}


def ndjson_tail(totals: Audited) -> Iterator[str]:
    """Yield the last line of NDJSON: everything that is not about one exchange."""
    yield compact(totals.members()) + "\n"


def text_tail(totals: Audited) -> Iterator[str]:
    """Yield what people read after the findings."""
    for name, words in _COUNTS.items():
        counts = totals.more.get(name, 0)
        rows = counts.items() if isinstance(counts, dict) else [("", counts)] if counts else []
        parts = [f"{number} {words[key]}" for key, number in rows]
        if parts:
            yield f"{words['=']}: {', '.join(parts)}\n"
    drift = totals.more.get("drift", {})
    if not any(drift.values()):
        return
    yield "Drift (no findings: what the recording and the contract do not share)\n"
    for name, title in _TITLES.items():
        rows = drift.get(name, [])
        if rows:
            yield f"  {title} ({len(rows)})\n"
            yield from (f"    {printable(_line(row))}\n" for row in rows[:_MOST_LINES])
            if len(rows) > _MOST_LINES:
                yield f"    and {len(rows) - _MOST_LINES} more: --format json has all of them\n"


_COUNTS: Final[dict[str, dict[str, str]]] = {
    "skipped": {
        "=": "skipped",
        "elsewhere": "for other paths or hosts",
        "preflight": "that only ask what is allowed (OPTIONS, HEAD)",
        "refused-method": "with a method that was refused",
    },
    "not_recorded": {
        "=": "not recorded, so not judged",
        "missing": "bodies left out",
        "compressed": "bodies left compressed",
        "encoded": "bodies in an unknown encoding",
        "cut": "bodies cut short",
        "in parts": "bodies kept as parameters only",
        "credentials": "requests without their credentials",
    },
    "unanswered": {"=": "without an answer", "": "requests"},
    "unjudged": {"=": "openapi-core failed and has no opinion", "": "times"},
}
_TITLES: Final = {
    "operations_never_called": "operations never called",
    "statuses_never_seen": "answers never seen",
    "undeclared_headers": "response headers that the contract does not have",
    "undeclared_members": "members that the contract does not have",
    "unseen_members": "members never seen",
    "undeclared_values": "values beside those that the contract lists",
    "unseen_values": "listed values never seen",
    "unused_mapping_lines": "lines of the mapping that nothing used",
}


def _line(row: Any) -> str:
    if isinstance(row, str):
        return row
    if "rule" in row:
        return f"{row['rule']} {row['message']} {row['path']}"
    where = f"{row['operation']} {row.get('status') or row.get('message', '')}".strip()
    what = row.get("pointer") or row.get("header") or ""
    values = [*row.get("statuses", ()), *row.get("values", ()), *([row["value"]] if "value" in row else ())]
    times = f" ({count(row['count'], 'time')})" if "count" in row else ""
    return " ".join(part for part in (where, what, ", ".join(values)) if part) + times
