"""The sheet of links opens in Excel with everything as text."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from surveys.mailing.characters import clean_line
from surveys.mailing.link_sheet import PersonalLink, make_link_sheet
from tests.hostile import HOSTILE

ANN = PersonalLink(
    "07", "Noordrand", "Ann de Wit", "ann@regio.example", "https://monitor.example/?uitnodiging=abc"
)


def test_the_sheet_warns_first_and_then_has_a_line_per_link() -> None:
    book = openpyxl.load_workbook(BytesIO(make_link_sheet([ANN, ANN])))
    (sheet,) = book.worksheets
    rows = list(sheet.values)
    assert str(rows[0][0]).startswith("Deze links zijn persoonlijk en geheim")
    assert rows[2] == ("Nummer", "Regio", "Programmaleider", "E-mail", "Link")
    line = ("07", "Noordrand", "Ann de Wit", "ann@regio.example", ANN.link)
    assert rows[3:] == [line, line]
    assert sheet.freeze_panes == "A4"
    assert sheet.column_dimensions["E"].width > len(ANN.link)
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", [*HOSTILE, "@SUM(1)", "+1", "-1", "http://x.example"])
def test_nothing_in_it_is_run_or_lost(text: str) -> None:
    book = openpyxl.load_workbook(
        BytesIO(make_link_sheet([PersonalLink(text, text, text, text, text)]))
    )
    cells = book.worksheets[0][4]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [str(cell.value).strip() for cell in cells] == [clean_line(text)] * 5
    assert all(cell.hyperlink is None for cell in cells)
