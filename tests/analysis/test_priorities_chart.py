"""Priorities as they are shown: what the chart, the tables and the files tell is what was
released."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from analysis.charts import draw_priorities, draw_spark, number_priorities
from analysis.counts import Transitions, WaveCounts
from analysis.decision import NOT_SHOWN
from analysis.disclosure import ReleasedTable
from analysis.export import to_csv, to_xlsx
from analysis.frames import joint_frame
from analysis.priorities import NOT_BOTH, URGENCY, URGENT, YIELDING, YIELDS
from analysis.results.exhibit import Exhibit
from analysis.results.priorities import EarlierWave, priorities_exhibit, release_priorities
from analysis.results.source import WaveResult
from surveys.definition import DEFINITIONS, parse_definition
from surveys.dutch import format_percentage
from surveys.example import read_example_definitions
from surveys.fieldwork import Wave, WaveState
from surveys.questionnaire import Questionnaire
from tests.analysis.three_waves import example_panel, results_of

DAY = date(2027, 6, 1)
DOCENTEN, MBO, BEELD, VRAAG = (
    *("techniekdocenten", "aansluiting_mbo"),
    *("beeldvorming", "vraag_bedrijfsleven"),
)


@cache
def asked(wave: str = "2024") -> Questionnaire:
    return read_example_definitions()[wave].questionnaire


def sides(both: int, urgent: int, yielding: int, neither: int) -> Transitions:
    """So many regions of each kind."""
    return {("5", "4"): both, ("4", "1"): urgent, ("2", "5"): yielding, ("1", "3"): neither}


def wave_of(joint: dict[str, Transitions], wave: str = "2024") -> WaveResult:
    regions = max((sum(given.values()) for given in joint.values()), default=0)
    counts = WaveCounts(wave, asked(wave), {}, regions, 78)
    return WaveResult(Wave(wave, WaveState.CLOSED, wave, is_example=False), counts)


def table_of(**joint: Transitions) -> ReleasedTable:
    table = release_priorities(wave_of(joint), joint, None, DAY)
    assert table is not None
    return table


def exhibit_of(before: dict[str, Transitions] | None = None, **joint: Transitions) -> Exhibit:
    earlier = None if before is None else EarlierWave(wave_of(before, "2021"), before)
    exhibit = priorities_exhibit(wave_of(joint), joint, earlier, DAY)
    assert exhibit is not None
    return exhibit


STRONG = {DOCENTEN: sides(10, 25, 1, 4), MBO: sides(10, 4, 20, 6), BEELD: sides(20, 6, 5, 9)}


@cache
def example() -> Exhibit:
    """The example's last two waves, in which all was asked and answered."""
    panel = example_panel()
    before, after = results_of(panel, ("2024", "2027"))
    joint = {wave: joint_frame(panel.frames[wave], URGENCY, YIELDS) for wave in ("2024", "2027")}
    exhibit = priorities_exhibit(after, joint["2027"], EarlierWave(before, joint["2024"]), DAY)
    assert exhibit is not None
    return exhibit


@cache
def example_chart(*, titled: bool = True) -> dict[str, Any]:
    return draw_priorities(example().table, titled=titled).to_dict()


def data_with(spec: dict[str, Any], *fields: str) -> list[dict[str, Any]]:
    datasets = spec["datasets"].values()
    return [entry for data in datasets for entry in data if all(name in entry for name in fields)]


# The chart


@pytest.mark.parametrize("draw", [draw_priorities, number_priorities, to_csv])
def test_only_a_released_table_is_taken(draw: Callable[[Any], object]) -> None:
    for raw in (list(example().table.rows), None):
        with pytest.raises(TypeError, match="ReleasedTable"):
            draw(raw)


