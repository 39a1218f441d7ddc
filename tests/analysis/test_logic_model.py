"""The logic model: its file, what the monitor shows of a box, and the drawing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.box_results import BoxResult, Sign, combine, judge, read_boxes
from analysis.charts import Chart, draw_logic_model
from analysis.decision import CHANGED, EQUIVALENT, NOT_COMPARABLE, NOT_SHOWN, NOT_TESTABLE
from analysis.disclosure import ReleasedRow
from analysis.example import solve_example
from analysis.export import to_csv, to_png, to_xlsx
from analysis.logic_model import STO, LogicModel, parse_logic_model, read_logic_model
from analysis.published import read_published
from analysis.results.exhibit import Exhibit
from analysis.results.logic_model import logic_model_exhibit
from analysis.results.source import PairResult, WaveResult
from analysis.settings import INDEPENDENT, Settings
from surveys.definition import InvalidDefinition
from surveys.dutch import format_number, format_percentage
from surveys.example import read_example_definitions
from surveys.fieldwork import Wave, WaveState
from surveys.questionnaire import Questionnaire
from tests.analysis.command_line import NEWER, OLDER, faults_of, run, write_text
from tests.analysis.conftest import Waves, count_waves, example_waves
from tests.analysis.panels import asked
from tests.analysis.tables import comparison, level, release_figures

DAY = date(2026, 11, 22)


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    return tuple(found.questionnaire for found in read_example_definitions().values())


@cache
def model() -> LogicModel:
    return read_logic_model(STO, questionnaires())


def exhibit_of(waves: Waves, settings: Settings | None = None) -> Exhibit:
    before, after = (
        WaveResult(Wave(counts.wave, WaveState.CLOSED, "", is_example=True), counts)
        for counts in waves[:2]
    )
    pair = PairResult(before, after, waves[2])
    return logic_model_exhibit(pair, model(), settings or Settings(), DAY)


@cache
def shown() -> Exhibit:
    return exhibit_of(example_waves())


def boxes_of(exhibit: Exhibit) -> dict[str, BoxResult]:
    return {found.box.id: found for found in read_boxes(model(), exhibit.table)}


# The file


def test_the_model_of_sto_is_in_order_and_has_its_columns() -> None:
    assert [column.title for column in model().columns] == [
        "Aanleiding (landelijk)",
        "Overheidsinterventie",
        "Veranderingen in regio's",
        "Veranderingen bij scholen",
        "Resultaten op schoolniveau",
        "Resultaten bij/voor vmbo-leerlingen",
        "Resultaten van STO (landelijk)",
    ]
    assert [len(column.boxes) for column in model().parts] == [8, 1, 4, 7, 11, 8, 8, 3]
    assert model().parts[-1].title == "Context (regionaal)"


FAULTY = """
id = "x"
colour = "red"
[[columns]]
id = "a"
title = ""
[[columns.boxes]]
id = "b"
text = " "
size = 3
measured_by = [
    { section = "urgentie", concept = "techniekdocent" },
    { section = "borging", concept = "borging_vormen" },
    { section = "borging", concept = "borging_vormen", part = "nergens" },
    { section = "urgentie", concept = "herinrichting", part = "top3" },
    { section = "rapportcijfers", concept = "afspraken", part = "x" },
    { section = "borging", concept = "borging_hoe" },
    { section = "urgentie" },
    { section = "urgentie", concept = "herinrichting" },
    { section = "urgentie", concept = "herinrichting" },
]
[[columns.boxes]]
id = "b"
text = "t"
[[columns]]
id = "c"
title = "t"
boxes = []
[context]
id = "a"
title = "t"
boxes = [{ id = "Groot", text = 3 }]
"""


def test_every_fault_of_a_file_is_told_at_once_with_its_place() -> None:
    with pytest.raises(InvalidDefinition) as refused:
        parse_logic_model(FAULTY, questionnaires())
    told = [str(error) for error in refused.value.errors]
    for fault in (
        "logic model: has no 'title'",
        "logic model: unknown key 'colour'",
        "columns 'a': 'title' is empty",
        "columns 'a' > boxes 'b': 'text' is empty",
        "columns 'a' > boxes 'b': unknown key 'size'",
        "measured_by 1 ('urgentie'): no questionnaire asks 'techniekdocent' in section 'urgentie'",
        "measured_by 2 ('borging'): 'borging_vormen' has several figures; add `part`: lijnorg",
        "measured_by 3 ('borging'): 'borging_vormen' has no part 'nergens'; use one of: lijnorg",
        "measured_by 4 ('urgentie'): 'herinrichting' has no part 'top3'; use one of: top2",
        "measured_by 5 ('rapportcijfers'): 'afspraken' has no part 'x'; use one of: none: leave",
        "measured_by 6 ('borging'): no questionnaire asks 'borging_hoe'",
        "measured_by 7 ('urgentie'): has no 'concept'",
        "measured_by 9 ('urgentie'): stands in this box already",
        "columns 'a' > boxes 'b': an earlier box has the id 'b' too",
        "columns 'c': 'boxes' has 0; it needs at least 1",
        "context: an earlier column has the id 'a' too",
        "context > boxes 'Groot': 'id' is 'Groot'",
        "context > boxes 'Groot': 'text' is 3, not a text",
    ):
        assert [error for error in told if fault in error], fault
    assert len(told) == 18


def test_without_questionnaires_a_measure_is_taken_at_its_word() -> None:
    source = STO.read_text(encoding="utf-8").replace('concept = "kennisdeling"', 'concept = "x"')
    assert parse_logic_model(source).boxes
    with pytest.raises(InvalidDefinition, match="no questionnaire asks 'x'"):
        parse_logic_model(source, questionnaires())


LINES = STO.read_text(encoding="utf-8").splitlines()


@given(
    dropped=st.sets(st.integers(0, len(LINES) - 1), max_size=8),
    changed=st.dictionaries(
        st.integers(0, len(LINES) - 1),
        st.sampled_from(
            ['id = "x"', "text = 3", "boxes = 1", "[context]", "measured_by = [3]", "}"]
        ),
        max_size=4,
    ),
)
@example(dropped=set(), changed={})
def test_a_damaged_file_is_read_or_refused_with_its_faults(
    dropped: set[int], changed: Mapping[int, str]
) -> None:
    lines = [changed.get(n, line) for n, line in enumerate(LINES) if n not in dropped]
    faults = []
    try:
        found = parse_logic_model("\n".join(lines), questionnaires())
    except InvalidDefinition as invalid:
        faults = invalid.errors
        found = None
    assert bool(faults) is (found is None)
    if not dropped and not changed:
        assert found == model()


def test_the_command_tells_that_a_model_is_in_order() -> None:
    result = run("logic-model", STO, "--questionnaire", OLDER, "--questionnaire", NEWER)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "in order: 7 columns, 50 boxes, 19 of them measured" in result.stdout


def test_the_command_tells_the_faults_of_all_its_files(tmp_path: Path) -> None:
    file = write_text(tmp_path / "model.toml", FAULTY)
    told = faults_of(run("logic-model", file, "--questionnaire", tmp_path / "nergens.toml"))
    assert "nergens.toml: file: cannot be read" in told[0]
    assert any("unknown key 'size'" in line for line in told)
    assert not any("no questionnaire asks" in line for line in told)  # that is not known


# What a box shows


def released(**values: Any) -> ReleasedRow:
    return release_figures([comparison(values.pop("n_pairs", 42), **values)]).rows[0]


@pytest.mark.parametrize(
    ("row", "sign"),
    [
        (released(outcome=CHANGED, change=0.3), Sign.ROSE),
        (released(outcome=CHANGED, change=-0.3), Sign.FELL),
        (released(outcome=CHANGED, change=0.0), Sign.MIXED),
        (released(outcome=NOT_SHOWN, change=0.3), Sign.UNSHOWN),
        (released(outcome=EQUIVALENT, change=0.0), Sign.EQUIVALENT),
        (released(outcome=NOT_TESTABLE, change=0.1), Sign.LEVEL),
        (released(outcome=NOT_COMPARABLE, value_after=None), Sign.ABSENT),
        (released(n_pairs=9, outcome=CHANGED, change=0.3), Sign.ABSENT),
        (release_figures([level(51, 40)]).rows[0], Sign.LEVEL),
        (release_figures([level(9, 4)]).rows[0], Sign.ABSENT),
        (release_figures([level(0, 0)]).rows[0], Sign.ABSENT),
        (None, Sign.ABSENT),
    ],
)
def test_a_measure_tells_which_way_it_went_where_that_was_shown(
    row: ReleasedRow | None, sign: Sign
) -> None:
    assert judge(row) is sign


@pytest.mark.parametrize(
    ("signs", "sign"),
    [
        ([], Sign.UNMEASURED),
        ([Sign.ROSE, Sign.ROSE], Sign.ROSE),
        ([Sign.ROSE, Sign.FELL], Sign.MIXED),
        ([Sign.ROSE, Sign.UNSHOWN], Sign.MIXED),
        ([Sign.LEVEL, Sign.UNSHOWN, Sign.ABSENT], Sign.UNSHOWN),
        ([Sign.ABSENT, Sign.LEVEL], Sign.LEVEL),
        ([Sign.ABSENT, Sign.ABSENT], Sign.ABSENT),
    ],
)
def test_what_was_compared_decides_the_sign_of_a_box(signs: list[Sign], sign: Sign) -> None:
    assert combine(signs) is sign
    assert combine(signs[::-1]) is sign


def test_no_word_says_that_a_figure_became_better() -> None:
    words = " ".join([*(sign.word for sign in Sign), shown().finding, *shown().notes])
    assert not re.search(r"\b(beter|slechter|verbeterd|verslechterd|vooruit|achteruit)", words)


def test_the_boxes_of_the_example_show_what_their_blocks_show() -> None:
    found = boxes_of(shown())
    signs = {name: box.sign for name, box in found.items()}
    assert signs["aanleiding_lerarentekort"] is Sign.ROSE
    assert signs["aanleiding_kwaliteit"] is Sign.UNSHOWN
    assert signs["aanleiding_aansluiting"] is Sign.MIXED
    assert signs["schoolniveau_docenten"] is Sign.LEVEL
    assert signs["interventie_middelen"] is Sign.UNMEASURED
    assert sentences(found["aanleiding_lerarentekort"]) == ["(heel) urgent: 57% → 88%*"]
    assert sentences(found["schoolniveau_docenten"]) == ["(heel) veel opbrengst: 43% in 2024"]
    assert sentences(found["schoolniveau_kennisdeling"]) == ["gemiddeld cijfer: 6,7 → 7,5*"]
    # where two have the same words, they are named
    assert sentences(found["aanleiding_aansluiting"])[0].startswith("De aansluiting met mbo, ")
    assert "19 van de 50 onderdelen" in shown().finding
    assert "bij 4 daarvan is een verandering aangetoond" in shown().finding


def sentences(found: BoxResult) -> list[str]:
    return [found.sentence(measure).replace("\xa0", " ") for measure in found.measures]


def test_what_is_over_too_few_pairs_is_shown_as_a_level_that_says_why() -> None:
    waves = few_pairs(7)
    row = boxes_of(exhibit_of(waves))["aanleiding_lerarentekort"].measures[0]
    assert row.sign is Sign.LEVEL
    assert row.counted == (
        "88% (37 van 42) in 2024. Niet vergeleken met 2021: te weinig regio's antwoordden in "
        "beide jaren."
    )


def test_beside_pairs_that_are_shown_elsewhere_a_wave_with_few_more_is_not_shown() -> None:
    """The wave minus the pairs would be what two regions answered."""
    waves = few_pairs(40)
    found = boxes_of(exhibit_of(waves, Settings(design=INDEPENDENT)))
    assert found["aanleiding_lerarentekort"].sign is Sign.ABSENT


@pytest.mark.parametrize("n", [4, 9])
def test_of_few_regions_nothing_is_shown_anywhere(n: int) -> None:
    before, after = (dict(list(wave.items())[:n]) for wave in answers())
    exhibit = exhibit_of(count_waves(*questionnaires(), before, after))
    signs = {found.sign for found in boxes_of(exhibit).values()}
    assert signs == {Sign.ABSENT, Sign.UNMEASURED}
    for text in (*texts_of(exhibit.chart), to_csv(exhibit.table).decode("utf-8-sig")):
        assert not re.search(r"\d%(?!-)", text)
    assert "geen daarvan" in exhibit.finding


@cache
def answers() -> tuple[dict[str, Any], dict[str, Any]]:
    """Of both waves of the example, those of the regions that answered twice."""
    responses = solve_example(read_published())
    both = [region for region in responses["2021"] if region in responses["2024"]]
    return tuple({region: responses[wave][region] for region in both} for wave in responses)


def few_pairs(n: int) -> Waves:
    """So many of the first wave, and all of the second."""
    before, after = answers()
    return count_waves(*questionnaires(), dict(list(before.items())[:n]), after)


def test_a_question_that_no_wave_asks_is_said_to_be_so() -> None:
    source = STO.read_text(encoding="utf-8").replace('concept = "kennisdeling"', 'concept = "x"')
    changed = parse_logic_model(source)
    found = {box.box.id: box for box in read_boxes(changed, shown().table)}
    measure = found["schoolniveau_kennisdeling"].measures[0]
    assert (measure.sign, measure.value) == (Sign.ABSENT, "niet gevraagd in deze metingen")


def test_waves_that_ask_nothing_of_the_model_leave_every_box_without_an_outcome() -> None:
    waves = count_waves(asked("2021"), asked("2024"), {}, {})
    exhibit = exhibit_of(waves)
    signs = {found.sign for found in boxes_of(exhibit).values()}
    assert signs == {Sign.ABSENT, Sign.UNMEASURED}
    assert to_csv(exhibit.table)
    assert "niet gevraagd in deze metingen" in " ".join(texts_of(exhibit.chart))


# The drawing


def texts_of(drawing: Chart) -> list[str]:
    """All that is written in the drawing, each text on one line."""
    spec = drawing.to_dict()
    found = []
    for layer in spec["layer"]:
        data = layer["data"]
        values = spec["datasets"][data["name"]] if "name" in data else data["values"]
        found += [" ".join(entry["text"].split()) for entry in values if "text" in entry]
    return found


def expected(row: ReleasedRow) -> str:
    """The figure of a released row, put in words without the code under test."""
    tell = format_percentage if row["measure"] == "proportion" else format_number
    if row["value"] is not None:
        return f"{tell(row['value'])} in {row['wave']}"
    star = "*" if row["outcome"] == CHANGED else ""
    return f"{tell(row['value_before'])} → {tell(row['value_after'])}{star}"


def test_every_number_in_the_drawing_is_that_of_the_released_table() -> None:
    exhibit = shown()
    rows = {(row["section"], row["concept"], row["part"]): row for row in exhibit.table.rows}
    texts = texts_of(exhibit.chart)
    numbers = 0
    for box in model().boxes:
        of_box = [
            expected(row)
            for measure in box.measured_by
            for (section, concept, part), row in rows.items()
            if (section, concept) == (measure.section, measure.concept)
            and measure.part in (None, part)
        ]
        assert len(of_box) == len(box.measured_by)
        if of_box:
            assert any(all(figure in text for figure in of_box) for text in texts), box.text
        numbers += sum(len(re.findall(r"\d+(?:,\d)?%|\d,\d", figure)) for figure in of_box)
    drawn = sum(len(re.findall(r"\d+(?:,\d)?%|\d,\d", text)) for text in texts)
    assert drawn == numbers > 20


def test_every_box_column_and_sign_stands_in_the_drawing() -> None:
    texts = texts_of(shown().chart)
    for number, column in enumerate(model().columns, start=1):
        assert f"{number}. {column.title}" in texts
    written = "".join("".join(texts).split())
    for box in model().boxes:
        assert "".join(box.text.split()) in written
    signs = [found.sign for found in boxes_of(shown()).values()]
    for sign in set(signs):
        assert f"{sign.word} ({signs.count(sign)})" in texts


def test_no_box_lies_over_another() -> None:
    spec = shown().chart.to_dict()
    places = {
        (entry["left"], entry["top"], entry["right"], entry["bottom"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "rect"
        for entry in (
            spec["datasets"][layer["data"]["name"]]
            if "name" in layer["data"]
            else layer["data"]["values"]
        )
    }
    assert len(places) > len(model().boxes)
    for one in places:
        assert 0 <= one[0] < one[2] <= spec["width"]
        assert 0 <= one[1] < one[3] <= spec["height"]
        for other in places - {one}:
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )


def test_the_drawing_takes_a_released_table_only() -> None:
    with pytest.raises(TypeError):
        draw_logic_model(list(shown().table.rows), model=model())  # type: ignore[arg-type]


def test_a_model_without_context_can_be_drawn() -> None:
    texts = texts_of(draw_logic_model(shown().table, replace(model(), context=None)))
    assert "Context (regionaal)" not in texts
    assert "aantoonbaar gestegen (3)" in texts


def test_the_drawing_is_a_picture_with_its_finding_base_and_source() -> None:
    exhibit = shown()
    assert to_png(exhibit.chart).startswith(b"\x89PNG")
    description = exhibit.chart.to_dict()["description"]
    for told in (exhibit.finding, exhibit.table.base, exhibit.table.source):
        assert told in description


# The tables


def test_the_table_has_every_box_and_every_measure() -> None:
    (table,) = shown().tables
    for box in model().boxes:
        rows = [row for row in table.rows if row[0] == box.text]
        assert len(rows) == max(len(box.measured_by), 1)
        assert (rows[0][2] == "niet gemeten") is not bool(box.measured_by)
    told = " ".join(" ".join(row) for row in table.rows)
    assert "57% (24 van 42) → 88%* (37 van 42)" in told
    assert "7,4* (42 regio's)" in told
    assert "43% (22 van 51) in 2024" in told


def test_in_the_files_percentages_means_and_levels_have_columns_of_their_own() -> None:
    table = shown().table
    text = to_csv(table).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == len(table.rows)
    for row, written in zip(table.rows, rows, strict=True):
        assert written["Vraag"] == row["text"]
        is_share, is_change = row["measure"] == "proportion", row["value_after"] is not None
        filled = {name for name in ("2024 (%)", "2024 (gemiddelde)", "%") if written[name]}
        kind = ("2024 (%)" if is_share else "2024 (gemiddelde)") if is_change else "%"
        assert filled == {kind}
        if is_change and is_share:
            assert written["2024 (%)"] == format_number(row["value_after"] * 100)
            assert written["Regio's met antwoord in beide jaren"] == str(row["n_pairs"])
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table)))
    assert book.active.max_row == len(table.rows) + 6
