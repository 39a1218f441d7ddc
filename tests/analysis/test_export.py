"""The files, opened again."""

from __future__ import annotations

import csv
import struct
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any

import altair as alt
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from analysis.charts import draw_anchoring, draw_dumbbell, draw_grades, draw_stacked
from analysis.disclosure import ReleasedTable
from analysis.export import to_csv, to_png, to_svg, to_xlsx
from surveys.dutch import format_number
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.tables import (
    changes,
    comparison,
    comparisons,
    distributions,
    forms,
    release_figures,
)


def read_csv(table: ReleasedTable) -> list[dict[str, str]]:
    text = to_csv(table).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


def read_xlsx(table: ReleasedTable) -> Worksheet:
    sheet = load_workbook(BytesIO(to_xlsx(table))).active
    assert isinstance(sheet, Worksheet)
    return sheet


def xlsx_rows(sheet: Worksheet) -> list[dict[str, Any]]:
    """The table below the lines that tell what it is."""
    values = list(sheet.iter_rows(values_only=True))
    return [dict(zip(map(str, values[5]), row, strict=True)) for row in values[6:]]


@pytest.mark.parametrize("make", [to_csv, to_xlsx])
@pytest.mark.parametrize("raw", [comparisons("urgentie"), None, "tekst"])
def test_tables_that_were_not_released_are_refused(make: Any, raw: Any) -> None:
    with pytest.raises(TypeError, match="ReleasedTable"):
        make(raw)


@pytest.mark.parametrize("make", [to_png, to_svg])
@pytest.mark.parametrize("raw", [alt.Chart().mark_point(), alt.layer(), None])
def test_charts_that_were_not_drawn_from_a_table_are_refused(make: Any, raw: Any) -> None:
    with pytest.raises(TypeError, match=r"analysis\.charts"):
        make(raw)


# Pictures


def test_svg_holds_the_figures_as_text_in_dutch() -> None:
    svg = to_svg(draw_dumbbell(changes("urgentie")))
    for text in ("88%*", "57%", "veranderd", "−20", "procentpunten", EXAMPLE_LABEL):
        assert f">{text}" in svg or text in svg, text
    grades = to_svg(draw_grades(changes("rapportcijfers")))
    assert "7,5*" in grades
    assert "0,2" in grades
    assert "0.2<" not in grades
    assert "86% (44/51)" in to_svg(draw_anchoring(forms()))


def test_png_is_a_picture_of_300_dpi() -> None:
    png = to_png(draw_stacked(distributions("opbrengsten")))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 640 * 4
    assert height > 300 * 4
    place = png.index(b"pHYs")
    per_metre = struct.unpack(">I", png[place + 4 : place + 8])[0]
    assert per_metre == pytest.approx(300 / 0.0254, abs=1)


# CSV


def test_csv_opens_in_dutch_excel() -> None:
    data = to_csv(changes("urgentie"))
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) == 9


def test_csv_holds_the_figures_of_the_table() -> None:
    table = changes("urgentie")
    rows = read_csv(table)
    for row, line in zip(table.rows, rows, strict=True):
        assert line["Vraag"] == row["text"]
        assert line["2024 (%)"] == format_number(row["value_after"] * 100, 1)
        assert line["2021 (aantal regio's)"] == str(row["count_before"])
        assert line["Regio's met antwoord in beide jaren"] == "42"
        minus = format_number(row["change"] * 100, 1).replace("\N{MINUS SIGN}", "-")
        assert line["Verschil (procentpunten)"] == minus
        assert line["p (Holm)"] == format_number(row["p_adjusted"], 4)
        assert line["Uitkomst"] == row["outcome"]
        assert (line["Basis"], line["Bron"]) == ("42 regio's", EXAMPLE_LABEL)
    assert rows[1]["2024 (%)"] == "88,1"


