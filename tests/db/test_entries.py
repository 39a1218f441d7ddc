"""The evaluator enters answers for a region, corrects what it submitted, and sets it invalid."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from db.store import Store
from surveys.answers import Value
from surveys.entries import REASON_LENGTH, EntryRefused
from surveys.fieldwork import (
    Form,
    LinkRefused,
    Mode,
    ResponseState,
    StaleForm,
    Visit,
    WaveState,
)
from surveys.roles import NotPermitted, Person, Role
from tests.db.scenes import ALL_TYPES, import_responses, invite, open_wave, rows, save

EVALUATOR = Person("account 3", Role.EVALUATOR)
OTHER = Person("account 4", Role.EVALUATOR)
HOSTILE = "<b>=1+1</b> \N{RIGHT-TO-LEFT OVERRIDE}\N{GRINNING FACE} *nee*"


@pytest.fixture
def desk(store: Store) -> Store:
    """The store as an evaluator has it, with an open wave and two regions."""
    open_wave(store, "01", "02")
    return store.seen_by(EVALUATOR)


def enter(
    desk: Store,
    answers: Mapping[str, Value],
    mode: Mode = Mode.TELEPHONE,
    reason: str | None = None,
) -> tuple[Visit, Form]:
    """Begin with answers for region 01, without submitting them."""
    visit = desk.entries.visit("01", "2024", mode, reason)
    return visit, save(desk, visit, desk.forms.begin(visit), answers)


def submit(
    desk: Store,
    answers: Mapping[str, Value],
    mode: Mode = Mode.TELEPHONE,
    reason: str | None = None,
) -> Form:
    visit, form = enter(desk, answers, mode, reason)
    return desk.forms.submit(visit, form)


def submit_itself(store: Store, answers: Mapping[str, Value]) -> tuple[Visit, Form]:
    """The region fills in by its own link."""
    visit = invite(store)
    return visit, store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


def told(desk: Store) -> list[tuple[Any, ...]]:
    """The versions, latest first."""
    return [
        (each.number, each.state.value, each.mode.value, each.entered_by, each.reason)
        for each in desk.entries.versions("01", "2024")
    ]


def lines(raw: sqlite3.Connection, action: str) -> list[tuple[Any, ...]]:
    query = "SELECT actor, subject, old, new FROM audit WHERE action = ? ORDER BY id"
    return raw.execute(query, (action,)).fetchall()


def answers_counted(store: Store) -> list[str]:
    """What counts of the item 'schaal'."""
    return [row[3] for row in store.counts.tallies("2024") if row[1] == "schaal"]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(EntryRefused) as refused:
        act()
    assert refused.value.message
    return refused.value.code


# Entry on behalf


@pytest.mark.parametrize("mode", [Mode.TELEPHONE, Mode.PAPER])
def test_answers_entered_for_a_region_count_and_say_how_they_came_in(
    desk: Store, raw: sqlite3.Connection, mode: Mode
) -> None:
    final = submit(desk, {"schaal": "2"}, mode)
    assert final.state is ResponseState.FINAL
    assert told(desk) == [(1, "final", mode.value, "account 3", None)]
    assert answers_counted(desk) == ["2"]
    actors = rows(raw, "SELECT DISTINCT actor FROM audit WHERE subject LIKE 'response%'")
    assert actors == [("account 3",)]
    assert lines(raw, "response.begun") == [("account 3", "response 1", None, mode.value)]


@pytest.mark.parametrize("state", WaveState)
def test_entry_is_for_a_wave_that_is_open_or_closing(
    desk: Store, raw: sqlite3.Connection, state: WaveState
) -> None:
    raw.execute("UPDATE wave SET state = ?", (state,))
    raw.commit()
    if state in (WaveState.OPEN, WaveState.CLOSING):
        assert submit(desk, {"schaal": "2"}).state is ResponseState.FINAL
    else:
        assert refusal(lambda: enter(desk, {"schaal": "2"})) == state.value


def test_a_wave_that_closes_meanwhile_takes_no_more_entries(desk: Store) -> None:
    visit, form = enter(desk, {"schaal": "2"})
    desk.waves.set_state("2024", WaveState.CLOSED)
    with pytest.raises(LinkRefused):
        save(desk, visit, form, {"cijfer": "8"})
    with pytest.raises(LinkRefused):
        desk.forms.submit(visit, form)
    assert told(desk)[0][1] == "draft"


def test_a_region_that_is_filling_in_itself_is_told_with_how_far_it_is(desk: Store) -> None:
    visit = invite(desk)
    form = save(desk, visit, desk.forms.begin(visit), {"schaal": "1", "cijfer": "8"})
    (version,) = desk.entries.versions("01", "2024")
    assert version.entered_by is None
    assert (version.answered, version.saved_at) == (2, form.saved_at)


def test_evaluator_and_region_work_in_one_draft_and_never_over_each_other(
    desk: Store, raw: sqlite3.Connection
) -> None:
    own = invite(desk)
    theirs = save(desk, own, desk.forms.begin(own), {"cijfer": "8"})
    visit = desk.entries.visit("01", "2024", Mode.TELEPHONE)
    ours = desk.forms.begin(visit)
    assert ours == theirs
    assert lines(raw, "response.taken_over") == [("account 3", "response 1", None, "telephone")]
    ours = save(desk, visit, ours, {"schaal": "2"})
    with pytest.raises(StaleForm):
        save(desk, own, theirs, {"schaal": "1"})
    desk.forms.submit(visit, ours)
    assert told(desk) == [(1, "final", "telephone", "account 3", None)]


def test_what_the_region_itself_submits_is_its_own_whoever_began(desk: Store) -> None:
    enter(desk, {"cijfer": "8"})
    own = invite(desk)
    form = desk.forms.begin(own)
    assert form.answers == {"cijfer": "8"}
    desk.forms.submit(own, save(desk, own, form, {"schaal": "1"}))
    assert told(desk) == [(1, "final", "online", None, None)]


def test_another_evaluator_can_go_on(desk: Store, raw: sqlite3.Connection) -> None:
    enter(desk, {"cijfer": "8"})
    colleague = desk.seen_by(OTHER)
    assert submit(colleague, {"schaal": "1"}, Mode.PAPER).answers["cijfer"] == "8"
    assert told(desk) == [(1, "final", "paper", "account 4", None)]
    assert lines(raw, "response.taken_over") == [("account 4", "response 1", None, "paper")]


@pytest.mark.parametrize(
    "person",
    [Person("visitor", Role.PROGRAMME_LEADER), Person("account 9", Role.STEERING_GROUP), OTHER],
    ids=lambda person: person.role.value,
)
def test_nobody_enters_in_the_name_of_another(desk: Store, person: Person) -> None:
    visit, form = enter(desk, {"schaal": "1"})
    forms = desk.seen_by(person).forms
    acts: list[Callable[[], object]] = [
        lambda: forms.find(visit),
        lambda: forms.begin(visit),
        lambda: forms.consent(visit),
        lambda: forms.previous_answers(visit, form),
        lambda: forms.keep_shown(visit, form, ()),
        lambda: forms.save(visit, form, {"schaal": "3"}),
        lambda: forms.move_to_section(visit, form, "getypt"),
        lambda: forms.submit(visit, form),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


# Corrections


def test_a_correction_is_a_new_version_with_a_reason(desk: Store, raw: sqlite3.Connection) -> None:
    _, first = submit_itself(desk, {"schaal": "1", "meer": ("a", "b"), "kort": "eerst"})
    visit, form = enter(desk, {"schaal": "3"}, reason=f"  {HOSTILE}  ")
    assert form.answers == {"schaal": "3", "meer": ("a", "b"), "kort": "eerst"}
    assert answers_counted(desk) == ["1"], "while it is a draft, the final one counts"
    desk.forms.submit(visit, form)
    assert answers_counted(desk) == ["3"]
    assert told(desk) == [
        (2, "final", "telephone", "account 3", HOSTILE),
        (1, "superseded", "online", None, None),
    ]
    assert desk.entries.read("01", "2024", 1).answers == first.answers
    assert lines(raw, "response.submitted")[-1] == (
        "account 3",
        "response 2, version 2",
        None,
        HOSTILE,
    )


@pytest.mark.parametrize("reason", [None, "", " \n\t", "x" * (REASON_LENGTH + 1), "a\x00b"])
def test_a_correction_without_a_good_reason_is_refused(desk: Store, reason: str | None) -> None:
    submit_itself(desk, {"schaal": "1"})
    refusal(lambda: desk.entries.visit("01", "2024", Mode.TELEPHONE, reason))
    assert [row[1] for row in told(desk)] == ["final"]


def test_a_reason_may_be_as_long_as_is_told(desk: Store) -> None:
    submit_itself(desk, {"schaal": "1"})
    submit(desk, {"schaal": "2"}, reason="é" * REASON_LENGTH)
    assert told(desk)[0][4] == "é" * REASON_LENGTH


def test_what_was_submitted_is_corrected_in_a_closed_wave_too(desk: Store) -> None:
    submit_itself(desk, {"schaal": "1"})
    desk.waves.set_state("2024", WaveState.CLOSED)
    submit(desk, {"schaal": "2"}, reason="Typfout")
    assert answers_counted(desk) == ["2"]
    with pytest.raises(EntryRefused):
        desk.entries.visit("02", "2024", Mode.TELEPHONE, "Nooit ingevuld")


def test_nothing_is_corrected_in_a_wave_that_is_planned(
    desk: Store, raw: sqlite3.Connection
) -> None:
    submit_itself(desk, {"schaal": "1"})
    raw.execute("UPDATE wave SET state = 'planned'")
    raw.commit()
    assert refusal(lambda: enter(desk, {"schaal": "2"}, reason="Typfout")) == "planned"


def test_a_region_that_submits_meanwhile_is_not_overwritten_without_a_reason(
    desk: Store,
) -> None:
    visit = desk.entries.visit("01", "2024", Mode.PAPER)
    submit_itself(desk, {"schaal": "1"})
    assert refusal(lambda: desk.forms.begin(visit)) == "correcting"
    assert [row[1] for row in told(desk)] == ["final"]


def test_the_region_sees_what_it_submitted_until_the_correction_is_done(desk: Store) -> None:
    own, final = submit_itself(desk, {"schaal": "1"})
    visit, form = enter(desk, {"schaal": "3"}, reason="Gebeld")
    assert desk.forms.find(own) == final
    with pytest.raises(LinkRefused, match="verbetert op dit moment"):
        desk.forms.begin(own)
    desk.forms.submit(visit, form)
    seen = desk.forms.find(own)
    assert seen is not None
    assert (seen.version, seen.answers["schaal"]) == (2, "3")
    assert desk.forms.begin(own).version == 3


def test_a_correction_does_not_open_a_wave_that_is_closing_to_the_region(desk: Store) -> None:
    token = desk.invitations.renew("01", "2024")
    own = desk.forms.visit(token)
    desk.forms.submit(own, save(desk, own, desk.forms.begin(own), {"schaal": "1"}))
    enter(desk, {"schaal": "3"}, reason="Gebeld")
    desk.waves.set_state("2024", WaveState.CLOSING)
    with pytest.raises(LinkRefused, match="wordt gesloten"):
        desk.forms.visit(token)


def test_a_correction_in_the_draft_that_the_region_left_is_one_version(desk: Store) -> None:
    own, _ = submit_itself(desk, {"schaal": "1"})
    save(desk, own, desk.forms.begin(own), {"cijfer": "4"})
    desk.waves.set_state("2024", WaveState.CLOSED)
    visit = desk.entries.visit("01", "2024", Mode.TELEPHONE, "Gebeld")
    form = desk.forms.begin(visit)
    assert form.answers == {"schaal": "1", "cijfer": "4"}
    assert refusal(lambda: desk.entries.discard("01", "2024")) == "own_draft"
    desk.forms.submit(visit, form)
    assert told(desk)[0] == (2, "final", "telephone", "account 3", "Gebeld")


# Throwing away


def test_a_correction_that_is_thrown_away_leaves_what_was_submitted(
    desk: Store, raw: sqlite3.Connection
) -> None:
    own, final = submit_itself(desk, {"schaal": "1"})
    visit, form = enter(desk, {"schaal": "3", "meer": ("a",)}, reason="Gebeld")
    desk.entries.discard("01", "2024")
    assert told(desk) == [(1, "final", "online", None, None)]
    assert desk.forms.find(own) == final
    assert lines(raw, "response.discarded") == [
        ("account 3", "response 2, region 01, wave 2024, version 2", "Gebeld", None)
    ]
    assert (form.response_id,) not in rows(raw, "SELECT DISTINCT response_id FROM answer")
    with pytest.raises(StaleForm):
        save(desk, visit, form, {"schaal": "2"})
    desk.forms.move_to_section(visit, form, "getypt")
    assert desk.forms.begin(own).version == 2


def test_only_what_was_entered_is_thrown_away(desk: Store) -> None:
    assert refusal(lambda: desk.entries.discard("01", "2024")) == "no_draft"
    own = invite(desk)
    desk.forms.begin(own)
    assert refusal(lambda: desk.entries.discard("01", "2024")) == "own_draft"
    desk.forms.submit(own, save(desk, own, desk.forms.begin(own), {"schaal": "1"}))
    assert refusal(lambda: desk.entries.discard("01", "2024")) == "no_draft"


def test_an_entry_that_the_region_worked_on_is_its_own(desk: Store) -> None:
    enter(desk, {"cijfer": "8"})
    own = invite(desk)
    save(desk, own, desk.forms.begin(own), {"kort": "van mij"})
    assert refusal(lambda: desk.entries.discard("01", "2024")) == "own_draft"
    found = desk.forms.find(own)
    assert found is not None
    assert found.answers == {"cijfer": "8", "kort": "van mij"}


# Invalid


def test_what_is_set_invalid_counts_nowhere_and_stays(desk: Store, raw: sqlite3.Connection) -> None:
    _, final = submit_itself(desk, {"schaal": "1"})
    desk.entries.set_invalid("01", "2024", HOSTILE)
    assert answers_counted(desk) == []
    assert desk.counts.respondents("2024") == 0
    assert desk.monitoring.progress("2024")[0].state is not ResponseState.FINAL
    (version,) = desk.entries.versions("01", "2024")
    assert (version.state, version.invalid_reason) == (ResponseState.INVALID, HOSTILE)
    assert desk.entries.read("01", "2024", 1).answers == final.answers
    assert lines(raw, "response.set_invalid") == [
        ("account 3", "region 01, wave 2024, version 1", None, HOSTILE)
    ]


def test_what_is_set_invalid_in_one_wave_counts_on_in_another(desk: Store) -> None:
    desk.waves.add("2021", ALL_TYPES, state=WaveState.CLOSED)
    import_responses(desk, "2021", {"01": {"schaal": "2"}})
    submit_itself(desk, {"schaal": "1"})
    desk.entries.set_invalid("01", "2024", "Verkeerde regio")
    (earlier,) = desk.entries.versions("01", "2021")
    assert earlier.state is ResponseState.FINAL
    assert (desk.counts.respondents("2021"), desk.counts.respondents("2024")) == (1, 0)


def test_a_region_answers_anew_after_its_response_was_set_invalid(desk: Store) -> None:
    own, _ = submit_itself(desk, {"schaal": "1"})
    desk.entries.set_invalid("01", "2024", "Verkeerde regio")
    assert desk.forms.find(own) is None
    form = desk.forms.begin(own)
    assert (form.version, form.answers) == (2, {})
    desk.forms.submit(own, save(desk, own, form, {"schaal": "3"}))
    assert answers_counted(desk) == ["3"]
    assert [row[:2] for row in told(desk)] == [(2, "final"), (1, "invalid")]
    refused = refusal(lambda: desk.entries.make_valid("01", "2024", 1, "Toch goed"))
    assert refused == "other_final"


def test_an_invalid_response_is_made_valid_again(desk: Store, raw: sqlite3.Connection) -> None:
    _, final = submit_itself(desk, {"schaal": "1"})
    desk.entries.set_invalid("01", "2024", "Verkeerde regio")
    desk.entries.make_valid("01", "2024", 1, "Bij nader inzien")
    assert answers_counted(desk) == ["1"]
    assert desk.entries.read("01", "2024", 1) == final
    assert lines(raw, "response.made_valid") == [
        ("account 3", "region 01, wave 2024, version 1", "Verkeerde regio", "Bij nader inzien")
    ]
    refused = refusal(lambda: desk.entries.make_valid("01", "2024", 1, "Nogmaals"))
    assert refused == "not_invalid"


def test_only_a_final_response_is_set_invalid(desk: Store) -> None:
    assert refusal(lambda: desk.entries.set_invalid("01", "2024", "Leeg")) == "no_final"
    enter(desk, {"schaal": "1"})
    assert refusal(lambda: desk.entries.set_invalid("01", "2024", "Concept")) == "no_final"


@pytest.mark.parametrize("reason", ["", " ", "x" * (REASON_LENGTH + 1)])
def test_setting_invalid_or_valid_takes_a_reason(desk: Store, reason: str) -> None:
    submit_itself(desk, {"schaal": "1"})
    refusal(lambda: desk.entries.set_invalid("01", "2024", reason))
    desk.entries.set_invalid("01", "2024", "Verkeerde regio")
    refusal(lambda: desk.entries.make_valid("01", "2024", 1, reason))
    assert answers_counted(desk) == []


def test_a_correction_keeps_its_reason_when_it_is_set_invalid(desk: Store) -> None:
    submit_itself(desk, {"schaal": "1"})
    submit(desk, {"schaal": "2"}, reason="Typfout")
    desk.entries.set_invalid("01", "2024", "Verkeerde regio")
    latest = desk.entries.versions("01", "2024")[0]
    assert (latest.reason, latest.invalid_reason) == ("Typfout", "Verkeerde regio")


def test_each_step_is_one_line_in_the_trail_without_who_it_is(
    desk: Store, raw: sqlite3.Connection
) -> None:
    submit_itself(desk, {"schaal": "1"})
    before = len(rows(raw, "SELECT id FROM audit"))
    enter(desk, {"schaal": "2"}, reason="Gebeld")
    desk.entries.discard("01", "2024")
    desk.entries.set_invalid("01", "2024", "Fout")
    desk.entries.make_valid("01", "2024", 1, "Goed")
    new = rows(raw, "SELECT actor, action FROM audit ORDER BY id")
    assert new[before:] == [
        ("account 3", "response.reopened"),
        ("account 3", "answer.saved"),
        ("account 3", "response.discarded"),
        ("account 3", "response.set_invalid"),
        ("account 3", "response.made_valid"),
    ]
    texts = rows(raw, "SELECT actor || action || subject FROM audit WHERE actor = 'account 3'")
    assert not any("Regio" in text for (text,) in texts)