@pytest.mark.parametrize("titled", [True, False])
def test_every_number_in_the_chart_is_that_of_the_table(titled: bool) -> None:
    table = example().table
    chart = example_chart(titled=titled)
    points = {point["item"]: point for point in data_with(chart, "standing", "gap")}
    now = [row for row in table.rows if row["wave"] == "2027"]
    assert points.keys() == {row["item"] for row in now}
    for row in now:
        point = points[row["item"]]
        assert (point["x"], point["y"]) == (row["yielding"], row["urgent"])
        urgent, yielding = format_percentage(row["urgent"]), format_percentage(row["yielding"])
        assert point["urgent"] == f"{urgent} ({row['count_urgent']} van {row['n']})"
        assert point["yielding"] == f"{yielding} ({row['count_yielding']} van {row['n']})"
        assert row["text"] in point["name"]
    labels = data_with(chart, "label", "dx")
    assert {(label["x"], label["y"]) for label in labels} == {
        (row["yielding"], row["urgent"]) for row in now
    }


def test_arrows_begin_where_the_concept_stood_and_end_where_it_stands() -> None:
    table = example().table
    rows = {(row["item"], row["wave"]): row for row in table.rows}
    expected = {
        (then["yielding"], then["urgent"], row["yielding"], row["urgent"])
        for (item, wave), row in rows.items()
        if wave == "2027"
        for then in [rows[item, "2024"]]
    }
    arrows = data_with(example_chart(), "x2", "y2")
    assert {(a["x"], a["y"], a["x2"], a["y2"]) for a in arrows} == expected
    assert not data_with(draw_priorities(table_of(**STRONG)).to_dict(), "x2", "y2")


def test_a_standing_is_told_by_shape_as_well_as_colour() -> None:
    spec = draw_priorities(table_of(**STRONG)).to_dict()
    shapes = [
        layer["encoding"]["shape"]["scale"]
        for layer in spec["layer"]
        if "shape" in layer["encoding"]
    ]
    assert shapes == [
        {
            "domain": [URGENT, "verschil niet aangetoond", YIELDING],
            "range": ["diamond", "circle", "square"],
        }
    ]


def test_the_axes_tell_the_answers_and_what_the_lines_are() -> None:
    spec = example_chart()
    (up,) = data_with(spec, "title")
    assert " ".join(up["title"].split()) == "aandeel regio's dat antwoordt: (heel) urgent"
    across = " ".join(spec["layer"][0]["encoding"]["x"]["title"])
    assert "(heel) veel opbrengst" in across
    assert "Streepjeslijnen: de helft van de regio's." in across
    assert "Pijlen: vanaf de stand in meting 2024." in across


def test_numbers_on_a_phone_are_those_of_the_tables() -> None:
    exhibit = example()
    printed = [row[0] for table in exhibit.tables[:2] for row in table.rows]
    assert printed == [row.name for row in number_priorities(exhibit.table)]
    numbers = {
        (label["x"], label["y"]): label["label"]
        for label in data_with(example_chart(), "label", "dx")
        if label["label"].isdigit()
    }
    for row in number_priorities(exhibit.table):
        assert numbers[row.point] == str(row.number)
        assert row.name.startswith(f"{row.number}. ")


def test_a_suppressed_row_is_in_the_table_and_not_in_the_chart() -> None:
    few = {**STRONG, VRAAG: sides(2, 1, 1, 0)}
    exhibit = exhibit_of(**few)
    told = {name.partition(" ")[2]: cells for name, *cells in exhibit.tables[1].rows}
    suppressed = told["De aansluiting op de regionale vraag van het bedrijfsleven"]
    assert suppressed == ["onderdrukt (te weinig waarnemingen)"]
    assert told["De samenwerking tussen de verschillende partijen van STO"] == [NOT_BOTH]
    assert len(data_with(exhibit.chart.to_dict(), "standing", "gap")) == 3
    # nor does its place among the rows tell what its gap is
    order = [row["concept"] for row in exhibit.table.rows]
    assert order == [q.concept for q in asked().sections[0].questions]


def test_the_small_picture_of_a_priority_shows_yields_and_urgency() -> None:
    table = table_of(**STRONG)
    row = next(row for row in table.rows if row["standing"] == URGENT)
    spec = draw_spark(table, row).to_dict()
    points = {(each["wave"], each["value"]) for each in data_with(spec, "wave", "told")}
    assert points == {("opbrengst", row["yielding"]), ("urgent", row["urgent"])}
    assert not data_with(spec, "absence")


