"""How many create calls a second a server answers, and how soon: ours beside a bare framework and other mocks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

import orderbridge
from bench import orders
from bench.commands import orderbridge as command
from bench.harness import Samples, Spread
from bench.load import CONNECTIONS, Load, LoadError, load, request
from bench.peer_apps import PARTNER, SPEC
from bench.report import Section, Table, Target, duration, figure, half
from bench.store import minimal_loop
from orderbridge import jsontext
from tools.prism import VERSION as PRISM_VERSION
from tools.prism import prism
from tools.serving import free_port, wait_until_served

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.harness import Scale

IDLE: Final = "no HTTP at all: what the generator can ask for"
BARE: Final = "bare Starlette, a constant"
MOCK: Final = "orderbridge, mock"
REFERENCE: Final = "orderbridge, reference on SQLite"
FASTAPI: Final = "FastAPI + pydantic models"
CONNEXION: Final = "Connexion's mock"
PRISM: Final = "Prism"
LOOP: Final = "minimal loop: sqlite3, one row, one commit each"
COLUMNS: Final = ("contender", "requests/s", "x bare", "p50", "p99", "CPU per request", "refuses", "middle half")
_FEW: Final = 3
_METHOD: Final = (
    f"{PARTNER}'s main create call, over {CONNECTIONS} keep-alive connections from one load generator in another "
    "process, each of which asks once before it counts; one worker each, rounds interleaved, medians. CPU is the "
    "server's own. `refuses` is the status of an order that breaks the contract. Ours and Connexion validate request "
    "and answer, FastAPI both by its models, Prism the request. The reference server prices a cart and makes a durable "
    "order of it with every call; the minimal loop only writes the document into SQLite, one commit each, synchronous "
    "FULL, as often in a round as the servers are called."
)


@dataclass(frozen=True)
class Contender:
    """A running server, and what it is asked: `requests` never ends."""

    name: str
    port: int
    process: int
    requests: Iterator[bytes]


@dataclass(frozen=True)
class Round:
    """What a round of one contender gave."""

    load: Load
    cpu: float
    """Seconds of the processor per request."""

    @property
    def each(self) -> float:
        """Seconds per request."""
        return self.load.seconds / len(self.load.latencies)


def run(scale: Scale) -> Section:
    """Start every server, ask them in turn, stop them."""
    full = scale.rounds > _FEW
    rounds, calls = (scale.pairs, 1_500) if full else (1, 80)
    orders.CACHE.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=orders.CACHE)))
        contenders, absent = _started(folder, stack, carts=(rounds + 2) * (calls + CONNECTIONS))
        refusals = {each.name: _refusal(each) for each in contenders}
        loop = minimal_loop(folder / "minimal.db", stack, jsontext.write(_order()).decode(), calls)
        for each in contenders:
            _asked(each, calls // 2)
        taken: dict[str, list[Round]] = {each.name: [] for each in contenders}
        looped: list[float] = []
        for _ in range(rounds):
            looped.append(loop())
            for each in contenders:
                taken[each.name].append(_asked(each, calls))
    samples = Samples({**{name: [one.each for one in found] for name, found in taken.items()}, LOOP: looped})
    rows = [_row(name, found, samples, refusals[name]) for name, found in taken.items()]
    rows += [(name, "-", "-", "-", "-", "-", "-", why) for name, why in absent.items()]
    rows.append((LOOP, figure(1 / median(looped)), "-", "-", "-", "-", "-", "-"))
    table = Table(f"{PARTNER}, POST /order", COLUMNS, rows)
    return Section("Answering HTTP", f"{_METHOD} {_versions()}", [*_targets(taken, samples)], [table])


def _targets(taken: Mapping[str, Sequence[Round]], samples: Samples) -> Iterator[Target]:
    if PRISM in taken:
        yield Target(f"{MOCK}: requests/s x {PRISM}", samples.ratio(PRISM, MOCK), 3.0, at_least=True)
    yield Target(f"{MOCK}: requests/s x {BARE}", samples.ratio(BARE, MOCK), 0.4, at_least=True)
    cpu = [bare.cpu / ours.cpu for bare, ours in zip(taken[BARE], taken[MOCK], strict=True)]
    yield Target(f"{MOCK}: CPU of {BARE} x ours", Spread.of(cpu), 0.4, at_least=True)
    yield Target(f"{REFERENCE}: creates/s x {LOOP}", samples.ratio(LOOP, REFERENCE), 0.8, at_least=True)
    for name in (MOCK, REFERENCE):
        tails = [one.load.percentile(0.99) / one.load.percentile(0.5) for one in taken[name]]
        yield Target(f"{name}: p99 x p50", Spread.of(tails), 10.0)


def _row(name: str, found: Sequence[Round], samples: Samples, refusal: str) -> tuple[str, ...]:
    ratio = samples.ratio(BARE, name)
    latency = [duration(median(one.load.percentile(share) for one in found)) for share in (0.5, 0.99)]
    cpu = duration(median(one.cpu for one in found))
    return name, figure(1 / samples.seconds(name).median), figure(ratio.median), *latency, cpu, refusal, half(ratio)


# Asking


def _order() -> dict[str, object]:
    order: dict[str, object] = orders.case(PARTNER).order
    return order


def _request(order: object) -> bytes:
    headers = {"Authorization": "Bearer bench", "Content-Type": "application/json", "x-store-id": "30182834660443136"}
    return request("POST", "/order", headers, orders.text(order, "compact"))


def _asked(each: Contender, calls: int) -> Round:
    before = _cpu_seconds(each.process)
    found = load(each.port, each.requests, calls)
    if set(found.statuses) != {200}:
        msg = f"{each.name} answered {found.statuses}: {found.body[:200]!r}"
        raise LoadError(msg)
    return Round(found, (_cpu_seconds(each.process) - before) / (calls + CONNECTIONS))


def _refusal(each: Contender) -> str:
    """See that the answer is the partner's, then send an order that breaks the contract and say what comes."""
    if each.name == IDLE:
        return "no"
    good = load(each.port, each.requests, 1, 1)
    answer = orderbridge.partner(PARTNER).validate(good.body, message="response")
    if any(problem.severity == "error" for problem in answer):
        msg = f"{each.name} does not answer by the contract: {answer}"
        raise LoadError(msg)
    (status,) = load(each.port, repeat(_request({**_order(), "cartId": 5})), 1, 1).statuses
    return str(status) if status != 200 else "no"  # noqa: PLR2004 - HTTP's


