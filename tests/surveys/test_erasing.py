"""Until when names are kept, and what may stay of a mail server's words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.erasing import clean_reply, retention_limit


@pytest.mark.parametrize(
    ("now", "months", "limit"),
    [
        ("2026-11-22", 6, "2026-05-22"),
        ("2026-03-22", 6, "2025-09-22"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2024-05-31", 3, "2024-02-29"),
        ("2026-12-01", 12, "2025-12-01"),
        ("2026-12-01", 60, "2021-12-01"),
    ],
)
def test_months_are_those_of_the_calendar(now: str, months: int, limit: str) -> None:
    moment = datetime.fromisoformat(f"{now}T10:30:00+00:00")
    assert retention_limit(moment, months) == datetime.fromisoformat(f"{limit}T10:30:00+00:00")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 60),
)
def test_the_limit_is_that_many_months_ago(now: datetime, months: int) -> None:
    limit = retention_limit(now, months)
    assert (now.year - limit.year) * 12 + now.month - limit.month == months
    assert limit.day <= now.day


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("550 5.1.1 <j.bos@school.nl>: recipient rejected", "550 5.1.1"),
        ("250 2.0.0 Ok: queued as 4F2", "250 2.0.0"),
        ("550-5.1.1 j.bos unknown", "550-5.1.1"),
        ("421 try again, j.bos", "421"),
        ("j.bos@school.nl unknown", None),
        ("5501 j.bos", None),
        ("", None),
        (None, None),
    ],
)
def test_of_a_reply_only_the_code_stays(reply: str | None, kept: str | None) -> None:
    assert clean_reply(reply) == kept
    assert clean_reply(kept) == kept
