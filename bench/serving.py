"""How soon a server of all partners answers, and how much memory it takes while all kinds of requests come in."""

from __future__ import annotations

import re
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bench import orders
from bench.harness import Samples, Spread, interleaved
from bench.load import LoadError
from bench.report import Section, Table, Target, duration, figure, half
from tests.server.client import request, serving
from tests.server.malformed import bodies
from tests.server.targets import targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bench.harness import Scale
    from tests.server.client import Server

MODES: Final = ("mock", "reference")
STARTS: Final = ("mode", "from start to first answer", "shortest", "middle half")
ROOM: Final = ("mode", "requests", "answered 2xx", "answered 4xx", "before", "after", "most")
_FEW: Final = 3
_WARM: Final = 500
_OK: Final = 200
_REFUSED: Final = 400
_BROKEN: Final = 500
_LONGEST: Final = 4096
_CREATE: Final = next(each for each in targets() if each.id == "unisouk.createOrder")
_METHOD: Final = (
    "`orderbridge serve` with all partners and our own API, one worker. The start is timed from outside until the "
    "first create call is answered. The requests are the documented example of every operation, bodies without any "
    "member, bodies that are no JSON, unknown paths and wrong methods, the caller another one in each turn. Memory is "
    "what is resident: after 500 requests, after all of them, and the most at any time."
)


def run(scale: Scale) -> Section:
    """Start servers, and wear two of them."""
    count = 20_000 if scale.rounds > _FEW else 200
    orders.CACHE.mkdir(parents=True, exist_ok=True)
    starts = interleaved({mode: _starter(mode) for mode in MODES}, scale.starts)
    worn = {mode: _worn(mode, count) for mode in MODES}
    targets_ = [*(_start_target(mode, starts) for mode in MODES), *_room_targets(worn)]
    first = Table("From start to the first answer", STARTS, [_start_row(mode, starts) for mode in MODES])
    second = Table("Memory of a worker", ROOM, [(mode, *row.cells) for mode, row in worn.items()])
    return Section("Serving", _METHOD, targets_, [first, second])


class Worn:
    """What became of a server: its sizes in MiB, and how it answered."""

    def __init__(self, server: Server, count: int) -> None:
        """Ask for everything, that often."""
        asked = _mixed()
        self.count = count
        _ask(server, islice(asked, _WARM))
        self.before = _mib(server, "VmRSS")
        self.statuses = _ask(server, islice(asked, count))
        self.after, self.most = _mib(server, "VmRSS"), _mib(server, "VmHWM")

    @property
    def cells(self) -> tuple[str, ...]:
        """Give the cells of a row."""
        good = sum(status < _REFUSED for status in self.statuses)
        sizes = (f"{figure(size)} MiB" for size in (self.before, self.after, self.most))
        return f"{self.count:,}", f"{good:,}", f"{len(self.statuses) - good:,}", *sizes


def _starter(mode: str) -> Callable[[], float]:
    def start() -> float:
        with tempfile.TemporaryDirectory(dir=orders.CACHE) as folder:
            begun = perf_counter()
            with serving("--mode", mode, folder=Path(folder)) as server, server.connect() as connection:
                connection.send(_CREATE.request())
                found = connection.read()
                taken = perf_counter() - begun
        if found is None or found.status != _OK:
            raise LoadError(f"{mode}: the first call was answered with {found}")
        return taken

    return start


def _worn(mode: str, count: int) -> Worn:
    with (
        tempfile.TemporaryDirectory(dir=orders.CACHE) as folder,
        serving("--mode", mode, folder=Path(folder)) as server,
    ):
        return Worn(server, count)


def _mixed() -> Iterator[bytes]:
    """Make one turn of requests after the other, each turn another caller's."""
    caller = 0
    while True:
        caller += 1
        for each in targets():
            name = f"Bearer caller-{caller}"
            yield each.request(authorization=name)
            if each.body is not None:
                yield each.request(b"{}", authorization=name)
                yield each.request(_BROKEN_BODIES[caller % len(_BROKEN_BODIES)], authorization=name)
        yield request("GET", f"/nothing/{caller}")
        yield request("PUT", _CREATE.prefixed)


_BROKEN_BODIES: Final = [body for _, body in bodies(_CREATE.body or b"{}") if 0 < len(body) < _LONGEST]


def _ask(server: Server, asked: Iterable[bytes]) -> list[int]:
    """Send requests one after another; give the statuses. A connection that the server closes is opened again."""
    statuses = []
    connection = server.connect()
    for each in asked:
        connection.send(each)
        found = connection.read()
        if found is None or found.status >= _BROKEN:
            raise LoadError(f"{each[:200]!r} was answered with {found}")
        statuses.append(found.status)
        if found.headers.get("connection") == "close":
            connection.socket.close()
            connection = server.connect()
    connection.socket.close()
    return statuses


def _mib(server: Server, name: str) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    if found is None:
        raise LoadError(f"this system does not tell {name}")
    return int(found[1]) / 1024


def _start_target(mode: str, starts: Samples) -> Target:
    return Target(f"{mode}: from start to first answer", starts.seconds(mode), 2.0, unit="s")


def _room_targets(worn: dict[str, Worn]) -> Iterator[Target]:
    for mode, each in worn.items():
        yield Target(f"{mode}: memory of a worker at its most", Spread.of([each.most]), 120.0, unit="MiB")
        grown = Spread.of([each.after - each.before])
        yield Target(f"{mode}: growth over {each.count:,} requests", grown, 30.0, unit="MiB")


def _start_row(mode: str, starts: Samples) -> tuple[str, ...]:
    spread = starts.seconds(mode)
    return mode, duration(spread.median), duration(starts.best(mode)), half(spread)
