"""One run of Schemathesis' own command, in this process, with what it meets counted.

Its command rather than its engine: reports, baselines, filters and whatever else it has come with it, and what it
prints is what its documentation explains.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from schemathesis.cli import EventHandler, handler, schemathesis
from schemathesis.cli.ext.handlers import CUSTOM_HANDLERS
from schemathesis.engine import Status
from schemathesis.engine.events import ScenarioFinished

from orderbridge.fuzz.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def run(arguments: Sequence[str]) -> tuple[int, Tally]:
    """Run `schemathesis` with arguments; give its exit code (0, 1, 2 or 130) and the counts.

    Whatever click raises for wrong options passes through.
    """
    tally = Tally()
    with _counting(tally):
        return _ended(arguments), tally


def _ended(arguments: Sequence[str]) -> int:
    try:
        code: Any = schemathesis.main(list(arguments), prog_name="schemathesis", standalone_mode=False)
    except SystemExit as error:
        code = error.code
    return code if isinstance(code, int) else 0


@contextmanager
def _counting(tally: Tally) -> Iterator[None]:
    """Have everything counted that is run inside."""

    class Count(EventHandler[Any]):
        def handle_event(self, ctx: Any, event: Any) -> None:
            if isinstance(event, ScenarioFinished):
                _count(tally, event)

    handler()(Count)
    try:
        yield
    finally:
        CUSTOM_HANDLERS.remove(Count)


def _count(tally: Tally, event: ScenarioFinished) -> None:
    recorder, phase = event.recorder, event.phase.value
    for name, case in recorder.cases.items():
        operation = case.value.operation.label
        interaction = recorder.interactions.get(name)
        if interaction is not None:
            response = interaction.response
            tally.answer(operation, phase, None if response is None else response.status_code)
        for check in recorder.checks.get(name, ()):
            tally.check(operation, phase, check.name, failed=check.status is not Status.SUCCESS)
