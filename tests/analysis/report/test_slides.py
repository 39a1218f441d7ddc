"""The slides opened again: their charts hold the numbers of the released tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pptx
import pytest

from analysis.report.content import as_line
from analysis.report.formats import Format, write_report
from analysis.results.exhibit import Exhibit
from analysis.wording import tell_absence
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.report.made import (
    HOSTILE,
    example_file,
    example_report,
    hostile_file,
    outside_addresses,
    suppressed_report,
)


def slides_of(wanted: bytes) -> list[Any]:
    return list(pptx.Presentation(io.BytesIO(wanted)).slides)


def texts_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def charts_of(content: bytes) -> list[tuple[str, Any]]:
    """Each with the title of its slide."""
    return [
        (slide.shapes.title.text_frame.text, shape.chart)
        for slide in slides_of(content)
        for shape in slide.shapes
        if shape.has_chart
    ]


def read_chart(charts: list[Any]) -> dict[str, dict[str, float | None]]:
    """Per category the value of each series, over the charts of one finding."""
    found: dict[str, dict[str, float | None]] = {}
    for chart in charts:
        for series in chart.plots[0].series:
            for category, value in zip(chart.plots[0].categories, series.values, strict=True):
                found.setdefault(str(category), {})[series.name] = value
    return found


def shown_values() -> Iterator[tuple[Exhibit, dict[str, dict[str, float | None]]]]:
    """Per finding of the example what its charts show."""
    charts = charts_of(example_file(Format.PPTX))
    for exhibit in example_report().exhibits:
        finding = as_line(exhibit.finding)
        mine = [chart for title, chart in charts if title.startswith(finding)]
        yield exhibit, read_chart(mine)


def released_values(row: Any) -> dict[str, float]:
    if row["shares"]:
        return {share["label"]: share["value"] for share in row["shares"]}
    if row["value_after"] is not None:
        return {
            row["wave_before"]: row["value_before"],
            row["wave_after"]: row["value_after"],
        }
    if row["gap"] is not None:
        return {row["label_urgent"]: row["urgent"], row["label_yielding"]: row["yielding"]}
    return {row["wave"]: row["value"]}


def test_native_charts_hold_the_numbers_of_the_released_tables() -> None:
    for exhibit, shown in shown_values():
        expected = sorted(
            (sorted(released_values(row).items()) for row in exhibit.table.rows), key=str
        )
        assert sorted((sorted(values.items()) for values in shown.values()), key=str) == expected
        assert len(shown) == len(exhibit.table.rows)


def test_native_charts_keep_the_order_and_the_names_of_the_printed_tables() -> None:
    for exhibit, shown in shown_values():
        printed = [row[0] for table in exhibit.tables for row in table.rows]
        names = [name.split("?: ")[-1] for name in shown]  # 'Ja' stands after its question
        assert names == [as_line(name) for name in printed]


def test_a_change_has_its_star_in_the_label_of_the_later_wave() -> None:
    exhibit = example_report().chapters[1].exhibits[0]
    charts = [c for title, c in charts_of(example_file(Format.PPTX)) if title == exhibit.finding]
    categories = [str(name) for name in charts[0].plots[0].categories]
    before, after = charts[0].plots[0].series
    starred = [
        categories[int(label.idx.val)]
        for label in after.data_labels._element.dLbl_lst
        if '*"' in label.find("{*}numFmt").get("formatCode")
    ]
    assert starred == [row["text"] for row in exhibit.table.rows if row.has_star]
    assert not before.data_labels._element.dLbl_lst


def test_the_workbook_in_a_chart_holds_the_same_numbers() -> None:
    for _, chart in charts_of(example_file(Format.PPTX)):
        blob = chart.part.chart_workbook.xlsx_part.blob
        head, *rows = openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows(values_only=True)
        series = chart.plots[0].series
        assert list(head[1:]) == [each.name for each in series]
        assert [row[0] for row in rows] == [str(name) for name in chart.plots[0].categories]
        for place, each in enumerate(series, start=1):
            assert [row[place] for row in rows] == pytest.approx(each.values, rel=1e-15)


def test_every_slide_is_marked_and_every_chart_explained() -> None:
    report = example_report()
    slides = slides_of(example_file(Format.PPTX))
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[:3] == [report.title, "In het kort", "Respons"]
    assert titles[-1].startswith("Methode")
    for slide in slides:
        assert EXAMPLE_LABEL in texts_of(slide)
        assert report.edition in texts_of(slide)
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
                assert "Basis: " in texts_of(slide)
                assert "Basis: " in slide.notes_slide.notes_text_frame.text
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(ids) == len(set(ids))


def test_slides_have_every_printed_table() -> None:
    report = example_report()
    shown = [
        tuple(dict.fromkeys(cell.text_frame.text for cell in row.cells if not cell.is_spanned))
        for slide in slides_of(example_file(Format.PPTX))
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    ]
    printed = [row for exhibit in report.exhibits for table in exhibit.tables for row in table.rows]
    for row in printed:
        assert tuple(dict.fromkeys(map(as_line, row))) in shown


def test_a_suppressed_row_has_no_bar_and_says_so() -> None:
    report = suppressed_report()
    for exhibit in report.exhibits:
        hidden = next(row for row in exhibit.table.rows if row.is_suppressed)
        assert tell_absence(hidden)
    content = write_report(report, Format.PPTX)
    for _, chart in charts_of(content):
        values = read_chart([chart])
        assert values["Twee: onderdrukt (te weinig waarnemingen)"] == {"2021": None, "2024": None}
        assert None not in values["Een"].values()


def test_hostile_texts_are_texts_on_slides_and_in_their_workbooks() -> None:
    content = hostile_file(Format.PPTX)
    rows = {
        row.cells[0].text_frame.text
        for slide in slides_of(content)
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    }
    assert set(HOSTILE) <= rows
    categories: set[str] = set()
    for _, chart in charts_of(content):
        categories |= {str(name) for name in chart.plots[0].categories}
        blob = chart.part.chart_workbook.xlsx_part.blob
        for row in openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows():
            assert row[0].data_type in ("s", "n")
            assert row[0].hyperlink is None
    assert set(HOSTILE) <= categories
    assert outside_addresses(content) == []
