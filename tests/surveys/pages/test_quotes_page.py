"""The page on which the evaluator clears open answers for showing."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.definition import parse_definition
from surveys.fieldwork import WaveState
from surveys.pages.visitor import OWNER
from surveys.quotes import OpenAnswer, Verdict
from surveys.roles import Person, Role
from surveys.smallest_group import SMALLEST_GROUP
from tests.db.scenes import ALL_TYPES, invite, open_wave, save

PAGE = Path(__file__).parents[3] / "surveys/pages/quotes.py"
HOSTILE = "<b>=1</b> *n* Jan"
ALL = "alle antwoorden"
ON_A_PAGE = 3


def submit(store: Store, number: str, text: str, **others: str) -> None:
    visit = invite(store, number)
    answers = {"schaal": "1", "kort": text, **others}
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


@pytest.fixture
def numbers(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of regions that each answered the short question: two pages, and one on a third."""
    monkeypatch.setattr("surveys.pages.parts.quote_parts.PAGE_SIZE", ON_A_PAGE)
    numbers = [f"{n:02}" for n in range(1, 2 * ON_A_PAGE + 2)]
    open_wave(store, *numbers)
    for number in numbers:
        submit(store, number, HOSTILE if number == "02" else f"Antwoord van {number}")
    return numbers


def run(person: Person = OWNER) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["person"] = person
    return again(app)


def again(changed: Any) -> AppTest:
    app: AppTest = changed.run()
    assert not app.exception
    return app


def choose(app: AppTest, label: str, option: Any) -> AppTest:
    (field,) = (field for field in app.selectbox if field.label.startswith(label))
    return again(field.set_value(option))


def listed(app: AppTest) -> list[str]:
    """The numbers of the regions whose answers are on the page."""
    return [each.value.split()[0] for each in app.subheader]


def press(app: AppTest, number: str, label: str, text: str | None = None) -> AppTest:
    """A button at the answer of a region, after typing what may be shown."""
    place = listed(app).index(number)
    if text is not None:
        app.text_area[place].set_value(text)
    form = app.text_area[place].form_id
    (button,) = (b for b in app.button if b.label == label and b.form_id == form)
    return again(button.click())


def field_of(app: AppTest, number: str) -> str:
    return str(app.text_area[listed(app).index(number)].value)


def html_of(app: AppTest) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def text_of(app: AppTest) -> str:
    shown = (*app.header, *app.subheader, *app.text, *app.info, *app.warning)
    shown += (*app.error, *app.success)
    plain = unescape(re.sub(r"<[^>]+>", " ", html_of(app)))
    return f"{plain} {' '.join(each.value for each in shown)}".replace("\\", "")


def verdicts(store: Store) -> dict[str, OpenAnswer]:
    return {each.region: each for each in store.quotes.open_answers("2024")}


def test_without_waves_or_open_questions_or_answers_the_page_says_so(store: Store) -> None:
    assert "Er zijn nog geen metingen" in text_of(run())
    open_wave(store, "01")
    assert "Nog geen enkele regio die verzond" in text_of(run())
    closed = ALL_TYPES.source.partition('[[sections.items]]\ntype = "short_text"')[0]
    store.waves.add("2026", parse_definition(closed), state=WaveState.OPEN)
    assert "heeft geen open vragen" in text_of(run())


def test_what_is_still_to_be_looked_at_comes_first_a_page_at_a_time(numbers: list[str]) -> None:
    app = run()
    assert listed(app) == numbers[:ON_A_PAGE]
    assert [field.label for field in app.selectbox][-1] == "Bladzijde (van 3)"
    assert field_of(app, "01") == "Antwoord van 01"
    assert "7 regio's hebben deze vraag beantwoord: 7 nog te beoordelen, 0 vrijgegeven" in (
        text_of(app)
    )
    assert "Haal namen en plaatsen weg" in text_of(app)
    assert listed(choose(app, "Bladzijde", 3)) == numbers[2 * ON_A_PAGE :]


