"""The register as an Excel workbook that `regions.register` reads again. It has the leaders in
it: personal data, unlike `write_register`."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import xlsxwriter

from surveys.regions.contacts import Contact
from surveys.regions.register import EMAIL, LEADER, NAME, REGION, Register

# What a file says of a region of which the attribute is not known: it may leave none open.
_UNKNOWN = "onbekend"
_WIDEST = 60

# A workbook to begin with.
EMPTY_REGISTER = Register({}, ("provincie",))


def to_xlsx(register: Register) -> bytes:
    """A row per region; every cell is text, so that no number loses its zeros and no formula
    runs."""
    heads = [REGION, NAME, *register.attributes, LEADER, EMAIL]
    rows = [*_rows(register)]
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Register")
        heading = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        for column, head in enumerate(heads):
            longest = max(len(row[column]) for row in [heads, *rows])
            # the format is for the rows that are typed below: 01 stays 01
            sheet.set_column(column, column, min(max(12, longest + 2), _WIDEST), text)
            sheet.write_string(0, column, head, heading)
            for line, row in enumerate(rows, start=1):
                sheet.write_string(line, column, row[column], text)
        sheet.freeze_panes(1, 1)
    return file.getvalue()


def _rows(register: Register) -> Iterator[list[str]]:
    for number, values in register.regions.items():
        leader = register.contacts.get(number, Contact())
        told = (values.get(attribute, _UNKNOWN) for attribute in register.attributes)
        yield [number, register.names.get(number, number), *told, leader.name, leader.email]
