"""A matrix as plain JSON values: what programs are given, and what is rendered for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderbridge.forecast.table import Carried, Matrix, Member, Pair


def document(matrix: Matrix, source: str | None = None, target: str | None = None) -> dict[str, Any]:
    """Write a matrix, or those of its pairs that begin or end at a partner."""
    pairs = [each for each in matrix.pairs.values() if source in {None, each.source} and target in {None, each.target}]
    return {"matrix": 1, "partners": list(matrix.partners), "pairs": [_pair(each) for each in pairs]}


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "source": pair.source,
        "target": pair.target,
        "counts": pair.counts,
        "members": [_member(each) for each in pair.members],
        "carried": [_carried(each) for each in pair.carried],
    }


def _member(member: Member) -> dict[str, Any]:
    return {
        "path": member.path,
        "kind": member.kind,
        "required": member.required,
        "sources": list(member.sources),
        "hub": member.hub,
        "why": member.why,
        "need": member.need,
    }


def _carried(carried: Carried) -> dict[str, Any]:
    return {"path": carried.path, "why": carried.why, "hub": carried.hub}
