"""Numbers, dates and times as a Dutch reader expects them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.dutch import (
    format_date,
    format_day,
    format_list,
    format_number,
    format_p,
    format_percentage,
    format_time,
    local_time,
    read_day,
    round_half_up,
    start_of_day,
)
from tests.surveys.strategies import steady


@pytest.mark.parametrize(
    ("number", "decimals", "rounded"),
    [
        (62.5, 0, "63"),
        (61.5, 0, "62"),
        (62.4, 0, "62"),
        (0.575 * 100, 0, "58"),  # 57.49999999999999
        (1.005 * 100, 0, "101"),  # 100.49999999999999
        (57.49, 0, "57"),
        (-62.5, 0, "-63"),
        (-0.4, 0, "0"),
        (0, 0, "0"),
        (7.45, 1, "7.5"),
        (2.675, 2, "2.68"),
        (7, 1, "7.0"),
        (-0.04, 1, "0.0"),
    ],
)
def test_a_half_goes_up_as_in_the_published_tables(
    number: float, decimals: int, rounded: str
) -> None:
    assert str(round_half_up(number, decimals)) == rounded


@steady
@given(st.integers(1, 400), st.integers(0, 400))
def test_a_percentage_is_rounded_as_the_exact_fraction_is(size: int, part: int) -> None:
    counted = min(part, size)
    exact = (counted * 200 + size) // (2 * size)  # in whole numbers: half goes up
    assert round_half_up(counted / size * 100) == exact


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (7.46, 1, "7,5"),
        (7, 1, "7,0"),
        (7, 0, "7"),
        (-1.25, 1, "\N{MINUS SIGN}1,3"),
        (-0.01, 1, "0,0"),
        (1234.5, 1, "1234,5"),
    ],
)
def test_a_number_has_a_comma_and_a_real_minus_sign(
    number: float, decimals: int, text: str
) -> None:
    assert format_number(number, decimals) == text


@steady
@given(st.decimals(-1000, 1000, places=3))
def test_what_is_shown_is_within_half_a_unit_of_the_number(number: Decimal) -> None:
    shown = format_number(float(number), 1).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    assert abs(Decimal(shown) - number) <= Decimal("0.05")


@pytest.mark.parametrize(
    ("fraction", "text"), [(37 / 42, "88%"), (0.625, "63%"), (0, "0%"), (1, "100%"), (0.575, "58%")]
)
def test_a_fraction_is_shown_as_a_percentage(fraction: float, text: str) -> None:
    assert format_percentage(fraction) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0309, "0,031"), (0.05, "0,050"), (0.001, "0,001"), (0.00099, "< 0,001"), (1, "1,000")],
)
def test_a_p_value_is_never_shown_as_zero(p: float, text: str) -> None:
    assert format_p(p) == text


@pytest.mark.parametrize(
    ("moment", "date", "time"),
    [
        (datetime(2024, 7, 1, 12, 2, tzinfo=UTC), "1 juli 2024", "14.02 uur"),
        (datetime(2024, 12, 1, 12, 2, tzinfo=UTC), "1 december 2024", "13.02 uur"),
        (datetime(2024, 3, 3, 8, 5, tzinfo=UTC), "3 maart 2024", "09.05 uur"),
        (datetime(2024, 12, 31, 23, 30, tzinfo=UTC), "1 januari 2025", "00.30 uur"),
        (datetime(2024, 3, 31, 0, 59, tzinfo=UTC), "31 maart 2024", "01.59 uur"),
        (datetime(2024, 3, 31, 1, 0, tzinfo=UTC), "31 maart 2024", "03.00 uur"),
        (
            datetime(2024, 8, 1, 18, 0, tzinfo=timezone(timedelta(hours=-5))),
            "2 augustus 2024",
            "01.00 uur",
        ),
    ],
)
def test_a_moment_is_told_in_amsterdam_time(moment: datetime, date: str, time: str) -> None:
    assert (format_date(moment), format_time(moment)) == (date, time)


@pytest.mark.parametrize(
    ("texts", "told"), [([], ""), (["01"], "01"), (["01", "02"], "01 en 02"), ("abc", "a, b en c")]
)
def test_a_list_is_told_with_en_before_the_last(texts: list[str], told: str) -> None:
    assert format_list(texts) == told


@pytest.mark.parametrize(
    "text",
    ["3-11-2026", " 03/11/2026 ", "3.11.2026", "3 11 2026", "3 november 2026", "3-NOVEMBER-2026"],
)
def test_a_day_is_read_as_people_type_it(text: str) -> None:
    assert read_day(text) == datetime(2026, 11, 3, tzinfo=UTC).date()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gisteren",
        "31-2-2026",
        "0-1-2026",
        "2026-11-03",
        "3-11-26",
        "3-13-2026",
        "3-11-9",
        "3 nov",
    ],
)
def test_what_is_no_day_is_not_read(text: str) -> None:
    assert read_day(text) is None


@given(st.dates(datetime(1900, 1, 1).date(), datetime(2999, 12, 31).date()))  # noqa: DTZ001
def test_a_day_that_was_told_is_read_back(day: date) -> None:
    assert read_day(format_day(day)) == read_day(f"{day.day}-{day.month}-{day.year}") == day


@pytest.mark.parametrize(
    ("day", "begins"), [("2024-02-29", "2024-02-28T23:00"), ("2024-07-01", "2024-06-30T22:00")]
)
def test_a_day_begins_at_midnight_in_amsterdam(day: str, begins: str) -> None:
    moment = start_of_day(datetime.fromisoformat(day).date())
    assert moment == datetime.fromisoformat(f"{begins}+00:00")
    assert local_time(moment) == datetime.fromisoformat(day)
