"""The first sheet of an Excel workbook: its rows as text, and what is wrong in which cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from surveys.delimited import RowError
from surveys.spreadsheet import ARCHIVE, OLD_OR_LOCKED, SheetCell, UnreadableWorkbook, open_sheet

_MOST_ROWS = 20_000  # a hundred waves of answers have fewer

Rows = Iterator[tuple[int, list[str]]]

_BROKEN = RowError(
    0,
    "the file is not a whole Excel workbook: open it in Excel and save it as .xlsx",
    "Het bestand is geen (heel) Excel-bestand. Open het in Excel en sla het opnieuw op als .xlsx.",
)
_UNREADABLE = {
    "locked": RowError(
        0,
        "the workbook has a password or is of before 2007: save it as .xlsx without a password",
        "Het bestand heeft een wachtwoord of is een oud Excel-bestand (.xls). "
        "Sla het op als .xlsx, zonder wachtwoord.",
    ),
    "too_large": RowError(
        0,
        "the workbook is far too large: copy the table to a new workbook",
        "Het Excel-bestand is veel te groot. Kopieer alleen de tabel naar een nieuw bestand.",
    ),
}

# Per kind of cell that is no text or number: what is told of it.
_NO_TEXT = {
    "date": (
        "holds a date: format it as text and type the value anew",
        "bevat een datum. Geef de cel de opmaak Tekst en typ de waarde opnieuw.",
    ),
    "truth": (
        "holds TRUE or FALSE: type a text, such as yes or no",
        "bevat WAAR of ONWAAR. Typ een tekst, bijvoorbeeld ja of nee.",
    ),
    "error": (
        "holds an error: mend the formula or type the value",
        "bevat een foutwaarde. Verbeter de formule of typ de waarde.",
    ),
    "formula": (
        "holds a formula without a result: save the workbook in Excel, or type the value",
        "bevat een formule zonder uitkomst. Open het bestand in Excel en sla het op, "
        "of typ de waarde.",
    ),
}


def is_workbook(content: bytes, name: str) -> bool:
    """Whether a file is, or by its name should be, an Excel workbook."""
    named = name.casefold().endswith((".xlsx", ".xlsm", ".xls"))
    return named or content.startswith((ARCHIVE, OLD_OR_LOCKED))


def read_sheet(content: bytes, errors: list[RowError]) -> Rows:
    """The rows of the first sheet with their numbers, the header (row 1) first, values stripped.

    The header ends at its last name; every row is as long. A number is written as the sheet shows
    it: 4 is '4', and '04' in the format 00; decimals get a comma. Empty rows are left out.
    `errors` gets a fault for every cell that is no text or number, for every column with values
    but no name, and for a file that is not a workbook: that has no rows.
    """
    rows = _read_all(content, errors)
    if rows is None:
        return
    header = rows.pop(1, {})
    width = max(header, default=0)
    yield 1, _in_order(header, width)
    nameless: set[int] = set()
    for number, texts in rows.items():
        if width:
            beyond = {column for column in texts if column > width} - nameless
            errors += [_without_name(number, column) for column in sorted(beyond)]
            nameless |= beyond
        yield number, _in_order(texts, width)


def _in_order(texts: Mapping[int, str], width: int) -> list[str]:
    return [texts.get(column, "") for column in range(1, width + 1)]


def _without_name(row: int, column: int) -> RowError:
    return RowError(
        row,
        f"there is a value in column {column}, which has no name in row 1",
        f"er staat een waarde in kolom {column}, maar die kolom heeft geen naam in rij 1. "
        "Vul de naam in of maak de kolom leeg.",
    )


def _read_all(content: bytes, errors: list[RowError]) -> dict[int, dict[int, str]] | None:
    """By number the rows that are not empty: the texts by column number. None: no workbook."""
    found: list[RowError] = []
    rows: dict[int, dict[int, str]] = {}
    try:
        for number, cells in open_sheet(content).rows:
            texts = {cell.column: _read_text(number, cell, found) for cell in cells}
            if filled := {column: text for column, text in texts.items() if text}:
                rows[number] = filled
            if len(rows) > _MOST_ROWS:
                raise UnreadableWorkbook("too_large")
    except UnreadableWorkbook as error:
        errors.append(_UNREADABLE.get(error.code, _BROKEN))
        return None
    errors += found
    return rows


def _read_text(number: int, cell: SheetCell, errors: list[RowError]) -> str:
    if cell.kind not in _NO_TEXT:
        return cell.text
    place = f"{cell.letter}{number}"
    english, dutch = _NO_TEXT[cell.kind]
    errors.append(RowError(number, f"cell {place} {english}", f"cel {place} {dutch}"))
    return place  # so that the cell is not told to be empty as well
