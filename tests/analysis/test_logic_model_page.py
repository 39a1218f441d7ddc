"""The page 'Van aanleiding tot resultaat', run without a browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from analysis.example import solve_example
from analysis.logic_model import read_logic_model
from analysis.published import read_published
from db.store import Store, open_store
from surveys.definition import parse_definition
from surveys.example import (
    AFTER,
    BEFORE,
    plan_example_waves,
    read_example_definitions,
    read_example_register,
)
from surveys.fieldwork import EXAMPLE_LABEL, AnsweredWave, WaveState
from surveys.pages.storage import whole_store
from surveys.roles import COMMAND_LINE, Person, Role

PAGE = Path(__file__).parents[2] / "analysis/pages/logic_model.py"
STEERING_GROUP = Person("account 1", Role.STEERING_GROUP)


@pytest.fixture(scope="module")
def example_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with both waves of the example, closed, to be copied."""
    file = tmp_path_factory.mktemp("example") / "monitor.sqlite"
    store = open_store(f"sqlite:///{file}")
    load_example(store)
    store.close()
    return file


@pytest.fixture
def file(tmp_path: Path, empty_database: Path) -> Path:
    return shutil.copy(empty_database, tmp_path / "monitor.sqlite")


@pytest.fixture
def example(file: Path, example_file: Path) -> None:
    shutil.copy(example_file, file)


@pytest.fixture
def store(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database, empty unless `example` filled it, which the page uses as well."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    whole_store.clear()
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()
    whole_store().close()
    whole_store.clear()


def load_example(store: Store, source: str = "", waves: Sequence[str] = (BEFORE, AFTER)) -> None:
    """The example, its waves closed; `source`: of the later questionnaire, if changed."""
    plans = []
    for plan in plan_example_waves(solve_example(read_published())):
        wave = plan.definition.questionnaire.wave
        definition = parse_definition(source) if source and wave == AFTER else plan.definition
        if wave in waves:
            plans.append(AnsweredWave(definition, WaveState.CLOSED, plan.responses))
    store.waves.load_example(read_example_register(), plans)


def run(person: Person = COMMAND_LINE) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def drawing_of(app: AppTest) -> str:
    (drawing,) = (
        str(each.proto.body)
        for each in app.get("html")
        if 'class="achtergrondschets"' in each.proto.body
    )
    return re.sub(r"<style>.*?</style>", "", drawing, flags=re.DOTALL)


def told_by(html: str) -> str:
    """What a reader sees."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.usefixtures("example", "store")
def test_every_box_stands_in_its_column_with_what_is_shown_of_it() -> None:
    app = run(STEERING_GROUP)
    assert [title.value for title in app.title] == ["Van aanleiding tot resultaat"]
    assert "19 van de 50 onderdelen worden gemeten" in app.header[0].value
    drawing = drawing_of(app)
    told = told_by(drawing)
    places = []
    for number, column in enumerate(read_logic_model().columns, start=1):
        places.append(told.index(f"{number}. {column.title}"))
        for box in column.boxes:
            places.append(told.index(box.text, places[-1]))
    assert places == sorted(places)
    assert "(Dreigend) lerarentekort voor techniek ▲ aantoonbaar gestegen (heel) urgent" in told
    assert "57% → 88%*" in told
    assert drawing.count('<li class="vak unmeasured">') == 31
    assert EXAMPLE_LABEL in " ".join(told_by(each.proto.body) for each in app.get("html"))
    assert len(app.get("download_button")) == 4


@pytest.mark.usefixtures("example", "store")
def test_a_link_leads_to_the_question_in_its_block_and_keeps_the_waves() -> None:
    app = run()
    links = re.findall(r'<a href="([^"]+)"[^>]*>(.*?)</a>', drawing_of(app))
    questionnaire = read_example_definitions()[AFTER].questionnaire
    asked = {(s.id, q.text) for s in questionnaire.sections for q in s.questions}
    measured = [box for box in read_logic_model().boxes if box.measured_by]
    assert len(links) == sum(len(box.measured_by) for box in measured)
    places: dict[str, str] = {}
    for address, told in links:
        parts = urlsplit(unescape(address))
        filters = parse_qs(parts.query)
        assert (parts.path, filters["vraag"][0]) in asked
        assert filters["meting"] == [AFTER]
        assert places.setdefault(told_by(told), address) == address, "one text, two places"


def test_text_of_a_question_is_shown_as_it_is(store: Store) -> None:
    source = read_example_definitions()[AFTER].source
    hostile = "<img src=x onerror=hacked()> *De* & aansluiting"
    load_example(store, source.replace('text = "De aansluiting met mbo"', f'text = "{hostile}"'))
    drawing = drawing_of(run())
    assert "<img" not in drawing
    assert hostile in told_by(drawing)


def test_without_two_waves_it_says_what_is_needed(store: Store) -> None:
    assert "Er zijn nog geen metingen" in run().text[-1].value
    load_example(store, waves=[BEFORE])
    app = run()
    assert "twee metingen met antwoorden nodig" in app.markdown[0].value
    assert not app.header
