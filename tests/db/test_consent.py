"""What respondents agree to: a text per wave, asked before they begin and when it has changed."""

from __future__ import annotations

import sqlite3

import pytest

from db.store import Store
from surveys.consent import CONSENT_LENGTH, Consent, ConsentNeeded, InvalidConsent
from surveys.fieldwork import Mode, ResponseState, Visit
from tests.db.scenes import invite, open_wave, rows, save

TEXT = "Wij bewaren uw antwoorden.\n<b>Niet</b> uw naam: =1+1 \N{GRINNING FACE}"
STORED = (
    "SELECT body, consented_at IS NOT NULL FROM response "
    "LEFT JOIN consent ON consent.id = response.consent_id ORDER BY version"
)


@pytest.fixture
def visit(store: Store) -> Visit:
    open_wave(store, "01", "02")
    return invite(store)


def asked(store: Store, visit: Visit) -> Consent:
    consent = store.forms.consent(visit)
    assert consent is not None
    return consent


def test_without_a_text_nothing_is_asked(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    assert store.forms.consent(visit) is None
    assert store.waves.consent("2024") is None
    store.forms.begin(visit)
    assert rows(raw, STORED) == [(None, 0)]


def test_nobody_begins_without_agreeing_to_the_text(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    store.waves.set_consent("2024", f"  {TEXT}\r\n")
    assert store.waves.consent("2024") == TEXT
    for agreed in (None, "", "f" * 64):
        with pytest.raises(ConsentNeeded) as needed:
            store.forms.begin(visit, agreed)
        assert needed.value.consent.body == TEXT
    assert store.forms.find(visit) is None
    store.forms.begin(visit, asked(store, visit).content_hash)
    assert rows(raw, STORED) == [(TEXT, 1)]
    assert store.forms.consent(visit) is None


def test_who_agreed_is_not_asked_again(store: Store, visit: Visit) -> None:
    store.waves.set_consent("2024", TEXT)
    form = store.forms.begin(visit, asked(store, visit).content_hash)
    assert store.forms.begin(visit) == form
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    assert store.forms.consent(visit) is None
    assert store.forms.begin(visit).version == 2


def test_a_text_that_changed_is_asked_of_who_goes_on(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    store.waves.set_consent("2024", TEXT)
    first = asked(store, visit).content_hash
    form = save(store, visit, store.forms.begin(visit, first), {"schaal": "1"})
    store.waves.set_consent("2024", "Een nieuwe tekst")
    with pytest.raises(ConsentNeeded):
        store.forms.begin(visit, first)
    second = asked(store, visit)
    assert (second.body, second.content_hash == first) == ("Een nieuwe tekst", False)
    form = save(store, visit, form, {"cijfer": "8"})  # who was at it is not stopped
    assert store.forms.begin(visit, second.content_hash).answers == form.answers
    assert rows(raw, STORED) == [("Een nieuwe tekst", 1)]


def test_what_was_agreed_to_stays_with_the_version_that_was_submitted(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    store.waves.set_consent("2024", TEXT)
    form = store.forms.begin(visit, asked(store, visit).content_hash)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    store.waves.set_consent("2024", "Een nieuwe tekst")
    store.forms.begin(visit, asked(store, visit).content_hash)
    assert rows(raw, STORED) == [(TEXT, 1), ("Een nieuwe tekst", 1)]


def test_a_text_is_one_version_however_often_it_is_set(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    for text in (TEXT, f"{TEXT}\n", "Anders", TEXT, None, None, TEXT):
        store.waves.set_consent("2024", text)
    hashes = dict(rows(raw, "SELECT body, content_hash FROM consent"))
    assert len(hashes) == 2
    lines = rows(raw, "SELECT subject, old, new FROM audit WHERE action = 'wave.consent'")
    one, other = hashes[TEXT], hashes["Anders"]
    assert lines == [
        ("wave 2024", old, new)
        for old, new in ((None, one), (one, other), (other, one), (one, None), (None, one))
    ]


@pytest.mark.parametrize("text", ["", " \n", "x" * (CONSENT_LENGTH + 1), "a\x00b"])
def test_a_text_that_cannot_be_asked_is_refused(store: Store, visit: Visit, text: str) -> None:
    store.waves.set_consent("2024", TEXT)
    with pytest.raises(InvalidConsent, match=r"[Tt]ekst"):
        store.waves.set_consent("2024", text)
    assert store.waves.consent("2024") == TEXT


def test_each_wave_has_a_text_of_its_own(store: Store, visit: Visit) -> None:
    open_wave(store, name="2026")
    store.waves.set_consent("2026", TEXT)
    assert store.forms.consent(visit) is None
    assert asked(store, invite(store, "01", "2026")).body == TEXT


def test_the_evaluator_confirms_that_consent_was_asked(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    store.waves.set_consent("2024", TEXT)
    entry = store.entries.visit("01", "2024", Mode.TELEPHONE)
    with pytest.raises(ConsentNeeded):
        store.forms.begin(entry)
    form = store.forms.begin(entry, asked(store, entry).content_hash)
    store.forms.submit(entry, save(store, entry, form, {"schaal": "1"}))
    given = "SELECT actor, subject FROM audit WHERE action = 'consent.given'"
    assert rows(raw, given) == [("command line", "response 1")]
    assert store.forms.consent(visit) is None


def test_a_correction_asks_nothing_and_keeps_what_was_agreed_to(
    store: Store, visit: Visit, raw: sqlite3.Connection
) -> None:
    store.waves.set_consent("2024", TEXT)
    form = store.forms.begin(visit, asked(store, visit).content_hash)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    store.waves.set_consent("2024", "Een nieuwe tekst")
    entry = store.entries.visit("01", "2024", Mode.TELEPHONE, "Typfout")
    assert store.forms.consent(entry) is None
    corrected = store.forms.submit(entry, store.forms.begin(entry))
    assert corrected.state is ResponseState.FINAL
    assert rows(raw, STORED) == [(TEXT, 1), (TEXT, 1)]
