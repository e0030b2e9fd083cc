"""The output formats by the names that `--format` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orderbridge.render.github import Github
from orderbridge.render.jsonreport import JsonReport
from orderbridge.render.junit import Junit
from orderbridge.render.ndjson import Ndjson
from orderbridge.render.sarif import Sarif
from orderbridge.render.text import Text

if TYPE_CHECKING:
    from orderbridge.render.report import Factory

RENDERERS: Final[dict[str, Factory]] = {
    "text": Text,
    "json": JsonReport,
    "ndjson": Ndjson,
    "sarif": Sarif,
    "junit": Junit,
    "github": Github,
}
"""The first is the default."""
