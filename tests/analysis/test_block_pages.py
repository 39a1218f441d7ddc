"""Jaar op jaar: ways to look at a block, by choice and by address, and one question in detail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store, open_store
from surveys.pages.storage import whole_store
from surveys.roles import COMMAND_LINE
from tests.analysis.test_result_pages import (
    ROOT,
    STEERING_GROUP,
    charts_of,
    example_file,
    run,
    text_of,
)

__all__ = ["example_file"]
TEACHERS = "Voldoende techniekdocenten"


@pytest.fixture(scope="module", autouse=True)
def example(example_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("blokken") / "monitor.sqlite"
    shutil.copy(example_file, file)
    store = open_store(f"sqlite:///{file}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{file}")
        whole_store.clear()
        yield store
        store.close()
        whole_store().close()
        whole_store.clear()


def visit(page: str, **address: str) -> AppTest:
    """The page as a shared address opens it."""
    app = AppTest.from_file(str(ROOT / f"analysis/pages/{page}.py"), default_timeout=60)
    app.session_state["person"] = COMMAND_LINE
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_the_findings_are_told_in_short() -> None:
    menu = str(ROOT / "surveys/pages/entrance/menu.py")  # the page links to others
    app = AppTest.from_file(menu, default_timeout=60).run()
    assert not app.exception
    text = text_of(app)
    assert "In 2024 antwoordden 51 van 78 regio's, 65%" in text
    assert "Daarvan antwoordden 42 regio's ook in 2021" in text
    assert (
        "De urgentie van voldoende techniekdocenten steeg van 57% naar 88% (24 naar 37 van de 42 "
        "regio's); die verandering is groter dan toeval."
    ) in text
    assert "67% van de regio's is ermee bezig (34 van 51)" in text


def test_a_shared_address_opens_the_same_view() -> None:
    app = visit("urgency", weergave="Verdeling", midden="true", volgorde="zoals in de vragenlijst")
    text = text_of(app)
    assert "Urgentie, metingen 2021 en 2024" in text
    assert "57% (24)" in text
    (chart,) = charts_of(app)
    assert "helemaal niet urgent" in str(chart)
    assert app.toggle(key="midden").value


def test_an_address_that_says_nonsense_opens_the_usual_view() -> None:
    app = visit("urgency", weergave="<b>", meting="1999", regios="x", vraag="?", volgorde="1")
    assert "2 van de 8 aandachtspunten veranderden aantoonbaar" in text_of(app)


def test_the_order_is_that_of_the_change_where_that_is_chosen() -> None:
    rows = text_of(visit("urgency", volgorde="grootste verandering eerst"))
    table = rows[rows.index("Aandachtspunt 2021") :]
    names = ("Voldoende techniekdocenten", "De kwaliteit van het", "De aansluiting op de")
    assert sorted(names, key=table.index) == list(names)


def test_a_group_is_shown_as_it_is_released_with_the_others() -> None:
    app = visit("urgency")
    group = app.selectbox(key="regios").options[1]
    text = text_of(app.selectbox(key="regios").select(group).run())
    attribute, value = group.split(": ")
    assert f"Basis: regio's met {attribute} '{value}' die in beide jaren antwoordden." in text
    assert "Verschil in procentpunten" in text


def test_one_question_is_shown_with_change_answers_and_movement() -> None:
    text = text_of(visit("urgency", vraag=TEACHERS))
    assert f"Zo antwoordden de regio's op '{TEACHERS}'" in text
    assert "Omhoog 22 van 42 (52%)" in text
    assert "Hetzelfde onderwerp in een ander blok: Opbrengsten" in text
    assert "De samenwerking tussen" not in text


def test_a_movement_of_few_regions_is_not_told() -> None:
    text = text_of(
        visit("grades", vraag="Door STO delen scholen in onze regio meer kennis en faciliteiten")
    )
    moved = text[text.index("Richting Regio's") :]
    assert moved.count("van 42 (") in (1, 3)  # all of it, or only what gives nothing away


def test_the_way_back_from_one_question_leads_to_all() -> None:
    app = visit("urgency", vraag=TEACHERS)
    app.button[0].click().run()
    assert "2 van de 8 aandachtspunten veranderden aantoonbaar" in text_of(app)


def test_the_steering_group_is_not_given_what_is_for_the_evaluator() -> None:
    app = run("anchoring", STEERING_GROUP)
    assert not app.expander
    assert "2024" not in [option for field in app.selectbox for option in field.options]
