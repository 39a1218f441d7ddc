"""Numbers, dates and times the Dutch way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
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
    return format_day(local_day(moment))


def local_day(moment: datetime) -> date:
    """The day it is in the Netherlands. `moment` must be aware."""
    return moment.astimezone(_HERE).date()


def format_day(day: date) -> str:
    """'3 maart 2024'."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def format_short_day(day: date) -> str:
    """'3 mrt', for an axis."""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {'mrt' if month == 'maart' else month[:3]}"


def format_list(texts: Sequence[str]) -> str:
    """'01, 02 en 03'."""
    return " en ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def start_of_day(day: date) -> datetime:
    """The moment at which a day begins, in Dutch time."""
    return datetime(day.year, day.month, day.day, tzinfo=_HERE)


def local_time(moment: datetime) -> datetime:
    """What a Dutch clock showed, without a zone, as spreadsheets want it. `moment` is aware."""
    return moment.astimezone(_HERE).replace(tzinfo=None)


_DAY = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2}|[a-z]+)[-/. ]+((?:19|2\d)\d\d)", re.ASCII | re.I)


def read_day(text: str) -> date | None:
    """A day as people type it: '3-3-2024', '03/03/2024', '3 maart 2024'. None: it is no day."""
    if not (found := _DAY.fullmatch(text.strip())):
        return None
    month = found[2].lower()
    try:
        number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
        return date(int(found[3]), number, int(found[1]))
    except ValueError:
        return None
