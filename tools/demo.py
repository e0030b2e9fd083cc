"""`make demo`: the main job on real messages, as a user would type it.

Every partner's main request and answer is validated, then one order with five faults in it. What is printed is what
the command line prints; the exit codes are compared with what `docs` and help promise.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parent.parent
BROKEN: Final = ROOT / "tools" / "demo" / "unisouk.five-faults.json"
CLEAN, FINDINGS = 0, 1


def main() -> int:
    """Run every line of the demo; give 1 when one ended otherwise than expected."""
    wrong = [line for line, expected in lines() if run(line) != expected]
    if wrong:
        print(f"\n{len(wrong)} commands ended otherwise than expected", file=sys.stderr)
        return 1
    print("\nEvery main example keeps its contract, and the broken order shows its five faults.")
    return 0


def lines() -> Iterator[tuple[list[str], int]]:
    """Yield each command line and the exit code it promises."""
    yield ["partners"], CLEAN
    for example in sorted((ROOT / "openapi").glob("[!_]*/examples/createOrder.*.main.json")):
        yield ["validate", example.parent.parent.name, str(example.relative_to(ROOT)), *message(example)], CLEAN
    yield ["validate", BROKEN.name.split(".")[0], str(BROKEN.relative_to(ROOT))], FINDINGS


def message(example: Path) -> list[str]:
    """Read from an example's name, `operation.request|STATUS.name.json`, which message it is."""
    _, kind, *_ = example.name.split(".")
    return [] if kind == "request" else ["--message", "response", "--status", kind]


def run(arguments: list[str]) -> int:
    """Show a command line and run it."""
    print(f"\n$ orderbridge {shlex.join(arguments)}", flush=True)
    program = "from orderbridge.cli.main import run; run()"
    return subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
