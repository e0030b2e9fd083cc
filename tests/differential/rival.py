"""What the rival oracles have in common: the message they judge, and what they say about a value.

Each of the other modules here is one rival and has the same three names: `NAME`, `oracle` (a message of a
contract becomes a function from JSON text to refusals) and `REASONS` (by the name of a row of
`tests/data/disagreements.json`, the predicate that tells whether the row covers one finding of either side).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from orderbridge import pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderbridge.contract.contract import Contract
    from orderbridge.contract.dialect import Direction
    from orderbridge.problem import Problem


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Message:
    """One message of a contract, equal to itself only; `contract` is pruned to the level that is compared."""

    contract: Contract
    operation: str
    status: str | None
    schema: str

    def __repr__(self) -> str:
        """Name the message; a whole contract would bury every report of a failure."""
        return f"{self.contract.name} {self.operation} {self.status or 'request'}"

    @property
    def direction(self) -> Direction:
        """Which way the message goes."""
        return "request" if self.status is None else "response"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that a rival has against a value: the name it gives to the broken rule, where, and what it says."""

    rule: str
    pointer: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that one side alone has against a value: ours has a `problem`, the rival's a `refusal`.

    `ours` are all our problems with the value, warnings too. `is_about_spelling`: the rival takes the same value where
    whole numbers are written without a point; what it says of a union around one tells nothing of the number.
    """

    message: Message
    value: Any
    ours: tuple[Problem, ...]
    problem: Problem | None = None
    refusal: Refusal | None = None
    is_about_spelling: bool = False

    @property
    def code(self) -> str | None:
        """Our code, if we are who refuses."""
        return None if self.problem is None else self.problem.code

    @property
    def rule(self) -> str | None:
        """The rival's rule, if the rival refuses."""
        return None if self.refusal is None else self.refusal.rule

    @property
    def schema(self) -> dict[str, Any]:
        """The schema object whose keyword is broken, as the contract has it (ours only)."""
        if self.problem is None or not self.problem.schema_pointer:
            return {}
        found = pointer.get(self.message.contract.document, self.problem.schema_pointer.rpartition("/")[0])
        return found if isinstance(found, dict) else {}

    @property
    def place(self) -> str:
        """Where the fault is; a rival's pointer may go on into its own schemas, and is cut to what the value has."""
        wanted = self.problem.pointer if self.problem is not None else getattr(self.refusal, "pointer", "")
        while not _is_there(self.value, wanted):
            wanted = wanted.rpartition("/")[0]
        return wanted

    @property
    def subject(self) -> Any:
        """The value that is found fault with."""
        return pointer.get(self.value, self.place)

    @property
    def is_doubted(self) -> bool:
        """Whether we only warn of the value's type: weaker evidence than the compared level says it."""
        warned = {(problem.pointer, problem.code) for problem in self.ours if problem.severity == "warning"}
        return (self.place, "type") in warned


def is_whole_fraction(value: Any) -> bool:
    """Tell whether a number is whole but written with a point or an exponent."""
    return isinstance(value, Decimal) and value == value.to_integral_value()


def plainly_spelt(value: Any) -> Any:
    """Write whole numbers without a point or an exponent."""
    if isinstance(value, dict):
        return {name: plainly_spelt(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plainly_spelt(element) for element in value]
    return int(value) if is_whole_fraction(value) else value


def _is_there(value: Any, where: str) -> bool:
    try:
        pointer.get(value, where)
    except LookupError:
        return False
    return True


if TYPE_CHECKING:
    Oracle = Callable[[bytes], list[Refusal]]
    Reason = Callable[[Finding], bool]

HOST: Final = "http://localhost"
