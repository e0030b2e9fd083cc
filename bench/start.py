"""How long it takes until the command answers at all, and until it has checked one order."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from bench import orders
from bench.commands import orderbridge, wall
from bench.harness import Samples, interleaved
from bench.report import Section, Table, Target, duration, figure, half

if TYPE_CHECKING:
    from bench.harness import Scale

COLUMNS: Final = ("command", "median", "shortest", "x bare Python", "middle half")
PASS: Final = "python -c pass"
VERSION: Final = "orderbridge --version"
VALIDATE: Final = "orderbridge validate PARTNER order.json"
JSONSCHEMA: Final = 'python -c "import jsonschema"'

_PARTNER: Final = "unisouk"
_LIMIT: Final = 0.25
_METHOD: Final = (
    "Whole processes, timed from outside in interleaved rounds. Importing Python jsonschema is what a checker built on "
    "it pays before it reads its first schema."
)


def run(scale: Scale) -> Section:
    """Start each command a few times."""
    example = orders.case(_PARTNER).validator.contract.folder / "examples" / "createOrder.request.main.json"
    commands = {
        PASS: [sys.executable, "-c", "pass"],
        VERSION: orderbridge("--version"),
        VALIDATE: orderbridge("validate", _PARTNER, str(example)),
        JSONSCHEMA: [sys.executable, "-c", "import jsonschema"],
    }
    samples = interleaved({name: partial(wall, command) for name, command in commands.items()}, scale.starts)
    table = Table("From start to end", COLUMNS, [_row(name, samples) for name in commands])
    return Section("Starting", _METHOD, [Target(VERSION, samples.seconds(VERSION), _LIMIT, unit="s")], [table])


def _row(name: str, samples: Samples) -> tuple[str, ...]:
    ratio = samples.ratio(name, PASS)
    median = duration(samples.seconds(name).median)
    return name, median, duration(samples.best(name)), figure(ratio.median), half(ratio)
