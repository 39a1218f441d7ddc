"""Numbers, dates and times the Dutch way."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/Amsterdam")
_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def round_half_up(number: float, decimals: int = 0) -> Decimal:
    """Round as the published tables do: 62.5 becomes 63.

    Twelve significant digits of the float count, so that 57.5 that arithmetic
    left at 57.49999999999999 still goes up.
    """
    exact = Decimal(f"{number:.12g}")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def format_number(number: float, decimals: int = 1) -> str:
    """7.46 becomes '7,5'; a negative number gets a real minus sign."""
    return f"{round_half_up(number, decimals)}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def format_percentage(fraction: float, decimals: int = 0) -> str:
    """0.8809 becomes '88%'."""
    return format_number(fraction * 100, decimals) + "%"


def format_p(p: float) -> str:
    """0.0309 becomes '0,031'; below a thousandth '< 0,001'."""
    return "< 0,001" if p < 0.001 else format_number(p, 3)


def format_time(moment: datetime) -> str:
    """'14.02 uur', in Dutch time. `moment` must be aware."""
    return f"{moment.astimezone(_HERE):%H.%M} uur"


def format_date(moment: datetime) -> str:
    """'3 maart 2024', in Dutch time. `moment` must be aware."""
    here = moment.astimezone(_HERE)
    return f"{here.day} {_MONTHS[here.month - 1]} {here.year}"
