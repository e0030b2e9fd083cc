"""`make demo`: the main jobs on real messages, as a user would type them.

Every partner's main request and answer is validated, then one order with five faults in it. Then each partner's main
order goes to the next one around the ring, is validated there, and comes home with its ticket. What is printed is what
the command line prints; exit codes and what came home are compared with what is promised.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from orderbridge import jsontext, pointer
from orderbridge.cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
BROKEN: Final = Path("tools/demo/unisouk.five-faults.json")
OUT: Final = Path(".cache/demo")
"""Where translated orders are left, to be looked at."""
RING: Final = ("placeorder", "unisouk", "fabric", "ccagent", "configurator", "placeorder")
CLEAN, FINDINGS = 0, 1


class Trip(NamedTuple):
    """One order on its way from a partner to the next one, and the files of that way."""

    source: str
    target: str

    @property
    def order(self) -> Path:
        """The order as it is sent."""
        return Path(f"openapi/{self.source}/examples/createOrder.request.main.json")

    def file(self, what: str) -> str:
        """Name a file that is written on the way."""
        return str(OUT / f"{self.source}-{self.target}.{what}.json")


Step = tuple[list[str], int]
"""A command line, and the exit code that it promises."""


def main() -> int:
    """Run the whole demo; give 1 when something ended otherwise than expected."""
    shutil.rmtree(ROOT / OUT, ignore_errors=True)
    (ROOT / OUT).mkdir(parents=True)
    trips = [*map(Trip, RING, RING[1:])]
    wrong = [*run_all(validations()), *run_all(step for trip in trips for step in outward(trip))]
    for trip in reversed(trips):
        wrong += run_all(homeward(trip))
        wrong += checked(trip)
    wrong += run_all(tables())
    if wrong:
        print(f"\n{len(wrong)} steps ended otherwise than expected:", *wrong, sep="\n  ", file=sys.stderr)
        return 1
    print(
        "\nEvery main example keeps its contract, and the broken order shows its five faults. Every main order became\n"
        "one that the next partner's contract takes, and came home as it was sent."
    )
    return 0


def validations() -> Iterator[Step]:
    """Yield what is checked: the main examples, and an order with faults."""
    yield ["partners"], CLEAN
    for example in sorted((ROOT / "openapi").glob("[!_]*/examples/createOrder.*.main.json")):
        yield ["validate", example.parent.parent.name, str(example.relative_to(ROOT)), *message(example)], CLEAN
    yield ["validate", BROKEN.name.split(".")[0], str(BROKEN)], FINDINGS


def message(example: Path) -> list[str]:
    """Read from an example's name, `operation.request|STATUS.name.json`, which message it is."""
    _, kind, *_ = example.name.split(".")
    return [] if kind == "request" else ["--message", "response", "--status", kind]


def outward(trip: Trip) -> Iterator[Step]:
    """Yield the way out: translate with what the neighbour has to be given, keep the ticket, validate there."""
    way = ["translate", "--from", trip.source, "--to", trip.target, str(trip.order)]
    supply = f"openapi/{trip.target}/supplies/{trip.source}.yaml"
    given = ["--supply", supply] if (ROOT / supply).is_file() else []
    kept = ["--output", trip.file("order"), "--ticket-out", trip.file("ticket"), "--report", trip.file("report")]
    yield [*way, *given, *kept], CLEAN
    yield ["validate", trip.target, trip.file("order")], CLEAN


def homeward(trip: Trip) -> Iterator[Step]:
    """Yield the way home with the ticket."""
    way = ["translate", "--from", trip.target, "--to", trip.source, trip.file("order")]
    yield [*way, "--ticket", trip.file("ticket"), "--output", trip.file("home")], CLEAN


def tables() -> Iterator[Step]:
    """Yield the table of all pairs."""
    if "matrix" in COMMANDS:
        yield ["matrix"], CLEAN


def run_all(steps: Iterator[Step]) -> list[str]:
    """Run command lines; give those that ended otherwise than they promise."""
    return [shlex.join(arguments) for arguments, expected in steps if run(arguments) != expected]


def run(arguments: list[str]) -> int:
    """Show a command line and run it; what it says of itself belongs to the demo as much as what it writes."""
    print(f"\n$ orderbridge {shlex.join(arguments)}", flush=True)
    program = "from orderbridge.cli.main import run; run()"
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.STDOUT, check=False).returncode


def checked(trip: Trip) -> list[str]:
    """Compare what came home with what was sent, and say so."""
    try:
        sent, home = read(trip.order), read(Path(trip.file("home")))
        withheld = [row["pointer"] for row in read(Path(trip.file("report")))["source_leaves"] if is_withheld(row)]
    except OSError as error:
        return [f"{trip.source}: nothing came home ({error})"]
    for place in withheld:
        remove(sent, pointer.split(place))
    if sent != home:
        return [f"{trip.source}: what came home from {trip.target} is not what was sent"]
    secrets = f", but for {len(withheld)} secret that no ticket may hold" if withheld else ""
    print(f"The order of {trip.source} came home from {trip.target} as it was sent{secrets}.", flush=True)
    return []


def is_withheld(row: dict[str, Any]) -> bool:
    """Tell a secret from the other leaves of a report."""
    return bool(row["outcome"] == "withheld")


def read(path: Path) -> Any:
    """Read JSON with exact numbers."""
    return jsontext.read((ROOT / path).read_bytes())[0]


def remove(value: Any, path: list[str]) -> None:
    """Take a member out of a document, in place."""
    *way, last = path
    for token in way:
        value = value[int(token)] if isinstance(value, list) else value[token]
    del value[last]


if __name__ == "__main__":
    sys.exit(main())
