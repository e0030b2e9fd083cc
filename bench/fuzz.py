"""What `orderbridge fuzz` costs beside Schemathesis alone, on the same requests to the same kind of server."""

from __future__ import annotations

import sysconfig
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import orders
from bench.commands import orderbridge, wall
from bench.harness import interleaved
from bench.report import Section, Table, Target, duration, figure, half
from orderbridge import jsontext
from orderbridge.api import partner
from orderbridge.fuzz.callers import CALLERS
from orderbridge.fuzz.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.harness import Samples, Scale

COLUMNS: Final = ("command", "median", "shortest", "x Schemathesis", "middle half")
OURS: Final = "orderbridge fuzz"
BARE: Final = "schemathesis run"

_PARTNER: Final = "unisouk"
_SEED: Final = 1
_LIMIT: Final = 1.3
_MOST_ROUNDS: Final = 5
_METHOD: Final = (
    "Whole processes, timed from outside in interleaved rounds, with one seed. `orderbridge fuzz` starts its own mock; "
    "Schemathesis calls one that runs already, with the same credential, and is given the same bundle."
)


def run(scale: Scale) -> Section:
    """Fuzz one partner with both."""
    examples = 100 if scale.rounds > _MOST_ROUNDS else 5
    with _served() as (document, url):
        seed = (f"--seed={_SEED}", f"--max-examples={examples}")
        header = f"Authorization: Bearer {CALLERS[0].credential}"
        program = str(Path(sysconfig.get_path("scripts")) / "schemathesis")
        bare = [program, "run", document, "--url", url, "--header", header, "--generation-database=none", *seed]
        commands = {OURS: orderbridge("fuzz", _PARTNER, *seed), BARE: bare}
        rounds = min(scale.starts, _MOST_ROUNDS)
        samples = interleaved({name: partial(wall, command) for name, command in commands.items()}, rounds)
    table = Table(f"With {examples} examples", COLUMNS, [_row(name, samples) for name in commands])
    return Section("Fuzzing", _METHOD, [Target(OURS, samples.ratio(OURS, BARE), _LIMIT)], [table])


@contextmanager
def _served() -> Iterator[tuple[str, str]]:
    """Serve the mock, and write the bundle that is to be tried on it."""
    with serving(partial(partner, _PARTNER), "mock") as url, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        contract = orders.case(_PARTNER).validator.contract
        path.write_bytes(jsontext.write(contract.at("documented").document))
        yield str(path), url


def _row(name: str, samples: Samples) -> tuple[str, ...]:
    ratio = samples.ratio(name, BARE)
    median = duration(samples.seconds(name).median)
    return name, median, duration(samples.best(name)), figure(ratio.median), half(ratio)
