"""Who sees which page: every page's file, for every role."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from surveys.pages.storage import whole_store
from surveys.roles import VISITOR, Person, Right, Role

ROOT = Path(__file__).parents[3]
NEEDED: dict[str, dict[Right | None, str]] = {
    "analysis": {
        Right.SEE_RESULTS: "summary urgency yields attention grades anchoring groups priorities "
        "logic_model report method",
        Right.DO_FIELDWORK: "planner",
        Right.FILL_IN: "own_region",
    },
    "surveys": {
        Right.DO_FIELDWORK: "fieldwork waves regions invitations entry import_wave quotes",
        Right.READ_TRAIL: "trail",
        Right.ADMINISTER: "accounts settings",
        Right.FILL_IN: "fill_in",
        None: "privacy",
    },
}
PAGES = [
    (f"{package}/pages/{name}.py", right)
    for package, by_right in NEEDED.items()
    for right, names in by_right.items()
    for name in names.split()
]
PERSONS = [
    VISITOR,
    *(Person("account 1", role, "Eva") for role in Role if role is not VISITOR.role),
]


@pytest.fixture(scope="module", autouse=True)
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    file = tmp_path_factory.mktemp("roles") / "monitor.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{file}")
        whole_store.clear()
        yield
        whole_store().close()
        whole_store.clear()


def is_page(file: Path) -> bool:
    """Whether it draws itself when it is run."""
    last = ast.parse(file.read_text(encoding="utf-8")).body[-1:]
    return any(isinstance(line, ast.Expr) and isinstance(line.value, ast.Call) for line in last)


def test_every_page_is_in_this_test_and_in_the_menu() -> None:
    files = [file for name in NEEDED for file in (ROOT / name / "pages").glob("*.py")]
    found = {file.relative_to(ROOT).as_posix() for file in files if is_page(file)}
    assert found == {page for page, _ in PAGES}
    menu = (ROOT / "surveys/pages/entrance/menu.py").read_text(encoding="utf-8")
    for page in found:
        assert f'"{Path(page).stem}"' in menu or page in menu, f"{page} is not in the menu"


@pytest.mark.parametrize("person", PERSONS, ids=lambda person: person.role.value)
@pytest.mark.parametrize(("page", "right"), PAGES, ids=lambda part: str(part))
def test_a_page_draws_itself_for_who_may_see_it_and_nothing_for_others(
    page: str, right: Right | None, person: Person
) -> None:
    app = AppTest.from_file(str(ROOT / page), default_timeout=60)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    title = app.title[0].value
    refusal = "Meld u aan" if person == VISITOR else "Deze pagina is niet voor u"
    if right is None or person.may(right):
        assert title not in ("Meld u aan", "Deze pagina is niet voor u")
    else:
        assert [title.value for title in app.title] == [refusal]
        assert not app.button
        assert not app.selectbox
        assert not app.header


def test_only_who_does_the_research_may_overrule_how_is_tested() -> None:
    code = (
        "import streamlit as st\n"
        "from analysis.pages.evaluator import choose_settings\n"
        "st.text(str(choose_settings()))\n"
    )
    for role, shown in ((Role.EVALUATOR, 1), (Role.STEERING_GROUP, 0)):
        app = AppTest.from_string(code, default_timeout=60)
        app.session_state["person"] = Person("account 1", role)
        app.run()
        assert len(app.radio) == shown


def test_the_example_can_be_loaded_by_who_does_the_fieldwork_only() -> None:
    for role, shown in ((Role.EVALUATOR, 1), (Role.STEERING_GROUP, 0)):
        app = AppTest.from_file(str(ROOT / "analysis/pages/summary.py"), default_timeout=60)
        app.session_state["person"] = Person("account 1", role)
        app.run()
        assert len(app.button) == shown
