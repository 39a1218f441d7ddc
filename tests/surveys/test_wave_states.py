"""Which steps a wave takes, and how it may be called."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.fieldwork import WaveState
from surveys.waves.states import (
    NAME_LENGTH,
    REASON_LENGTH,
    WaveRefused,
    check_closing_day,
    check_name,
    check_step,
    warn_of_other_wave,
)

PLANNED, OPEN, CLOSING, CLOSED = WaveState
ALLOWED = {
    (PLANNED, OPEN),
    (OPEN, CLOSING),
    (OPEN, CLOSED),
    (CLOSING, CLOSED),
    (CLOSING, OPEN),
    (CLOSED, OPEN),
}
OTHERS = {pair for pair in product(WaveState, repeat=2) if pair[0] != pair[1]} - ALLOWED


@pytest.mark.parametrize(("old", "new"), sorted(ALLOWED))
def test_these_steps_are_taken(old: WaveState, new: WaveState) -> None:
    check_step(old, new, "een reden")


@pytest.mark.parametrize(("old", "new"), sorted(OTHERS))
def test_every_other_step_is_refused_with_what_to_do(old: WaveState, new: WaveState) -> None:
    with pytest.raises(WaveRefused) as refused:
        check_step(old, new, "een reden")
    assert refused.value.message.endswith(".")
    if new is PLANNED:
        assert refused.value.code == "to_planned"


@pytest.mark.parametrize(
    "reason", [None, "", "  \n", "x" * (REASON_LENGTH + 1), "stil\x00gehouden"]
)
def test_reopening_asks_a_reason_that_can_be_read(reason: str | None) -> None:
    with pytest.raises(WaveRefused) as refused:
        check_step(CLOSED, OPEN, reason)
    assert refused.value.code == "reason"


def test_only_reopening_keeps_a_reason() -> None:
    assert check_step(CLOSED, OPEN, " Een regio was te laat. ") == "Een regio was te laat."
    assert check_step(OPEN, CLOSED, "zomaar") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026", "2026"),
        (" 2026 ", "2026"),
        ("2026b", "2026b"),
        ("2026-2", "2026-2"),
        ("2026  najaar", "2026 najaar"),
        ("2026 najaar-extra", "2026 najaar-extra"),
    ],
)
def test_a_name_is_a_year_with_something_after_it_or_not(typed: str, kept: str) -> None:
    assert check_name(typed, ["2024"]) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "najaar",
        "najaar 2026",
        "20261",
        "1826",
        "2026,1",
        "2026-",
        "2026\u202e1",
        "2026 é",
        "٢٠٢٦",
        "2026" + "x" * NAME_LENGTH,
    ],
)
def test_another_name_is_refused(typed: str) -> None:
    with pytest.raises(WaveRefused) as refused:
        check_name(typed, [])
    assert refused.value.code == "name"


@given(st.text())
def test_a_name_that_is_kept_begins_with_its_year_and_is_kept_so_again(typed: str) -> None:
    try:
        kept = check_name(typed, [])
    except WaveRefused:
        return
    assert 1900 <= int(kept[:4]) < 2100
    assert "," not in kept
    assert check_name(kept, []) == kept


@pytest.mark.parametrize("typed", ["2026", " 2026 ", "2026B"])
def test_a_name_is_used_once_however_it_is_typed(typed: str) -> None:
    with pytest.raises(WaveRefused) as refused:
        check_name(typed, ["2026", "2026b"])
    assert refused.value.code == "name_taken"


def test_a_wave_cannot_be_told_to_close_in_the_past() -> None:
    today = date(2026, 4, 3)
    for day in (None, today, date(2026, 4, 4)):
        check_closing_day(day, today)
    with pytest.raises(WaveRefused, match="voorbij"):
        check_closing_day(date(2026, 4, 2), today)


@pytest.mark.parametrize(
    ("name", "meant_for", "fits"),
    [
        ("2024", "2024", True),
        ("2026 najaar", "2026", True),
        ("2026 Najaar", "2026 najaar", True),
        ("2024", "2021", False),
        ("2026", "2026 najaar", False),
    ],
)
def test_a_questionnaire_of_another_wave_is_warned_of(
    name: str, meant_for: str, fits: bool
) -> None:
    warning = warn_of_other_wave(name, meant_for)
    assert (warning is None) == fits
    if warning is not None:
        assert f"gemaakt voor meting {meant_for}, en dit is meting {name}." in warning