def test_all_regions_are_in_columns_of_their_own() -> None:
    table = changes("urgentie")
    for row, line in zip(table.rows, read_csv(table), strict=True):
        assert line["Alle regio's: 2024 (%)"] == format_number(row["value_after_all"] * 100, 1)
        assert line["Alle regio's: regio's met antwoord in 2021"] == str(row["n_before"])
        assert line["Alle regio's: p"] == format_number(row["p_all"], 4)
    assert table.rows[0]["n_before"] > table.rows[0]["n_pairs"]


def test_what_is_withheld_over_all_regions_has_words_and_the_pairs_their_figures() -> None:
    table = release_figures([comparison(42, n_before=44, n_after=42)])
    row = read_csv(table)[0]
    assert row["Alle regio's: 2024 (%)"] == "niet getoond (er komen te weinig regio's bij)"
    assert row["Alle regio's: regio's met antwoord in 2021"] == row["Alle regio's: p"]
    assert row["Regio's met antwoord in beide jaren"] == "42"
    assert row["2024 (%)"] == format_number(table.rows[0]["value_after"] * 100, 1)


@pytest.mark.parametrize("design", ["paired", "independent"])
def test_without_an_overlap_there_are_no_columns_over_all_regions(design: str) -> None:
    row = read_csv(release_figures([comparison(42, design=design)]))[0]
    assert not [heading for heading in row if heading.startswith("Alle regio's")]


def test_csv_of_grades_distributions_and_levels() -> None:
    assert read_csv(changes("rapportcijfers"))[2]["2024 (gemiddelde)"] == "7,50"
    first = read_csv(distributions("opbrengsten"))[0]
    assert (first["geen opbrengst (%)"], first["geen opbrengst (aantal regio's)"]) == ("7,8", "4")
    assert first["(heel) veel opbrengst (%)"] == "43,1"
    form = read_csv(forms())[1]
    assert (form["Antwoord"], form["%"]) == (
        "STO is geïntegreerd binnen de (lijn)organisatie",
        "86,3",
    )


# Excel


def test_xlsx_tells_what_it_is_and_holds_numbers() -> None:
    table = changes("urgentie")
    sheet = read_xlsx(table)
    above = [sheet.cell(row=line, column=1).value for line in range(1, 5)]
    assert above == ["Urgentie", "Basis: 42 regio's", "Zo getoetst.", EXAMPLE_LABEL]
    assert sheet.freeze_panes == "B7"
    for row, line in zip(table.rows, xlsx_rows(sheet), strict=True):
        assert line["2024 (%)"] == pytest.approx(row["value_after"])
        assert line["Verschil (procentpunten)"] == pytest.approx(row["change"] * 100)
        assert line["p"] == pytest.approx(row["p"])
    assert sheet.cell(row=7, column=3).number_format == "0%"


def test_xlsx_of_grades_has_one_decimal() -> None:
    sheet = read_xlsx(changes("rapportcijfers"))
    assert sheet.cell(row=7, column=4).number_format == "0.0"


# What could do harm


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_defanged(start: str) -> None:
    harm = f"{start}HYPERLINK(A1)"
    table = release_figures([replace(comparison(42), text=harm)], title=harm)
    line = read_csv(table)[0]
    assert line["Vraag"] == f"'{harm}"
    assert line["Tabel"] == f"'{harm}"
    sheet = read_xlsx(table)
    cell = sheet.cell(row=7, column=1)
    assert cell.data_type == "s"
    assert str(cell.value).replace("_x000D_", "\r") == harm


def test_suppressed_cells_hold_the_word() -> None:
    table = release_figures([comparison(7)])
    word = "onderdrukt (te weinig waarnemingen)"
    assert xlsx_rows(read_xlsx(table))[0]["2024 (%)"] == word
    assert read_csv(table)[0]["2024 (%)"] == word
    assert read_csv(table)[0]["Regio's met antwoord in beide jaren"] == "7"


def test_a_table_without_rows_is_a_file_without_rows() -> None:
    assert read_csv(release_figures([])) == []
    assert to_xlsx(release_figures([])).startswith(b"PK")
