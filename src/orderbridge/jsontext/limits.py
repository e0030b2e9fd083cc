"""What a JSON text may hold: the bounds that keep one hostile record from stopping everybody's work."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import Final

MOST_DIGITS: Final = 1_000
"""Digits in one number, its fraction and exponent included."""

LEAST_EXPONENT: Final = -324
MOST_EXPONENT: Final = 308
"""The written exponent: of the least and of the largest number that a double can hold."""

LARGEST: Final = Decimal(sys.float_info.max)
"""The largest number that a double can hold; what is larger many programs read as infinite, or not at all."""

MOST_DEPTH: Final = 200
"""Arrays and objects inside each other."""
