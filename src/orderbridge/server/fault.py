"""What the server refuses, before it takes a partner's shape: a kind, a sentence, and single faults with places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orderbridge.store.refusals import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orderbridge.problem import Problem
    from orderbridge.server.http import Header

_IN_ONE_SENTENCE: Final = 5
"""Single faults that are told in one sentence; whoever reads it mends some of them first anyway."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One single fault: where (a JSON Pointer into the body, or `header:name`), what, and its code."""

    pointer: str
    message: str
    code: str


@dataclass(eq=False)
class Fault(Exception):  # noqa: N818 - it says what is wrong with a request, not with us
    """A refusal on its way to the caller.

    `kind` is one of the hub's kinds of problem; `status` wins over what the partner's table has for it. `code` is ours
    and shown in problem details only; `own` is the partner's code for it, where the partner has one.
    """

    kind: str
    message: str
    code: str
    entries: tuple[Entry, ...] = ()
    status: int | None = None
    headers: tuple[Header, ...] = ()
    own: str | None = None
    remark: str = ""
    """What has to be said about the list of single faults itself."""

    @property
    def sentence(self) -> str:
        """All that is said about the whole."""
        return f"{self.message}; {self.remark}" if self.remark else self.message


STATUS: Final[dict[str, int]] = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "unsupported": 415,
    "unavailable": 503,
    "internal": 500,
}
"""The status of a kind where a partner has none of its own."""


MOST_LISTED: Final = 1000
"""Problems that one answer lists: a message of one megabyte can have hundreds of thousands."""
IN_PART: Final = "there may be more problems than are listed, for a body of this size is looked at in part"
_INVALID: Final = "the request does not keep the contract"


def cause_of(fault: Fault) -> BaseException | None:
    """Give what a fault comes from where that is no caller's doing, and nobody else would hear of it."""
    return fault.__cause__ if isinstance(fault.__cause__, Unavailable) else None


def invalid(problems: Sequence[Problem], message: str = _INVALID, *, complete: bool = True) -> Fault:
    """Refuse a request that breaks the contract, naming its problems; where not all are listed, saying so.

    They are `complete` unless the body was too large to look for all of them.
    """
    listed = problems[:MOST_LISTED]
    entries = tuple(Entry(each.pointer, each.message, each.code) for each in listed)
    remark = ""
    if len(listed) < len(problems):
        remark = f"of {'' if complete else 'more than '}{len(problems):,} problems {len(listed):,} are listed"
    elif not complete:
        remark = IN_PART
    return Fault("invalid", message, "invalid-request", entries, remark=remark)


def hub_problem(
    fault: Fault, status: int, codes: Mapping[str, str], *, told: frozenset[str], brief: bool = False
) -> dict[str, Any]:
    """Write a fault as the hub's problem, flat, from which a partner's shape is lowered.

    `codes` are the partner's words for statuses. Ours are not among them: a client would take them for its partner's.
    `told` are the members of single faults that the partner's shape has room for; what it has none for is told in the
    sentences. With `brief` a single fault that says what the whole says adds its place alone.
    """
    whole: dict[str, Any] = {"kind": fault.kind, "status": status, "message": _sentence(fault, told)}
    own = fault.own or codes.get(str(status))
    code = {"code": own} if own is not None else {}
    whole.update(code)
    if fault.entries:
        whole["errors"] = [
            {"row": str(index), **_said(each, fault, told, brief=brief), **code}
            for index, each in enumerate(fault.entries)
        ]
        if fault.remark and "message" in told:  # some shapes have sentences in their list alone
            whole["errors"].append({"row": str(len(fault.entries)), "message": fault.remark, **code})
    return whole


def _sentence(fault: Fault, told: frozenset[str]) -> str:
    """Say what is wrong, single faults included where the shape has no list of them."""
    if "message" in told or not fault.entries:
        return fault.sentence
    parts = [_placed(each, fault) for each in fault.entries[:_IN_ONE_SENTENCE]]
    more = len(fault.entries) - len(parts)
    said = "; ".join(part for part in parts if part != fault.message)
    return fault.sentence + (f": {said}" if said else "") + (f"; and {more:,} more" if more else "")


def _said(entry: Entry, fault: Fault, told: frozenset[str], *, brief: bool) -> dict[str, str]:
    message = entry.message if "pointer" in told else _placed(entry, fault)
    words = {"message": message} if not brief or entry.message != fault.message else {}
    return words | ({"pointer": entry.pointer} if entry.pointer else {})


def _placed(entry: Entry, fault: Fault) -> str:
    """Say a single fault with its place; one that is all there is to say may be a sentence of the partner's own."""
    if not entry.pointer or entry.message == fault.message:
        return entry.message
    return f"{entry.pointer}: {entry.message}"
