"""What every output format is told: what was checked, each checked document, and the totals.

A format receives documents one at a time and answers with text to write, so a million records never
stand in memory together. What a document says about itself (valid or not) is decided here, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orderbridge.problem import Problem

TOOL = "orderbridge"


@dataclass(frozen=True, slots=True)
class Subject:
    """The contract that documents are held against: partner, operation and which of its messages."""

    partner: str
    operation: str
    message: str
    status: str | None = None
    level: str = "documented"

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the subject in words, from wide to narrow."""
        return tuple(part for part in (self.partner, self.operation, self.message, self.status) if part)

    def members(self) -> dict[str, object]:
        """Give the members that a JSON report says about its subject."""
        return {"partner": self.partner, "operation": self.operation, "message": self.message}


@dataclass(frozen=True, slots=True)
class LintSubject:
    """The partners whose own documents are checked by `orderbridge lint`."""

    partners: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the subject in words."""
        return ("lint",)

    def members(self) -> dict[str, object]:
        """Give the members that a JSON report says about its subject."""
        return {"partners": list(self.partners)}


@dataclass(frozen=True, slots=True)
class AuditSubject:
    """The contract that recorded exchanges are held against by `orderbridge audit`."""

    partner: str
    level: str

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the subject in words."""
        return ("audit", self.partner)

    def members(self) -> dict[str, object]:
        """Give the members that a JSON report says about its subject."""
        return {"partner": self.partner, "level": self.level}


Topic = Subject | LintSubject | AuditSubject


@dataclass(frozen=True, slots=True)
class Checked:
    """One checked document.

    `record` is the document's place in an NDJSON file (None: the file holds this one document), `line` the line
    that it is and `text` that line only. Without `line` the problems' lines are lines of the file already.
    `secrets` are the names of members whose values an excerpt must hide.
    """

    file: str
    record: int | None = None
    problems: tuple[Problem, ...] = ()
    text: str | None = field(default=None, repr=False)
    secrets: frozenset[str] = frozenset()
    line: int | None = None

    @property
    def valid(self) -> bool:
        """Tell whether the document keeps its contract: warnings do not count."""
        return all(problem.severity != "error" for problem in self.problems)

    def placed(self) -> Iterator[Problem]:
        """Yield the problems with the document's file and record filled in where they say none, and its line."""
        for problem in self.problems:
            file = self.file if problem.file is None else problem.file
            record = self.record if problem.record is None else problem.record
            line = problem.line if self.line is None else self.line
            yield problem.placed(file=file, record=record, line=line)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many documents and problems there were."""

    checked: int = 0
    valid: int = 0
    errors: int = 0
    warnings: int = 0

    @property
    def noun(self) -> str:
        """Name what was counted."""
        return "document"

    @property
    def invalid(self) -> int:
        """Count the documents with at least one error."""
        return self.checked - self.valid

    @property
    def problems(self) -> int:
        """Count errors and warnings together."""
        return self.errors + self.warnings

    def plus(self, document: Checked) -> Totals:
        """Count one more document."""
        errors = sum(problem.severity == "error" for problem in document.problems)
        return Totals(
            checked=self.checked + 1,
            valid=self.valid + (errors == 0),
            errors=self.errors + errors,
            warnings=self.warnings + len(document.problems) - errors,
        )

    def __add__(self, other: Totals) -> Totals:
        """Add the counts of other documents."""
        return Totals(
            checked=self.checked + other.checked,
            valid=self.valid + other.valid,
            errors=self.errors + other.errors,
            warnings=self.warnings + other.warnings,
        )

    def members(self) -> dict[str, object]:
        """Give the counts of a JSON report."""
        return {"checked": self.checked, "valid": self.valid, "invalid": self.invalid}


class Renderer(Protocol):
    """One output format, for one run: `start` once, `document` for each in order, `end` once.

    Each yields pieces of text to write as they come, line ends included; every piece can be encoded as UTF-8.
    """

    @property
    def wants_clean(self) -> bool:
        """Tell whether documents without problems are shown; when not, a caller may leave them out."""

    def start(self, topic: Topic) -> Iterable[str]:
        """Open the report."""

    def document(self, checked: Checked) -> Iterable[str]:
        """Show one document."""

    def end(self, totals: Totals) -> Iterable[str]:
        """Close the report."""


class Factory(Protocol):
    """What `RENDERERS` holds: makes the renderer of one run."""

    def __call__(self, *, color: bool = False, version: str = "") -> Renderer:
        """Make a renderer; `color` matters to text only, `version` is the tool's own."""
