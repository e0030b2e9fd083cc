"""A contract and the URL of a server that should keep it, to the verdict of a run of Schemathesis."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from orderbridge import jsontext
from orderbridge.fuzz.callers import CALLERS, keys, users
from orderbridge.fuzz.document import document_of, refusals_of_meaning
from orderbridge.fuzz.running import run

if TYPE_CHECKING:
    from orderbridge.contract.contract import Contract
    from orderbridge.fuzz.tally import Tally

_REFUSALS: Final = (400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 428, 429, 431)
"""How invalid data may be refused: Schemathesis' list, and the statuses for what is too large to be read at all."""
_ACCEPTED: Final = ("2xx", "3xx", "401", "403", "404", "409", "429", "5xx")
"""How valid data may be answered: Schemathesis' list."""
MODES_WITH_MEMORY: Final = frozenset({"reference"})
"""Modes whose servers keep what each caller made; one without memory removes nothing, and has no secrets."""


@dataclass(frozen=True)
class Wanted:
    """How to fuzz: the same seed and number give the same requests to a server that answers the same.

    `headers` go with every request, as `Name: value`; `rest` is what Schemathesis is given beside all this.
    """

    seed: int
    max_examples: int
    headers: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()

    def arguments(self, document: Path, url: str) -> list[str]:
        """Write the arguments of `schemathesis run`; what comes later overrides what came before."""
        headers = [part for header in self.headers for part in ("--header", header)]
        return [
            "run",
            str(document),
            f"--url={url}",
            f"--seed={self.seed}",
            f"--max-examples={self.max_examples}",
            # A memory of earlier runs would make other requests from the same seed.
            "--generation-database=none",
            *headers,
            *self.rest,
        ]


@dataclass(frozen=True)
class Outcome:
    """How a run ended: Schemathesis' exit code, and what was counted."""

    code: int
    tally: Tally


def fuzz(contract: Contract, url: str, wanted: Wanted) -> Outcome:
    """Fuzz somebody's server, called as `headers` say; the working folder's `schemathesis.toml` counts."""
    with tempfile.TemporaryDirectory(prefix="orderbridge-fuzz-") as folder:
        return _run([], contract, Path(folder), url, wanted)


def fuzz_known(contract: Contract, url: str, wanted: Wanted, mode: str) -> Outcome:
    """Fuzz a server that knows the callers of `callers`: where it keeps things, each tries to see the other's."""
    with tempfile.TemporaryDirectory(prefix="orderbridge-fuzz-") as name:
        folder = Path(name)
        config = folder / "schemathesis.toml"
        config.write_text(_config(contract, folder, mode), encoding="utf-8")
        return _run([f"--config-file={config}"], contract, folder, url, wanted)


def _run(first: list[str], contract: Contract, folder: Path, url: str, wanted: Wanted) -> Outcome:
    document = folder / f"{contract.name}.json"
    document.write_bytes(jsontext.write(document_of(contract)))
    code, tally = run([*first, *wanted.arguments(document, url)])
    return Outcome(code, tally)


def _config(contract: Contract, folder: Path, mode: str) -> str:
    """Write the configuration; the memory of an earlier run would make other requests from the same seed."""
    lines = ["[cache]", "enabled = false"]
    lines += ["[checks.negative_data_rejection]", f"expected-statuses = {_text([*map(str, _REFUSALS)])}"]
    for name, statuses in refusals_of_meaning(contract).items():
        lines += ["[[operations]]", f"include-name = {_text(name)}"]
        lines += [f"checks.positive_data_acceptance.expected-statuses = {_text([*_ACCEPTED, *statuses])}"]
    if mode not in MODES_WITH_MEMORY:
        lines += ["[checks.use_after_free]", "enabled = false"]
    in_query = keys(contract)
    if in_query:
        for name in in_query:
            lines += [f"[auth.openapi.{_text(name)}]", f"api_key = {_text(CALLERS[0].credential)}"]
        return "\n".join(lines)
    path = folder / "callers.json"
    path.write_bytes(jsontext.write(users(contract)))
    lines += ["[auth.wfc]", f"path = {_text(str(path))}", f"user = {_text(CALLERS[0].name)}"]
    if mode in MODES_WITH_MEMORY:
        lines.append(f"peers = {_text([each.name for each in CALLERS])}")
    return "\n".join(lines)


def _text(value: Any) -> str:
    """Write a string, or a list of them, as TOML: JSON's way is one of its ways."""
    return jsontext.write(value).decode()
