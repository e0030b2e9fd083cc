"""Source that reads a partner's document: containers opened once, members looked up in them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orderbridge.mapping.compiled.running import filled_without

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orderbridge.mapping.compiled.writer import Code
    from orderbridge.mapping.operations import Guard, Path, Token


class Reader:
    """Reads one value of the document: the whole, or an element of a list.

    `open` are the containers that are at hand: maps by their paths. Members with secret names are not there.
    """

    def __init__(self, code: Code, value: str, secrets: frozenset[str], *, is_map: bool = False) -> None:
        self.code = code
        self.value = value
        self.secrets = secrets
        self.open: dict[Path, str] = {}
        self.guards: dict[str, str] = {}
        if is_map:
            self.open[()] = value

    def can_read(self, path: Path) -> bool:
        """Tell whether a path could name anything but a secret."""
        names = (token if isinstance(token, str) else getattr(token, "member", "") for token in path)
        return not any(name.casefold() in self.secrets for name in names)

    def container(self, path: Path) -> str:
        """Give the map at a path, an empty one where there is none."""
        if path not in self.open:
            name = self.code.name("c")
            self.code.line(f"{name} = {self.raw(path)}")
            with self.code.block(f"if type({name}) is not dict"):
                self.code.line(f"{name} = EMPTY")
            self.open[path] = name
        return self.open[path]

    def raw(self, path: Path) -> str:
        """Give the expression of the value at a path, None where there is none."""
        if not path:
            return self.value
        *_, token = path
        if not self.can_read(path):
            return "None"
        if isinstance(token, str) and all(isinstance(each, str) for each in path):
            container = self.container(path[:-1])
            return f"({container}[{token!a}] if {token!a} in {container} else None)"
        return f"at({self.value}, {self.code.constant('p', path)})"

    def member(self, path: Path) -> tuple[str, str]:
        """Give the test whether there is something at a path, and its expression where there is."""
        *_, token = path
        container = self.container(path[:-1])
        return f"{token!a} in {container}", f"{container}[{token!a}]"

    def is_plain(self, path: Path) -> bool:
        """Tell whether a path consists of member names alone."""
        return bool(path) and all(isinstance(token, str) for token in path)

    def filled(self, name: str) -> str:
        """Give the test whether a variable says anything."""
        said = f"{name} or {name} is not None and type({name}) in NUMBERS"
        if not self.secrets:
            return f"({said})"
        test = self.code.constant("f", _filled(self.secrets))
        return f"(({said}) and (type({name}) is not dict or {test}({name})))"

    def guard(self, guard: Guard) -> str:
        """Give the variable that tells whether a condition holds; it is asked once."""
        key = repr(guard)
        if key not in self.guards:
            name = self.code.name("g")
            self.code.line(f"{name} = {self._guard(guard)}")
            self.guards[key] = name
        return self.guards[key]

    def _guard(self, guard: Guard) -> str:
        if not guard.aka and self.is_plain(guard.at) and type(guard.value) in {str, bool}:
            equals = "is" if isinstance(guard.value, bool) else "=="
            return f"{self.raw(guard.at)} {equals} {guard.value!a}"
        known = tuple(path for path in (guard.at, *guard.aka) if self.can_read(path))
        if not known:
            return "False"
        return f"holds({self.value}, {self.code.constant('g', replace(guard, at=known[0], aka=known[1:]))})"

    @contextmanager
    def inside(self, path: Path) -> Iterator[None]:
        """Read below a path, if there is a map."""
        if path in self.open:
            yield
            return
        name = self.code.name("c")
        self.code.line(f"{name} = {self.raw(path)}")
        with self.code.block(f"if type({name}) is dict"), self.apart():
            self.open[path] = name
            yield

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Forget afterwards what was opened: it was opened under a condition."""
        before = dict(self.open)
        guards = dict(self.guards)
        yield
        self.open, self.guards = before, guards


_FILLED: dict[frozenset[str], Any] = {}


def _filled(secrets: frozenset[str]) -> Any:
    return _FILLED.setdefault(secrets, filled_without(secrets))


def common(paths: Sequence[Path]) -> Path:
    """Give the map that all of some paths lie in."""
    first, *others = paths
    shared: list[Token] = []
    for depth, token in enumerate(first[:-1]):
        inner = (token, first[depth + 1])
        if not all(isinstance(each, str) for each in inner):
            break
        if any(
            len(path) < depth + 2 or path[depth] != token or not isinstance(path[depth + 1], str) for path in others
        ):
            break
        shared.append(token)
    return tuple(shared)
