"""Running a wave: links, imports, progress, and the log of who did what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, NoResultFound

from db.store import Store
from surveys.answers import AnswerError, Answers, MissingReason
from surveys.definition import parse_definition
from surveys.fieldwork import (
    AnsweredWave,
    LinkRefused,
    NotSubmittable,
    ResponseState,
    StaleForm,
    Wave,
    WaveState,
    hash_token,
)
from surveys.regions.register import Register
from tests.db.scenes import ALL_TYPES, begin, import_responses, invite, open_wave, rows, save

WHO = "command line"


def test_only_the_hash_of_a_token_is_stored(store: Store, file: Path) -> None:
    open_wave(store, "01")
    token = store.invitations.renew("01", "2024")
    visit = store.forms.visit(token)
    save(store, visit, store.forms.begin(visit), {"cijfer": "8"})
    files = list(file.parent.glob("monitor.sqlite*"))
    stored = b"".join(part.read_bytes() for part in files)
    assert hash_token(token).encode() in stored
    assert token.encode() not in stored


def test_a_new_link_takes_the_place_of_the_earlier_one_and_keeps_the_answers(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"cijfer": "8"})
    assert store.forms.find(invite(store)) == form
    live = "SELECT count(*) FROM invitation WHERE withdrawn_at IS NULL"
    assert rows(raw, live) == [(1,)]


def test_what_was_submitted_stays_when_its_link_is_withdrawn(store: Store) -> None:
    open_wave(store, "01")
    token = store.invitations.renew("01", "2024")
    visit = store.forms.visit(token)
    form = save(store, visit, store.forms.begin(visit), {"schaal": "2"})
    final = store.forms.submit(visit, form)
    store.invitations.withdraw("01", "2024")
    with pytest.raises(LinkRefused):
        store.forms.visit(token)
    assert store.entries.read("01", "2024", 1) == final
    assert ("gesloten", "schaal", "", "2", 1) in store.counts.tallies("2024")


def test_waves_are_listed_with_their_state_and_questionnaire(store: Store) -> None:
    store.waves.add("2024", ALL_TYPES, state=WaveState.PLANNED)
    store.waves.add("2021", ALL_TYPES, state=WaveState.CLOSED, is_example=True)
    assert store.waves.all() == [
        Wave("2021", WaveState.CLOSED, ALL_TYPES.content_hash, True),
        Wave("2024", WaveState.PLANNED, ALL_TYPES.content_hash, False),
    ]


def test_a_questionnaire_is_stored_once_however_it_is_written(
    store: Store, raw: sqlite3.Connection
) -> None:
    commented = parse_definition("# dezelfde vragen\n" + ALL_TYPES.source)
    changed = parse_definition(ALL_TYPES.source.replace("Een schaal", "Een andere schaal"))
    for name, definition in (("a", ALL_TYPES), ("b", commented), ("c", changed)):
        store.waves.add(name, definition, state=WaveState.PLANNED)
    kept = rows(raw, "SELECT content_hash, source FROM questionnaire ORDER BY id")
    assert kept == [
        (ALL_TYPES.content_hash, ALL_TYPES.source),
        (changed.content_hash, changed.source),
    ]
    assert rows(raw, "SELECT count(*) FROM question") == [(18,)]


def test_progress_tells_how_far_each_region_is_without_its_answers(store: Store) -> None:
    open_wave(store, "01", "02", "03", "04", "05")
    for number in ("01", "02", "03", "04"):
        visit = invite(store, number)
        if number != "01":
            form = save(store, visit, store.forms.begin(visit), {"schaal": "1"})
            if number != "02":
                store.forms.submit(visit, form)
        if number == "04":
            store.forms.begin(visit)
    store.invitations.withdraw("02", "2024")
    assert [(row.number, row.state, row.invited) for row in store.monitoring.progress("2024")] == [
        ("01", None, True),
        ("02", ResponseState.DRAFT, False),
        ("03", ResponseState.FINAL, True),
        ("04", ResponseState.FINAL, True),
        ("05", None, False),
    ]


def test_imported_responses_are_final_and_complete(store: Store) -> None:
    open_wave(store, "01", "02")
    given: Mapping[str, Answers] = {"01": {"schaal": "2"}, "02": {"schaal": "3", "meer": ("a",)}}
    import_responses(store, "2024", given)
    form = store.forms.find(invite(store, "02"))
    assert form is not None
    assert (form.state, form.answers["meer"]) == (ResponseState.FINAL, ("a",))
    assert form.answers["kort"] is MissingReason.SKIPPED


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        ({"02": {"cijfer": "7"}}, NotSubmittable),
        ({"02": {"schaal": "9"}}, AnswerError),
        ({"02": {"schaal": "1", "meer": ("z",)}}, AnswerError),
        ({"99": {"schaal": "1"}}, NoResultFound),
        ({"03": {"schaal": "1"}}, IntegrityError),
    ],
    ids=["required is missing", "unknown code", "unknown option", "unknown region", "has answered"],
)
def test_one_faulty_response_stops_the_whole_import(
    store: Store, raw: sqlite3.Connection, faulty: dict[str, Answers], reason: type[Exception]
) -> None:
    open_wave(store, "01", "02", "03")
    import_responses(store, "2024", {"03": {"schaal": "3"}})
    before = list(raw.iterdump())
    with pytest.raises(reason):
        import_responses(store, "2024", {"01": {"schaal": "2"}} | faulty)
    assert list(raw.iterdump()) == before


def test_an_example_fills_an_empty_database_only(store: Store, raw: sqlite3.Connection) -> None:
    waves = [AnsweredWave(ALL_TYPES, WaveState.CLOSED, {"01": {"schaal": "2"}})]
    assert store.waves.load_example(Register({"01": {}, "02": {}}, ()), waves)
    assert [(wave.name, wave.is_example) for wave in store.waves.all()] == [("2024", True)]
    assert [row.invited for row in store.monitoring.progress("2024")] == [True, True]
    before = list(raw.iterdump())
    assert not store.waves.load_example(Register({"03": {}}, ()), waves)
    assert list(raw.iterdump()) == before


# What people do in a wave, in order, and the line of the log that each leaves.
LOG = {
    "plan": (WHO, "wave.added", "wave 2024", None, "open"),
    "first region": (WHO, "region.added", "region 01", None, "Regio 01"),
    "second region": (WHO, "region.added", "region 02", None, "Regio 02"),
    "invite": (WHO, "invitation.made", "region 01, wave 2024", None, None),
    "begin": ("invitation 1", "response.begun", "response 1", None, None),
    "save": ("invitation 1", "answer.saved", "response 1, cijfer", None, "8"),
    "change": ("invitation 1", "answer.saved", "response 1, cijfer", "8", "weet_niet"),
    "choose": ("invitation 1", "answer.saved", "response 1, meer", None, "a;b"),
    "take away": ("invitation 1", "answer.saved", "response 1, meer", "a;b", None),
    "answer": ("invitation 1", "answer.saved", "response 1, schaal", None, "1"),
    "submit": ("invitation 1", "response.submitted", "response 1, version 1", None, None),
    "reopen": ("invitation 1", "response.reopened", "response 2", None, None),
    "withdraw": (WHO, "invitation.withdrawn", "region 01, wave 2024", None, None),
    "close": (WHO, "wave.state", "wave 2024", "open", "closed"),
}


def test_everything_a_person_does_leaves_one_line_in_the_log(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01", "02")
    visit = invite(store)
    form = store.forms.begin(visit)
    form = save(store, visit, form, {"cijfer": "8"})
    form = save(store, visit, form, {"cijfer": MissingReason.DONT_KNOW})
    form = save(store, visit, form, {"meer": ("a", "b")})
    form = save(store, visit, form, {"meer": None})
    form = save(store, visit, form, {"schaal": "1"})
    store.forms.submit(visit, form)
    store.forms.begin(visit)
    store.invitations.withdraw("01", "2024")
    store.waves.set_state("2024", WaveState.CLOSED)
    lines = rows(raw, "SELECT actor, action, subject, old, new FROM audit ORDER BY id")
    assert lines == list(LOG.values())


def test_what_is_refused_leaves_no_line_in_the_log(store: Store, raw: sqlite3.Connection) -> None:
    visit, form = begin(store)
    newer = save(store, visit, form, {"cijfer": "8"})
    lines = rows(raw, "SELECT * FROM audit")
    refused: list[tuple[type[Exception], Callable[[], object]]] = [
        (StaleForm, lambda: store.forms.save(visit, form, {"cijfer": "1"})),
        (NotSubmittable, lambda: store.forms.submit(visit, newer)),
        (NoResultFound, lambda: store.invitations.renew("99", "2024")),
        (NoResultFound, lambda: store.waves.set_state("1999", WaveState.OPEN)),
    ]
    for reason, act in refused:
        with pytest.raises(reason):
            act()
    assert rows(raw, "SELECT * FROM audit") == lines
