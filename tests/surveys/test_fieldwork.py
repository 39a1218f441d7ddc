"""Personal links: when they are refused, with which words, and what is kept of them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from surveys.fieldwork import (
    LinkRefused,
    WaveState,
    check_invitation,
    hash_token,
    new_token,
    refuse_link,
)

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
PLANNED, OPEN, CLOSING, CLOSED = WaveState


@pytest.mark.parametrize("expires_at", [None, FUTURE])
def test_a_link_opens_in_an_open_wave_until_it_expires(expires_at: datetime | None) -> None:
    for has_begun in (False, True):
        check_invitation(
            withdrawn_at=None, expires_at=expires_at, state=OPEN, has_begun=has_begun, now=NOW
        )


def test_who_had_begun_may_finish_while_a_wave_is_closing() -> None:
    check_invitation(withdrawn_at=None, expires_at=None, state=CLOSING, has_begun=True, now=NOW)


@pytest.mark.parametrize(
    ("withdrawn_at", "expires_at", "state", "has_begun", "code"),
    [
        (PAST, None, OPEN, True, "withdrawn"),
        (PAST, PAST, CLOSED, True, "withdrawn"),
        (PAST, PAST, PLANNED, False, "withdrawn"),
        (None, None, PLANNED, False, "planned"),
        (None, PAST, PLANNED, False, "planned"),
        (None, None, CLOSING, False, "closing"),
        (None, PAST, CLOSING, True, "expired"),
        (None, None, CLOSED, True, "closed"),
        (None, PAST, CLOSED, True, "closed"),
        (None, PAST, OPEN, True, "expired"),
        (None, NOW, OPEN, True, "expired"),
    ],
)
def test_a_link_is_refused_for_the_most_telling_reason(
    withdrawn_at: datetime | None,
    expires_at: datetime | None,
    state: WaveState,
    has_begun: bool,
    code: str,
) -> None:
    with pytest.raises(LinkRefused) as refused:
        check_invitation(
            withdrawn_at=withdrawn_at,
            expires_at=expires_at,
            state=state,
            has_begun=has_begun,
            now=NOW,
        )
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown", "klopt niet"),
        ("withdrawn", "ingetrokken"),
        ("expired", "verlopen"),
        ("planned", "nog niet open"),
        ("closing", "al begonnen"),
        ("closed", "gesloten"),
    ],
)
def test_a_refusal_says_what_is_the_matter_in_dutch(code: str, words: str) -> None:
    assert words in refuse_link(code).message


def test_a_token_has_at_least_128_bits_of_its_own() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    for token in tokens:
        assert len(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))) >= 16


def test_the_hash_of_a_token_tells_nothing_of_it() -> None:
    token = new_token()
    assert hash_token(token) == hash_token(token) != hash_token(token + "x")
    assert len(hash_token(token)) == 64
    assert token not in hash_token(token)
