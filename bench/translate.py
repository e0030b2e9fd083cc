"""How long a translation takes: the document alone, bytes to bytes, with its account and ticket, and as a stream."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orderbridge
from bench import by_hand, by_spec, orders
from bench.commands import orderbridge as command
from bench.commands import wall
from bench.harness import Samples, compared, interleaved, once
from bench.report import Section, Table, Target, duration, figure, half
from orderbridge import jsontext, yamltext
from orderbridge.codec.codec import is_same
from orderbridge.mapping.compiling import compiled_lift, compiled_lower, compiled_pair
from orderbridge.mapping.document import without
from orderbridge.mapping.lifting import lift
from orderbridge.mapping.lowering import lower
from orderbridge.translation import report as reports
from orderbridge.translation.supply import read_supply
from orderbridge.validation.compiling import compile_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bench.harness import Scale
    from orderbridge.translation.side import Side

PAIRS: Final = (("unisouk", "fabric"), ("ccagent", "configurator"))
OURS: Final = "orderbridge"
BY_HAND: Final = "by hand"
GLOM: Final = "glom"
JSONATA: Final = "jsonata-python"
TWO_STEPS: Final = "orderbridge, over the hub's map"
LIBRARY: Final = "orderbridge.translate, unchecked"
INTERPRETED: Final = "orderbridge, interpreted with its trace"
REPORT: Final = "orderbridge, report read"
TICKET: Final = "orderbridge, ticket"
BOTH: Final = "orderbridge, report read and ticket"
NEW_SHAPE: Final = "orderbridge, report of a new shape and ticket"
COMMAND: Final = "orderbridge translate --jobs 1"
IN_PROCESS: Final = "in process: orderbridge.translate"
IN_PROCESS_READ: Final = "in process: orderbridge.translate, report read and ticket"
COLUMNS: Final = ("contender", "time", "x by hand", "middle half", "right", "remarks")
STREAM_COLUMNS: Final = ("contender", "time", "orders per second", "time x in process", "middle half")

_ALONE: Final = 1.5
_THROUGH: Final = 1.5
_ACCOUNT: Final = 4.0
_STREAM: Final = 0.6
_METHOD: Final = (
    "The main example of the sender, compact, and what the receiver wants beside it from the shipped supply. By hand "
    "is a function for this one pair with the same refusals, in plain Python; bytes to bytes it stands between the "
    "same strict reader, the same verdicts of jsonschema-rs and the same writer. glom and JSONata get the fields "
    "alone: they refuse nothing, and lose digits of numbers. `right` says whether the document is ours."
)


@dataclass(frozen=True)
class Pair:
    """A sender and a receiver, with an order in every form that a contender wants."""

    source: Side
    target: Side
    data: bytes
    order: Any
    supply: Any

    @property
    def tables(self) -> list[Mapping[str, Any]]:
        """The tables in which the supply looks values up."""
        return [each.table for each in self.read.lookups]

    @property
    def read(self) -> Any:
        """The supply, read once for all orders."""
        return read_supply(self.supply)

    @property
    def title(self) -> str:
        """The two partners."""
        return f"{self.source.name} to {self.target.name}"


def run(scale: Scale) -> Section:
    """Measure every pair alone and bytes to bytes, then a stream of the first."""
    pairs = [_pair(*names) for names in PAIRS]
    targets: list[Target] = []
    tables: list[Table] = []
    for pair in pairs:
        for measure in (_alone, _through):
            found, table = measure(pair, scale)
            targets += found
            tables.append(table)
    found, table = _stream(pairs[0], scale)
    return Section("Translation", _METHOD, [*targets, *found], [*tables, table])


def _pair(source: str, target: str) -> Pair:
    case = orders.case(source)
    data = orders.text(case.order, "compact")
    file = orders.ROOT / "openapi" / target / "supplies" / f"{source}.yaml"
    supply = yamltext.read(file.read_bytes(), file=file.name).value
    one, other = orderbridge.partner(source).side, orderbridge.partner(target).side
    return Pair(one, other, data, jsontext.read(data)[0], supply)


# The document alone


def _alone(pair: Pair, scale: Scale) -> tuple[list[Target], Table]:
    ours, others = _ours(pair), _others(pair)
    actions = {**ours, **others}
    samples = compared({name: partial(action, pair.order) for name, action in actions.items()}, scale)
    expected = ours[OURS](pair.order)
    rows = [
        _row(samples, name, _is_right(action(pair.order), expected), REMARKS[name]) for name, action in actions.items()
    ]
    target = Target(f"{pair.title}, the document alone: {OURS} / {BY_HAND}", samples.ratio(OURS, BY_HAND), _ALONE)
    return [target], Table(f"{pair.title}, the document alone", COLUMNS, rows)


def _ours(pair: Pair) -> dict[str, Callable[[Any], Any]]:
    one, other = pair.source.section("request"), pair.target.section("request")
    keys = tuple((each.at, each.by) for each in pair.read.lookups)
    through = compiled_pair(one, other, pair.target.reserved, pair.source.secrets, keys)
    up, down = compiled_lift(one), compiled_lower(other, pair.target.reserved)
    secrets, tables = pair.source.secrets, pair.tables
    if through is None:
        msg = f"{pair.title} is not compiled"
        raise RuntimeError(msg)

    def interpreted(order: Any) -> Any:
        hub = lift(without(order, secrets), one).hub
        return lower(hub, other, reserved=pair.target.reserved).document

    translate = partial(
        orderbridge.translate, source=pair.source.name, target=pair.target.name, check=False, supply=_lookups(pair)
    )
    return {
        OURS: lambda order: through(order, tables)[0],
        TWO_STEPS: lambda order: down(up(without(order, secrets))),
        LIBRARY: lambda order: translate(order).draft,
        INTERPRETED: interpreted,
    }


def _lookups(pair: Pair) -> Any:
    return read_supply({"lookup": pair.supply["lookup"]} if "lookup" in pair.supply else None)


def _others(pair: Pair) -> dict[str, Callable[[Any], Any]]:
    if pair.source.name == PAIRS[0][0]:
        return {
            BY_HAND: by_hand.storefront_to_management,
            GLOM: by_spec.storefront_by_glom(),
            JSONATA: by_spec.storefront_by_jsonata(),
        }
    table = pair.tables[0]
    return {
        BY_HAND: lambda order: by_hand.agent_to_configurator(order, table),
        GLOM: by_spec.agent_by_glom(table),
        JSONATA: by_spec.agent_by_jsonata(table),
    }


REMARKS: Final = {
    OURS: "the generated function of the pair",
    TWO_STEPS: "lift and lower, each compiled; looks nothing up",
    LIBRARY: "a dict is first made exact; nothing is validated",
    INTERPRETED: "what reports are made from; looks nothing up",
    BY_HAND: "the baseline",
    GLOM: "no refusals",
    JSONATA: "no refusals",
}


ACCOUNTS: Final = {
    REPORT: "the account is known by the order's shape",
    BOTH: "the account is known by the order's shape",
    NEW_SHAPE: "the account is worked out by the interpreter, as of every order whose shape did not come before",
}


def _is_right(document: Any, expected: Any) -> str:
    return "yes" if is_same(document, expected) else "no"


# Bytes to bytes


def _through(pair: Pair, scale: Scale) -> tuple[list[Target], Table]:
    actions = {**dict(_accounts(pair)), BY_HAND: _composition(pair)}
    samples = compared(actions, scale)
    expected = actions[OURS]()
    rows = [
        _row(samples, name, "yes" if action() == expected else "no", ACCOUNTS.get(name, ""))
        for name, action in actions.items()
    ]
    what = f"{pair.title}, bytes to bytes"
    targets = [
        Target(f"{what}: {OURS} / {BY_HAND}", samples.ratio(OURS, BY_HAND), _THROUGH),
        Target(f"{what}: {BOTH} / {OURS}", samples.ratio(BOTH, OURS), _ACCOUNT),
    ]
    return targets, Table(f"{what}, {len(pair.data):,} bytes", COLUMNS, rows)


def _accounts(pair: Pair) -> Iterator[tuple[str, Callable[[], bytes]]]:
    translate = partial(
        orderbridge.translate, pair.data, source=pair.source.name, target=pair.target.name, supply=pair.read
    )

    def plain() -> bytes:
        return jsontext.write(translate().order)

    def read(*members: str) -> bytes:
        made = translate()
        for member in members:
            getattr(made, member)
        return jsontext.write(made.order)

    def worked_out() -> bytes:
        made = translate()
        reports.source_leaves(made.trip)
        reports.written_leaves(made.trip)
        return jsontext.write(made.order) if made.ticket else b""

    yield OURS, plain
    yield TICKET, partial(read, "ticket")
    yield REPORT, partial(read, "report")
    yield BOTH, partial(read, "report", "ticket")
    yield NEW_SHAPE, worked_out


def _composition(pair: Pair) -> Callable[[], bytes]:
    """Put the hand-written function between the reader, the verdicts and the writer that everybody has."""
    accepts, takes = _verdict(pair.source), _verdict(pair.target)
    function, data, supply = _others(pair)[BY_HAND], pair.data, pair.supply
    is_first = pair.source.name == PAIRS[0][0]

    def composed() -> bytes:
        order, problems = jsontext.read(data)
        if problems or not accepts(order):
            return b""
        made = function(order)
        if is_first:
            by_hand.management_supplied(made, supply)
        return jsontext.write(made) if takes(made) else b""

    return composed


def _verdict(side: Side) -> Callable[[Any], bool]:
    rules = side.validator("request")
    accepts: Callable[[Any], bool] = compile_schema(rules.contract, rules.schema, rules.direction, mark=True).is_valid
    return accepts


def _row(samples: Samples, name: str, right: str, note: str) -> tuple[str, ...]:
    ratio = samples.ratio(name, BY_HAND)
    return name, duration(samples.seconds(name).median), figure(ratio.median), half(ratio), right, note


# A stream


def _stream(pair: Pair, scale: Scale) -> tuple[list[Target], Table]:
    """Translate a file of different orders by the command, and the same lines in a loop."""
    path = orders.CACHE / f"{pair.source.name}-translate-{scale.lines}.ndjson"
    supply = orders.CACHE / f"{pair.target.name}-supply.yaml"
    orders.write_stream(path, orders.case(pair.source.name).order, scale.lines, invalid=0)
    supply.write_bytes(
        (orders.ROOT / "openapi" / pair.target.name / "supplies" / f"{pair.source.name}.yaml").read_bytes()
    )
    try:
        samples = interleaved(
            {
                COMMAND: partial(wall, _command(pair, path, supply)),
                IN_PROCESS: partial(_loop, pair, path),
                IN_PROCESS_READ: partial(_loop, pair, path, "report", "ticket"),
            },
            scale.pairs,
        )
    finally:
        path.unlink()
        supply.unlink()
    rows = [_stream_row(samples, name, scale.lines) for name in samples.rounds]
    target = Target(
        f"{pair.title}, a stream: rate of {COMMAND} / rate in process",
        samples.ratio(IN_PROCESS, COMMAND),
        _STREAM,
        at_least=True,
    )
    return [target], Table(f"{pair.title}, {scale.lines:,} lines", STREAM_COLUMNS, rows)


def _command(pair: Pair, path: Path, supply: Path) -> list[str]:
    ends = ("--from", pair.source.name, "--to", pair.target.name)
    return command("translate", *ends, "--supply", str(supply), "--jobs", "1", str(path))


def _loop(pair: Pair, path: Path, *members: str) -> float:
    lines = path.read_bytes().splitlines()
    translate = partial(orderbridge.translate, source=pair.source.name, target=pair.target.name, supply=pair.read)

    def whole(line: bytes) -> bytes:
        made = translate(line)
        for member in members:
            getattr(made, member)
        return jsontext.write(made.order)

    return once(lambda: [whole(line) for line in lines])


def _stream_row(samples: Samples, name: str, lines: int) -> tuple[str, ...]:
    seconds, ratio = samples.seconds(name).median, samples.ratio(name, IN_PROCESS)
    return name, duration(seconds), figure(lines / seconds), figure(ratio.median), half(ratio)
