"""How long it takes from the bytes of an order with five faults to all of its problems."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bench import orders, rivals
from bench.harness import Samples, compared
from bench.report import Section, Table, Target, duration, figure, half
from orderbridge.contract.catalogue import catalogue

if TYPE_CHECKING:
    from bench.harness import Scale
    from bench.rivals import Rival

COLUMNS: Final = ("contender", "time", f"x {rivals.ORJSON_RS}", "middle half", "finds", "remarks")

_LIMIT: Final = 2.0
_METHOD: Final = (
    "Five different faults at once in each partner's main example. The target is about the list of problems; what it "
    "costs to read every message, line, column and fix as well stands beside it."
)


def run(scale: Scale) -> Section:
    """Measure every partner in both forms."""
    targets: list[Target] = []
    tables: list[Table] = []
    for partner in [entry.name for entry in catalogue().partners]:
        case = orders.case(partner)
        contenders = rivals.listings(case)
        for form in orders.FORMS:
            data = orders.text(case.faulty, form)
            samples = compared(
                {rival.name: partial(rival.check, data) for rival in contenders if rival.check is not None}, scale
            )
            ratio = samples.ratio(rivals.OURS, rivals.ORJSON_RS)
            targets.append(Target(f"{partner}, {form}: {rivals.OURS} / ({rivals.ORJSON_RS})", ratio, _LIMIT))
            title = f"{partner}, {form}, {len(data):,} bytes, five faults"
            tables.append(Table(title, COLUMNS, [_row(rival, samples, data) for rival in contenders]))
    return Section("Bytes to all problems", _METHOD, targets, tables)


def _row(rival: Rival, samples: Samples, data: bytes) -> tuple[str, ...]:
    if rival.check is None:
        return rival.name, "-", "-", "-", "-", rival.note
    ratio = samples.ratio(rival.name, rivals.ORJSON_RS)
    time = duration(samples.seconds(rival.name).median)
    return rival.name, time, figure(ratio.median), half(ratio), _answer(rival, data), rival.note


def _answer(rival: Rival, data: bytes) -> str:
    answer = rival.check(data) if rival.check is not None else None
    return str(answer) if isinstance(answer, int) else "-"
