"""What an order costs when nobody but its lines says so: price by quantity, added up, and nothing taken off."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from orderbridge.jsontext.limits import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderbridge.behaviour.result import Result

_LINES: Final = "order.lines"
_PRICES: Final = ("price_override.amount", "unit_price.amount")
_EXACT: Final = Context(prec=3000)
_MOST_DIGITS: Final = 900
"""The hub's amounts have at most a thousand characters; what is longer, or larger than numbers can be, is left out."""


def price(result: Result) -> None:
    """Write the price of each line and the sums of the order into a hub result, in place.

    A line costs its own price, and nothing where nobody states one; a part is there as often as its parent says.
    """
    total = Decimal(0)
    times: dict[str, Decimal] = {}
    for row in result.get(_LINES, ()):
        units = _units(row, times)
        each = next((amount for name in _PRICES if (amount := _decimal(row.get(name))) is not None), Decimal(0))
        own = _EXACT.multiply(each, units)
        total = _EXACT.add(total, own)
        _write(row, "unit_price.amount", each)
        _write(row, "total.amount", own)
    for leaf in ("subtotal", "total"):
        _write(result, f"totals.{leaf}.amount", total)
    for leaf in ("discount", "fulfillment", "tax"):
        _write(result, f"totals.{leaf}.amount", Decimal(0))


def _units(row: Mapping[str, Any], times: dict[str, Decimal]) -> Decimal:
    """Say how many units of a line there are in all, and remember it for its parts."""
    stated = _decimal(row.get("quantity"))
    own = _EXACT.multiply(Decimal(1) if stated is None else stated, times.get(str(row.get("parent")), Decimal(1)))
    times[str(row["row"])] = own
    return own


def _decimal(text: Any) -> Decimal | None:
    try:
        return Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None


def _write(holder: dict[str, Any], leaf: str, amount: Decimal) -> None:
    text = format(amount, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if len(text) <= _MOST_DIGITS and abs(amount) <= LARGEST:
        holder[leaf] = "0" if text == "-0" else text
