"""The page of groups of regions, run without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.disclosure import release, shown_groups
from analysis.example import solve_example
from analysis.panel import make_panel
from analysis.published import read_published
from analysis.settings import Settings
from analysis.subgroups import GroupDifference, compare_groups, find_group_differences
from db.store import Store, open_store
from surveys.answers import Answers, Value
from surveys.dutch import format_p
from surveys.example import (
    AFTER,
    BEFORE,
    plan_example_waves,
    read_example_definitions,
    read_example_register,
)
from surveys.fieldwork import EXAMPLE_LABEL, AnsweredWave, WaveState
from surveys.pages.storage import whole_store
from surveys.regions.register import Register
from surveys.roles import COMMAND_LINE, Person, Role
from surveys.routing import settle

PAGE = Path(__file__).parents[2] / "analysis/pages/groups.py"
Responses = dict[str, dict[str, dict[str, Value]]]


@cache
def example_answers() -> Responses:
    return solve_example(read_published())


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty database, which the page uses as well."""
    url = f"sqlite:///{tmp_path / 'monitor.sqlite'}"
    monkeypatch.setenv("DATABASE_URL", url)
    whole_store.clear()
    store = open_store(url)
    yield store
    store.close()
    whole_store().close()
    whole_store.clear()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A database with the example, which the tests only read."""
    file = tmp_path_factory.mktemp("example") / "monitor.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{file}")
        whole_store.clear()
        waves = plan_example_waves(example_answers())
        whole_store().waves.load_example(read_example_register(), waves)
        yield
        whole_store().close()
        whole_store.clear()


def load(store: Store, responses: Responses, groups: Mapping[str, str] | None) -> None:
    """Waves of the example's questionnaires; in which group each region is, if that is known."""
    regions = {region for wave in responses.values() for region in wave} | {*(groups or {})}
    register = (
        Register({region: {} for region in regions}, ())
        if groups is None
        else Register({region: {"soort": groups[region]} for region in regions}, ("soort",))
    )
    waves = [
        AnsweredWave(plan.definition, WaveState.CLOSED, plan.responses)
        for plan in plan_example_waves({BEFORE: {}, AFTER: {}, **responses})
        if plan.responses
    ]
    store.waves.load_example(register, waves)


def run(person: Person = COMMAND_LINE) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def choose(app: AppTest, label: str, value: str) -> AppTest:
    (field,) = (field for field in app.selectbox if field.label == label)
    field.set_value(value).run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    html = (unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html"))
    parts = [each.value for each in (*app.title, *app.header, *app.markdown, *app.text)]
    return " ".join(" ".join([*html, *parts]).replace("\\", "").split())


def tables_of(app: AppTest) -> dict[str, dict[str, list[str]]]:
    """Per caption the cells of each row, by its name."""
    found = {}
    for body in (each.proto.body for each in app.get("html")):
        if caption := re.search(r"<caption>(.*?)</caption>", body):
            rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body)
            found[_plain(caption[1])] = {
                _plain(name): [_plain(cell) for cell in re.findall(r"<td.*?>(.*?)</td>", cells)]
                for name, cells in rows
            }
    return found


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).replace("\N{NO-BREAK SPACE}", " ")


def sentences_of(app: AppTest) -> list[str]:
    """What is told under the tables of whether the groups differ."""
    return re.findall(r"Verschil tussen de .*?\.(?= [A-Z(]|$)", text_of(app))


def expected_differences(
    responses: Mapping[str, Mapping[str, Answers]], register: Register, by: str, options: Settings
) -> list[GroupDifference]:
    """Without a database, from the rows."""
    asked = {wave: made.questionnaire for wave, made in read_example_definitions().items()}
    settled = {
        wave: {region: settle(asked[wave], said) for region, said in given.items()}
        for wave, given in responses.items()
    }
    panel = make_panel(asked, settled)
    groups = {
        name: panel.part(members).count_pair() for name, members in register.members(by).items()
    }
    rows = compare_groups(by, groups, panel.count_pair(), options)
    table = release(rows, title="", base="", method="", source="")
    return find_group_differences(
        by, groups, panel.count_pair(), options, shown=shown_groups(table)
    )


# On the example


@pytest.mark.usefixtures("example")
def test_every_question_has_a_table_of_its_groups() -> None:
    app = run()
    tables = tables_of(app)
    assert len(tables) == 8
    assert all([*rows] == ["alle regio's", "groot", "klein", "middel"] for rows in tables.values())
    rows = tables["Voldoende techniekdocenten: (heel) urgent"]
    assert rows["alle regio's"][:2] == ["57% (24 van 42)", "88%* (37 van 42)"]
    bases = [int(re.findall(r"van (\d+)\)", rows[name][0])[0]) for name in rows]
    assert bases[0] == sum(bases[1:]) == 42
    text = text_of(app)
    for told in (EXAMPLE_LABEL, "Urgentie per grootte", "42 regio's die in beide jaren"):
        assert told in text
    assert "McNemar-toets (mid-p)" in text
    assert "getoetst met de toets van Kruskal en Wallis, alleen over de groepen" in text
    assert "onderdrukt" not in text


