"""Which of several alternatives a value was meant to be: the errors of `anyOf` and `oneOf` as leaves.

A validator says that nothing fits and why each branch does not; a person wants to know what to change.
The branch that fits best speaks for all. Used for orders against contracts and for contracts against
the OpenAPI schema alike.
"""

from __future__ import annotations

from collections.abc import Callable
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


def faults(error: ValidationError, document: Any, value: Any, is_meant: Meant | None = None) -> list[Fault]:
    """Explain one validator error as the faults of the branch that fits best.

    `document` holds the schemas that the schema paths lead into (for discriminators), `value` is the
    whole validated value. `is_meant` may rule branches out by their schema and the value they are for.
    """
    kind = error.kind
    at, schema = tuple(error.instance_path), tuple(error.schema_path)
    keyword = kind.name
    if keyword not in ALTERNATIVES or not _is_unfitting(kind):
        return [Fault(keyword, at, schema, kind.value)]
    branches = [
        [fault for inner in branch for fault in faults(inner, document, value, is_meant)] for branch in kind.value
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
    if not chosen:
        return [Fault(keyword, at, schema, None)]
    return [Fault(fault.keyword, fault.at, fault.schema, fault.detail, (schema, *fault.through)) for fault in chosen]


def _get(document: Any, path: Path) -> Any:
    return _at(document, path)


def _is_unfitting(kind: Any) -> bool:
    # The same keyword also reports that too many branches of a oneOf fit; nothing can be chosen then.
    return type(kind).__name__ != "OneOfMultipleValid"


def _best(branches: Sequence[list[Fault]], at: Path) -> list[Fault] | None:
    stated = [branch for branch in branches if any(fault.keyword != "not" for fault in branch)] or list(branches)
    if not stated:
        return None
    fitting = [branch for branch in stated if not _breaks_at(branch, at, {"type"})]
    merged = _merged(fitting or stated, at) or _unknown_tag(fitting or stated, at)
    if merged is not None:
        return [merged]
    return min(fitting or stated, key=lambda branch: (_tag_misses(branch, at), _distance(branch, at), len(branch)))


def _distance(branch: Iterable[Fault], at: Path) -> int:
    """Weigh what is wrong with the value's own shape; a member it should have weighs more than one too many."""
    return sum(2 if fault.keyword == "required" else 1 for fault in branch if len(fault.at) == len(at))


def _breaks_at(branch: Iterable[Fault], at: Path, keywords: set[str]) -> bool:
    return any(fault.at == at and fault.keyword in keywords for fault in branch)


def _tag_misses(branch: Iterable[Fault], at: Path) -> int:
    """Count the one-value enums right below: a tag that says the value is something else."""
    return sum(_is_tag_miss(fault, at) for fault in branch)


def _is_tag_miss(fault: Fault, at: Path) -> bool:
    return fault.keyword == "enum" and len(fault.at) == len(at) + 1 and len(fault.detail or ()) == 1


def _merged(branches: Sequence[list[Fault]], at: Path) -> Fault | None:
    """Join branches that each refuse the value itself for its type, or for not being listed."""
    heads = [branch[0] for branch in branches]
    keyword = heads[0].keyword
    if keyword not in _MERGED or any(len(branch) != 1 for branch in branches):
        return None
    if any(head.keyword != keyword or head.at != at for head in heads):
        return None
    return heads[0]._replace(detail=_joined(heads))


def _joined(heads: Sequence[Fault]) -> list[Any]:
    """List the details of all faults, each once; true and 1 are two things."""
    details: dict[str, Any] = {}
    for head in heads:
        for entry in head.detail:
            details.setdefault(f"{type(entry).__name__} {entry!r}", entry)
    return list(details.values())


def _unknown_tag(branches: Sequence[list[Fault]], at: Path) -> Fault | None:
    """Join branches that each refuse the value for the same member, which says which branch is meant."""
    tags = [next((fault for fault in branch if _is_tag_miss(fault, at)), None) for branch in branches]
    found = [tag for tag in tags if tag is not None]
    if len(found) < max(2, len(branches)) or any(tag.at != found[0].at for tag in found):
        return None
    return found[0]._replace(detail=_joined(found))


def _by_discriminator(
    branches: Sequence[list[Fault]],
    document: Any,
    schema: Path,
    at: Path,
    value: Any,
) -> list[Fault] | None:
    holder = _at(document, schema[:-1])
    discriminator = holder.get("discriminator") if isinstance(holder, dict) else None
    if not isinstance(discriminator, dict):
        return None
    instance = _at(value, at)
    if not isinstance(instance, dict):
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
