"""What a JSON text may hold: the bounds that keep one hostile record from stopping everybody's work."""

from __future__ import annotations

from typing import Final

MOST_DIGITS: Final = 1_000
"""Digits in one number, its fraction and exponent included."""

LEAST_EXPONENT: Final = -324
MOST_EXPONENT: Final = 308
"""The written exponent: of the least and of the largest number that a double can hold."""

MOST_DEPTH: Final = 200
"""Arrays and objects inside each other."""