def _cpu_seconds(process: int) -> float:
    """Add up what all threads of a process have run, by the scheduler's clock: that of `stat` ticks every 10 ms."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(each.read_text(encoding="ascii").split()[0]) for each in threads) / 1e9


# Starting


def _started(folder: Path, stack: ExitStack, *, carts: int) -> tuple[list[Contender], dict[str, str]]:
    """Start all servers that there are; the others with the reason."""
    spec = folder / "contract.json"
    spec.write_bytes(jsontext.write(orders.case(PARTNER).validator.contract.document))
    plain = repeat(_request(_order()))
    ours = ["serve", PARTNER, "--port", "{port}"]
    kept = ["--mode", "reference", "--database", str(folder / "orders.db"), "--fixtures", str(_carts(folder, carts))]
    commands: dict[str, tuple[list[str], Iterator[bytes]]] = {
        IDLE: ([sys.executable, "-m", "bench.idle_server", "{port}"], plain),
        BARE: (_uvicorn("starlette_app"), plain),
        MOCK: (command(*ours), plain),
        REFERENCE: (command(*ours, *kept), map(_request, _orders_of(carts))),
        FASTAPI: (_uvicorn("fastapi_app"), plain),
        CONNEXION: (_uvicorn("connexion_app"), plain),
    }
    program = prism()
    if isinstance(program, Path):
        commands[PRISM] = ([str(program), "mock", "--multiprocess=false", "-p", "{port}", str(spec)], plain)
    found = [
        Contender(name, *_start(name, command, spec, stack), requests) for name, (command, requests) in commands.items()
    ]
    return found, {} if isinstance(program, Path) else {PRISM: program}


def _uvicorn(app: str) -> list[str]:
    serve = ["--factory", "--port", "{port}", "--log-level", "error", "--no-access-log"]
    return [sys.executable, "-m", "uvicorn", f"bench.peer_apps:{app}", *serve]


def _start(name: str, command: Sequence[str], spec: Path, stack: ExitStack) -> tuple[int, int]:
    """Start a server and wait for it; give its port and its process."""
    port = free_port()
    log = stack.enter_context((spec.parent / f"{port}.log").open("wb"))
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command],
        cwd=orders.ROOT,
        env={**os.environ, SPEC: str(spec)},
        stdout=log,
        stderr=log,
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    wait_until_served(name, process, port, Path(log.name))
    return port, process.pid


def _orders_of(carts: int) -> Iterator[dict[str, object]]:
    """Give an order for each cart, which can become an order once."""
    order = _order()
    return ({**order, "cartId": str(number)} for number in range(1, carts + 1))


def _carts(folder: Path, carts: int) -> Path:
    """Write what the reference server is to find: the customer's carts, each like the documented one."""
    order = _order()
    items = [{"variantId": "43263324215067648", "quantity": 5, "price": 100, "title": "Clay tea cup"}]
    common = {"storeId": "30182834660443136", "customerId": order["customerId"], "totalAmount": 500, "items": items}
    path = folder / "carts.json"
    rows = [{"id": str(number), **common} for number in range(1, carts + 1)]
    path.write_text(json.dumps({PARTNER: {"cart": rows}}), encoding="utf-8")
    return path


def _versions() -> str:
    names = ("starlette", "uvicorn", "uvloop", "httptools", "fastapi", "connexion", "sqlalchemy")
    return f"With {', '.join(f'{name} {version(name)}' for name in names)}, prism-cli {PRISM_VERSION}."
