"""Python source under construction: lines, fresh names, and a table of constants.

Text that comes from a mapping file gets into the source as a literal in ASCII or as a name in the table of constants,
never as it stands; names of variables are counted, not chosen.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDENT: Final = "    "


@dataclass
class _Hole:
    depth: int
    lines: list[str] = field(default_factory=list)


class Code:
    """The source of one function."""

    def __init__(self, function: str, parameters: tuple[str, ...]) -> None:
        self.function = function
        self.parameters = parameters
        self.lines: list[str | _Hole] = []
        self.constants: dict[str, Any] = {}
        self.depth = 1
        self.memo: dict[tuple[str, int, bool], str] = {}
        """Names of constants that were made for something, by what that is."""
        self._names: dict[str, int] = {}
        self._known: dict[int, str] = {}

    @property
    def source(self) -> str:
        """The whole source."""
        head = f"def {self.function}({', '.join(self.parameters)}):"
        return "\n".join([head, *self._written(), ""])

    def _written(self) -> Iterator[str]:
        for line in self.lines:
            if isinstance(line, str):
                yield line
            else:
                yield from (f"{_INDENT * line.depth}{text}" for text in line.lines)

    def line(self, text: str) -> None:
        """Write a line at the present depth."""
        self.lines.append(f"{_INDENT * self.depth}{text}")

    def hole(self) -> list[str]:
        """Keep a place for lines that turn out to be needed later."""
        hole = _Hole(self.depth)
        self.lines.append(hole)
        return hole.lines

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write the lines inside of a compound statement; it is left out with its head where there are none."""
        self.line(f"{head}:")
        before = len(self.lines)
        self.depth += 1
        yield
        self.depth -= 1
        if len(self.lines) == before:
            self.lines.pop()

    @contextmanager
    def when(self, *tests: str | None) -> Iterator[None]:
        """Write lines under some tests, or under none."""
        found = [test for test in tests if test is not None]
        if not found:
            yield
            return
        with self.block(f"if {' and '.join(found)}"):
            yield

    def name(self, prefix: str) -> str:
        """Give a name that nothing has."""
        number = self._names.get(prefix, 0)
        self._names[prefix] = number + 1
        return f"{prefix}{number}"

    def value(self, value: Any) -> str:
        """Give the expression of a constant: a literal where it is one, else its name in the table."""
        if isinstance(value, str) and type(value) is str:
            return ascii(value)
        if value is None or isinstance(value, bool) or type(value) is int:
            return repr(value)
        return self.constant("k", value)

    def constant(self, prefix: str, value: Any) -> str:
        """Put an object into the table, and give its name there."""
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = self.name(prefix)
            # Held for as long as the code, so that its identity stays its own.
            self.constants[known] = value
        return known