def test_a_text_is_cleared_and_the_next_answer_takes_its_place(
    store: Store, numbers: list[str]
) -> None:
    app = press(run(), "02", "Vrijgeven", "[naam] Jan")
    assert verdicts(store)["02"].cleared == "[naam] Jan"
    assert listed(app) == ["01", "03", "04"]
    assert "Het antwoord van regio 02 is vrijgegeven" in text_of(app)
    (focus,) = re.findall(r'data-turn="1" data-focus="([^"]+)"', html_of(app))
    assert app.text_area[1].key.startswith(f"tekst-{focus}")
    app = choose(app, "Toon", Verdict.CLEARED)
    assert listed(app) == ["02"]
    assert field_of(app, "02") == "[naam] Jan"


@pytest.mark.usefixtures("numbers")
def test_a_quote_is_shortened_further_and_withdrawn_where_it_stands(store: Store) -> None:
    app = choose(press(run(), "01", "Vrijgeven"), "Toon", ALL)
    assert "Vrijgegeven zoals het er staat" in text_of(app)
    app = press(app, "01", "Vrijgeven", "Antwoord")
    assert verdicts(store)["01"].cleared == "Antwoord"
    assert listed(app)[0] == "01"
    app = press(app, "01", "Intrekken")
    assert verdicts(store)["01"].verdict is Verdict.WITHHELD
    assert field_of(app, "01") == "Antwoord van 01"
    assert "is niet te zien" in text_of(app)
    assert [b.form_id for b in app.button].count(app.text_area[0].form_id) == 1


def test_the_last_one_of_a_page_leads_back_to_the_page_before(
    store: Store, numbers: list[str]
) -> None:
    app = press(choose(run(), "Bladzijde", 3), numbers[-1], "Niet vrijgeven")
    assert listed(app) == numbers[ON_A_PAGE:-1]
    for number in reversed(numbers[:-1]):
        app = press(app, number, "Niet vrijgeven")
    assert "U hebt alle antwoorden op deze vraag beoordeeld" in text_of(app)
    assert "Het antwoord van regio 01 is niet te zien" in text_of(app)
    assert {each.verdict for each in verdicts(store).values()} == {Verdict.WITHHELD}


@pytest.mark.usefixtures("numbers")
def test_what_may_not_be_shown_is_told_and_what_was_typed_stays(store: Store) -> None:
    app = press(run(), "03", "Vrijgeven", "Antwoord van Piet")
    assert "Dit staat niet zo in het antwoord: Piet" in text_of(app)
    assert field_of(app, "03") == "Antwoord van Piet"
    assert verdicts(store)["03"].verdict is Verdict.OPEN


@pytest.mark.usefixtures("numbers")
def test_an_answer_that_changed_meanwhile_is_told_and_shown_anew(store: Store) -> None:
    app = run()
    submit(store, "01", "Iets anders")
    store.quotes.withdraw("2024", verdicts(store)["02"])
    app = press(app, "01", "Vrijgeven")
    assert "Intussen veranderd: het antwoord van regio 01 en 02," in text_of(app)
    assert "is niet opgeslagen" in text_of(app)
    assert field_of(app, "01") == "Iets anders"
    assert listed(app)[1] == "03"
    assert verdicts(store)["01"].verdict is Verdict.OPEN
    app = press(app, "01", "Vrijgeven")
    assert verdicts(store)["01"].cleared == "Iets anders"
    assert "Intussen" not in text_of(app)


@pytest.mark.usefixtures("numbers")
def test_text_of_people_is_shown_as_it_is() -> None:
    app = run()
    assert HOSTILE in text_of(app)
    assert "<b>=1" not in html_of(app)
    assert field_of(app, "02") == HOSTILE


@pytest.mark.usefixtures("numbers")
def test_it_is_told_why_a_quote_cannot_be_seen_yet(store: Store) -> None:
    waits, few = "als de meting gesloten is", f"als minstens {SMALLEST_GROUP} regio's"
    assert waits in text_of(run())
    assert few not in text_of(run())
    submit(store, "01", "Antwoord", ja_nee="ja", lang="Een verhaal")
    app = choose(run(), "Open vraag", "lang")
    assert "1 regio heeft deze vraag beantwoord" in text_of(app)
    assert few in text_of(app)
    store.waves.set_state("2024", WaveState.CLOSED)
    assert waits not in text_of(run())


@pytest.mark.usefixtures("numbers")
def test_the_page_is_for_who_does_the_fieldwork() -> None:
    app = run(Person("account 9", Role.STEERING_GROUP))
    assert "niet voor u" in app.title[0].value
    assert not app.text_area
