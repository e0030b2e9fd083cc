"""Several processes that do the same: forked, watched, replaced when one dies, ended together."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from orderbridge.errors import OrderbridgeError

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE: Final = 0.1
_QUICK: Final = 2.0
"""Who dies sooner than this, in seconds, is not replaced at once: it would die again."""
_INTERNAL: Final = 3
_UNUSABLE: Final = 2
_INTERRUPTED: Final = 130


def run_crew(
    size: int,
    task: Callable[[Callable[[], None]], int],
    *,
    ready: Callable[[], None],
    ending: Callable[[], None],
    patience: float,
) -> int:
    """Run a task in several forks until a signal ends them, and give the exit code.

    Each is handed a function to call when it is ready; `ready` is called once, when all of them are. One that fails
    before it is ready ends them all: the next would fail as well. `ending` is called before they are told to end, and
    `patience` is how long they may take for it.
    """
    crew = _Crew(task, patience)
    with _Signals(crew):
        for _ in range(size):
            crew.add()
        if crew.all_ready():
            ready()
            crew.watch()
        ending()
        return crew.end()


@dataclass
class _Crew:
    """The forks, by process id, with the time of their start."""

    task: Callable[[Callable[[], None]], int]
    patience: float
    members: dict[int, float] = field(default_factory=dict)
    signal: int = 0
    code: int = 0
    last: int = 0
    _pipe: tuple[int, int] = field(default_factory=os.pipe)

    def add(self) -> None:
        """Fork one more."""
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            self._be_a_member()
        self.members[child] = time.monotonic()

    def _be_a_member(self) -> None:
        code = _INTERNAL
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            code = self.task(self._say_ready)
        except OrderbridgeError as error:
            os.write(2, f"orderbridge: {' '.join(str(error).split())}\n".encode("utf-8", "replace"))
            code = _UNUSABLE
        except Exception as error:  # noqa: BLE001 - a fork must never return into its parent's program
            os.write(2, f"orderbridge: internal error ({type(error).__name__}) in a worker\n".encode())
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _say_ready(self) -> None:
        os.write(self._pipe[1], b".")

    def all_ready(self) -> bool:
        """Wait until all are ready; False where one ended before."""
        ready = 0
        while ready < len(self.members) and not self.signal:
            if select.select([self._pipe[0]], [], [], _PAUSE)[0]:
                ready += len(os.read(self._pipe[0], 64))
            if self._reap():
                self.code = self.last or _INTERNAL
                return False
        return not self.signal

    def watch(self) -> None:
        """Replace whoever dies, until a signal comes."""
        while not self.signal:
            time.sleep(_PAUSE)
            for started in self._reap():
                if time.monotonic() - started < _QUICK:
                    time.sleep(_QUICK)
                if not self.signal:
                    self.add()

    def end(self) -> int:
        """End all that are left, and give the exit code."""
        self._tell(signal.SIGTERM)
        until = time.monotonic() + self.patience
        while self.members and time.monotonic() < until:
            self._reap()
            time.sleep(_PAUSE / 5)
        self._tell(signal.SIGKILL)
        if self.signal == signal.SIGINT:
            return _INTERRUPTED
        return 0 if self.signal else self.code

    def _tell(self, number: int) -> None:
        for member in self.members:
            with suppress(ProcessLookupError):
                os.kill(member, number)

    def _reap(self) -> list[float]:
        """Take leave of those who ended, and give the times of their start."""
        ended = []
        for member in list(self.members):
            with suppress(ChildProcessError):
                found, status = os.waitpid(member, os.WNOHANG)
                if found:
                    self.last = os.waitstatus_to_exitcode(status)
                    ended.append(self.members.pop(member))
        return ended


class _Signals:
    """Notes the signal that ends a crew."""

    def __init__(self, crew: _Crew) -> None:
        self._crew = crew
        self._before: dict[int, Any] = {}

    def __enter__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _frame: object) -> None:
        self._crew.signal = self._crew.signal or number
