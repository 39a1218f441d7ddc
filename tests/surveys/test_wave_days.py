"""The day of a wave: as it was, or as well as its name tells."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from surveys.waves.days import UndatedWave, check_order, find_wave_day

TODAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("name", "opened_at", "is_planned", "told"),
    [
        (
            "2024",
            datetime(2024, 3, 31, 22, 30, tzinfo=UTC),
            False,
            "Meting 2024: 1 april 2024 (de dag waarop die openging).",
        ),
        (
            "Nulmeting 2021 (2021)",
            None,
            False,
            "Meting Nulmeting 2021 (2021): 1 januari 2021 (naar het jaartal in de naam).",
        ),
        ("2027", None, True, "Meting 2027: 1 mei 2026 (vandaag, want die is nog niet open)."),
    ],
)
def test_the_day_of_a_wave(
    name: str, opened_at: datetime | None, is_planned: bool, told: str
) -> None:
    assert find_wave_day(name, opened_at, is_planned=is_planned, today=TODAY).sentence == told


@pytest.mark.parametrize("name", ["eerste", "2020-2021", "120210", "meting 3021", ""])
def test_a_name_without_one_year_tells_no_day(name: str) -> None:
    with pytest.raises(UndatedWave, match="is niet bekend wanneer die was"):
        find_wave_day(name, None, is_planned=False, today=TODAY)


def test_the_earlier_wave_comes_first() -> None:
    first, last = (
        find_wave_day(name, None, is_planned=False, today=TODAY) for name in ("2021", "2024")
    )
    check_order(first, last)
    for pair in ((last, first), (first, first)):
        with pytest.raises(UndatedWave, match="is niet eerder dan meting 2021"):
            check_order(*pair)
