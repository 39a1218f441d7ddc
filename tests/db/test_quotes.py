"""Open answers that are cleared for showing: by whom, until when, and what gets out of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlalchemy.exc import NoResultFound

from db.safekeeping import back_up, find_breaches, find_faults, restore
from db.store import Store
from surveys.answers import MissingReason
from surveys.definition import parse_definition
from surveys.fieldwork import Mode, NotReleased, WaveState
from surveys.quotes import ItemQuotes, OpenAnswer, QuoteRefused, Verdict
from surveys.roles import Person, Role
from surveys.smallest_group import SMALLEST_GROUP
from tests.db.scenes import ALL_TYPES, invite, open_wave, rows, save

REGIONS = [f"{n:02}" for n in range(1, SMALLEST_GROUP + 1)]
TEXTS = ["Bel Jan de Vries", "Wij niet", "Ja", "Via het mbo", "Nog bezig"]
EVALUATOR = Person("account 3", Role.EVALUATOR)
STEERING = Person("account 4", Role.STEERING_GROUP)


@pytest.fixture
def desk(store: Store) -> Store:
    """As an evaluator has it: as many regions as must answer before anything is shown, and one
    more, all asked in an open wave. Each of the first answered the short question."""
    open_wave(store, *REGIONS, "10")
    for number, text in zip(REGIONS, TEXTS, strict=True):
        submit(store, number, text)
    return store.seen_by(EVALUATOR)


def submit(store: Store, number: str, text: str, **others: str) -> None:
    visit = invite(store, number)
    answers = {"schaal": "1", "kort": text, **others}
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


def correct(store: Store, number: str, **answers: str) -> None:
    visit = store.entries.visit(number, "2024", Mode.TELEPHONE, "Nagebeld")
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


def answer(store: Store, number: str = "01", item: str = "kort") -> OpenAnswer:
    (found,) = (
        each
        for each in store.quotes.open_answers("2024")
        if (each.region, each.item) == (number, item)
    )
    return found


def clear(store: Store, number: str, text: str | None = None) -> None:
    found = answer(store, number)
    store.quotes.clear("2024", found, found.text if text is None else text)


def shown(store: Store) -> list[str]:
    """The quotes of the short question."""
    return [
        text for each in store.quotes.shown("2024") if each.item == "kort" for text in each.texts
    ]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(QuoteRefused) as refused:
        act()
    return refused.value.code


# What there is to look at


def test_the_evaluator_sees_every_open_answer_that_counts(desk: Store) -> None:
    submit(desk, "10", "Kort en", ja_nee="ja", lang="Een lang\n\nverhaal")
    found = desk.quotes.open_answers("2024")
    assert [(each.item, each.region, each.text) for each in found] == [
        *(("kort", number, text) for number, text in zip(REGIONS, TEXTS, strict=True)),
        ("kort", "10", "Kort en"),
        ("lang", "10", "Een lang\n\nverhaal"),
    ]
    assert {each.section for each in found} == {"getypt"}
    assert found[0].region_name == "Regio 01"
    assert {(each.verdict, each.cleared) for each in found} == {(Verdict.OPEN, None)}
    with pytest.raises(NoResultFound):
        desk.quotes.open_answers("1999")


def test_what_is_skipped_not_sent_or_does_not_count_is_not_among_them(desk: Store) -> None:
    visit = invite(desk, "10")
    save(desk, visit, desk.forms.begin(visit), {"kort": "Een concept"})
    desk.entries.set_invalid("02", "2024", "Verkeerde regio")
    correct(desk, "03", schaal="2")
    visit = desk.entries.visit("04", "2024", Mode.PAPER, "Toch niet")
    form = desk.forms.begin(visit)
    revision, _ = desk.forms.save(visit, form, {"kort": None})
    assert desk.forms.submit(visit, replace(form, revision=revision)).answers["kort"] is (
        MissingReason.SKIPPED
    )
    assert [each.region for each in desk.quotes.open_answers("2024")] == ["01", "03", "05"]


# What is shown


def test_a_cleared_text_is_shown_without_anything_of_its_region(desk: Store) -> None:
    clear(desk, "01", "Bel [naam]")
    clear(desk, "04")
    (quotes,) = desk.quotes.shown("2024")
    assert (quotes.section, quotes.concept, quotes.item) == ("getypt", "kort", "kort")
    assert sorted(quotes.texts) == ["Bel [naam]", "Via het mbo"]
    assert [field.name for field in fields(ItemQuotes)] == ["section", "concept", "item", "texts"]
    found = answer(desk)
    assert (found.text, found.verdict) == ("Bel Jan de Vries", Verdict.CLEARED)
    assert found.cleared == "Bel [naam]"
    assert desk.entries.read("01", "2024", 1).answers["kort"] == "Bel Jan de Vries"


def test_the_order_does_not_follow_the_regions(desk: Store) -> None:
    for number in REGIONS:
        clear(desk, number)
    before = shown(desk)
    assert sorted(before) == sorted(TEXTS)
    for place, number in enumerate(REGIONS):  # the same texts, of the regions the other way round
        desk.regions.renumber(number, f"{90 - place}")
    assert [each.region for each in desk.quotes.open_answers("2024")] != REGIONS
    assert shown(desk) == before


def test_nothing_is_shown_of_a_question_that_few_regions_answered(desk: Store) -> None:
    for number in REGIONS[1:]:
        clear(desk, number)
    desk.entries.set_invalid("01", "2024", "Dubbel")
    assert desk.quotes.shown("2024") == []
    submit(desk, "10", "De vijfde")
    assert sorted(shown(desk)) == sorted(TEXTS[1:])


def test_results_have_no_quotes_before_the_wave_is_closed(desk: Store) -> None:
    clear(desk, "02")
    steering = desk.seen_by(STEERING)
    with pytest.raises(NotReleased):
        steering.quotes.shown("2024")
    assert shown(desk) == ["Wij niet"]
    desk.waves.set_state("2024", WaveState.CLOSED)
    assert shown(steering) == ["Wij niet"]
    assert steering.quotes.shown("1999") == []


def test_a_newer_version_of_the_questionnaire_decides_what_is_asked(desk: Store) -> None:
    clear(desk, "02")
    source = ALL_TYPES.source.replace('version = "1"', 'version = "2"')
    moved = source.replace('id = "getypt"', 'id = "open"')
    desk.waves.take_questionnaire("2024", parse_definition(moved), ALL_TYPES.content_hash)
    assert desk.quotes.shown("2024") == [ItemQuotes("open", "kort", "kort", ("Wij niet",))]
    assert answer(desk).section == "open"


# Until when


def test_a_quote_is_gone_when_the_region_answers_anew(desk: Store) -> None:
    clear(desk, "02")
    submit(desk, "02", "Wij ook")
    assert shown(desk) == []
    assert answer(desk, "02").verdict is Verdict.OPEN


def test_a_quote_is_gone_when_the_answer_is_corrected_by_the_evaluator(desk: Store) -> None:
    clear(desk, "02")
    correct(desk, "02", kort="Wij wel")
    assert shown(desk) == []


def test_a_response_that_is_set_invalid_takes_its_quotes_along_and_back(desk: Store) -> None:
    submit(desk, "10", "De zesde")
    clear(desk, "02")
    desk.entries.set_invalid("02", "2024", "Dubbel")
    assert shown(desk) == []
    desk.entries.make_valid("02", "2024", 1, "Toch niet dubbel")
    assert shown(desk) == ["Wij niet"]


def test_an_answer_that_is_no_longer_the_one_looked_at_is_not_shown(
    desk: Store, raw: sqlite3.Connection
) -> None:
    clear(desk, "02")
    raw.execute("UPDATE answer SET text = 'Piet Bos' WHERE text = 'Wij niet'")
    raw.commit()
    assert shown(desk) == []
    assert answer(desk, "02").verdict is Verdict.OPEN


def test_withdrawing_wipes_what_was_cleared(desk: Store, raw: sqlite3.Connection) -> None:
    clear(desk, "01", "Bel [naam]")
    desk.quotes.withdraw("2024", answer(desk))
    assert shown(desk) == []
    assert (answer(desk).verdict, answer(desk).cleared) == (Verdict.WITHHELD, None)
    assert rows(raw, "SELECT text FROM cleared_answer") == [(None,)]
    clear(desk, "01", "Bel")
    assert shown(desk) == ["Bel"]


def test_an_answer_can_be_kept_back_that_was_never_cleared(desk: Store) -> None:
    desk.quotes.withdraw("2024", answer(desk))
    assert answer(desk).verdict is Verdict.WITHHELD
    assert answer(desk, "02").verdict is Verdict.OPEN


# Who decides on what they did not see


def test_nothing_is_decided_on_an_answer_that_changed_meanwhile(
    desk: Store, raw: sqlite3.Connection
) -> None:
    seen = {number: answer(desk, number) for number in REGIONS}
    submit(desk, "01", "Bel Jan de Vries!")
    desk.entries.set_invalid("02", "2024", "Dubbel")
    clear(desk, "03")
    for number in REGIONS[:2]:
        found = seen[number]
        assert (
            refusal(lambda found=found: desk.quotes.clear("2024", found, found.text)) == "changed"
        )
        assert refusal(lambda found=found: desk.quotes.withdraw("2024", found)) == "changed"
    assert refusal(lambda: desk.quotes.withdraw("2024", seen["03"])) == "changed"
    assert refusal(lambda: desk.quotes.withdraw("1999", seen["04"])) == "changed"
    unasked = replace(seen["04"], item="lang")
    assert refusal(lambda: desk.quotes.clear("2024", unasked, unasked.text)) == "changed"
    assert rows(raw, "SELECT text FROM cleared_answer") == [("Ja",)]


def test_a_correction_of_another_question_leaves_what_was_seen_as_it_was(desk: Store) -> None:
    seen = answer(desk, "02")
    correct(desk, "02", schaal="3")
    desk.quotes.clear("2024", seen, "Wij niet")
    assert shown(desk) == ["Wij niet"]


def test_what_may_not_be_shown_is_not_kept(desk: Store, raw: sqlite3.Connection) -> None:
    found = answer(desk)
    assert refusal(lambda: desk.quotes.clear("2024", found, "Bel Piet de Vries")) == "words"
    assert refusal(lambda: desk.quotes.clear("2024", found, " ")) == "empty"
    assert rows(raw, "SELECT * FROM cleared_answer") == []


def test_the_trail_tells_each_verdict_once_and_no_answer(
    desk: Store, raw: sqlite3.Connection
) -> None:
    found = answer(desk)
    desk.quotes.clear("2024", found, "Bel")
    desk.quotes.clear("2024", found, "Bel")  # a double click
    found = answer(desk)
    desk.quotes.withdraw("2024", found)
    desk.quotes.withdraw("2024", found)
    query = "SELECT actor, action, subject, old, new FROM audit WHERE action LIKE 'quote.%'"
    cleared, withdrawn = rows(raw, query)
    assert cleared[:4] == ("account 3", "quote.cleared", "response 1, kort", None)
    assert withdrawn[:3] == ("account 3", "quote.withdrawn", "response 1, kort")
    assert withdrawn[3:] == (cleared[4], None)
    assert "Bel" not in str([cleared, withdrawn])


# In the database


def test_quotes_go_with_their_response(desk: Store, raw: sqlite3.Connection, file: Path) -> None:
    clear(desk, "01", "Bel")
    clear(desk, "02")
    raw.execute("DELETE FROM response WHERE id = 1")
    raw.commit()
    assert rows(raw, "SELECT response_id, text FROM cleared_answer") == [(2, "Wij niet")]
    assert list(find_faults(file)) == []


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("9, 'kort', 'Bel'", "FOREIGN KEY"),
        ("1, 'korrt', 'Bel'", "FOREIGN KEY"),
        ("1, 'kort', ''", "ck_cleared_answer_filled"),
    ],
)
def test_the_database_refuses_a_quote_of_nothing(
    desk: Store, raw: sqlite3.Connection, place: str, fault: str
) -> None:
    insert = (
        "INSERT INTO cleared_answer (response_id, item, text, original_hash, judged_at) "
        "VALUES ({}, 'x', '2024-01-01')"
    )
    with pytest.raises(sqlite3.IntegrityError, match=fault):
        raw.execute(insert.format(place))
    raw.execute(insert.format("1, 'kort', 'Bel'"))
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        raw.execute(insert.format("1, 'kort', 'Jan'"))


def test_a_backup_has_the_quotes_and_the_check_finds_an_address_in_one(
    desk: Store, raw: sqlite3.Connection, file: Path, tmp_path: Path
) -> None:
    clear(desk, "02")
    assert list(find_breaches(file)) == []
    back_up(file, tmp_path / "copy.sqlite")
    raw.execute("UPDATE cleared_answer SET text = 'Mail jan@school.nl'")
    raw.commit()
    (breach,) = find_breaches(file)
    assert breach == "response 2: what is shown of kort has what looks like an address"
    restore(tmp_path / "copy.sqlite", file)
    assert shown(desk) == ["Wij niet"]