@pytest.mark.parametrize("stars", ["raw", "holm"])
@pytest.mark.usefixtures("example")
def test_the_tests_are_those_of_the_analysis(stars: str) -> None:
    app = run()
    app.radio[0].set_value(stars).run()
    options = Settings(stars="raw" if stars == "raw" else "adjusted")
    found = expected_differences(example_answers(), read_example_register(), "grootte", options)
    rows = [row for row in found if row.section == "urgentie" and not row.is_summary]
    assert len(rows) == 8
    name = "p" if stars == "raw" else "p (Holm)"
    for row, told in zip(rows, sentences_of(app), strict=True):
        level, change = (
            format_p(test.p if stars == "raw" else test.p_adjusted)
            for test in (row.level, row.change)
        )
        assert told == (
            f"Verschil tussen de 3 groepen: in 2024 niet aangetoond ({name} = {level}; 42 "
            f"regio's); in de verandering niet aangetoond ({name} = {change})."
        )


@pytest.mark.usefixtures("example")
def test_grades_have_their_own_tests() -> None:
    app = choose(run(), "Blok", "rapportcijfers")
    rows = next(iter(tables_of(app).values()))
    assert rows["alle regio's"][2] == "42"
    text = text_of(app)
    assert "de gepaarde t-toets" in text
    assert "getoetst met de F-toets van Welch, alleen over" in text
    # the one level that differs, at a p of 0,040
    assert sum("in 2024 aangetoond" in told for told in sentences_of(app)) == 1


@pytest.mark.usefixtures("example")
def test_suppressed_and_few_are_told_apart_and_not_tested() -> None:
    app = choose(run(), "Kenmerk", "provincie")
    text = text_of(app)
    rows = tables_of(app)["Voldoende techniekdocenten: (heel) urgent"]
    assert rows["Limburg"] == ["onderdrukt (te weinig waarnemingen)"]
    assert rows["Gelderland"] == ["9 regio's: te weinig voor percentages"]
    assert not re.search(r"\b[1-4] regio's(?! wordt)", text)
    assert {*sentences_of(app)} == {"Verschil tussen de groepen: niet getoetst."}
    assert "minstens twee groepen nodig die groot genoeg zijn om te tonen" in text
    assert "Een groep van minder dan 5 regio's wordt onderdrukt." in text
    assert "Kruskal" not in text


@pytest.mark.usefixtures("example")
def test_a_block_that_was_answered_once_is_explained() -> None:
    app = choose(run(), "Blok", "opbrengsten")
    told = "geen enkele vraag van dit blok zijn er antwoorden om te vergelijken"
    assert told in text_of(app)
    assert not tables_of(app)


@pytest.mark.usefixtures("example")
def test_no_decimal_points_reach_the_reader() -> None:
    app = choose(run(), "Blok", "rapportcijfers")
    assert re.findall(r"\d\.\d+%?(?!\w)", text_of(app)) == []


# Hidden groups


def in_both() -> list[str]:
    responses = example_answers()
    return [region for region in responses[BEFORE] if region in responses[AFTER]]


def of_sizes(**sizes: int) -> dict[str, str]:
    regions = iter(in_both())
    return {next(regions): name for name, size in sizes.items() for _ in range(size)}


def answers_of(groups: Mapping[str, str]) -> Responses:
    return {
        wave: {region: dict(given[region]) for region in groups}
        for wave, given in example_answers().items()
    }


GROUPS = {"klein": 3, "middel": 10, "groot": 12, "groter": 17}


def test_the_tests_are_over_the_groups_that_are_shown(store: Store) -> None:
    groups = of_sizes(**GROUPS)
    load(store, answers_of(groups), groups)
    app = run()
    rows = tables_of(app)["Voldoende techniekdocenten: (heel) urgent"]
    hidden = {name for name, cells in rows.items() if "onderdrukt" in cells[0]}
    assert hidden == {"klein", "middel"}
    assert all(
        told.startswith("Verschil tussen de 2 getoonde groepen: in 2024")
        and "; 29 regio's)" in told
        for told in sentences_of(app)
    )
    assert "Soms geldt dat ook voor een grotere groep" in text_of(app)


