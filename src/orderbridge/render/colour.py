"""Colours by role, through rich's styles; imported only when colours are wanted."""

from __future__ import annotations

from typing import Final

from rich.color import ColorSystem
from rich.style import Style

STYLES: Final = {
    "error": Style(color="red", bold=True),
    "warning": Style(color="yellow", bold=True),
    "clean": Style(color="green", bold=True),
    "code": Style(bold=True),
    "place": Style(bold=True),
    "pointer": Style(color="cyan"),
    "fix": Style(color="green"),
}


def paint(role: str, text: str) -> str:
    """Wrap text in the terminal codes of its role (the sixteen colours that every terminal's theme defines)."""
    return STYLES[role].render(text, color_system=ColorSystem.STANDARD)
