"""How far the regions are, as an Excel sheet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

import xlsxwriter

from surveys.dutch import format_date, format_time, local_time
from surveys.monitoring.response import MAIL_STATES, MODES, RegionProgress, name_mail

_WIDTHS = {
    "Nummer": 10,
    "Regio": 30,
    "Provincie": 18,
    "Stand": 26,
    "Uitgenodigd": 18,
    "Laatste mail": 16,
    "Stand van de mail": 18,
    "Mail van": 18,
    "Herinneringen": 14,
    "Geopend": 18,
    "Begonnen": 18,
    "Gekomen tot": 26,
    "Laatst bewaard": 18,
    "Verzonden": 18,
    "Versie": 8,
    "Hoe": 14,
    "Gestelde vragen": 16,
    "Overgeslagen": 14,
}

Cell = str | int | datetime | None


def make_response_sheet(regions: Iterable[RegionProgress], wave: str, now: datetime) -> bytes:
    """An Excel workbook with one line per region. Texts are texts, never formulas; moments are
    those of a Dutch clock."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Stand van zaken")
        text = book.add_format({"num_format": "@"})
        moment = book.add_format({"num_format": "d-m-yyyy h:mm", "align": "left"})
        heading = book.add_format({"bold": True, "bottom": 1})
        about = f"Meting {wave}: stand van {format_date(now)}, {format_time(now)}"
        sheet.write_string(0, 0, about, book.add_format({"bold": True}))
        for place, (name, width) in enumerate(_WIDTHS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(2, place, name, heading)
        for line, region in enumerate(regions, start=3):
            for place, cell in enumerate(_cells(region)):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell, text)
                elif isinstance(cell, datetime):
                    sheet.write_datetime(line, place, local_time(cell), moment)
                elif cell is not None:
                    sheet.write_number(line, place, cell)
        sheet.freeze_panes(3, 2)
    return file.getvalue()


def _cells(region: RegionProgress) -> list[Cell]:
    mail, draft, done = region.mail, region.draft, region.submission
    return [
        region.number,
        region.name,
        region.province,
        region.stage.value,
        region.invited_at if region.invited else None,
        *((name_mail(mail.number), MAIL_STATES[mail.state], mail.at) if mail else (None,) * 3),
        region.reminders,
        region.opened_at,
        region.begun_at,
        *((draft.section, draft.saved_at) if draft else (None,) * 2),
        *((done.submitted_at, done.version, MODES[done.mode]) if done else (None,) * 3),
        *((done.asked, done.skipped) if done else (None,) * 2),
    ]
