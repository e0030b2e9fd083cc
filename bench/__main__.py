"""`python -m bench [QUESTION…]`: measures, prints the tables, and writes them as Markdown."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.harness import FULL, QUICK
from bench.report import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.harness import Scale
    from bench.report import Section

QUESTIONS: Final = ("verdict", "problems", "translate", "ndjson", "store", "http", "serving", "start", "fuzz")
"""In the order of the results; each is a module of this package with a `run`."""

_HERE: Final = Path(__file__).parent
_RESULTS: Final = _HERE / "results.md"
_SCRATCH: Final = _HERE.parent / ".cache" / "bench" / "results.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for and write it where it belongs."""
    options = _parser().parse_args(arguments)
    chosen = [name for name in QUESTIONS if not options.questions or name in options.questions]
    scale = QUICK if options.quick else FULL
    # Only figures of one whole run are kept: the rest would stand beside those of another day.
    whole = chosen == [*QUESTIONS] and not options.quick
    path = options.output or (_RESULTS if whole else _SCRATCH)
    text = "\n".join(markdown([_measured(name, scale) for name in chosen], quick=options.quick)) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(text)
    print(f"written to {path}", file=sys.stderr)


def _measured(name: str, scale: Scale) -> Section:
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    section: Section = import_module(f"bench.{name}").run(scale)
    # Told at once: who ends a long run early has what was measured by then.
    for target in section.targets:
        print(" | ".join(target.row), file=sys.stderr, flush=True)
    return section


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure orderbridge beside its alternatives.")
    parser.add_argument("questions", nargs="*", metavar="QUESTION", choices=[*QUESTIONS, []], help=", ".join(QUESTIONS))
    parser.add_argument("--quick", action="store_true", help="show that the scripts work; the figures mean nothing")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="the Markdown file; without it a whole run writes bench/results.md and any other .cache/bench/results.md",
    )
    return parser


if __name__ == "__main__":
    main()
