"""'Mijn regio': what a programme leader sees with the personal link once the wave is closed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.answers import Value
from surveys.definition import read_definition
from surveys.fieldwork import WaveState
from surveys.pages.storage import whole_store
from surveys.roles import VISITOR, Person, Role
from tests.db.scenes import DEFINITIONS, invite, open_wave, save

PAGE = Path(__file__).parents[2] / "analysis/pages/own_region.py"
NOW = read_definition(DEFINITIONS / "previous_answers.toml")
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml")
HOSTILE = "<b>Noord</b> *nee* [x](y)"
OTHERS = [f"{number:02}" for number in range(2, 12)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Store]:
    """A closed wave in which region 01 and ten others answered; the page uses it as well."""
    file = tmp_path_factory.mktemp("own") / "monitor.sqlite"
    shutil.copy(empty_database, file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{file}")
        whole_store.clear()
        store = whole_store()
        open_wave(store, "01", *OTHERS, name="2021", definition=THEN)
        open_wave(store, "12", name="2024", definition=NOW)
        store.regions.rename("01", HOSTILE)
        submit(store, "01", "2021", {"cijfer": "6"})
        submit(store, "01", "2024", {"cijfer": "9", "schaal": "veel", "lang": HOSTILE})
        for place, region in enumerate(OTHERS):
            scale: dict[str, Value] = {"schaal": "enig"} if place else {}
            submit(store, region, "2024", {"cijfer": "7", "lang": f"Geheim {place}", **scale})
        store.waves.set_state("2024", WaveState.CLOSED)
        yield store
        store.close()
        whole_store.clear()


def submit(store: Store, region: str, wave: str, answers: Mapping[str, Value]) -> None:
    visit = invite(store, region, wave)
    store.forms.submit(visit, save(store, visit, store.forms.begin(visit), answers))


def run(token: str, person: Person = VISITOR) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["token"] = token
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def html_of(app: AppTest) -> str:
    return " ".join(each.proto.body for each in app.get("html"))


def text_of(app: AppTest) -> str:
    shown = (*app.title, *app.header, *app.markdown, *app.text)
    plain = unescape(re.sub(r"<[^>]+>", " ", html_of(app)))
    return " ".join(f"{plain} {' '.join(each.value for each in shown)}".replace("\\", "").split())


@pytest.fixture(scope="module")
def page(store: Store) -> AppTest:
    return run(store.invitations.renew("01", "2024"))


def test_the_own_answers_stand_beside_those_of_all_regions(page: AppTest) -> None:
    assert [title.value for title in page.title] == ["Mijn regio"]
    text = text_of(page)
    assert f"{HOSTILE}, meting 2024" in text
    assert "11 van 11 regio's (meting 2024), uw regio meegerekend" in text
    assert "Uw regio in 2021" in text
    assert "Welk cijfer geeft u? 9 6 7,2 9% (1 van 11) 11" in text
    assert "u kunt niets meer invullen of wijzigen" in text


def test_what_too_few_others_answered_is_suppressed_and_the_own_answer_stays(
    page: AppTest,
) -> None:
    assert "Hoeveel opbrengst is er nu? veel onderdrukt" in text_of(page)


def test_texts_are_the_own_ones_and_shown_as_they_are(page: AppTest) -> None:
    assert HOSTILE in [text.value for text in page.text]
    assert "Geheim" not in text_of(page)
    assert "<b>Noord" not in html_of(page)


def test_every_chart_has_a_description_and_a_table(page: AppTest) -> None:
    specs = [element.proto.spec for element in page.get("vega_lite_chart")]
    assert specs
    assert all('"description"' in spec for spec in specs)
    assert html_of(page).count('aria-label="Tabel: ') > len(specs)  # numbers have no chart
    assert "[Wat bewaren wij van u?](privacy)" in [text.value for text in page.markdown]


def test_who_did_not_submit_is_told_that_the_wave_is_closed(store: Store) -> None:
    app = run(store.invitations.renew("12", "2024"))
    assert "De meting is gesloten; u kunt niets meer invullen" in text_of(app)
    assert not app.get("vega_lite_chart")


def test_while_the_wave_runs_there_is_nothing_to_see(store: Store) -> None:
    app = run(store.invitations.renew("01", "2021"))
    assert "De meting is nog niet gesloten" in text_of(app)
    assert not app.get("vega_lite_chart")


@pytest.mark.parametrize("role", [Role.STEERING_GROUP, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_no_account_sees_the_page_of_a_region(store: Store, role: Role) -> None:
    app = run(store.invitations.renew("02", "2024"), Person("account 1", role))
    assert [title.value for title in app.title] == ["Deze pagina is niet voor u"]
    assert not html_of(app)
