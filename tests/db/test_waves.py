"""The life of a wave: planned, opened, closed, reopened, with a questionnaire that may change."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound

from db.store import Store
from surveys.answers import Answers, MissingReason, Value
from surveys.definition import Definition, parse_definition
from surveys.fieldwork import Form, Mode, ResponseState, StaleForm, Visit, Wave, WaveState
from surveys.versions.proposal import AnswersOrphaned, QuestionnaireChanged, WaveIsClosed
from surveys.waves.states import NEXT_STATES, WaveRefused
from tests.db.scenes import (
    ALL_TYPES,
    begin,
    import_responses,
    invite,
    on_disk,
    open_wave,
    rows,
    save,
)
from tests.surveys.strategies import answers

_numbers = count(1)
LATER = "Een schaal, anders gesteld"


def change(old: str, new: str, definition: Definition = ALL_TYPES) -> Definition:
    assert old in definition.source
    return parse_definition(definition.source.replace(old, new, 1))


REWORDED = change("Een schaal", LATER)
OTHER_TYPE = change('type = "grade"\nid = "cijfer"', 'type = "number"\nid = "cijfer"')
WITHOUT_B = change('    { code = "b", label = "Optie b" },\n', "")


def wave_of(store: Store, name: str = "2024") -> Wave:
    (wave,) = (wave for wave in store.waves.all() if wave.name == name)
    return wave


def found(store: Store, visit: Visit) -> Form:
    form = store.forms.find(visit)
    assert form is not None
    return form


def take(store: Store, definition: Definition, name: str = "2024") -> None:
    store.waves.take_questionnaire(name, definition, wave_of(store, name).questionnaire_hash)


def submit(store: Store, region: str, given_answers: Mapping[str, Value | None]) -> Visit:
    visit = invite(store, region)
    form = save(store, visit, store.forms.begin(visit), given_answers)
    store.forms.submit(visit, form)
    return visit


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr("db.clock.now", lambda: moment)

    return set_clock


NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TODAY = NOON.date()


# Planning


def test_a_wave_is_planned_with_a_questionnaire_and_a_day_on_which_it_closes(
    store: Store, time: Callable[[datetime], None]
) -> None:
    time(NOON)
    store.waves.plan(" 2026  najaar ", ALL_TYPES, TODAY)
    content_hash = ALL_TYPES.content_hash
    assert store.waves.all() == [
        Wave("2026 najaar", WaveState.PLANNED, content_hash, False, closes_on=TODAY)
    ]


def test_planning_the_same_again_as_a_double_click_does_changes_nothing(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.waves.plan("2026", ALL_TYPES)
    before = list(raw.iterdump())
    store.waves.plan(" 2026", ALL_TYPES)
    assert list(raw.iterdump()) == before


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(WaveRefused) as refused:
        act()
    return refused.value.code


def test_what_cannot_be_planned_is_refused_and_leaves_nothing(
    store: Store, raw: sqlite3.Connection, time: Callable[[datetime], None]
) -> None:
    time(NOON)
    store.waves.plan("2026", ALL_TYPES)
    before = list(raw.iterdump())
    plan = store.waves.plan
    yesterday = TODAY - timedelta(days=1)
    assert refusal(lambda: plan("voorjaar", ALL_TYPES)) == "name"
    assert refusal(lambda: plan("2026", REWORDED)) == "name_taken"
    assert refusal(lambda: plan("2026", ALL_TYPES, TODAY)) == "name_taken"
    assert refusal(lambda: plan("2027", REWORDED, yesterday)) == "day_passed"
    assert list(raw.iterdump()) == before


def test_the_last_day_is_a_day_in_the_netherlands(
    store: Store, time: Callable[[datetime], None]
) -> None:
    time(datetime(2026, 3, 3, 23, 30, tzinfo=UTC))  # already the fourth in the Netherlands
    assert refusal(lambda: store.waves.plan("2026", ALL_TYPES, date(2026, 3, 3))) == "day_passed"
    store.waves.plan("2026", ALL_TYPES, date(2026, 3, 4))


def test_a_planned_wave_gets_another_name_and_an_open_one_another_last_day(
    store: Store, raw: sqlite3.Connection, time: Callable[[datetime], None]
) -> None:
    time(NOON)
    store.waves.plan("2026", ALL_TYPES)
    store.waves.plan("2027", ALL_TYPES)
    assert refusal(lambda: store.waves.change("2026", "2027", None)) == "name_taken"
    assert refusal(lambda: store.waves.change("2026", "ooit", None)) == "name"
    assert store.waves.change("2026", " 2026b ", None) == "2026b"
    store.waves.set_state("2026b", WaveState.OPEN)
    assert refusal(lambda: store.waves.change("2026b", "2028", TODAY)) == "name_fixed"
    assert wave_of(store, "2026b").closes_on is None
    store.waves.change("2026b", "2026b", TODAY)
    store.waves.change("2026b", "2026b", TODAY)
    time(NOON + timedelta(days=1))
    store.waves.change("2026b", "2026b", TODAY)  # it passed, and stays as it is
    assert refusal(lambda: store.waves.change("2026b", "2026b", date(2026, 1, 1))) == "day_passed"
    store.waves.change("2026b", "2026b", None)
    lines = rows(raw, "SELECT action, subject, old, new FROM audit WHERE action > 'wave.b'")
    assert [line for line in lines if line[0] in ("wave.renamed", "wave.closes_on")] == [
        ("wave.renamed", "wave 2026b", "2026", "2026b"),
        ("wave.closes_on", "wave 2026b", None, "2026-03-03"),
        ("wave.closes_on", "wave 2026b", "2026-03-03", None),
    ]


def test_only_a_planned_wave_to_which_nothing_belongs_is_removed(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.add([("01", "Regio 01")])
    for name in ("2024", "2025", "2026"):
        store.waves.plan(name, ALL_TYPES)
    store.invitations.renew("01", "2024")
    import_responses(store, "2025", {"01": {"schaal": "1"}})
    assert refusal(lambda: store.waves.remove("2024")) == "in_use"
    assert refusal(lambda: store.waves.remove("2025")) == "in_use"
    store.waves.set_state("2025", WaveState.OPEN)
    assert refusal(lambda: store.waves.remove("2025")) == "not_planned"
    raw.execute("INSERT INTO mail_text VALUES (3, 'reminder', 'Vergeten?', 'Vul in')")
    raw.commit()
    store.waves.remove("2026")
    assert [wave.name for wave in store.waves.all()] == ["2024", "2025"]
    last = "SELECT action, subject FROM audit ORDER BY id DESC LIMIT 1"
    assert rows(raw, last) == [("wave.removed", "wave 2026")]
    with pytest.raises(NoResultFound):
        store.waves.remove("2026")


# Opening and closing


def test_a_wave_remembers_when_it_first_opened_and_when_it_last_closed(
    store: Store, time: Callable[[datetime], None]
) -> None:
    store.waves.plan("2026", ALL_TYPES)
    moments = [NOON + timedelta(days=day) for day in range(4)]
    seen = []
    for moment, state in zip(moments, ("open", "closed", "open", "closed"), strict=True):
        time(moment)
        store.waves.set_state("2026", WaveState(state), "Een regio was te laat")
        seen.append((wave_of(store, "2026").opened_at, wave_of(store, "2026").closed_at))
    assert seen == [
        (NOON, None),
        (NOON, moments[1]),
        (NOON, None),
        (NOON, moments[3]),
    ]


def test_a_wave_that_is_brought_in_closed_has_no_moments_that_nobody_knows(store: Store) -> None:
    store.waves.add("2021", ALL_TYPES, state=WaveState.CLOSED)
    assert (wave_of(store, "2021").opened_at, wave_of(store, "2021").closed_at) == (None, None)


def test_reopening_leaves_its_reason_in_the_trail(store: Store, raw: sqlite3.Connection) -> None:
    open_wave(store, "01")
    store.waves.set_state("2024", WaveState.CLOSED)
    assert refusal(lambda: store.waves.set_state("2024", WaveState.OPEN)) == "reason"
    assert wave_of(store).state is WaveState.CLOSED
    store.waves.set_state("2024", WaveState.OPEN, " Twee regio's waren te laat. ")
    last = "SELECT actor, action, subject, old, new FROM audit ORDER BY id DESC LIMIT 1"
    told = ("command line", "wave.reopened", "wave 2024", None, "Twee regio's waren te laat.")
    assert rows(raw, last) == [told]


def test_a_second_click_on_the_same_step_changes_nothing(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01")
    store.waves.set_state("2024", WaveState.CLOSED)
    store.waves.set_state("2024", WaveState.OPEN, "te vroeg")
    before = list(raw.iterdump())
    store.waves.set_state("2024", WaveState.OPEN)
    assert list(raw.iterdump()) == before


@on_disk
@given(st.lists(st.sampled_from(WaveState), max_size=8))
def test_whatever_is_asked_a_wave_only_takes_the_steps_there_are(
    lasting_store: Store, asked: list[WaveState]
) -> None:
    store, name = lasting_store, f"2026-{next(_numbers)}"
    store.waves.plan(name, ALL_TYPES)
    expected = WaveState.PLANNED
    for state in asked:
        if state is expected or state in NEXT_STATES[expected]:
            store.waves.set_state(name, state, "reden")
            expected = state
        else:
            with pytest.raises(WaveRefused):
                store.waves.set_state(name, state, "reden")
        wave = wave_of(store, name)
        assert wave.state is expected
        assert (wave.closed_at is not None) == (expected is WaveState.CLOSED)
        assert (wave.opened_at is not None) == (expected is not WaveState.PLANNED)


# Another version of the questionnaire


@pytest.mark.parametrize("text", ["overgeslagen", "niet_gevraagd"])
def test_a_text_that_reads_as_a_reason_moves_along_to_a_new_version(
    store: Store, text: str
) -> None:
    open_wave(store, "01")
    visit = invite(store)
    save(store, visit, store.forms.begin(visit), {"kort": text})
    store.waves.take_questionnaire("2024", REWORDED, ALL_TYPES.content_hash)
    moved = store.forms.find(visit)
    assert moved is not None
    assert moved.questionnaire_hash == REWORDED.content_hash
    assert moved.answers == {"kort": text}


def test_a_proposal_tells_the_changes_and_whom_they_concern(store: Store) -> None:
    open_wave(store, "01", "02", "03")
    visit = invite(store, "01")
    save(store, visit, store.forms.begin(visit), {"cijfer": "8"})
    submit(store, "02", {"schaal": "2", "meer": ("a", "b")})
    proposal = store.waves.propose_questionnaire("2024", REWORDED)
    assert [(change.kind, change.old, change.new) for change in proposal.changes] == [
        ("text", "Een schaal", LATER)
    ]
    assert proposal.in_use == ALL_TYPES.content_hash
    assert (proposal.drafts, proposal.finals) == (1, 1)
    assert proposal.orphans == ()
    assert store.waves.propose_questionnaire("2024", WITHOUT_B).orphans


def orphans(store: Store, definition: Definition) -> list[tuple[str, str, int]]:
    proposal = store.waves.propose_questionnaire("2024", definition)
    return [(orphan.item, orphan.code, orphan.count) for orphan in proposal.orphans]


def test_answers_in_progress_submitted_and_set_invalid_keep_their_place(store: Store) -> None:
    open_wave(store, "01", "02", "03", "04")
    visit = invite(store, "01")
    save(store, visit, store.forms.begin(visit), {"cijfer": "8", "meer": ("a", "b")})
    submit(store, "02", {"schaal": "2", "meer": ("b",), "cijfer": MissingReason.DONT_KNOW})
    submit(store, "03", {"schaal": "2", "meer": ("b",)})
    store.entries.set_invalid("03", "2024", "Dubbel ingevuld")
    again = submit(store, "04", {"schaal": "2", "meer": ("b",), "cijfer": "7"})
    form = store.forms.begin(again)
    save(store, again, form, {"meer": ("a",), "cijfer": None})
    store.forms.submit(again, found(store, again))  # what it said before counts no more
    assert orphans(store, WITHOUT_B) == [("meer", "b", 3)]
    assert orphans(store, OTHER_TYPE) == [("cijfer", "", 2)]
    assert orphans(store, REWORDED) == []


NARROW = change("maximum = 60", "maximum = 5")


def test_numbers_outside_the_new_range_are_orphans(store: Store) -> None:
    visit, form = begin(store)
    save(store, visit, form, {"getal": Decimal("7.5")})
    assert orphans(store, ALL_TYPES) == []
    assert orphans(store, NARROW) == [("getal", "7.5", 1)]


def test_a_planned_wave_takes_any_questionnaire(store: Store) -> None:
    store.waves.plan("2024", ALL_TYPES)
    take(store, OTHER_TYPE)
    assert wave_of(store).questionnaire_hash == OTHER_TYPE.content_hash
    stored = store.waves.questionnaire(OTHER_TYPE.content_hash)
    assert stored == OTHER_TYPE.questionnaire


@pytest.mark.parametrize("state", ["open", "closing"])
def test_responses_in_progress_go_on_in_the_new_version(
    store: Store, raw: sqlite3.Connection, state: str
) -> None:
    visit, form = begin(store)
    given_answers: dict[str, Value | None] = {
        "schaal": "2",
        "meer": ("a", "b"),
        "cijfer": MissingReason.DONT_KNOW,
        "kort": "tekst",
        "getal": Decimal("0.1"),
    }
    form = save(store, visit, form, given_answers)
    if state == "closing":
        store.waves.set_state("2024", WaveState.CLOSING)
    take(store, REWORDED)
    moved = found(store, visit)
    assert moved.answers == given_answers
    assert moved.questionnaire_hash == REWORDED.content_hash
    assert store.waves.questionnaire(moved.questionnaire_hash).question("schaal").text == LATER
    assert (moved.state, moved.response_id) == (ResponseState.DRAFT, form.response_id)
    last = "SELECT action, subject, old, new FROM audit ORDER BY id DESC LIMIT 1"
    hashes = (ALL_TYPES.content_hash, REWORDED.content_hash)
    assert rows(raw, last) == [("wave.questionnaire", "wave 2024", *hashes)]
    final = store.forms.submit(visit, moved)
    assert final.answers["schaal"] == "2"


def test_a_window_that_shows_the_old_version_must_read_anew_before_it_saves(store: Store) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "2"})
    take(store, REWORDED)
    for act in (
        lambda: store.forms.save(visit, form, {"schaal": "3"}),
        lambda: store.forms.submit(visit, form),
    ):
        with pytest.raises(StaleForm):
            act()
    anew = save(store, visit, found(store, visit), {"schaal": "3"})
    assert store.forms.submit(visit, anew).answers["schaal"] == "3"


def test_a_place_that_is_no_longer_there_is_forgotten(store: Store) -> None:
    visit, form = begin(store)
    store.forms.move_to_section(visit, form, "getypt")
    take(store, REWORDED)
    assert found(store, visit).section == "getypt"
    take(store, change('id = "getypt"', 'id = "tot_slot"', REWORDED))
    assert found(store, visit).section is None


def test_what_was_submitted_stays_with_the_version_that_was_answered(store: Store) -> None:
    open_wave(store, "01")
    visit = submit(store, "01", {"schaal": "2"})
    before = found(store, visit)
    take(store, REWORDED)
    assert found(store, visit) == before
    assert store.forms.begin(visit).answers == {"schaal": "2"}


def test_a_region_that_begins_after_the_change_answers_the_new_version(store: Store) -> None:
    open_wave(store, "01")
    visit = invite(store)
    take(store, REWORDED)
    assert store.forms.begin(visit).questionnaire_hash == REWORDED.content_hash


def test_an_entry_by_the_evaluator_goes_on_in_the_new_version_too(store: Store) -> None:
    open_wave(store, "01")
    visit = store.entries.visit("01", "2024", Mode.TELEPHONE)
    form = save(store, visit, store.forms.begin(visit), {"schaal": "2"})
    take(store, REWORDED)
    with pytest.raises(StaleForm):
        store.forms.save(visit, form, {"schaal": "3"})
    assert found(store, visit).answers == {"schaal": "2"}


def test_a_version_that_would_orphan_answers_is_refused_and_changes_nothing(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"cijfer": "8", "meer": ("b",)})
    before = list(raw.iterdump())
    with pytest.raises(AnswersOrphaned) as refused:
        take(
            store,
            change('type = "grade"\nid = "cijfer"', 'type = "number"\nid = "cijfer"', WITHOUT_B),
        )
    assert [(orphan.item, orphan.code) for orphan in refused.value.orphans] == [
        ("meer", "b"),
        ("cijfer", ""),
    ]
    assert list(raw.iterdump()) == before
    save(store, visit, form, {"cijfer": "9"})  # who was filling in noticed nothing


def test_a_closed_wave_keeps_its_questionnaire(store: Store, raw: sqlite3.Connection) -> None:
    open_wave(store, "01")
    store.waves.set_state("2024", WaveState.CLOSED)
    before = list(raw.iterdump())
    with pytest.raises(WaveIsClosed):
        take(store, REWORDED)
    assert list(raw.iterdump()) == before


def test_two_evaluators_do_not_overrule_each_other_unseen(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01")
    seen = store.waves.propose_questionnaire("2024", REWORDED).in_use
    other = change("Ja of nee", "Nee of ja")
    store.waves.take_questionnaire("2024", other, seen)
    before = list(raw.iterdump())
    with pytest.raises(QuestionnaireChanged):
        store.waves.take_questionnaire("2024", REWORDED, seen)
    store.waves.take_questionnaire("2024", other, seen)  # a second click
    assert list(raw.iterdump()) == before


@on_disk
@given(answers(ALL_TYPES.questionnaire), answers(ALL_TYPES.questionnaire))
def test_whatever_was_answered_is_there_after_the_change(
    lasting_store: Store, first: Answers, second: Answers
) -> None:
    store, name = lasting_store, f"2026-{next(_numbers)}"
    store.waves.add(name, ALL_TYPES, state=WaveState.OPEN)
    visits = []
    for given_answers in (first, second):
        region = f"{name}-{next(_numbers)}"
        store.regions.add([(region, region)])
        visit = invite(store, region, name)
        form = store.forms.begin(visit)
        store.forms.save(visit, form, given_answers)
        visits.append(visit)
    before = [found(store, visit).answers for visit in visits]
    take(store, REWORDED, name)
    assert [found(store, visit).answers for visit in visits] == before


# Counting over two versions


def tallies(store: Store) -> dict[tuple[str, str, str, str], int]:
    return {(row[0], row[1], row[2], row[3]): row[4] for row in store.counts.tallies("2024")}


def test_the_answers_to_a_question_add_up_over_two_versions(store: Store) -> None:
    open_wave(store, "01", "02", "03")
    submit(store, "01", {"schaal": "2", "meer": ("a",)})
    late = invite(store, "03")
    form = save(store, late, store.forms.begin(late), {"schaal": "2"})
    new_option = '    { code = "b", label = "Optie b" },\n'
    take(store, change(new_option, f'{new_option}    {{ code = "c", label = "Optie c" }},\n'))
    submit(store, "02", {"schaal": "2", "meer": ("a", "c")})
    store.forms.submit(late, found(store, late))
    counted = tallies(store)
    assert counted["gesloten", "schaal", "", "2"] == 3
    assert counted["gesloten", "meer", "a", "1"] == 2
    # the new option was not offered to the region that had submitted
    of_option = {key[3]: n for key, n in counted.items() if key[:3] == ("gesloten", "meer", "c")}
    assert of_option == {"1": 1, "overgeslagen": 1}
    assert form.answers == {"schaal": "2"}


def test_a_question_that_moves_or_gets_another_concept_takes_its_answers_along(
    store: Store,
) -> None:
    open_wave(store, "01", "02")
    submit(store, "01", {"schaal": "2"})
    elsewhere = change('id = "gesloten"', 'id = "begin"')
    take(store, change('concept = "schaal"', 'concept = "mate"', elsewhere))
    submit(store, "02", {"schaal": "2"})
    counted = tallies(store)
    assert counted["begin", "mate", "", "2"] == 2
    assert not [key for key in counted if key[0] == "gesloten" or key[1] == "schaal"]
