"""The pytest plugin: a live server as a fixture, and asserts that say what is wrong as the commands do.

pytest loads it by itself where orderbridge is installed, so it imports next to nothing until it is used.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from orderbridge.api import Message, Partner, TranslatedMessage
    from orderbridge.problem import Evidence, Problem
    from orderbridge.translation.translating import Translation

MARKER: Final = "orderbridge"
_WIDTH: Final = 2


@dataclass(frozen=True)
class LiveServer:
    """A server that listens; `url` is its root, `url_of` where a partner's documented paths begin."""

    url: str
    mode: str
    partners: tuple[str, ...]

    def url_of(self, partner: str) -> str:
        """Give the base URL of a partner's API.

        Raises:
            LookupError: it is not served.

        """
        if partner not in self.partners:
            raise LookupError(f"{partner} is not served here: {', '.join(self.partners)} is")
        return self.url if len(self.partners) == 1 else f"{self.url}/{partner}"

    @property
    def bridge(self) -> str:
        """The base URL of our own API."""
        return f"{self.url}/bridge/v1"


@dataclass(frozen=True)
class Wanted:
    """What a test asks for with its marker."""

    partners: tuple[str, ...] = ()
    mode: str = "mock"
    contracts: tuple[str, ...] = ()
    fixtures: str | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(*partners, mode='mock', contracts=(), fixtures=None): what `orderbridge_server` serves this test",
    )


@pytest.fixture(scope="session")
def _orderbridge_mocks() -> Iterator[Mocks]:
    with ExitStack() as stack:
        yield Mocks(stack, {})


@pytest.fixture
def orderbridge_server(
    request: pytest.FixtureRequest, tmp_path: Path, _orderbridge_mocks: Mocks
) -> Iterator[LiveServer]:
    """Serve partners on a free port: mocks of all of them, or what the marker `orderbridge` says.

    A mock keeps nothing and is shared by all tests that want the same; a reference server is this test's own, with an
    empty database.
    """
    wanted = _wanted(request.node.get_closest_marker(MARKER))
    if wanted.mode == "mock":
        yield _orderbridge_mocks.of(wanted)
        return
    with _serving(wanted, tmp_path / "orderbridge.db") as server:
        yield server


@dataclass(frozen=True)
class Mocks:
    """The mocks of this session."""

    stack: ExitStack
    running: dict[Wanted, LiveServer]

    def of(self, wanted: Wanted) -> LiveServer:
        """Give a mock, started when it is first wanted."""
        if wanted not in self.running:
            self.running[wanted] = self.stack.enter_context(_serving(wanted, None))
        return self.running[wanted]


def _wanted(marker: pytest.Mark | None) -> Wanted:
    if marker is None:
        return Wanted()
    from orderbridge.api import folders_of  # noqa: PLC0415 - who asks for no server brings in none

    given = dict(marker.kwargs)
    strange = sorted(given.keys() - {"mode", "contracts", "fixtures"})
    mode = given.get("mode", "mock")
    if strange or mode not in {"mock", "reference"}:
        what = f"no argument {strange[0]!r}" if strange else f"no mode {mode!r}: it is mock or reference"
        raise pytest.UsageError(f"the marker {MARKER} has {what}")
    fixtures = given.get("fixtures")
    return Wanted(
        tuple(marker.args),
        mode,
        tuple(map(str, folders_of(given.get("contracts", ())))),
        str(fixtures) if fixtures is not None else None,
    )


@contextmanager
def _serving(wanted: Wanted, database: Path | None) -> Iterator[LiveServer]:
    with warnings.catch_warnings():
        # The framework imports what its own dependencies deprecate; tests can do nothing about it.
        warnings.simplefilter("ignore")
        from orderbridge.server.app import Settings  # noqa: PLC0415 - who asks for no server brings in none
        from orderbridge.server.live import live  # noqa: PLC0415

    partners = _partners(wanted)
    settings = Settings(
        mode=wanted.mode,
        database=str(database),
        fixtures=Path(wanted.fixtures) if wanted.fixtures is not None else None,
    )
    with live(partners, settings) as url:
        yield LiveServer(url, wanted.mode, tuple(each.name for each in partners))