def test_nothing_to_draw_is_drawn_without_fault() -> None:
    table = table_of(**{DOCENTEN: sides(2, 3, 1, 1)})
    assert draw_priorities(table).to_dict()
    assert exhibit_of(**{DOCENTEN: sides(2, 3, 1, 1)}).finding == (
        "Prioriteiten: geen aandachtspunten om te vergelijken"
    )


# The finding, the tables and the notes


def test_the_finding_follows_what_was_tested() -> None:
    assert exhibit_of(**STRONG).finding == (
        "Prioriteiten: 1 van de 3 aandachtspunten is aantoonbaar vaker urgent dan dat er "
        "opbrengst is"
    )
    two = {**STRONG, VRAAG: sides(8, 28, 1, 3)}
    assert "2 van de 4 aandachtspunten zijn aantoonbaar" in exhibit_of(**two).finding
    none = exhibit_of(**{MBO: STRONG[MBO], BEELD: STRONG[BEELD]})
    assert none.finding == (
        "Prioriteiten: bij geen enkel aandachtspunt is aangetoond dat het vaker urgent is dan dat "
        "er opbrengst is"
    )
    assert none.tables[0].rows == (
        ("Geen enkel aandachtspunt", "bij geen is aangetoond dat het vaker urgent is"),
    )


def test_what_is_urgent_without_yields_stands_apart_with_its_test() -> None:
    urgent, rest = exhibit_of(**STRONG).tables
    assert urgent.caption == "Urgent, weinig opbrengst, meting 2024"
    ((name, *cells),) = urgent.rows
    assert name == "1. Voldoende techniekdocenten"
    row = next(r for r in exhibit_of(**STRONG).table.rows if r["concept"] == DOCENTEN)
    assert row["standing"] == URGENT
    assert cells[:2] == ["88% (35 van 40)", "28% (11 van 40)"]
    assert cells[2].startswith("+60 (")
    assert cells[3] == URGENT
    assert cells[4:] == ["<\u00a00,001", "<\u00a00,001"]
    told = {row[0]: row[4] for row in rest.rows if len(row) > 4}
    assert list(told.values()) == ["verschil niet aangetoond", YIELDING]


def test_equal_shares_are_never_said_to_be_equal() -> None:
    exhibit = exhibit_of(**{DOCENTEN: sides(15, 4, 4, 15)})
    row = exhibit.table.rows[0]
    assert (row["gap"], row["standing"]) == (0, NOT_SHOWN)
    assert exhibit.tables[1].rows[0][4] == "verschil niet aangetoond"
    assert "niet dat het even vaak is" in " ".join(exhibit.notes)


def test_the_notes_tell_test_quadrants_and_arrows() -> None:
    notes = " ".join(example().notes)
    for part in ("McNemar-toets (mid-p)", "Holm", "Tango", "50%", "Een pijl is niet getoetst"):
        assert part in notes
    assert "pijl" not in " ".join(exhibit_of(**STRONG).notes)


# The wave before


def test_a_wave_before_in_which_one_side_was_not_answered_gives_no_arrow() -> None:
    before = {DOCENTEN: {("5", "niet_gevraagd"): 40}}
    exhibit = exhibit_of(before, **STRONG)
    assert {row["wave"] for row in exhibit.table.rows} == {"2024"}
    assert "Er zijn geen pijlen: in meting 2021" in " ".join(exhibit.notes)
    assert len(exhibit.tables) == 2


def test_which_rows_have_no_arrow_is_told() -> None:
    exhibit = exhibit_of({DOCENTEN: sides(10, 20, 5, 5), MBO: sides(9, 9, 9, 9)}, **STRONG)
    *_, begins = exhibit.tables
    assert begins.caption == "Waar de pijlen beginnen, meting 2021"
    assert [row[0] for row in begins.rows] == [
        "1. Voldoende techniekdocenten",
        "3. De aansluiting met mbo",
    ]
    assert begins.rows[0][1:] == ("75% (30 van 40)", "38% (15 van 40)")
    assert "Zonder pijl: nummer 2, 4, 5, 6, 7 en 8, in meting 2021" in " ".join(exhibit.notes)


