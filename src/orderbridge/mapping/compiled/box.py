"""Source that writes a partner's document: containers that are made once, and put where they belong when filled.

A container is put into its parent when it has got its first members, so that members stand in the order in which
the interpreter writes them, and none is ever empty. Paths that are more than names, or that meet others on their way,
are written by the same function as the interpreter's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from orderbridge.mapping.operations import Each, Either, Group, Leaf, Leave, Members, Parts, Reference, Rest, Tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Operation, Path, Token


class Box:
    """One object under construction: the whole document, or an element of a list."""

    def __init__(self, code: Code, whole: str, operations: Sequence[Operation]) -> None:
        self.code = code
        self.whole = whole
        self.depth = code.depth
        self.hole = code.hole()
        self.writes = [write for each in operations for write in _writes(each)]
        filled = frozenset(each.at for each in operations if isinstance(each, Tree) and each.fill is not None)
        self._slow = _slow(self.writes, filled)
        self._names: dict[Path, str] = {(): whole}
        self._open: list[Path] = []

    def is_slow(self, path: Path) -> bool:
        """Tell whether a path has to be written by the interpreter's function, at least its end."""
        return self._steps(path) is not None

    def _steps(self, path: Path) -> int | None:
        """Count the names down to the container below which a path is slow; None where it is not."""
        slow = (len(each) - 1 for each in self._slow if path[: len(each)] == each)
        return next(slow, None)

    def holder(self, path: Path) -> tuple[Path, Path]:
        """Divide a path into that of a container under construction, and what the interpreter's function follows."""
        steps = self._steps(path)
        cut = len(path) - 1 if steps is None else max(steps, 0)
        return path[:cut], path[cut:]

    def enter(self, paths: Iterable[Path]) -> None:
        """Stand at the container that some paths have in common, until the next call."""
        shared = _common([self.holder(path)[0] for path in paths])
        while self._open and self._open[-1] != shared[: len(self._open[-1])]:
            self._attach(self._open.pop())
        for depth in range(len(self._open), len(shared)):
            self._make(shared[: depth + 1])
            self._open.append(shared[: depth + 1])

    def leave(self) -> None:
        """Put every container where it belongs."""
        while self._open:
            self._attach(self._open.pop())

    def put(self, path: Path, value: str) -> None:
        """Write a value."""
        around, rest = self.holder(path)
        with self.within(around) as container:
            self.code.line(written_at(self.code, container, rest, value))

    @contextmanager
    def within(self, path: Path) -> Iterator[str]:
        """Stand at a container for the length of a block."""
        self._settle(path)
        made = [path[: depth + 1] for depth in range(len(path)) if path[: depth + 1] not in self._open]
        for each in made:
            self._make(each)
        yield self._names[path]
        for each in reversed(made):
            self._attach(each)

    def overlaps(self, path: Path, *, besides: int = 1) -> bool:
        """Tell whether other lines write at a path, above or below it."""
        found = sum(other[: len(path)] == path[: len(other)] for other, _ in self.writes)
        return found > besides

    def _make(self, path: Path) -> None:
        if path in self._names:
            return
        name = self._names[path] = self.code.name("b")
        if self.code.depth == self.depth:
            self.code.line(f"{name} = {{}}")
        else:
            self.hole.append(f"{name} = {{}}")

    def _attach(self, path: Path) -> None:
        name, parent = self._names[path], self._names[path[:-1]]
        with self.code.block(f"if {name}"):
            self.code.line(f"{parent}[{path[-1]!a}] = {name}")

    def _settle(self, path: Path) -> None:
        """Put those containers where they belong that a write elsewhere must not overtake."""
        for each in reversed(self._open):
            if each != path[: len(each)]:
                self._attach(each)


def written_at(code: Code, whole: str, path: Path, value: str) -> str:
    """Write what the interpreter's function does with a path: names need no search, and a single one no call."""
    if not all(isinstance(token, str) for token in path):
        return f"write({whole}, {code.constant('p', path)}, {value})"
    if len(path) == 1:
        return f"{whole}[{path[0]!a}] = {value}"
    return f"write_names({whole}, {code.constant('p', path)}, {value})"


def _common(paths: list[Path]) -> Path:
    if not paths:
        return ()
    shared: list[Token] = []
    for steps in zip(*paths, strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return tuple(shared)


FREE = "free"
LEAF = "leaf"


def _writes(line: Operation) -> Iterator[tuple[Path, str | frozenset[str]]]:
    """Yield the paths that an operation may write; of free members the container and the names that are not free."""
    if isinstance(line, Group):
        for each in line.lines:
            yield from _writes(each)
    elif isinstance(line, Either):
        for one in line.sets:
            for inner in one:
                yield from _writes(inner)
    elif isinstance(line, (Tree, Rest)):
        yield line.at, line.declared
    else:
        for path in paths_written(line):
            yield path, LEAF


def paths_written(line: Operation) -> tuple[Path, ...]:
    """Give the paths that a line of its own may write."""
    if isinstance(line, Leaf):
        return (line.at, *line.also, *([line.currency] if line.currency is not None else []))
    if isinstance(line, Parts):
        return line.at
    if isinstance(line, Leave):
        return (line.at,) if line.fill is not None else ()
    if isinstance(line, (Each, Members, Reference, Tree)):
        return (line.at,)
    return ()


def _slow(writes: list[tuple[Path, str | frozenset[str]]], filled: frozenset[Path]) -> frozenset[Path]:
    """Find where paths are more than names, or where something could stand in another's way; the uppermost places."""
    values = {path for path, kind in writes if kind == LEAF}
    containers = {path[:depth] for path, _ in writes for depth in range(1, len(path))}
    holders = containers | {path for path, kind in writes if kind != LEAF}
    slow: set[Path] = set()
    for path, kind in writes:
        names = next((depth for depth, token in enumerate(path) if not isinstance(token, str)), None)
        if names is not None:
            slow.add(path[:names])
        elif path and ((path in filled and path in containers) or path in (containers if kind == LEAF else values)):
            slow.add(path)
        if isinstance(kind, frozenset):
            inner = {each[: len(path) + 1] for each in holders if len(each) > len(path) and each[: len(path)] == path}
            slow |= {each for each in inner if each[-1] not in kind}
    return frozenset(each for each in slow if not any(each[:depth] in slow for depth in range(len(each))))
