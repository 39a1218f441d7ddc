"""What a personal link leads to once its wave is closed: whose answers, beside which counts, and
for whom not."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import timedelta

import pytest

from db import clock
from db.store import Store
from surveys.answers import MissingReason, Value
from surveys.definition import read_definition
from surveys.dutch import local_day
from surveys.fieldwork import LinkRefused, WaveState
from surveys.regions.succession import Succession, SuccessionKind
from surveys.roles import VISITOR, NotPermitted, Person, Role
from tests.db.scenes import DEFINITIONS, open_wave, rows, save

NOW = read_definition(DEFINITIONS / "previous_answers.toml")
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml")
GIVEN: dict[str, Value] = {
    "schaal": "veel",
    "cijfer": "8",
    "vormen": ("a", "c"),
    "stil": "nee",
    "bezig": MissingReason.DONT_KNOW,
    "lang": "Een reden",
}


@pytest.fixture
def waves(store: Store) -> Store:
    """Two waves that are open, and three regions."""
    open_wave(store, "01", "02", "03", name="2021", definition=THEN)
    open_wave(store, name="2024", definition=NOW)
    return store


def submit(store: Store, region: str, wave: str, answers: Mapping[str, Value]) -> str:
    """The token of the link that it was done with."""
    token = store.invitations.renew(region, wave)
    visit = store.forms.visit(token)
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))
    return token


@pytest.fixture
def tokens(waves: Store) -> dict[str, str]:
    """Regions 01 and 02 submitted in 2024, which then closed; 03 began only."""
    submit(waves, "01", "2021", {"oude_schaal": "weinig", "cijfer": "6", "stil": "ja"})
    tokens = {
        "01": submit(waves, "01", "2024", GIVEN),
        "02": submit(waves, "02", "2024", {"schaal": "geen", "lang": "Geheim"}),
        "03": waves.invitations.renew("03", "2024"),
    }
    visit = waves.forms.visit(tokens["03"])
    save(waves, visit, waves.forms.begin(visit), {"schaal": "enig"})
    waves.waves.set_state("2021", WaveState.CLOSED)
    waves.waves.set_state("2024", WaveState.CLOSED)
    return tokens


def refusal(store: Store, token: str) -> str:
    desk = store.seen_by(VISITOR).own_region
    assert not desk.is_open(token)
    with pytest.raises(LinkRefused) as refused:
        desk.read(token)
    return refused.value.code


# What is there to see


def test_a_link_of_a_closed_wave_leads_to_the_own_answers(
    waves: Store, tokens: dict[str, str]
) -> None:
    desk = waves.seen_by(VISITOR).own_region
    assert desk.is_open(tokens["01"])
    found = desk.read(tokens["01"])
    assert (found.region_name, found.wave.name, found.version) == ("Regio 01", "2024", 1)
    assert {item: found.answers[item] for item in GIVEN} == GIVEN
    assert "Geheim" not in str(found)
    assert desk.read(tokens["02"]).answers["lang"] == "Geheim"


def test_the_counts_are_those_of_all_regions_and_the_own_codes_are_among_them(
    waves: Store, tokens: dict[str, str]
) -> None:
    found = waves.own_region.read(tokens["01"])
    assert found.tallies == waves.counts.tallies("2024")
    assert (found.respondents, found.asked) == (2, 3)
    counted = {row[:4]: row[4] for row in found.tallies}
    assert counted["blok", "schaal", "", "veel"] == counted["blok", "schaal", "", "geen"] == 1
    assert ("blok", "schaal", "", "veel") in found.own
    assert ("blok", "vormen", "b", "0") in found.own
    assert all(counted[row] for row in found.own)
    assert len({row[:3] for row in found.own}) == len(found.own) == len({r[:3] for r in counted})


def test_earlier_answers_are_there_also_where_the_questionnaire_did_not_show_them(
    waves: Store, tokens: dict[str, str]
) -> None:
    found = waves.own_region.read(tokens["01"])
    assert found.earlier_wave == "2021"
    told = {item: previous.words for item, previous in found.earlier.items()}
    assert told == {"schaal": "een beetje", "cijfer": "6", "stil": "Ja"}
    assert not found.is_regrouped
    assert waves.own_region.read(tokens["02"]).earlier == {}


def test_a_region_that_came_out_of_a_merger_has_no_earlier_answers(waves: Store) -> None:
    for region in ("01", "02"):
        submit(waves, region, "2021", {"cijfer": "6"})
    waves.regions.add([("12", "Regio 12")])
    merge(waves, ("01", "02"), "12")
    token = submit(waves, "12", "2024", GIVEN)
    waves.waves.set_state("2024", WaveState.CLOSED)
    assert waves.own_region.read(token).earlier == {}


def test_of_a_region_that_took_another_in_it_is_told_that_it_was_another_then(
    waves: Store, raw: sqlite3.Connection, tokens: dict[str, str]
) -> None:
    raw.execute("UPDATE wave SET opened_at = '2021-03-01 00:00:00' WHERE name = '2021'")
    raw.commit()
    merge(waves, ("01", "03"), "01")
    found = waves.own_region.read(tokens["01"])
    assert found.is_regrouped
    assert found.earlier["cijfer"].words == "6"


def merge(store: Store, before: tuple[str, ...], after: str) -> None:
    on = local_day(clock.now() - timedelta(days=30))
    store.regions.record_succession(Succession(SuccessionKind.MERGE, on, before, (after,)))


def test_only_what_was_submitted_is_shown_and_unsent_changes_are_told(waves: Store) -> None:
    token = submit(waves, "01", "2024", GIVEN)
    visit = waves.forms.visit(token)
    save(waves, visit, waves.forms.begin(visit), {"cijfer": "1"})
    waves.waves.set_state("2024", WaveState.CLOSED)
    found = waves.own_region.read(token)
    assert found.answers["cijfer"] == "8"
    assert found.has_unsent


# For whom there is nothing


def test_a_token_that_is_not_known_leads_to_nothing(waves: Store, tokens: dict[str, str]) -> None:
    assert refusal(waves, "") == refusal(waves, tokens["01"] + "x") == "unknown"


def test_a_withdrawn_and_an_expired_link_stay_closed(
    waves: Store, raw: sqlite3.Connection, tokens: dict[str, str]
) -> None:
    newer = waves.invitations.renew("01", "2024")
    assert refusal(waves, tokens["01"]) == "withdrawn"
    assert waves.own_region.is_open(newer)
    raw.execute("UPDATE invitation SET expires_at = '2024-01-01 00:00:00'")
    raw.commit()
    assert refusal(waves, newer) == "expired"


@pytest.mark.parametrize("state", [WaveState.OPEN, WaveState.CLOSING])
def test_while_the_wave_runs_there_are_no_results(
    waves: Store, tokens: dict[str, str], state: WaveState
) -> None:
    waves.waves.set_state("2024", WaveState.OPEN, "Te vroeg gesloten")
    if state is not WaveState.OPEN:
        waves.waves.set_state("2024", state)
    assert refusal(waves, tokens["01"]) == "running"


def test_who_did_not_submit_or_was_set_invalid_is_told_that_the_wave_is_closed(
    waves: Store, tokens: dict[str, str]
) -> None:
    waves.entries.set_invalid("02", "2024", "Verkeerde regio")
    assert refusal(waves, tokens["03"]) == refusal(waves, tokens["02"]) == "closed"
    assert waves.own_region.is_open(tokens["01"])


@pytest.mark.parametrize("role", [Role.STEERING_GROUP, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_no_account_gets_it_even_with_the_link(
    waves: Store, tokens: dict[str, str], role: Role
) -> None:
    with pytest.raises(NotPermitted):
        waves.seen_by(Person("account 1", role)).own_region.read(tokens["01"])


def test_looking_writes_nothing(
    waves: Store, raw: sqlite3.Connection, tokens: dict[str, str]
) -> None:
    lines = rows(raw, "SELECT * FROM audit")
    waves.own_region.read(tokens["01"])
    assert rows(raw, "SELECT * FROM audit") == lines
