"""How far the regions are, counted: steps, provinces, days, times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.fieldwork import Mode, ResponseState
from surveys.monitoring.response import (
    Day,
    Draft,
    ItemNonResponse,
    RegionProgress,
    ResponseCounts,
    SentMail,
    Stage,
    Steps,
    Submission,
    count_days,
    count_provinces,
    count_responses,
    count_steps,
    count_taken_over,
    measure_times,
    sort_nonresponse,
    takes_part,
    tell_duration,
)

NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def submission(
    at: datetime = NOON, *, minutes: float | None = 30, taken_over: bool = False, skipped: int = 0
) -> Submission:
    return Submission(
        submitted_at=at,
        first_at=None if taken_over else at,
        took=None if minutes is None or taken_over else timedelta(minutes=minutes),
        version=1,
        mode=Mode.ONLINE,
        asked=10,
        skipped=skipped,
    )


INVITED = RegionProgress(1, "01", "Regio 01", invited_at=NOON)
OPENED = RegionProgress(2, "02", "Regio 02", invited_at=NOON, opened_at=NOON)
BEGUN = RegionProgress(3, "03", "Regio 03", invited_at=NOON, draft=Draft("Urgentie", NOON))
SUBMITTED = RegionProgress(
    4, "04", "Regio 04", invited_at=NOON, opened_at=NOON, submission=submission()
)
BY_TELEPHONE = RegionProgress(5, "05", "Regio 05", submission=submission(minutes=None))
ALONE = RegionProgress(6, "06", "Regio 06")
CHANGING = RegionProgress(
    7, "07", "Regio 07", draft=Draft("Borging", NOON), submission=submission()
)
INVALID = RegionProgress(8, "08", "Regio 08", invited_at=NOON, opened_at=NOON, is_invalid=True)
ALL = [INVITED, OPENED, BEGUN, SUBMITTED, BY_TELEPHONE, ALONE, CHANGING, INVALID]

regions = st.builds(
    RegionProgress,
    region_id=st.integers(1, 9),
    number=st.just("01"),
    name=st.just("Regio"),
    province=st.sampled_from(["", "Zeeland", "Drenthe"]),
    invited_at=st.none() | st.just(NOON),
    opened_at=st.none() | st.just(NOON),
    draft=st.none() | st.just(Draft("Urgentie", NOON)),
    submission=st.none()
    | st.builds(submission, st.datetimes(timezones=st.just(UTC)), taken_over=st.booleans()),
    is_invalid=st.booleans(),
)


def test_every_stage_has_its_name() -> None:
    assert [region.stage for region in ALL] == [
        Stage.INVITED,
        Stage.OPENED,
        Stage.BEGUN,
        Stage.SUBMITTED,
        Stage.SUBMITTED,
        Stage.NOT_INVITED,
        Stage.CHANGING,
        Stage.INVALID,
    ]
    assert [region.state for region in (ALONE, BEGUN, CHANGING, INVALID)] == [
        None,
        ResponseState.DRAFT,
        ResponseState.FINAL,
        ResponseState.INVALID,
    ]


def test_who_took_a_step_took_those_before_it() -> None:
    assert count_steps(ALL) == Steps(invited=7, opened=6, begun=5, submitted=3)


@given(st.lists(regions))
def test_no_step_has_more_regions_than_the_one_before(found: list[RegionProgress]) -> None:
    steps = count_steps(found)
    assert len(found) >= steps.invited >= steps.opened >= steps.begun >= steps.submitted
    assert steps.submitted == sum(region.submission is not None for region in found)


@given(st.lists(regions))
def test_the_provinces_add_up(found: list[RegionProgress]) -> None:
    provinces = count_provinces(found)
    whole = count_steps(found)
    for step in ("invited", "opened", "begun", "submitted"):
        assert sum(getattr(steps, step) for steps in provinces.values()) == getattr(whole, step)
    assert [*provinces] == [
        name
        for name in ("Drenthe", "Zeeland", "onbekend")
        if name.replace("onbekend", "") in {region.province for region in found}
    ]


def test_an_ended_region_is_left_out_unless_it_was_asked_or_answered() -> None:
    opened = date(2024, 3, 4)
    assert takes_part(None, opened, invited=False, answered=False)
    assert takes_part(date(2024, 3, 5), opened, invited=False, answered=False)
    for ended in (opened, date(2024, 1, 1)):
        assert not takes_part(ended, opened, invited=False, answered=False)
        assert takes_part(ended, opened, invited=True, answered=False)
        assert takes_part(ended, opened, invited=False, answered=True)


def test_who_answered_without_invitation_counts_as_asked_where_others_were_invited() -> None:
    assert count_responses({1, 2}, {2, 3}, {3}) == ResponseCounts(3, 2, 1)
    assert count_responses(set(), {2, 3}, {3}) == ResponseCounts(0, 2, 1)


# By day


def test_a_day_is_a_dutch_day_and_the_total_runs_on() -> None:
    late = datetime(2024, 3, 3, 23, 30, tzinfo=UTC)  # half past midnight in the Netherlands
    found = [
        RegionProgress(number, f"{number}", "Regio", submission=submission(at))
        for number, at in enumerate((NOON, late, NOON + DAY))
    ]
    mails = [SentMail(late - DAY, False), SentMail(NOON + DAY, True), SentMail(NOON + DAY, True)]
    assert count_days(found, mails) == [
        Day(date(2024, 3, 3), 0, 0, 1, 0),
        Day(date(2024, 3, 4), 2, 2, 0, 0),
        Day(date(2024, 3, 5), 1, 3, 0, 2),
    ]


@given(st.lists(regions))
def test_the_last_total_is_all_but_those_taken_over(found: list[RegionProgress]) -> None:
    days = count_days(found, [])
    total = days[-1].total if days else 0
    assert total + count_taken_over(found) == count_steps(found).submitted
    assert [day.on for day in days] == sorted({day.on for day in days})


# Time to fill in


def test_the_median_and_quartiles_are_of_those_who_filled_in_online() -> None:
    def took(*times: float | None) -> list[RegionProgress]:
        return [
            RegionProgress(1, "01", "Regio", submission=submission(minutes=time)) for time in times
        ]

    times = measure_times([*took(10, 20, 30, 40, 50, None), ALONE, BEGUN])
    assert times is not None
    assert (times.count, times.median) == (5, timedelta(minutes=30))
    assert times.quartiles == (timedelta(minutes=20), timedelta(minutes=40))
    few = measure_times(took(10, 20))
    assert few is not None
    assert (few.count, few.median, few.quartiles) == (2, timedelta(minutes=15), None)


def test_responses_from_a_file_have_no_time_and_no_day() -> None:
    taken_over = [RegionProgress(1, "01", "Regio", submission=submission(taken_over=True))]
    assert measure_times(taken_over) is None
    assert count_days(taken_over, []) == []
    assert count_taken_over(taken_over) == 1


@pytest.mark.parametrize(
    ("time", "told"),
    [
        (timedelta(seconds=20), "minder dan een minuut"),
        (timedelta(minutes=1), "1 minuut"),
        (timedelta(minutes=38, seconds=29), "38 minuten"),
        (timedelta(minutes=59, seconds=40), "1 uur"),
        (timedelta(hours=2, minutes=5), "2 uur en 5 minuten"),
        (timedelta(days=1), "1 dag"),
        (timedelta(days=3, hours=4, minutes=50), "3 dagen en 4 uur"),
    ],
)
def test_a_duration_is_told_in_words(time: timedelta, told: str) -> None:
    assert tell_duration(time) == told


def test_the_largest_share_comes_first_and_the_questionnaire_decides_where_it_is_equal() -> None:
    items = [
        ItemNonResponse("Blok", text, asked, skipped)
        for text, asked, skipped in (("a", 10, 1), ("b", 2, 1), ("c", 4, 2), ("d", 9, 0))
    ]
    assert [item.text for item in sort_nonresponse(items)] == ["b", "c", "a", "d"]
