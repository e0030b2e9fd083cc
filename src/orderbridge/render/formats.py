"""The output formats by the names that `--format` takes; each is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from orderbridge.render.report import Factory, Renderer


def _factory(module: str, name: str) -> Factory:
    def make(*, color: bool = False, version: str = "") -> Renderer:
        factory: Factory = getattr(import_module(f"orderbridge.render.{module}"), name)
        return factory(color=color, version=version)

    return make


RENDERERS: Final[dict[str, Factory]] = {
    "text": _factory("text", "Text"),
    "json": _factory("jsonreport", "JsonReport"),
    "ndjson": _factory("ndjson", "Ndjson"),
    "sarif": _factory("sarif", "Sarif"),
    "junit": _factory("junit", "Junit"),
    "github": _factory("github", "Github"),
}
"""The first is the default."""
