"""The results pages, run without a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.example import solve_example
from analysis.published import read_published
from db.store import Store, open_store
from surveys.answers import Value
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
from surveys.routing import settle
from tests.db.scenes import import_responses

ROOT = Path(__file__).parents[2]
STEERING_GROUP = Person("account 1", Role.STEERING_GROUP)
EVALUATOR = Person("account 2", Role.EVALUATOR)
RUNS = "De meting 2024 loopt nog; de uitkomsten komen als zij gesloten is."
PAGES = ["urgency", "yields", "attention", "grades", "anchoring"]


@pytest.fixture(scope="module")
def example_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the example, to be copied."""
    file = tmp_path_factory.mktemp("example") / "monitor.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.waves.load_example(read_example_register(), plan_example_waves(example_answers()))
    store.close()
    return file


@cache
def example_answers() -> dict[str, dict[str, dict[str, Value]]]:
    return solve_example(read_published())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monitor.sqlite"


@pytest.fixture
def store(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database, empty unless `example` filled it, which the pages use as well."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    whole_store.clear()
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()
    whole_store().close()
    whole_store.clear()


@pytest.fixture
def copied(file: Path, example_file: Path) -> None:
    shutil.copy(example_file, file)


@pytest.fixture
def example(copied: None, store: Store) -> Store:
    return store


def run(page: str, person: Person = COMMAND_LINE) -> AppTest:
    app = AppTest.from_file(str(ROOT / f"analysis/pages/{page}.py"), default_timeout=30)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def html_of(app: AppTest) -> list[str]:
    return [element.proto.body for element in app.get("html")]


def text_of(app: AppTest) -> str:
    """All that a reader sees, charts left out."""
    html = (unescape(re.sub(r"<[^>]+>", " ", body)) for body in html_of(app))
    parts = [element.value for element in (*app.title, *app.header, *app.markdown, *app.text)]
    return " ".join(" ".join([*html, *parts]).replace("\\", "").split())


def charts_of(app: AppTest) -> list[dict[str, object]]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


# On the example


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("urgency", ["88%* (37 van 42)", "57% (24 van 42)", "42 regio's die in beide jaren",
                     "2 van de 8 aandachtspunten", "+14 (1 tot 29)", "McNemar-toets (mid-p)",
                     "Geen ster betekent niet: geen verandering"]),
        ("yields", ["86% (44)", "0% (0)", "51 van 78 regio's", "bij 6 van de 8"]),
        ("attention", ["54% (27)", "Veel aandacht", "Minder aandacht", "4 van de 7"]),
        ("grades", ["7,5*", "6,7", "gepaarde t-toets", "+0,81 (0,43 tot 1,19)"]),
        ("anchoring", ["67% (34 van 51)", "86% (44 van 51)", "74% tot 93%", "39% (20)",
                       "volgens Wilson"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("example")
def test_a_page_shows_its_figures(page: str, told: list[str]) -> None:
    text = text_of(run(page))
    assert [part for part in told if part not in text] == []
    assert EXAMPLE_LABEL in text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("example")
def test_every_chart_has_a_description_and_a_table_that_can_be_scrolled(page: str) -> None:
    app = run(page)
    descriptions = [chart["description"] for chart in charts_of(app)]
    assert descriptions
    assert all("regio's" in str(told) for told in descriptions)
    tables = [body for body in html_of(app) if "<table>" in body]
    assert tables
    assert all('role="region" tabindex="0" aria-label="Tabel:' in body for body in tables)
    assert len(app.get("download_button")) in (4, 8)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("example")
def test_no_decimal_points_reach_the_reader(page: str) -> None:
    assert re.findall(r"\d\.\d+%?(?!\w)", text_of(run(page))) == []


@pytest.mark.usefixtures("example")
def test_the_star_follows_the_setting() -> None:
    app = run("urgency")
    app.radio[0].set_value("holm").run()
    text = text_of(app)
    assert "1 van de 8 aandachtspunten veranderde aantoonbaar" in text
    assert "De ster volgt de p met correctie voor het aantal toetsen (Holm)" in text
    assert "Ingesteld bij 'Voor de onderzoeker', onderaan: de ster volgt de p met Holm" in text
    assert "88%* (37 van 42)" in text  # voldoende techniekdocenten
    assert "88% (37 van 42)" in text  # de aansluiting met mbo


@pytest.mark.usefixtures("example")
def test_what_the_evaluator_chose_is_told_with_the_figures() -> None:
    app = run("urgency")
    assert "Ingesteld bij" not in text_of(app)
    app.radio[0].set_value("bh")
    app.selectbox(key="opzet").set_value("independent")
    app.selectbox(key="marge").set_value(20).run()
    text = text_of(app)
    assert "p (Benjamini-Hochberg)" in text
    assert "vergeleken: alle regio's, als verschillende groepen" in text
    assert "Gelijkwaardig betekent: een verandering van 20 procentpunten of meer" in text
    assert "De onderzoeker koos dit: alle regio's van beide metingen" in text
    assert "Fisher" in text
    assert "nevenuitkomst" not in text


@pytest.mark.usefixtures("example")
def test_a_margin_for_grades_is_in_points() -> None:
    app = run("grades")
    app.selectbox(key="marge_cijfer").set_value(1.0).run()
    assert "een verandering van 1,00 punt of meer" in text_of(app)


@pytest.mark.usefixtures("example")
def test_all_regions_stand_apart_from_those_that_answered_twice() -> None:
    text = text_of(run("urgency"))
    assert "alle regio's die in één of beide jaren antwoordden (nevenuitkomst)" in text
    assert "58% (55)" in text
    assert "De ster volgt deze nevenuitkomst niet" in text


def test_what_is_withheld_over_all_regions_says_so(store: Store) -> None:
    load(store, {BEFORE: 30, AFTER: 32})
    text = text_of(run("urgency"))
    assert "niet getoond (er komen te weinig regio's bij)" in text


@pytest.mark.parametrize("design", ["paired", "overlap"])
def test_pairs_that_are_asked_for_and_do_not_exist_are_explained(design: str, store: Store) -> None:
    load(store, {BEFORE: 20, AFTER: 20}, apart=True)
    app = run("urgency")
    app.selectbox(key="opzet").set_value(design).run()
    assert not app.exception
    assert "Geen enkele regio gaf in beide jaren een geldig antwoord" in text_of(app)


@pytest.mark.usefixtures("example")
def test_the_page_explains_why_the_test_is_paired() -> None:
    text = text_of(run("urgency"))
    assert "van 31 naar 37 van de 42 regio's" in text
    assert "(Fisher) geeft p = 0,164" in text


@pytest.mark.usefixtures("example")
def test_the_interval_can_be_about_the_regions_that_were_asked() -> None:
    app = run("anchoring")
    before = text_of(app)
    app.toggle(key="eindige_populatie").set_value(True).run()
    assert "met correctie voor een eindige populatie" in text_of(app)
    assert "74% tot 93%" in before
    assert "74% tot 93%" not in text_of(app)


@pytest.mark.parametrize("page", ["yields", "attention", "anchoring"])
@pytest.mark.usefixtures("example")
def test_a_block_that_nobody_answered_is_explained(page: str) -> None:
    app = run(page)
    app.selectbox(key="meting").set_value(BEFORE).run()
    assert not app.exception
    assert "In meting 2021 heeft geen enkele regio het blok" in text_of(app)
    assert not charts_of(app)


# Where something is missing


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("store")
def test_an_empty_database_is_explained(page: str) -> None:
    app = run(page)
    assert "Er zijn nog geen metingen" in text_of(app)
    assert not charts_of(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_wave_without_responses_is_explained(page: str, store: Store) -> None:
    store.waves.add(AFTER, read_example_definitions()[AFTER], state=WaveState.OPEN)
    assert "Nog geen enkele regio" in text_of(run(page))


def test_one_wave_cannot_be_compared(store: Store) -> None:
    load(store, {AFTER: 30})
    assert "twee metingen met antwoorden nodig" in text_of(run("grades"))
    alone = text_of(run("urgency"))
    assert "Basis: 30 van 78 regio's (meting 2024)" in alone  # its distribution is shown
    assert "veranderde" not in alone


def load(store: Store, sizes: dict[str, int], *, apart: bool = False) -> None:
    """The first so many responses of example waves; `apart`: after those of the wave before."""
    responses = example_answers()
    both = [region for region in responses[BEFORE] if region in responses[AFTER]]
    waves, used = [], 0
    for plan in plan_example_waves(responses):
        wave = plan.definition.questionnaire.wave
        if wave in sizes:
            chosen = both[used : used + sizes[wave]]
            used += sizes[wave] if apart else 0
            given = {region: plan.responses[region] for region in chosen}
            waves.append(AnsweredWave(plan.definition, WaveState.CLOSED, given))
    store.waves.load_example(read_example_register(), waves)


@pytest.mark.parametrize("page", PAGES)
def test_few_regions_are_suppressed_on_page_and_chart(page: str, store: Store) -> None:
    load(store, {BEFORE: 4, AFTER: 4})
    app = run(page)
    text = text_of(app)
    assert "onderdrukt (te weinig waarnemingen)" in text
    assert "minder dan 5 regio's" in text
    assert not re.search(r"\d%(?!-interval|-betrouw)", text)
    for chart in app.get("vega_lite_chart"):
        assert b"onderdrukt (te weinig waarnemingen)" in chart.proto.SerializeToString()


@pytest.mark.parametrize("page", ["yields", "attention", "anchoring"])
def test_a_wave_that_few_answered_yet_does_not_take_the_place_of_the_one_before(
    page: str, store: Store
) -> None:
    load(store, {BEFORE: 5, AFTER: 4})
    assert run(page).selectbox(key="meting").value == BEFORE
    later = run(page).selectbox(key="meting").select(AFTER).run()
    assert "minder dan 5 regio's" in text_of(later)


@pytest.mark.parametrize(("page", "test"), [("urgency", "Fisher"), ("grades", "Welch")])
def test_different_regions_get_the_test_for_different_regions(
    page: str, test: str, store: Store
) -> None:
    load(store, {BEFORE: 20, AFTER: 20}, apart=True)
    text = text_of(run(page))
    assert "geen regio antwoordde in beide jaren" in text
    assert test in text


def test_markup_in_a_question_is_shown_as_text(store: Store) -> None:
    definition = read_example_definitions()[AFTER]
    source = definition.source.replace(
        'text = "De aansluiting met mbo"', 'text = "<b>Aan*sluiting*</b>"'
    )
    changed = parse_definition(source)
    responses = example_answers()[AFTER]
    plan = AnsweredWave(changed, WaveState.CLOSED, responses)
    store.waves.load_example(read_example_register(), [plan])
    tables = "".join(html_of(run("yields")))
    assert "&lt;b&gt;Aan*sluiting*&lt;/b&gt;" in tables
    assert "<b>" not in tables


def test_a_questionnaire_without_the_block_is_explained(store: Store) -> None:
    definition = parse_definition((ROOT / "tests/definitions/all_types.toml").read_text("utf-8"))
    store.waves.add("2024", definition, state=WaveState.OPEN)
    store.regions.add([("01", "Regio 01")])
    answers = settle(definition.questionnaire, {"schaal": "1"})
    import_responses(store, "2024", {"01": answers})
    for page in ("yields", "attention", "anchoring"):
        assert "heeft geen blok" in text_of(run(page))


# Before a wave is closed


@pytest.mark.parametrize("page", PAGES)
def test_the_steering_group_sees_a_wave_once_it_is_closed(page: str, example: Store) -> None:
    assert charts_of(run(page, EVALUATOR))
    app = run(page, STEERING_GROUP)
    assert RUNS in text_of(app)
    assert AFTER not in [option for field in app.selectbox for option in field.options]
    # in 2021 only urgency and grades were asked, and a grade is shown beside another
    assert bool(charts_of(app)) == (page == "urgency")
    example.waves.set_state(AFTER, WaveState.CLOSED)
    app = run(page, STEERING_GROUP)
    assert charts_of(app)
    assert RUNS not in text_of(app)


@pytest.mark.parametrize("page", PAGES)
def test_the_first_wave_is_not_shown_while_it_runs(page: str, store: Store) -> None:
    load(store, {AFTER: 30})
    store.waves.set_state(AFTER, WaveState.OPEN, "Nog een regio")
    app = run(page, STEERING_GROUP)
    assert RUNS in text_of(app)
    assert "Nog geen enkele regio" not in text_of(app)
    assert not charts_of(app)
    assert not app.header
