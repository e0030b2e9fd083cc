"""Which of several alternatives a value was meant to be: the errors of `anyOf` and `oneOf` as leaves.

A validator says that nothing fits and why each branch does not; a person wants to know what to change.
The branch that fits best speaks for all. Used for orders against contracts and for contracts against
the OpenAPI schema alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge.contract import references

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jsonschema_rs import ValidationError

Path = tuple[str | int, ...]
Meant = Callable[[Any, Any], bool]

ALTERNATIVES: Final = frozenset({"anyOf", "oneOf"})
COMPOSED: Final = ALTERNATIVES | {"not"}
_MERGED: Final = frozenset({"enum", "type"})


class Fault(NamedTuple):
    """One broken keyword: where in the value, where in the schema, and the keyword's own detail.

    `detail` is the missing member, the listed values, the limit and so on; `through` are the schema
    paths of the alternatives that led here, outermost first.
    """

    keyword: str
    at: Path
    schema: Path
    detail: Any
    through: tuple[Path, ...] = ()


def faults(
    error: ValidationError,
    document: Any,
    value: Any,
    is_meant: Meant | None = None,
    *,
    through: tuple[Path, ...] = (),
) -> list[Fault]:
    """Explain one validator error as the faults of the branch that fits best.

    `document` holds the schemas that the schema paths lead into (for discriminators), `value` is the
    whole validated value. `is_meant` may rule branches out by their schema and the value they are for.
    `through` are the alternatives that led to the error.
    """
    kind = error.kind
    if kind.name not in ALTERNATIVES or not _is_unfitting(kind):
        return [leaf(error, through)]
    at, schema = tuple(error.instance_path), tuple(error.schema_path)
    inside = (*through, schema)
    branches = [
        [leaf(branch[0], inside)]
        if len(branch) == 1 and branch[0].kind.name not in ALTERNATIVES
        else [fault for inner in branch for fault in faults(inner, document, value, is_meant, through=inside)]
        for branch in kind.value
    ]
    if is_meant is not None:
        alternatives, instance = _get(document, schema), _get(value, at)
        branches = [
            branch
            for branch, alternative in zip(branches, alternatives, strict=True)
            if is_meant(alternative, instance)
        ]
    chosen = _by_discriminator(branches, document, schema, at, value)
    if chosen is None:
        chosen = _best([branch for branch in branches if branch], at)
    return chosen or [Fault(kind.name, at, schema, None, through)]


def leaf(error: ValidationError, through: tuple[Path, ...] = ()) -> Fault:
    """Give a validator error as it is, whatever is inside it."""
    kind = error.kind
    return Fault(kind.name, tuple(error.instance_path), tuple(error.schema_path), kind.value, through)


def _get(document: Any, path: Path) -> Any:
    return _at(document, path)


def _is_unfitting(kind: Any) -> bool:
    # The same keyword also reports that too many branches of a oneOf fit; nothing can be chosen then.
    return type(kind).__name__ != "OneOfMultipleValid"


def _best(branches: Sequence[list[Fault]], at: Path) -> list[Fault] | None:
    if not branches:
        return None
    if _are_alike(branches):
        # As most are: nothing below could tell them apart, or but join them.
        found = [branch[0] for branch in branches]
        if found[0].keyword not in _MERGED:
            return found[:1]
        if found[0].at == at:
            return [_with_details(found)]
    stated = [branch for branch in branches if _is_stated(branch)] or branches
    fitting = [branch for branch in stated if not _is_of_another_type(branch, at)] or stated
    merged = _merged(fitting, at) or _unknown_tag(fitting, at)
    if merged is not None:
        return [merged]
    return fitting[0] if len(fitting) == 1 else min(fitting, key=partial(_strangeness, at))


# Plain loops, because these are gone through for every alternative of every broken order.


def _are_alike(branches: Sequence[list[Fault]]) -> bool:
    """Tell whether each branch has one fault only, of the same keyword at the same place."""
    keyword, at = branches[0][0][:2]
    for branch in branches:  # noqa: SIM110 - see above
        if len(branch) != 1 or branch[0].keyword != keyword or branch[0].at != at:
            return False
    return True


def _is_stated(branch: Iterable[Fault]) -> bool:
    for fault in branch:  # noqa: SIM110 - see above
        if fault.keyword != "not":
            return True
    return False


def _is_of_another_type(branch: Iterable[Fault], at: Path) -> bool:
    for fault in branch:  # noqa: SIM110
        if fault.keyword == "type" and fault.at == at:
            return True
    return False


def _strangeness(at: Path, branch: Sequence[Fault]) -> tuple[int, int, int]:
    """Weigh how far a value is from a branch; the least is the one that was meant.

    First come the one-value enums right below, tags that say the value is something else; then what is wrong with
    the value's own shape, where a member it should have weighs more than one too many; then all faults alike.
    """
    misses = shape = 0
    for fault in branch:
        if len(fault.at) == len(at):
            shape += 2 if fault.keyword == "required" else 1
        elif _is_tag_miss(fault, at):
            misses += 1
    return misses, shape, len(branch)


def _is_tag_miss(fault: Fault, at: Path) -> bool:
    return fault.keyword == "enum" and len(fault.at) == len(at) + 1 and len(fault.detail or ()) == 1


def _merged(branches: Sequence[list[Fault]], at: Path) -> Fault | None:
    """Join branches that each refuse the value itself for its type, or for not being listed."""
    keyword = branches[0][0].keyword
    if keyword not in _MERGED:
        return None
    for branch in branches:
        if len(branch) != 1 or branch[0].keyword != keyword or branch[0].at != at:
            return None
    return _with_details([branch[0] for branch in branches])


def _with_details(found: Sequence[Fault]) -> Fault:
    """Give the first of several faults with the details of all, each once; true and 1 are two things."""
    details = {repr(entry): entry for fault in found for entry in fault.detail}
    keyword, at, schema, _, through = found[0]
    return Fault(keyword, at, schema, list(details.values()), through)


def _unknown_tag(branches: Sequence[list[Fault]], at: Path) -> Fault | None:
    """Join branches that each refuse the value for the same member, which says which branch is meant."""
    found: list[Fault] = []
    for branch in branches:
        tag = next((fault for fault in branch if fault.keyword == "enum" and _is_tag_miss(fault, at)), None)
        if tag is None or (found and tag.at != found[0].at):
            return None
        found.append(tag)
    return _with_details(found) if len(found) > 1 else None


def _by_discriminator(
    branches: Sequence[list[Fault]],
    document: Any,
    schema: Path,
    at: Path,
    value: Any,
) -> list[Fault] | None:
    instance = _at(value, at)
    if not isinstance(instance, dict):
        return None
    holder = _at(document, schema[:-1])
    discriminator = holder.get("discriminator") if isinstance(holder, dict) else None
    if not isinstance(discriminator, dict):
        return None
    tag = instance.get(discriminator.get("propertyName"))
    if not isinstance(tag, str):
        return None
    mapping = discriminator.get("mapping")
    wanted = mapping.get(tag, tag) if isinstance(mapping, dict) else tag
    for branch, alternative in zip(branches, holder.get(schema[-1], ()), strict=False):
        target = references.local(alternative.get("$ref")) if isinstance(alternative, dict) else None
        if target is not None and (wanted == target.rpartition("/")[2] or references.local(wanted) == target):
            return branch or None
    return None


def _at(value: Any, path: Path) -> Any:
    """Read what a validator's path leads to; None if it leads nowhere."""
    try:
        for token in path:
            value = value[token]
    except (LookupError, TypeError):
        return None
    return value
