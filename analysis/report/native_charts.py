"""Charts that PowerPoint can edit, with their numbers in a workbook inside."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Emu, Pt

from analysis.charts.palette import pick_ink
from analysis.report.bars import GRADE, Bars, Series

_DUTCH = "[$-413]"  # before a number format: a comma, whatever the reader's settings
_LABELS = 0.42  # of the width of a chart is for the names of its rows
_NARROWEST = 0.04  # the smallest share whose percentage fits in its part of a bar
_FRAME, _ROW = Pt(70), Pt(42)  # the height of what stands around the bars, and of one
_MUTED = RGBColor(0x59, 0x59, 0x59)
_STARRED = (
    '<c:idx val="{place}"/>'
    '<c:numFmt formatCode="{number_format}&quot;*&quot;" sourceLinked="0"/>'
    '<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr></a:p></c:txPr>'
    '<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
    '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
    '<c:showBubbleSize val="0"/>'
)

Box = tuple[Emu, Emu, Emu, Emu]


def add_chart(slide: Slide, bars: Bars, box: Box, description: str) -> None:
    """`box`: left, top, width and height; `description` is for who cannot see the chart."""
    data = CategoryChartData(number_format=bars.number_format)
    data.categories = bars.categories
    for series in bars.series:
        data.add_series(series.name, series.values)
    kind = XL_CHART_TYPE.BAR_STACKED_100 if bars.is_stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *box, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", description)
    chart = frame.chart
    # that of the library would take a text for a formula or a link
    chart.part.chart_workbook.update_from_xlsx_blob(_write_workbook(bars))
    chart.font.size = Pt(12 if len(bars.categories) <= 9 else 11)
    chart.has_title = False
    chart.has_legend = len(bars.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
    _shape_axes(chart, bars)
    _shape_bars(chart, bars)
    _set_language(chart)
    _place_plot(chart, box)


def chart_height(bars: Bars) -> int:
    """What it needs in EMU, that bars are no wider than they have to be."""
    return int(_FRAME + len(bars.categories) * _ROW * (1 if bars.is_stacked else len(bars.series)))


def _write_workbook(bars: Bars) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Sheet1")  # the name that the chart refers to
        style = book.add_format({"num_format": bars.number_format})
        for line, category in enumerate(bars.categories, start=1):
            sheet.write_string(line, 0, category)
        for column, series in enumerate(bars.series, start=1):
            sheet.write_string(0, column, series.name)
            for line, value in enumerate(series.values, start=1):
                if value is not None:
                    sheet.write_number(line, column, value, style)
        sheet.set_column(0, 0, 60)
    return file.getvalue()


def _shape_axes(chart: Any, bars: Bars) -> None:
    """The first row on top; percentages to 100, grades from 1 to 10."""
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = _MUTED
    values.minimum_scale, values.maximum_scale = bars.axis
    values.major_unit = 1 if bars.number_format == GRADE else 0.25
    values.has_major_gridlines = False
    values.major_tick_mark = XL_TICK_MARK.OUTSIDE
    values.tick_labels.number_format = "0" if bars.number_format == GRADE else "0%"
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.font.size = Pt(11)
    values.format.line.color.rgb = _MUTED
    values._element.find(qn("c:crosses")).set("val", "max")  # below, where the last row is


def _shape_bars(chart: Any, bars: Bars) -> None:
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.overlap = 100 if bars.is_stacked else -5
    for drawn, series in zip(plot.series, bars.series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = _rgb(series.colour)
        drawn.invert_if_negative = False
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = _DUTCH + bars.number_format, False
        labels.font.size = Pt(11)
        if bars.is_stacked:
            drawn.format.line.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
            labels.position = XL_LABEL_POSITION.CENTER
            labels.font.color.rgb = _rgb(pick_ink(series.colour))
        else:
            labels.position = XL_LABEL_POSITION.OUTSIDE_END
        _mark_points(drawn, series, bars)


def _mark_points(drawn: Any, series: Series, bars: Bars) -> None:
    """A star where it changed, as a number format: the label still follows the number. No label
    where it does not fit."""
    labels = drawn.data_labels._element
    marks = []
    for place, value in enumerate(series.values):
        if place in series.starred:
            marks.append(_STARRED.format(place=place, number_format=_DUTCH + bars.number_format))
        elif bars.is_stacked and value is not None and value < _NARROWEST:
            marks.append(f'<c:idx val="{place}"/><c:delete val="1"/>')
    for position, mark in enumerate(marks):
        labels.insert(position, parse_xml(f"<c:dLbl {nsdecls('c', 'a')}>{mark}</c:dLbl>"))


def _set_language(chart: Any) -> None:
    space = chart._chartSpace
    language = parse_xml(f'<c:lang {nsdecls("c")} val="nl-NL"/>')
    first = space.find(qn("c:date1904"))
    space.insert(0 if first is None else 1, language)


def _place_plot(chart: Any, box: Box) -> None:
    """Room for the names of the rows, which Office would cut to a third."""
    top = Pt(34 if chart.has_legend else 6) / box[3]
    bottom = Pt(28) / box[3]
    layout = parse_xml(
        f"<c:layout {nsdecls('c')}><c:manualLayout>"
        '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
        f'<c:x val="{_LABELS}"/><c:y val="{top:.3f}"/>'
        f'<c:w val="{0.97 - _LABELS:.3f}"/><c:h val="{1 - top - bottom:.3f}"/>'
        "</c:manualLayout></c:layout>"
    )
    area = chart._chartSpace.chart.plotArea
    if (old := area.find(qn("c:layout"))) is not None:
        area.remove(old)
    area.insert(0, layout)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))
