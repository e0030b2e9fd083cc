"""`--format ndjson`: one line per checked document, clean ones included, in the order of the input."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from orderbridge.render.machine import compact, problem_json
from orderbridge.render.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.render.report import Checked, Topic, Totals


class Ndjson:
    """Write `{"file", "record", "valid", "problems"}` lines: no head, no tail."""

    wants_clean = True

    def __init__(self, *, color: bool = False, version: str = "") -> None:
        """Take the options of every format; lines need none."""

    def start(self, topic: Topic) -> Iterator[str]:
        """Yield nothing."""
        yield from ()

    def document(self, checked: Checked) -> Iterator[str]:
        """Yield the document's line."""
        record = "null" if checked.record is None else checked.record
        valid = "true" if checked.valid else "false"
        problems = ",".join(compact(problem_json(problem)) for problem in checked.placed())
        yield f'{{"file":{_name(checked.file)},"record":{record},"valid":{valid},"problems":[{problems}]}}\n'

    def end(self, totals: Totals) -> Iterator[str]:
        """Yield nothing."""
        yield from ()


@lru_cache(maxsize=8)
def _name(file: str) -> str:
    """Write a file's name, which a million lines in a row may share."""
    return compact(encodable(file))
