"""What others say of everything that a fuzzer said to our reference servers, and heard from them.

Prism stands between the two and tells what it minds; each body goes before our validator, the generated models and
openapi-core. Where they disagree with us a list has to say why: `tests/data/prism_disagreements.json` for Prism,
`tests/data/disagreements.json` for the others.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections import Counter
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.audit.exchange import read_exchange
from orderbridge.audit.judging import status_key
from orderbridge.audit.opinion import Outside, Route
from orderbridge.audit.routing import Router
from orderbridge.contract.model import is_json
from orderbridge.fuzz.fuzzing import Wanted, fuzz_known
from orderbridge.fuzz.serving import serving
from tests.differential import comparing, generated_models, openapi_core
from tests.differential.rival import Message
from tools.prism import proxying
from tools.violations import Compared, Row, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from orderbridge.api import Partner
    from orderbridge.audit.exchange import Payload
    from orderbridge.contract.model import Body
    from orderbridge.fuzz.tally import Share

RIVALS: Final = (generated_models, openapi_core)
LEVEL: Final = "documented"
LISTED: Final = Path(__file__).parent.parent / "tests" / "data" / "prism_disagreements.json"
HEADER: Final = (
    "| second opinions | exchanges | accepted (2xx) | Prism agreed | Prism listed | Prism unlisted"
    " | messages compared | listed | unlisted |\n|---|---|---|---|---|---|---|---|---|"
)
_LEAST_ACCEPTED: Final = 0.01


@dataclass(frozen=True)
class Opinions:
    """What came of one contract: Prism's violations, and what the rivals think of each distinct body."""

    name: str
    exchanges: int
    accepted: str
    prism: Compared | None
    messages: int
    listed: Counter[str]
    unlisted: Sequence[str]

    @property
    def findings(self) -> list[str]:
        """Everything that no list explains."""
        prism = self.prism.unlisted if self.prism is not None else ()
        return [*(f"Prism: {each}" for each in prism), *self.unlisted]

    def __str__(self) -> str:
        prism: tuple[object, ...] = ("-", "-", "-")
        if self.prism is not None:
            prism = self.prism.agreed, self.prism.listed.total(), len(self.prism.unlisted)
        cells = (self.exchanges, self.accepted, *prism, self.messages, self.listed.total(), len(self.unlisted))
        return f"| {self.name} | {' | '.join(map(str, cells))} |"


def rows() -> list[Row]:
    """Read the list of known disagreements with Prism."""
    return [Row(**each) for each in json.loads(LISTED.read_bytes())]


def opinions(load: Callable[[], Partner], program: Path | None, seed: int, max_examples: int) -> Opinions:
    """Fuzz the reference server of a partner, through Prism if there is one, and ask everybody about what was said.

    What Schemathesis itself finds there is not looked at: Prism writes messages again on their way, and answers some
    requests itself. `tools.fuzz` asks the same server without it.
    """
    partner = load()
    with tempfile.TemporaryDirectory(prefix="orderbridge-opinions-") as folder:
        share, entries = _recorded(load, program, Path(folder), Wanted(seed, max_examples))
    asked = messages(partner, entries)
    listed: Counter[str] = Counter()
    unlisted = list(judged(asked, listed))
    if share.part < _LEAST_ACCEPTED:
        unlisted.append(f"too little was checked: {share} requests were accepted")
    prism = compare(partner, entries, rows()) if program is not None else None
    return Opinions(
        partner.name, len(entries), str(share), prism, sum(map(len, asked.values())), listed, tuple(unlisted)
    )


def _recorded(
    load: Callable[[], Partner], program: Path | None, folder: Path, wanted: Wanted
) -> tuple[Share, list[Any]]:
    """Fuzz, and give the share of success with the entries of the HAR file."""
    contract = load().contract.at(LEVEL)
    document, har = folder / "contract.json", folder / "all.har"
    document.write_bytes(jsontext.write(contract.document))
    # What Prism answers itself is a failure for Schemathesis, and would end the phase of that operation. Masked
    # credentials could not be judged.
    rest = (f"--report-har-path={har}", "--continue-on-failure", "--output-sanitize=false")
    wanted = replace(wanted, rest=rest)
    with ExitStack() as stack:
        url = stack.enter_context(serving(load, "reference"))
        if program is not None:
            url = stack.enter_context(proxying(program, document, url))
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(redirect_stdout(StringIO()))
        # Schemathesis imports what its own dependencies deprecate.
        warnings.simplefilter("ignore")
        share = fuzz_known(contract, url, wanted, "reference").tally.share()
    entries: list[Any] = json.loads(har.read_bytes())["log"]["entries"]
    return share, entries


def judged(asked: dict[Message, set[bytes]], listed: Counter[str]) -> Iterator[str]:
    """Yield what rivals think of messages that no row explains; what rows explain is counted by them."""
    for rival in RIVALS:
        for message, texts in asked.items():
            oracle = rival.oracle(message)
            for text in sorted(texts):
                counts: Counter[str] = Counter()
                for each in comparing.unlisted(rival, counts, message, text, oracle):
                    yield f"{rival.NAME}: {each}: {text[:200]!r}"
                listed.update({f"{rival.NAME}: {row}": count for row, count in counts.items()})


def messages(partner: Partner, entries: Iterable[Any]) -> dict[Message, set[bytes]]:
    """Give the distinct JSON bodies of the entries of a HAR file, by the message of the contract that each is."""
    known: dict[tuple[str, str | None], Message] = {}
    found: dict[Message, set[bytes]] = {}
    contract = partner.contract.at(LEVEL)
    for operation, status, body, text in _bodies(partner, entries):
        if body.json_schema is None:
            continue
        key = operation, status
        message = known.setdefault(key, Message(contract, operation, status, body.json_schema))
        found.setdefault(message, set()).add(text)
    return found


def _bodies(partner: Partner, entries: Iterable[Any]) -> Iterator[tuple[str, str | None, Body, bytes]]:
    router = Router(Outside(partner.contract.at(LEVEL)))
    for entry in entries:
        exchange, _ = read_exchange(entry, "")
        route = router.find(exchange) if exchange is not None else None
        if exchange is None or not isinstance(route, Route):
            continue
        sent, operation = exchange.request.payload, route.operation
        if operation.request is not None and _is_json(sent):
            yield operation.id, None, operation.request, sent.data or b""
        if exchange.response is None or not _is_json(exchange.response.payload):
            continue
        status = status_key(route, exchange.response.status)
        if status is not None:
            yield operation.id, status, operation.responses[status], exchange.response.payload.data or b""


def _is_json(payload: Payload) -> bool:
    return bool(payload.data) and is_json(payload.media_type)