def changed(old: str, new: str) -> Questionnaire:
    text = (DEFINITIONS / "sto_programmaleiders_2024.toml").read_text(encoding="utf-8")
    assert old in text
    return parse_definition(text.replace(old, new, 1)).questionnaire


def arrows_after(questionnaire: Questionnaire) -> tuple[set[str], ReleasedTable]:
    before = {DOCENTEN: sides(10, 20, 5, 5), MBO: sides(9, 9, 9, 9)}
    now = wave_of(STRONG)
    result = replace(now, counts=replace(now.counts, questionnaire=questionnaire))
    table = release_priorities(result, STRONG, EarlierWave(wave_of(before, "2021"), before), DAY)
    assert table is not None
    return {row["concept"] for row in table.rows if row["wave"] == "2021"}, table


def test_no_arrow_where_the_questions_cannot_be_compared() -> None:
    identical = (
        'section = "opbrengsten"\nstatus = "identical"\nconcepts = [\n    "techniekdocenten",'
    )
    other = (
        'section = "opbrengsten"\nstatus = "new"\nconcepts = ["techniekdocenten"]\n'
        '[[comparability.changes]]\nsection = "opbrengsten"\nstatus = "identical"\nconcepts = ['
    )
    assert arrows_after(asked())[0] == {DOCENTEN, MBO}
    assert arrows_after(changed(identical, other))[0] == {MBO}


def test_a_question_that_was_reworded_keeps_its_arrow_and_says_so() -> None:
    identical = (
        'section = "opbrengsten"\nstatus = "identical"\nconcepts = [\n    "techniekdocenten",'
    )
    other = (
        'section = "opbrengsten"\nstatus = "reworded"\nconcepts = ["techniekdocenten"]\n'
        '[[comparability.changes]]\nsection = "opbrengsten"\nstatus = "identical"\nconcepts = ['
    )
    concepts, table = arrows_after(changed(identical, other))
    assert concepts == {DOCENTEN, MBO}
    assert table.footnotes == (
        "Voldoende techniekdocenten: De vraag was in 2021 anders geformuleerd.",
    )


def test_a_questionnaire_without_both_sections_has_no_priorities() -> None:
    result = wave_of(STRONG)
    alone = replace(asked(), sections=asked().sections[:1], indexes=(), comparability=None)
    result = replace(result, counts=replace(result.counts, questionnaire=alone))
    assert priorities_exhibit(result, STRONG, None, DAY) is None
    assert priorities_exhibit(wave_of({}), {}, None, DAY) is None  # nobody answered


# Files


def test_the_files_hold_the_figures_of_both_waves() -> None:
    table = example().table
    lines = list(csv.DictReader(io.StringIO(to_csv(table).decode("utf-8-sig")), delimiter=";"))
    assert [line["Meting"] for line in lines] == [row["wave"] for row in table.rows]
    for line, row in zip(lines, table.rows, strict=True):
        assert line["Aandachtspunt"] == row["text"].removeprefix("'")
        assert int(line["(heel) urgent (aantal regio's)"]) == row["count_urgent"]
        assert int(line["(heel) veel opbrengst (aantal regio's)"]) == row["count_yielding"]
        assert int(line["Regio's die beide vragen beantwoordden"]) == row["n"]
        gap = float(line["Verschil (procentpunten)"].replace(",", "."))
        assert gap == pytest.approx(row["gap"] * 100, abs=0.05)
        assert line["Uitkomst"] == row["standing"]
    assert to_xlsx(table).startswith(b"PK")


def test_a_suppressed_row_says_so_in_the_files() -> None:
    told = to_csv(table_of(**{DOCENTEN: sides(1, 1, 1, 0), MBO: STRONG[MBO]})).decode("utf-8-sig")
    first = told.splitlines()[1].split(";")
    assert first[:2] == ["Voldoende techniekdocenten", "2024"]
    assert set(first[2:13]) == {"onderdrukt (te weinig waarnemingen)"}
