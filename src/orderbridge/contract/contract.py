"""A contract: one bundled OpenAPI document, the operations found in it, and how well we know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from orderbridge.contract import dialect, evidence
from orderbridge.contract.operations import read_operations
from orderbridge.contract.origins import Place
from orderbridge.contract.secrets import secret_names
from orderbridge.errors import UnknownOperationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from orderbridge.contract.dialect import Direction
    from orderbridge.contract.model import Operation
    from orderbridge.contract.origins import Origins
    from orderbridge.contract.shape import Tokens
    from orderbridge.problem import Evidence

DEFAULT_OPERATION: Final = "createOrder"


def _nowhere() -> None:
    return None


@dataclass(frozen=True)
class Contract:
    """One partner's API. `document` is bundled: nothing outside it is referenced.

    `document` and everything in it must not be changed.
    """

    name: str
    document: dict[str, Any]
    operations: Mapping[str, Operation]
    folder: Path
    file: Path
    level: Evidence = "inferred"
    sources: Callable[[], Origins | None] = field(default=_nowhere, repr=False, compare=False)
    _levels: dict[Evidence, Contract] = field(default_factory=dict, repr=False, compare=False)
    _converted: dict[tuple[Direction, bool], dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def origins(self) -> Origins | None:
        """Where its parts were written; None where it was in no file. Found out when it is first asked for."""
        return self.sources()

    @property
    def title(self) -> str:
        """What the document calls itself."""
        return str(self.document["info"]["title"])

    @property
    def version(self) -> str:
        """The version of the document."""
        return str(self.document["info"]["version"])

    @cached_property
    def tags(self) -> Mapping[Tokens, evidence.Tag]:
        """The evidence of every object of the document."""
        return evidence.tags(self.document)

    @cached_property
    def inner(self) -> Mapping[Tokens, list[Tokens]]:
        """The objects that stand in each object of the document, without those in between."""
        found: dict[Tokens, list[Tokens]] = {}
        for tokens in self.tags:
            outer = next((tokens[:size] for size in range(len(tokens) - 1, -1, -1) if tokens[:size] in self.tags), None)
            if outer is not None:
                found.setdefault(outer, []).append(tokens)
        return found

    @cached_property
    def is_tagged(self) -> bool:
        """Whether any evidence but the untagged default occurs, so that levels differ."""
        return any(
            word != evidence.UNTAGGED
            for tag in self.tags.values()
            for word in (tag.default, *tag.keywords.values(), *tag.required.values())
        )

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The member names under which the contract marks secrets anywhere."""
        return secret_names(self.document)

    def at(self, level: Evidence) -> Contract:
        """Give the contract without every constraint that is known less well than `level`.

        The same object each time. Constraints already taken out stay out.
        """
        if level not in self._levels:
            pruned = evidence.at(self.document, level)
            operations = read_operations(pruned)
            self._levels[level] = Contract(
                self.name, pruned, operations, self.folder, self.file, level, sources=self.sources
            )
        return self._levels[level]

    def converted(self, direction: Direction, *, mark: bool) -> dict[str, Any]:
        """Give the document in the dialect of the validator, the same object each time: do not change it."""
        key = (direction, mark)
        if key not in self._converted:
            self._converted[key] = dialect.convert(self.document, direction, mark=mark)
        return self._converted[key]

    def place(self, where: str) -> Place:
        """Say where a part of the document was written: file, line, column and the pointer in that file."""
        if self.origins is None:
            return Place(str(self.file), 1, 1, where)
        return self.origins.place(where)

    def operation(self, wanted: str | None = None) -> Operation:
        """Find an operation: by id, or the create operation, or the only POST.

        Raises:
            UnknownOperationError: there is none of that id.
            UsageError: no id was given and the document does not say which is meant.

        """
        if wanted is not None:
            if wanted not in self.operations:
                raise UnknownOperationError("operation", wanted, self.operations)
            return self.operations[wanted]
        if DEFAULT_OPERATION in self.operations:
            return self.operations[DEFAULT_OPERATION]
        posts = [operation for operation in self.operations.values() if operation.method == "post"]
        if len(posts) == 1:
            return posts[0]
        msg = f"which operation of {self.name} is meant? Name one of: {', '.join(self.operations)}"
        raise UsageError(msg)
