"""Lines of the audit trail as a file: CSV for Dutch Excel, or a workbook. All text is text."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import xlsxwriter

from surveys.dutch import local_time
from surveys.plain_text import defang, fit_cell
from surveys.trail.query import TrailLine
from surveys.trail.words import tell_action, tell_actor, tell_subject, tell_value

MOST_ROWS = 1_000_000  # that a sheet of Excel can have, below a heading

_COLUMNS = {"Moment": 19, "Wie": 28, "Wat": 28, "Waarover": 36, "Oud": 40, "Nieuw": 40}


def to_csv(lines: Sequence[TrailLine]) -> bytes:
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for line in lines:
        moment = f"{local_time(line.at):%d-%m-%Y %H:%M:%S}"
        writer.writerow([moment, *map(defang, _texts(line))])
    return file.getvalue().encode("utf-8-sig")


def to_xlsx(lines: Sequence[TrailLine]) -> bytes:
    """Moments are moments, in Dutch time. ValueError for more lines than a sheet can have."""
    if len(lines) > MOST_ROWS:
        raise ValueError(f"{len(lines)} lines do not fit in a sheet")
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Logboek")
        heading = book.add_format({"bold": True, "bottom": 1})
        moment = book.add_format({"num_format": "d-m-yyyy hh:mm:ss", "valign": "top"})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        for place, (name, width) in enumerate(_COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, name, heading)
        for row, line in enumerate(lines, start=1):
            sheet.write_datetime(row, 0, local_time(line.at), moment)
            for place, told in enumerate(_texts(line), start=1):
                sheet.write_string(row, place, fit_cell(told), text)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def _texts(line: TrailLine) -> list[str]:
    return [
        tell_actor(line.actor),
        tell_action(line.action),
        tell_subject(line.subject),
        tell_value(line.action, line.old),
        tell_value(line.action, line.new),
    ]