def test_what_hidden_groups_said_changes_no_test(store: Store) -> None:
    groups = of_sizes(**GROUPS)
    responses = answers_of(groups)
    for region, name in groups.items():
        if name in ("klein", "middel"):
            for item in responses[AFTER][region]:
                if item.startswith("urgentie"):
                    responses[AFTER][region][item] = "1"
    expected = expected_differences(answers_of(groups), _register(groups), "soort", Settings())
    load(store, responses, groups)
    app = run()
    told = [f"p = {format_p(row.level.p)}; 29" for row in expected if row.item.startswith("urg")]
    for part, sentence in zip(told[:8], sentences_of(app), strict=True):
        assert part in sentence


def _register(groups: Mapping[str, str]) -> Register:
    return Register({region: {"soort": name} for region, name in groups.items()}, ("soort",))


def test_a_total_that_is_suppressed_has_no_groups(store: Store) -> None:
    groups = of_sizes(een=4, twee=4)
    load(store, answers_of(groups), groups)
    app = run()
    for rows in tables_of(app).values():
        assert rows == {"alle regio's": ["8 regio's: te weinig voor percentages"]}
    assert sentences_of(app) == []


def test_every_option_of_a_question_with_more_answers_has_a_table(store: Store) -> None:
    groups = of_sizes(een=14, twee=15)
    responses = answers_of(groups)
    asked = {wave: made.questionnaire for wave, made in read_example_definitions().items()}
    for region in groups:  # in the earlier wave the block was not answered
        for item, value in responses[AFTER][region].items():
            if item.startswith("borging") and any(q.id == item for q in asked[BEFORE].questions):
                responses[BEFORE][region][item] = value
    load(store, responses, groups)
    captions = [*tables_of(choose(run(), "Blok", "borging"))]
    options = [c for q in asked[AFTER].questions if q.id == "borging_vormen" for c in q.choices]
    assert len(captions) == 1 + len(options)
    assert all(any(caption.endswith(o.label) for caption in captions) for o in options)


def test_waves_of_different_regions_have_a_base_for_level_and_change(store: Store) -> None:
    responses = example_answers()
    first = [*responses[BEFORE]][:30]
    last = [region for region in responses[AFTER] if region not in first]
    apart = {
        BEFORE: {region: responses[BEFORE][region] for region in first},
        AFTER: {region: responses[AFTER][region] for region in last},
    }
    kinds = ("een", "twee")
    groups = {region: kinds[i % 2] for wave in (first, last) for i, region in enumerate(wave)}
    load(store, apart, groups)
    text = text_of(app := run())
    assert f"30 regio's in 2021 en {len(last)} regio's in 2024" in text
    assert "de F-toets van Welch voor veranderingen van verschillende regio's" in text
    (row, *_) = expected_differences(apart, _register(groups), "soort", Settings())
    assert (row.design, row.item) == ("independent", "urgentie_techniekdocenten")
    assert row.change.n > row.level.n
    assert sentences_of(app)[0] == (
        "Verschil tussen de 2 groepen: in 2024 niet aangetoond "
        f"(p = {format_p(row.level.p)}; {row.level.n} regio's); in de verandering niet aangetoond "
        f"(p = {format_p(row.change.p)}; {row.change.n} antwoorden)."
    )


# Where something is missing


@pytest.mark.usefixtures("store")
def test_an_empty_database_is_explained() -> None:
    assert "Er zijn nog geen metingen" in text_of(run())


def test_one_wave_cannot_be_compared(store: Store) -> None:
    groups = of_sizes(een=12, twee=14)
    load(store, {AFTER: answers_of(groups)[AFTER]}, groups)
    assert "twee metingen met antwoorden nodig" in text_of(run())


def test_regions_of_which_nothing_is_known_are_explained(store: Store) -> None:
    load(store, answers_of(of_sizes(een=12, twee=14)), None)
    text = text_of(run())
    assert "nog geen kenmerken bekend" in text
    assert "python -m db register" in text


def test_the_attribute_with_the_fewest_groups_comes_first(store: Store) -> None:
    groups = of_sizes(een=12, twee=14)
    kinds = {
        region: {"land": "hier", "nummer": region, "soort": name} for region, name in groups.items()
    }
    waves = plan_example_waves(answers_of(groups))
    store.waves.load_example(Register(kinds, ("land", "nummer", "soort")), waves)
    assert [*next(iter(tables_of(run()).values()))] == ["alle regio's", "een", "twee"]


def test_the_steering_group_sees_groups_once_both_waves_are_closed(store: Store) -> None:
    groups = of_sizes(een=12, twee=14)
    load(store, answers_of(groups), groups)
    steering_group = Person("account 1", Role.STEERING_GROUP)
    shown = tables_of(run(steering_group))
    assert shown
    store.waves.set_state(AFTER, WaveState.OPEN, "Nog een regio")
    app = run(steering_group)
    assert "De meting 2024 loopt nog; de uitkomsten komen als zij gesloten is." in text_of(app)
    assert tables_of(app) == {}
    assert tables_of(run(Person("account 2", Role.EVALUATOR))) == shown
