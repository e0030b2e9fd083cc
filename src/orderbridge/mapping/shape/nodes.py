"""What there is to tell of the places of a partner's document, as a tree; positions in lists make no difference.

Of most values it makes no difference to the account what they are: a text that is read as a text and written as one
goes the same way as any other. Of some it matters how they fare with the codecs on their way, and of some the value
itself. The tree is worked out once per pair of sections; whatever cannot be told to be harmless counts as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge.codec.codec import Refused, is_same
from orderbridge.mapping.compiled.running import looked_up
from orderbridge.mapping.document import ABSENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderbridge.codec.codec import Codec
    from orderbridge.mapping.shape.asked import Writing

_MOST: Final = 500


class Seen(dict[str, int]):
    """The numbers of a document's texts that are compared with each other, and the tables of look-ups."""

    def __init__(self, tables: Sequence[Mapping[str, Any]]) -> None:
        """Start with no texts."""
        super().__init__()
        self.tables = tables


class Node:
    """A place, or all that are alike: how values there are told, and the places below.

    A value is told by whatever it has in common with others that lead to the same account. Here that is its type, and
    whether it is blank, which is told of every value.
    """

    __slots__ = ("children", "elements", "rest")

    def __init__(self) -> None:
        """Start with places below that are like this one."""
        self.children: dict[Any, Node] = {}
        self.rest: Node = self
        self.elements: Node = self

    def tells(self, kind: type) -> bool:
        """Say whether there is more to tell of scalars of a type."""
        return False

    def tell(self, value: Any, seen: Seen) -> Any:
        """Tell a scalar that is not blank."""
        return type(value)


class Valued(Node):
    """Values are told by what they are."""

    __slots__ = ()

    def tells(self, kind: type) -> bool:
        """Say that there is."""
        return True

    def tell(self, value: Any, seen: Seen) -> Any:
        """Tell a scalar by itself, a text by its number too: others may be compared with it."""
        return (value, seen.setdefault(value, len(seen))) if type(value) is str else itself(value)


def itself(value: Any) -> Any:
    """Give what only this very scalar is told by; a number is told by how it is written."""
    kind = type(value)
    if kind is str:
        return value
    return (kind, str(value)) if kind is Decimal else (kind, value)


class Texts(Valued):
    """Texts are all alike."""

    __slots__ = ()

    def __init__(self) -> None:
        """Start with places below of which there is nothing to tell: no text is there."""
        super().__init__()
        self.rest = self.elements = Node()

    def tells(self, kind: type) -> bool:
        """Say that there is more to whatever is no text."""
        return kind is not str


class Compared(Valued):
    """Texts are told by which of those before them they are equal to."""

    __slots__ = ()

    def tell(self, value: Any, seen: Seen) -> Any:
        """Tell a text by the first that was the same."""
        return ("=", seen.setdefault(value, len(seen))) if type(value) is str else itself(value)


class Free(Node):
    """Members that go along as they are; the leaves of one that holds others are compared with each other."""

    __slots__ = ()

    def __init__(self) -> None:
        """Start with places below that are compared."""
        super().__init__()
        self.rest = self.elements = Compared()


@dataclass(frozen=True, slots=True)
class Going:
    """One way of a value: read by a codec, then written in some ways."""

    codec: Codec
    writings: tuple[Writing, ...]

    def fares(self, value: Any) -> Any:
        """Say why the value cannot be read, or of each way why it cannot be written, or whether it stays the same."""
        meant = self.codec.up(value, None)
        return meant.why if isinstance(meant, Refused) else tuple(_said(each, value, meant) for each in self.writings)


def _said(writing: Writing, value: Any, meant: Any) -> Any:
    written = writing.down(meant, None) if writing.down is not None else None
    return written.why if isinstance(written, Refused) else (is_same(value, written), writing.lossy.get(meant))


class Faring(Valued):
    """Values are told by how they fare with the codecs on their ways."""

    __slots__ = ("_known", "goings")

    def __init__(self, goings: tuple[Going, ...]) -> None:
        """Take the ways."""
        super().__init__()
        self.goings = goings
        self.rest = self.elements = Valued()
        self._known: dict[Any, Any] = {}

    def tell(self, value: Any, seen: Seen) -> Any:
        """Tell how a scalar fares; of values that were seen before this is known."""
        key = value if type(value) is str else itself(value)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[key] = (Going, *(each.fares(value) for each in self.goings))
        return known


class LookedUp(Valued):
    """Values are told as another node does, and by whether tables have anything for them."""

    __slots__ = ("codecs", "inner", "numbers")

    def __init__(self, inner: Node, codecs: tuple[Codec, ...], numbers: tuple[int, ...]) -> None:
        """Take the node, how values are read before they are looked up, and the tables' numbers."""
        super().__init__()
        self.inner, self.codecs, self.numbers = inner, codecs, numbers
        self.children, self.rest, self.elements = inner.children, inner.rest, inner.elements

    def tell(self, value: Any, seen: Seen) -> Any:
        """Tell a scalar, and what is found for it."""
        told = self.inner.tell(value, seen) if self.inner.tells(type(value)) else None
        meant = [each.up(value, None) for each in self.codecs]
        return (told, *[_found(seen.tables[number], each) for number in self.numbers for each in meant])


def _found(table: Mapping[str, Any], meant: Any) -> Any:
    value = ABSENT if isinstance(meant, Refused) else looked_up(table, meant)
    if value is ABSENT:
        return False
    return True if type(value) is str and value else (repr(value),)
