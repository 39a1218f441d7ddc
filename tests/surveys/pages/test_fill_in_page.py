"""The programme leader's page: what is agreed to, answers of the wave before, a new version."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.responses.forms import Forms
from db.store import Store
from surveys.definition import Definition, parse_definition, read_definition
from surveys.fieldwork import Form, Remark, ResponseState, WaveState
from surveys.pages.visitor import OWNER
from surveys.roles import VISITOR
from tests.db.scenes import ALL_TYPES, DEFINITIONS, invite, save

PAGE = Path(__file__).parents[3] / "surveys/pages/fill_in.py"
NOW = read_definition(DEFINITIONS / "previous_answers.toml")
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml")
HOSTILE = "<b>=1+1</b> *nee* [x](y)"
AGREE = "Ik ga hiermee akkoord"


@pytest.fixture
def store(store: Store) -> Store:
    """With one region."""
    store.regions.add([("01", "Regio 01")])
    return store.seen_by(OWNER)


def open_wave(store: Store, definition: Definition, name: str = "2024") -> str:
    """The token of a link."""
    store.waves.add(name, definition, state=WaveState.OPEN)
    return store.invitations.renew("01", name)


@pytest.fixture
def token(store: Store) -> str:
    """A link to a wave in which answers of the wave before are shown."""
    store.waves.add("2021", THEN, state=WaveState.OPEN)
    visit = invite(store, "01", "2021")
    then = {"oude_schaal": "weinig", "cijfer": "4", "stil": "ja"}
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), then))
    return open_wave(store, NOW)


def run(token: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["token"] = token
    app.session_state["person"] = VISITOR
    return again(app)


def begin(token: str) -> AppTest:
    return press(run(token), "Beginnen")


def again(changed: Any) -> AppTest:
    """The page as it is after a widget was changed."""
    app: AppTest = changed.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    (button,) = (button for button in app.button if button.label == label)
    return again(button.click())


def text_of(app: AppTest) -> str:
    html = " ".join(each.proto.body for each in app.get("html"))
    shown = (*app.title, *app.markdown, *app.text, *app.error, *app.warning)
    plain = unescape(re.sub(r"<[^>]+>", " ", html))
    return " ".join(f"{plain} {' '.join(each.value for each in shown)}".replace("\\", "").split())


def stored(store: Store, token: str) -> Form:
    form = store.forms.find(store.forms.visit(token))
    assert form is not None
    return form


# Consent


def test_the_text_is_plain_and_beginning_waits_for_the_tick(store: Store) -> None:
    token = open_wave(store, ALL_TYPES)
    store.waves.set_consent("2024", f"{HOSTILE}\n\nTweede regel")
    app = run(token)
    assert f"{HOSTILE}\n\nTweede regel" in [each.value for each in app.text]
    app = press(app, "Beginnen")
    assert f"Zet eerst een vinkje bij '{AGREE}'" in text_of(app)
    assert store.forms.find(store.forms.visit(token)) is None
    (tick,) = app.checkbox
    assert tick.label == AGREE
    app = press(again(tick.check()), "Beginnen")
    assert app.title[0].value == "Gesloten vragen"


def test_without_a_text_nothing_is_ticked(store: Store) -> None:
    app = run(open_wave(store, ALL_TYPES))
    assert not app.checkbox
    assert press(app, "Beginnen").title[0].value == "Gesloten vragen"


def test_a_text_that_changed_is_asked_at_the_next_visit_only(store: Store) -> None:
    token = open_wave(store, ALL_TYPES)
    app = again(begin(token).radio(key="vraag-schaal").set_value("2"))
    store.waves.set_consent("2024", "Een nieuwe tekst")
    app = again(app.radio(key="vraag-ja_nee").set_value("nee"))
    assert stored(store, token).answers == {"schaal": "2", "ja_nee": "nee"}
    later = run(token)
    assert "Een nieuwe tekst" in text_of(later)
    assert "vraag-schaal" not in [radio.key for radio in later.radio]
    later = press(again(later.checkbox[0].check()), "Beginnen")
    assert later.radio(key="vraag-schaal").value == "2"


def test_a_text_that_changes_while_it_is_read_is_ticked_anew(store: Store) -> None:
    token = open_wave(store, ALL_TYPES)
    store.waves.set_consent("2024", "Eerst")
    app = again(run(token).checkbox[0].check())
    store.waves.set_consent("2024", "Later")
    app = press(app, "Beginnen")
    assert "Zet eerst een vinkje" in text_of(app)
    assert (app.checkbox[0].value, "Later" in text_of(app)) == (False, True)


def test_who_changes_what_was_sent_agrees_to_the_text_of_now(store: Store) -> None:
    token = open_wave(store, ALL_TYPES)
    visit = store.forms.visit(token)
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), {"schaal": "2"}))
    store.waves.set_consent("2024", "Een nieuwe tekst")
    app = press(run(token), "Antwoorden wijzigen")
    assert "Zet eerst een vinkje" in text_of(app)
    app = press(again(app.checkbox[0].check()), "Antwoorden wijzigen")
    assert app.title[0].value == "Controleren en verzenden"
    assert stored(store, token).state is ResponseState.DRAFT


# Answers of the wave before


def test_an_earlier_answer_is_shown_before_or_after_answering(store: Store, token: str) -> None:
    app = begin(token)
    assert "In 2021 antwoordde u: 4" in text_of(app)
    assert "een beetje" not in text_of(app)
    assert [*stored(store, token).shown] == ["cijfer"]
    app = again(app.radio(key="vraag-schaal").set_value("enig"))
    assert "In 2021 antwoordde u: een beetje" in text_of(app)
    assert "anders geformuleerd" in text_of(app)
    assert sorted(stored(store, token).shown) == ["cijfer", "schaal"]
    assert "Klopt dit?" not in text_of(app)


def test_what_was_shown_is_written_once_not_at_every_run(
    store: Store, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    keep = Forms.keep_shown

    def count(desk: Forms, visit: Any, form: Form, shown: Any) -> None:
        written.append(len(shown))
        keep(desk, visit, form, shown)

    monkeypatch.setattr(Forms, "keep_shown", count)
    app = begin(token)
    for answer in ("5", "6"):
        app = again(app.text_input(key="vraag-cijfer").set_value(answer))
    run(token)
    assert written == [1]


def test_a_large_move_is_asked_about_and_what_is_said_is_kept(store: Store, token: str) -> None:
    app = again(begin(token).text_input(key="vraag-cijfer").set_value("10"))
    assert "Uw antwoord op 'Welk cijfer geeft u?' verschilt veel van dat in 2021" in text_of(app)
    app = again(app.checkbox(key="vraag-cijfer-klopt").check())
    app = again(app.text_area(key="vraag-cijfer-waarom").set_value(f"  {HOSTILE} "))
    assert stored(store, token).shown["cijfer"] == Remark(True, HOSTILE)
    later = run(token)
    assert later.checkbox(key="vraag-cijfer-klopt").value is True
    assert later.text_area(key="vraag-cijfer-waarom").value == HOSTILE
    later = press(later, "Naar controle")
    assert f"Klopt volgens u. Waardoor het veranderde: {HOSTILE}" in text_of(later)
    app = press(later, "Verzenden")
    assert f"Waardoor het veranderde: {HOSTILE}" in text_of(app)


def test_a_reason_that_cannot_be_kept_is_told_beside_its_field(store: Store, token: str) -> None:
    app = again(begin(token).text_input(key="vraag-cijfer").set_value("10"))
    app = again(app.text_area(key="vraag-cijfer-waarom").set_value("x" * 501))
    assert "De tekst is 501 tekens lang" in text_of(app)
    assert app.text_area(key="vraag-cijfer-waarom").value == "x" * 501
    assert "Verbeter eerst" in text_of(press(app, "Naar controle"))
    app = again(app.text_area(key="vraag-cijfer-waarom").set_value("kort"))
    assert stored(store, token).shown["cijfer"] == Remark(False, "kort")
    app = again(app.text_area(key="vraag-cijfer-waarom").set_value(""))
    assert stored(store, token).shown["cijfer"] == Remark(False, "")


def test_another_answer_is_confirmed_anew(store: Store, token: str) -> None:
    app = again(begin(token).text_input(key="vraag-cijfer").set_value("10"))
    app = again(app.checkbox(key="vraag-cijfer-klopt").check())
    app = again(app.text_area(key="vraag-cijfer-waarom").set_value("gegroeid"))
    app = again(app.text_input(key="vraag-cijfer").set_value("9"))
    assert app.checkbox(key="vraag-cijfer-klopt").value is False
    assert stored(store, token).shown["cijfer"] == Remark(False, "gegroeid")
    app = again(app.text_input(key="vraag-cijfer").set_value("5"))
    assert "Klopt dit?" not in text_of(app)
    app = again(app.text_input(key="vraag-cijfer").set_value("1"))
    assert "Klopt dit?" in text_of(app)
    assert app.text_area(key="vraag-cijfer-waarom").value == "gegroeid"
    app = again(app.checkbox(key="vraag-cijfer-klopt").check())
    assert stored(store, token).shown["cijfer"] == Remark(True, "gegroeid")


def test_an_older_window_shows_what_was_said_in_the_newer(store: Store, token: str) -> None:
    app = again(begin(token).text_input(key="vraag-cijfer").set_value("10"))
    newer = again(run(token).checkbox(key="vraag-cijfer-klopt").check())
    assert newer.checkbox(key="vraag-cijfer-klopt").value is True
    app = again(app.text_area(key="vraag-cijfer-waarom").set_value("ouder venster"))
    assert "in een ander venster gewijzigd" in text_of(app)
    assert app.checkbox(key="vraag-cijfer-klopt").value is True
    assert stored(store, token).shown["cijfer"] == Remark(True, "")


# A new version of the questionnaire


def test_a_window_reads_the_questions_anew_when_another_version_was_taken_up(store: Store) -> None:
    token = open_wave(store, ALL_TYPES)
    app = again(begin(token).radio(key="vraag-schaal").set_value("2"))
    renewed = parse_definition(ALL_TYPES.source.replace('text = "Ja of nee"', 'text = "Of niet"'))
    take_up(store, renewed)
    app = again(app.radio(key="vraag-ja_nee").set_value("ja"))
    assert "De vragenlijst is intussen bijgewerkt" in text_of(app)
    assert app.radio(key="vraag-ja_nee").label == "Of niet"
    assert app.radio(key="vraag-ja_nee").value is None
    assert app.radio(key="vraag-schaal").value == "2"
    app = again(app.radio(key="vraag-ja_nee").set_value("ja"))
    assert stored(store, token).answers == {"schaal": "2", "ja_nee": "ja"}


def take_up(store: Store, definition: Definition) -> None:
    """The draft and the wave go over to this version."""
    proposal = store.waves.propose_questionnaire("2024", definition)
    store.waves.take_questionnaire("2024", definition, proposal.in_use)


def test_the_page_tells_where_to_read_what_is_kept(store: Store) -> None:
    app = run(open_wave(store, ALL_TYPES))
    assert "[Wat bewaren wij van u?](privacy)" in [each.value for each in app.markdown][-1]
