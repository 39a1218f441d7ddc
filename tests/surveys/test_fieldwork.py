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
OPEN, PLANNED, CLOSED = WaveState.OPEN, WaveState.PLANNED, WaveState.CLOSED


@pytest.mark.parametrize("expires_at", [None, FUTURE])
def test_a_link_opens_in_an_open_wave_until_it_expires(expires_at: datetime | None) -> None:
    check_invitation(withdrawn_at=None, expires_at=expires_at, state=OPEN, now=NOW)


@pytest.mark.parametrize(
    ("withdrawn_at", "expires_at", "state", "code"),
    [
        (PAST, None, OPEN, "withdrawn"),
        (PAST, PAST, CLOSED, "withdrawn"),
        (PAST, PAST, PLANNED, "withdrawn"),
        (None, None, PLANNED, "planned"),
        (None, PAST, PLANNED, "planned"),
        (None, None, CLOSED, "closed"),
        (None, PAST, CLOSED, "closed"),
        (None, PAST, OPEN, "expired"),
        (None, NOW, OPEN, "expired"),
    ],
)
def test_a_link_is_refused_for_the_most_telling_reason(
    withdrawn_at: datetime | None, expires_at: datetime | None, state: WaveState, code: str
) -> None:
    with pytest.raises(LinkRefused) as refused:
        check_invitation(withdrawn_at=withdrawn_at, expires_at=expires_at, state=state, now=NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown", "klopt niet"),
        ("withdrawn", "ingetrokken"),
        ("expired", "verlopen"),
        ("planned", "nog niet open"),
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
