"""How long it takes from the bytes of a valid order to the verdict "valid"."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bench import orders, rivals
from bench.harness import Samples, compared
from bench.report import Section, Table, Target, duration, figure, half

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.harness import Scale
    from bench.rivals import Rival

PARTNERS: Final = ("unisouk", "ccagent", "fabric")
COLUMNS: Final = ("contender", "time", f"x {rivals.ORJSON_RS}", "middle half", "accepts it", "remarks")

_COMPACT_LIMIT: Final = 1.4
_STRICT_LIMIT: Final = 1.25


def run(scale: Scale) -> Section:
    """Measure every partner in both forms."""
    targets: list[Target] = []
    tables: list[Table] = []
    for partner in PARTNERS:
        case = orders.case(partner)
        contenders = rivals.verdicts(case)
        for form in orders.FORMS:
            data = orders.text(case.order, form)
            samples = compared(
                {rival.name: partial(rival.check, data) for rival in contenders if rival.check is not None}, scale
            )
            targets += _targets(f"{partner}, {form}", samples, form)
            title = f"{partner}, {form}, {len(data):,} bytes"
            tables.append(Table(title, COLUMNS, [_row(rival, samples, data) for rival in contenders]))
    return Section("Bytes to verdict", _METHOD, targets, tables)


_METHOD: Final = (
    "The partner's main example, as programs send it (compact) and as people read it (pretty). Times per order; "
    "each ratio is the median over the rounds of one run."
)


def _targets(what: str, samples: Samples, form: str) -> Iterator[Target]:
    for baseline, limit, holds in (
        (rivals.ORJSON_RS, _COMPACT_LIMIT, form == "compact"),
        (rivals.JITER_RS, _STRICT_LIMIT, True),
    ):
        if holds:
            ratio = samples.ratio(rivals.OURS, baseline)
            yield Target(f"{what}: {rivals.OURS} / ({baseline})", ratio, limit)


def _row(rival: Rival, samples: Samples, data: bytes) -> tuple[str, ...]:
    if rival.check is None:
        return rival.name, "-", "-", "-", "-", rival.note
    ratio = samples.ratio(rival.name, rivals.ORJSON_RS)
    time = duration(samples.seconds(rival.name).median)
    return rival.name, time, figure(ratio.median), half(ratio), _answer(rival, data), rival.note


def _answer(rival: Rival, data: bytes) -> str:
    answer = rival.check(data) if rival.check is not None else None
    return ("yes" if answer else "**no**") if isinstance(answer, bool) else "-"
