"""`make fuzz`: our own servers under Schemathesis with every check on, and the table of what that came to.

Every contract and our own API, as mock and as reference server. There is no baseline: a finding is a bug of a contract
or of the server, and ends the run with exit code 1. Two more tables follow: bodies that no generator makes, and what
others say of what the fuzzer made.
"""

from __future__ import annotations

import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from orderbridge.api import Partner
from orderbridge.contract.catalogue import catalogue
from orderbridge.fuzz.fuzzing import Outcome, Wanted, fuzz_known
from orderbridge.fuzz.serving import serving
from orderbridge.fuzz.tally import PHASES, Tally
from orderbridge.server.own_known import OWN, Known
from tools import raw_bytes, second_opinions
from tools.prism import prism

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.contract.contract import Contract

_OWN_BASE: Final = "/bridge/v1"
SEEDS: Final = (1, 2, 3)
EXAMPLES: Final = 1_000
SECOND_EXAMPLES: Final = 100


@dataclass(frozen=True)
class Target:
    """One contract and the kind of server that keeps it."""

    name: str
    mode: str

    @property
    def contract(self) -> Contract:
        """The contract as it is served."""
        if self.name != OWN:
            return known_partner(self.name).contract.at("documented")
        return Known.of([known_partner(self.served)], {}).described.at("documented")

    @property
    def served(self) -> str:
        """Who is served; our own API stands beside any partner."""
        return self.name if self.name != OWN else PARTNERS[0]

    @property
    def base(self) -> str:
        """Where the API begins."""
        return _OWN_BASE if self.name == OWN else ""

    def __str__(self) -> str:
        return f"{self.name} {self.mode}"


def known_partner(name: str) -> Partner:
    """Load a built-in partner; by name, so that another process can."""
    known = catalogue()
    return Partner(known.contract(name), known)


PARTNERS: Final = tuple(each.name for each in catalogue().partners)
TARGETS: Final = tuple(Target(name, mode) for name, mode in product((*PARTNERS, OWN), ("mock", "reference")))


def fuzz_target(target: Target, seed: int, max_examples: int) -> tuple[Outcome, str]:
    """Start the server of a target, fuzz it, and give the outcome with what Schemathesis printed."""
    printed = StringIO()
    with (
        serving(partial(known_partner, target.served), target.mode) as url,
        warnings.catch_warnings(),
        redirect_stdout(printed),
    ):
        # Schemathesis imports what its own dependencies deprecate.
        warnings.simplefilter("ignore")
        outcome = fuzz_known(target.contract, url + target.base, Wanted(seed, max_examples), target.mode)
    return outcome, printed.getvalue()


def rows(target: Target, tally: Tally) -> Iterator[str]:
    """Write the rows of a table: operations by phases, cases and failed checks, share of 2xx."""
    for operation in tally.operations:
        cells = (f"{tally.asked[operation, phase]}" for phase in PHASES)
        found, share = tally.failures(operation), tally.share(operation)
        yield f"| {target} | {operation} | {' | '.join(cells)} | {found} | {share} |"


def main() -> int:
    """Fuzz all targets with all seeds, send what no generator makes, and tell whether anything was found."""
    begun = time.monotonic()
    worst = max(_fuzz(), _malformed(), _second_opinions())
    print(f"{time.monotonic() - begun:.0f} s, exit code {worst}")
    return worst


def _fuzz() -> int:
    print(f"| target | operation | {' | '.join(PHASES)} | findings | accepted (2xx) |")
    print("|---|---|" + "---|" * (len(PHASES) + 2))
    worst = 0
    # A run is bound by what makes the requests, so that one for each processor goes on beside the others.
    with ProcessPoolExecutor(mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        runs = {target: [processes.submit(fuzz_target, target, seed, EXAMPLES) for seed in SEEDS] for target in TARGETS}
        for target in TARGETS:
            total = Tally()
            for run in runs[target]:
                outcome, printed = run.result()
                total.add(outcome.tally)
                worst = max(worst, outcome.code)
                if outcome.code:
                    print(printed, file=sys.stderr)
            print("\n".join(rows(target, total)), flush=True)
    print(f"seeds {', '.join(map(str, SEEDS))}, {EXAMPLES} examples")
    return worst


def _malformed() -> int:
    print(f"\n{raw_bytes.HEADER}")
    worst = 0
    for row in raw_bytes.rows():
        print(row, flush=True)
        if row.findings:
            worst = 1
            print("\n".join(row.findings), file=sys.stderr)
    return worst


def _second_opinions() -> int:
    program = prism()
    known = program if isinstance(program, Path) else None
    print(f"\n{second_opinions.HEADER}")
    findings: list[str] = []
    seen: set[str] = set()
    for name in PARTNERS:
        found = second_opinions.opinions(partial(known_partner, name), known, SEEDS[0], SECOND_EXAMPLES)
        print(found, flush=True)
        findings += found.findings
        seen |= set(found.prism.listed) if found.prism is not None else set()
    if known is not None:
        findings += [f"listed, but never seen: {row.row}" for row in second_opinions.rows() if row.row not in seen]
    print(f"seed {SEEDS[0]}, {SECOND_EXAMPLES} examples" + ("" if known else f"; Prism was not asked: {program}"))
    print("\n".join(findings), file=sys.stderr)
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
