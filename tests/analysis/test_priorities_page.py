"""The page of priorities, and the joint counts that it is made of, on the example."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.counts import group_joint
from analysis.frames import joint_frame
from analysis.priorities import URGENCY, YIELDS
from db.store import Store, open_store
from surveys.example import plan_example_waves, read_example_register
from surveys.fieldwork import EXAMPLE_LABEL, WaveState
from surveys.pages.storage import whole_store
from surveys.roles import COMMAND_LINE, Person, Role
from tests.analysis.three_waves import example_answers, example_panel

PAGE = Path(__file__).parents[2] / "analysis/pages/priorities.py"
STEERING_GROUP = Person("account 1", Role.STEERING_GROUP)
FINDING = (
    "Prioriteiten: 2 van de 8 aandachtspunten zijn aantoonbaar vaker urgent dan dat er opbrengst is"
)


def load(file: Path, *waves: str) -> Path:
    """A database with these waves of the example."""
    store = open_store(f"sqlite:///{file}")
    answers = {wave: dict(example_answers()[wave]) for wave in ("2021", "2024")}
    plans = plan_example_waves(answers)
    asked = [plan for plan in plans if plan.definition.questionnaire.wave in waves]
    store.waves.load_example(read_example_register(), asked)
    store.close()
    return file


@pytest.fixture(scope="module")
def example_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return load(tmp_path_factory.mktemp("example") / "monitor.sqlite", "2021", "2024")


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], Store]]:
    """Make a copy of a database that the page uses as well."""
    stores = []

    def begin(original: Path) -> Store:
        file = shutil.copy(original, tmp_path / "copy.sqlite")
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
        whole_store.clear()
        stores.append(open_store(f"sqlite:///{file}"))
        return stores[0]

    yield begin
    stores[0].close()
    whole_store().close()
    whole_store.clear()


@pytest.fixture
def store(example_file: Path, use: Callable[[Path], Store]) -> Store:
    return use(example_file)


def run(person: Person = COMMAND_LINE) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    html = (unescape(re.sub(r"<[^>]+>", " ", e.proto.body)) for e in app.get("html"))
    parts = [element.value for element in (*app.title, *app.header, *app.markdown, *app.text)]
    return " ".join(" ".join([*html, *parts]).replace("\\", "").split())


def test_the_database_counts_as_the_frame_does(store: Store) -> None:
    for wave in ("2021", "2024"):
        counted = group_joint(store.counts.joint(wave, URGENCY, YIELDS))
        assert counted == joint_frame(example_panel().frames[wave], URGENCY, YIELDS)


def test_the_page_shows_chart_tables_and_downloads(store: Store) -> None:
    store.waves.set_state("2024", WaveState.CLOSED)
    app = run(STEERING_GROUP)
    text = text_of(app)
    assert app.header[0].value == FINDING
    assert EXAMPLE_LABEL in text
    assert "Urgent, weinig opbrengst, meting 2024" in text
    assert "1. De aansluiting met mbo 84% (43 van 51) 39% (20 van 51) +45" in text
    assert "Andere aandachtspunten, meting 2024" in text
    assert "Er zijn geen pijlen: in meting 2021" in text  # yields were not published for it
    (chart,) = [json.loads(e.proto.spec) for e in app.get("vega_lite_chart")]
    assert chart["description"].startswith(FINDING)
    assert len(app.get("download_button")) == 4
    assert re.findall(r"\d\.\d+%?(?!\w)", text) == []


def test_a_wave_that_runs_is_not_shown_to_who_waits_for_it(store: Store) -> None:
    assert store.waves.all()[-1].state is not WaveState.CLOSED
    text = text_of(run(STEERING_GROUP))
    assert "De meting 2024 loopt nog" in text
    assert "geen aandachtspunt dat zowel bij de urgentie als bij de opbrengsten" in text


def test_a_wave_of_which_one_side_is_unknown_says_so(store: Store) -> None:
    store.waves.set_state("2024", WaveState.CLOSED)
    app = run(STEERING_GROUP)
    app.selectbox(key="meting").set_value("2021").run()
    assert "In meting 2021 is geen aandachtspunt" in text_of(app)
    assert not app.header


def test_one_wave_alone_is_enough(tmp_path: Path, use: Callable[[Path], Store]) -> None:
    use(load(tmp_path / "alone.sqlite", "2024"))
    app = run()
    assert app.header[0].value == FINDING
    assert not app.selectbox
    assert "pijl" not in text_of(app)
