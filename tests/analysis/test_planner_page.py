"""The planner and the method page, run without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import open_store
from surveys.definition import DEFINITIONS, read_definition
from surveys.fieldwork import WaveState
from surveys.pages.storage import whole_store

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database, which the pages use."""
    url = f"sqlite:///{tmp_path / 'monitor.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", url)
    whole_store.clear()
    yield url
    whole_store().close()
    whole_store.clear()


def run(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / f"analysis/pages/{page}.py"), default_timeout=30)
    app.run()
    assert not app.exception
    return app


def html_of(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def text_of(app: AppTest) -> str:
    html = unescape(re.sub(r"<[^>]+>", " ", html_of(app)))
    parts = [element.value for element in (*app.title, *app.header, *app.markdown, *app.text)]
    return " ".join(" ".join([html, *parts]).split())


def fill(app: AppTest, key: str, value: str) -> AppTest:
    app.text_input(key=key).set_value(value).run()
    assert not app.exception
    return app


# The planner


def test_it_answers_how_many_regions_fifteen_points_take() -> None:
    text = text_of(run("planner"))
    assert "Om 15 procentpunten te zien: 102 regio's" in text
    assert "183 per meting nodig (van 50% naar 65%)" in text
    assert "Een regio wisselt als" in text
    assert " 42 22,2 30,5 " in text


def test_a_larger_change_takes_fewer_regions_and_a_decimal_comma_is_read() -> None:
    app = fill(run("planner"), "verandering", "20")
    assert "Om 20 procentpunten te zien: 53 regio's" in text_of(app)
    assert "Om 12,5 procentpunten te zien" in text_of(fill(app, "verandering", "12,5"))


def test_fewer_wavering_regions_than_the_change_are_no_dead_end() -> None:
    app = fill(run("planner"), "wisselen", "10")
    text = text_of(app)
    assert "kan alleen als minstens 15% van de regio's wisselt" in text
    assert "Vul bij 'Regio's die wisselen' 15 of meer in" in text
    assert "Om 15 procentpunten te zien: 44 regio's" in text_of(fill(app, "wisselen", "15"))


@pytest.mark.parametrize("typed", ["", "veel", "0", "51", "nan", "1e400", "-5"])
def test_what_is_no_usable_number_is_told_at_the_field(typed: str) -> None:
    text = text_of(fill(run("planner"), "verandering", typed))
    assert "Vul een getal in van 1 tot en met 50." in text
    assert "Het antwoord volgt zodra" in text


def test_where_a_rise_has_no_room_other_regions_are_counted_for_a_fall() -> None:
    text = text_of(fill(run("planner"), "eerste", "95"))
    assert "(van 95% naar 80%)" in text


def test_the_answer_is_held_against_the_regions_that_were_asked(url: str) -> None:
    store = open_store(url)
    definition = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml")
    store.waves.add("2024", definition, state=WaveState.OPEN)
    store.regions.add([("01", "Regio 01")])
    store.invitations.renew("01", "2024")
    store.close()
    assert "102 is meer dan de 1 regio die in meting 2024 is gevraagd" in text_of(run("planner"))


def test_a_grade_has_questions_of_its_own() -> None:
    app = run("planner")
    app.radio[0].set_value("een rapportcijfer").run()
    text = text_of(app)
    assert "Om 0,5 punt te zien: 48 regio's" in text
    assert "Spreiding van de veranderingen" in [field.label for field in app.text_input][1]


def test_a_higher_chance_takes_more_regions() -> None:
    app = run("planner")
    app.radio[1].set_value(90).run()
    found = re.search(r"Om 15 procentpunten te zien: (\d+)", text_of(app))
    assert found
    assert int(found[1]) > 102


# The method page


def test_every_table_and_command_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    app = run("method")
    html = html_of(app)
    on_disk = "".join((ROOT / f"docs/{name}.md").read_text("utf-8") for name in METHOD)
    assert html.count("<table>") == len(re.findall(r"^\|[-| ]+\|$", on_disk, re.MULTILINE))
    assert html.count('<div class="cijfers" role="region" tabindex="0"') == html.count("<table>")
    assert html.count('<pre class="opdracht" role="region" tabindex="0"') * 2 == on_disk.count(
        "```"
    )
    assert "|---" not in text_of(app)


METHOD = ("methode", "simulatie")


def test_every_link_leads_to_a_heading_of_the_page() -> None:
    app = run("method")
    html = html_of(app)
    links = re.findall(r'href="([^"]+)"', html)
    links += re.findall(r"\]\(([^)]+)\)", " ".join(element.value for element in app.markdown))
    anchors = re.findall(r'<h\d id="([^"]+)"', html)
    assert "#simulatie" in links
    assert len(anchors) == len(set(anchors))
    assert [link for link in links if link.removeprefix("#") not in anchors] == []


def test_no_heading_level_is_skipped() -> None:
    levels = [1, *map(int, re.findall(r"<h(\d)", html_of(run("method"))))]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_links_of_the_documents_lead_somewhere_on_disk() -> None:
    for name in METHOD:
        for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / f"docs/{name}.md").read_text("utf-8")):
            assert (ROOT / "docs" / target).exists(), f"{name}.md links to {target}"
