"""The personal links as an Excel sheet, for mailing by other means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO

import xlsxwriter

from surveys.mailing.characters import clean_line

_WARNING = (
    "Deze links zijn persoonlijk en geheim: wie een link heeft, kan de vragenlijst van die regio "
    "invullen. Stuur elke link alleen naar de eigen programmaleider. Verwijder dit bestand daarna."
)
_COLUMNS = {"Nummer": 10, "Regio": 30, "Programmaleider": 30, "E-mail": 36, "Link": 80}


@dataclass(frozen=True)
class PersonalLink:
    number: str
    region: str
    name: str
    address: str
    link: str = field(repr=False)


def make_link_sheet(links: Iterable[PersonalLink]) -> bytes:
    """An Excel workbook with one line per link, in the order given; everything is text."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Links")
        text = book.add_format({"num_format": "@", "valign": "top"})
        heading = book.add_format({"bold": True, "bottom": 1})
        sheet.write_string(0, 0, _WARNING, book.add_format({"bold": True}))
        for place, (name, width) in enumerate(_COLUMNS.items()):
            sheet.set_column(place, place, width)
            sheet.write_string(2, place, name, heading)
        for line, link in enumerate(links, start=3):
            cells = (link.number, link.region, link.name, link.address, link.link)
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, clean_line(cell), text)
        sheet.freeze_panes(3, 0)
    return file.getvalue()
