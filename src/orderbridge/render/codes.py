"""The registry of problem codes as text: one code for `orderbridge explain`, all of them for `docs/problems.md`."""

from __future__ import annotations

from difflib import get_close_matches
from textwrap import fill
from typing import TYPE_CHECKING, Final

from orderbridge.errors import UsageError
from orderbridge.problem import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orderbridge.problem import Code

_WIDTH: Final = 79
_PREFACE: Final = """\
# Problem codes

Every problem that orderbridge reports has one of these codes. A code is never renamed and never means something
else later. `orderbridge explain CODE` shows the same text.

This page is made from the registry in `src/orderbridge/problem/codes.py`; a test compares them.
"""


def explain(code: str) -> str:
    """Say what a code means, why it matters and how to fix it, wrapped for a terminal.

    Raises:
        UsageError: there is no such code.

    """
    if code not in CODES:
        raise UsageError(_unknown(code))
    entry = CODES[code]
    return "\n\n".join((f"{code}: {entry.title}", fill(entry.why, _WIDTH), fill(f"Fix: {entry.fix}", _WIDTH))) + "\n"


def markdown() -> str:
    """Write the whole page of codes in alphabetical order; the anchor of a code is the code itself."""
    names = sorted(CODES)
    index = "\n".join(f"| [`{name}`](#{name}) | {_cell(CODES[name].title)} |" for name in names)
    sections = "\n".join("\n".join(_section(name, CODES[name])) for name in names)
    return f"{_PREFACE}\n| code | meaning |\n|---|---|\n{index}\n\n{sections}"


def _section(name: str, code: Code) -> Iterator[str]:
    yield from (f"## {name}", "", f"**{code.title}**", "", code.why, "", f"*Fix:* {code.fix}", "")


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _unknown(code: str) -> str:
    close = get_close_matches(code, CODES, n=3, cutoff=0.6)
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else "; docs/problems.md lists all of them"
    return f"there is no problem code {code!r}{hint}"
