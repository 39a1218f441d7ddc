"""The rules for names, passwords, guessing and rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.sign_in import (
    CLIENT_LIMIT,
    LINK_LIMIT,
    LONGEST_NAME,
    LONGEST_PASSWORD,
    NAME_LIMIT,
    SHARED_NAME_LIMIT,
    SHORTEST_PASSWORD,
    InvalidAccount,
    Limit,
    TooManyAttempts,
    check_password,
    clean_name,
    client_subject,
    has_rested,
    new_secret,
    refused_until,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
limits = st.sampled_from([LINK_LIMIT, NAME_LIMIT, SHARED_NAME_LIMIT, CLIENT_LIMIT])


@pytest.mark.parametrize(
    ("typed", "kept"), [("  Eva@Bureau.example ", "eva@bureau.example"), ("PIET", "piet")]
)
def test_a_name_is_trimmed_and_in_lower_case(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  ", "name_missing"),
        ("x" * (LONGEST_NAME + 1), "name_long"),
        ("eva jansen", "name_characters"),
        ("eva\u200b", "name_characters"),
        ("eva\x00", "name_characters"),
    ],
)
def test_a_name_that_cannot_be_used_is_told(typed: str, code: str) -> None:
    with pytest.raises(InvalidAccount) as refused:
        clean_name(typed)
    assert refused.value.code == code


@given(st.text())
def test_a_cleaned_name_stays_as_it_is(typed: str) -> None:
    try:
        cleaned = clean_name(typed)
    except InvalidAccount:
        return
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x" * (SHORTEST_PASSWORD - 1), "short"),
        ("x" * (LONGEST_PASSWORD + 1), "long"),
        ("Eva@Bureau.example", "is_name"),
    ],
)
def test_a_password_that_cannot_be_used_is_told(password: str, code: str) -> None:
    with pytest.raises(InvalidAccount) as refused:
        check_password("eva@bureau.example", password)
    assert refused.value.code == code


@pytest.mark.parametrize("password", ["vier woorden op rij", "x" * SHORTEST_PASSWORD, "ë" * 128])
def test_nothing_is_asked_of_the_signs_of_a_password(password: str) -> None:
    check_password("eva", password)


@given(limits)
def test_one_failure_fewer_than_the_limit_is_no_ground_to_refuse(limit: Limit) -> None:
    assert refused_until([NOON] * (limit.failures - 1), limit) is None


@given(limits)
def test_at_the_limit_the_next_is_refused_for_a_while(limit: Limit) -> None:
    assert refused_until([NOON] * limit.failures, limit) == NOON + limit.wait


@given(limits)
def test_failures_that_lie_far_apart_are_no_guessing(limit: Limit) -> None:
    slowly = [NOON + limit.within * number for number in range(3 * limit.failures)]
    assert refused_until(slowly, limit) is None


def test_each_time_the_wait_is_twice_as_long_up_to_an_hour() -> None:
    moment, failures, waits = NOON, [], []
    for _ in range(8):
        failures += [moment] * NAME_LIMIT.failures
        until = refused_until(failures, NAME_LIMIT)
        assert until is not None
        waits.append(until - moment)
        moment = until
    assert waits == [MINUTE * minutes for minutes in (1, 2, 4, 8, 16, 32, 60, 60)]


def test_a_name_that_everybody_guesses_is_refused_for_a_minute_each_time() -> None:
    failures: list[datetime] = []
    for round_ in range(8):
        moment = NOON + round_ * MINUTE
        failures += [moment] * SHARED_NAME_LIMIT.failures
        assert refused_until(failures, SHARED_NAME_LIMIT) == moment + MINUTE


@pytest.mark.parametrize("limit", [LINK_LIMIT, NAME_LIMIT, CLIENT_LIMIT])
def test_who_tries_as_fast_as_is_allowed_gets_few_guesses_in_a_day(limit: Limit) -> None:
    failures: list[datetime] = []
    moment = NOON
    while moment < NOON + timedelta(hours=24):
        until = refused_until(failures, limit)
        if until is not None and until > moment:
            moment = until
        failures.append(moment)
    assert len(failures) <= limit.failures * (7 + timedelta(hours=24) / limit.longest_wait)


def test_who_is_refused_hears_for_how_long() -> None:
    assert TooManyAttempts(NOON + 61 * SECOND, NOON).wait == "2 minuten"
    assert TooManyAttempts(NOON + SECOND, NOON).wait == "1 minuut"
    assert TooManyAttempts(NOON + 61 * SECOND, NOON).seconds == 61


def test_one_visitor_is_one_client_and_its_address_is_not_kept() -> None:
    assert client_subject("192.0.2.7") != client_subject("192.0.2.8")
    assert client_subject("2001:db8::1") == client_subject("2001:db8::ffff:2")
    assert client_subject("2001:db8::1") != client_subject("2001:db8:0:1::1")
    assert client_subject("::ffff:192.0.2.7") == client_subject("192.0.2.7")
    assert client_subject("testclient")
    assert "192.0.2.7" not in client_subject("192.0.2.7")


def test_rest_is_over_at_the_minute() -> None:
    assert not has_rested(NOON, NOON + 30 * MINUTE - SECOND, 30)
    assert has_rested(NOON, NOON + 30 * MINUTE, 30)


def test_secrets_differ_and_cannot_be_guessed() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) >= 43  # 256 bits in base64