def _partners(wanted: Wanted) -> Sequence[Partner]:
    from orderbridge.api import Partner, partner  # noqa: PLC0415
    from orderbridge.contract.catalogue import catalogue  # noqa: PLC0415

    known = catalogue(Path(each) for each in wanted.contracts)
    names = wanted.partners or tuple(entry.name for entry in known.partners)
    if not wanted.contracts:
        return [partner(name) for name in names]
    return [Partner(known.contract(name), known) for name in names]


def assert_valid(
    partner: str | Partner,
    payload: Any,
    *,
    message: Message = "request",
    operation: str | None = None,
    status: str | int | None = None,
    level: Evidence = "documented",
) -> None:
    """Fail, with every problem and the place of each in the text, unless a message keeps a partner's contract.

    `payload` is JSON text (bytes or str), a JSON value or a generated model; values are shown as they would be written.
    Warnings are no reason to fail.
    """
    __tracebackhide__ = True
    one = _partner(partner)
    validator = one.validator(message=message, operation=operation, status=status, level=level)
    text = _text(payload)
    problems = validator.check(payload if text is None else text)
    if any(each.severity == "error" for each in problems):
        head = f"this {message} does not keep the contract of {one.name}"
        raise AssertionError(f"{head}\n{_shown(problems, text, validator.secrets)}")


def assert_translates(
    source: str | Partner,
    target: str | Partner,
    payload: Any,
    *,
    message: TranslatedMessage = "request",
    supply: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
    mode: Any = "lenient",
    ticket: Any = None,
    status: str | int | None = None,
) -> Translation:
    """Fail, with the account and every reason, unless a message becomes a complete one of another partner.

    Give the translation: its `order` is what the target is sent, its `report` what became of each leaf.
    """
    __tracebackhide__ = True
    from orderbridge import api  # noqa: PLC0415
    from orderbridge.render.account import of_one  # noqa: PLC0415
    from orderbridge.translation.reasons import AT_SOURCE, reasons  # noqa: PLC0415

    one, other = _partner(source), _partner(target)
    made = api.translate(
        payload,
        one,
        other,
        message,
        supply=supply,
        headers=headers,
        mode=mode,
        ticket=ticket,
        status=status,
    )
    if made.order is not None:
        return made
    why = reasons(made)
    text = _text(payload)
    own = [each for each in why if made.draft is None or each.code in AT_SOURCE]
    others = [each for each in why if each not in own]
    parts = [
        f"this {message} of {one.name} does not become one of {other.name}",
        of_one(made.report, why, written=None).rstrip("\n"),
        _shown(_located(own, text), text, one.contract.secrets, file=one.name) if own else "",
        _shown(others, None, frozenset(), file=other.name) if others else "",
    ]
    raise AssertionError("\n".join(filter(None, parts)))


def _partner(given: str | Partner) -> Partner:
    from orderbridge import api  # noqa: PLC0415

    return api.partner(given) if isinstance(given, str) else given


def _text(payload: Any) -> str | None:
    """Write a value as the text that problems are shown in; None for what is no text and no exact value."""
    from orderbridge import jsontext  # noqa: PLC0415
    from orderbridge.validation import plain  # noqa: PLC0415

    if isinstance(payload, str):
        return payload
    if isinstance(payload, (bytes, bytearray, memoryview)):
        return bytes(payload).decode("utf-8", "replace")
    value, problems = plain.exact(payload)
    return None if problems else jsontext.write(value, indent=_WIDTH).decode()


def _located(problems: Sequence[Problem], text: str | None) -> Sequence[Problem]:
    from orderbridge import jsontext  # noqa: PLC0415

    known = jsontext.locate(text, {each.pointer for each in problems if each.line is None}) if text else {}
    return [
        each.placed(line=known[each.pointer].line, column=known[each.pointer].column) if each.pointer in known else each
        for each in problems
    ]


def _shown(problems: Sequence[Problem], text: str | None, secrets: frozenset[str], file: str = "payload") -> str:
    from orderbridge.render.report import Checked  # noqa: PLC0415
    from orderbridge.render.text import Text  # noqa: PLC0415

    return "".join(Text().document(Checked(file, None, tuple(problems), text, secrets))).rstrip("\n")
