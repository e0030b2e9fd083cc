"""What a JSON text may hold: the bounds that keep one hostile record from stopping everybody's work."""

from __future__ import annotations

from typing import Final

MOST_DIGITS: Final = 1_000
"""Digits in one number, its fraction and exponent included."""

MOST_EXPONENT: Final = 308
"""The written exponent, either way: beyond it no double can hold the number."""

MOST_DEPTH: Final = 200
"""Arrays and objects inside each other."""
