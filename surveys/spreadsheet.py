"""A sheet of an Excel workbook (.xlsx): what each of its cells shows, as text."""

from __future__ import annotations

import datetime
import io
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.workbook import Workbook

MOST_UNPACKED = 25 * 2**20  # bytes: a small archive can unpack to more than memory holds
_LAST_ROW = 2**20  # of any sheet in Excel

# How an archive begins, and how workbooks of before 2007 and those with a password do.
ARCHIVE, OLD_OR_LOCKED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

# What a workbook writes for a control character that XML has no room for, such as that of a
# line break in Windows.
_CONTROL = re.compile(r"_x00([01][0-9A-Fa-f])_")

Kind = Literal["text", "truth", "date", "error", "formula"]


@dataclass(frozen=True)
class SheetCell:
    """What a cell shows, stripped. `column` counts from 1; `letter` is how the sheet names it.

    A number is a text, written as the sheet shows it: 4 is '4', and '04' in the format 00;
    decimals get a comma. Of another kind: true or false, a date or time, an error of the
    spreadsheet, or a formula without an outcome.
    """

    column: int
    letter: str
    text: str
    kind: Kind


@dataclass(frozen=True)
class Sheet:
    """`rows`: the rows with any cell that holds something, with their numbers, to be read once.
    Reading them may raise UnreadableWorkbook as well. `names`: of all sheets in the workbook."""

    name: str
    names: tuple[str, ...]
    rows: Iterator[tuple[int, list[SheetCell]]]


_Rows = Iterator[tuple[int, list[SheetCell]]]


class UnreadableWorkbook(Exception):
    """`code`: 'locked' (or of before 2007), 'other' (an archive of something else), 'broken',
    'too_large' or 'no_sheet', with the `names` of those that there are."""

    def __init__(self, code: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.names = names


def open_sheet(content: bytes, asked: str | None = None) -> Sheet:
    """The sheet with this name, or the first one. Raises UnreadableWorkbook."""
    _check_archive(content)
    try:
        # a sheet is read either with the outcomes of its formulas or with the formulas themselves
        outcomes, formulas = _load(content, outcomes=True), _load(content, outcomes=False)
        names = tuple(sheet.title for sheet in outcomes.worksheets)
    except Exception as error:  # the library lets through whatever a damaged part leads to
        raise UnreadableWorkbook("broken") from error
    name = names[0] if asked is None and names else asked or ""
    if name not in names:
        raise UnreadableWorkbook("no_sheet", names)
    return Sheet(name, names, _guard(_read_cells(outcomes, formulas, name)))


def _check_archive(content: bytes) -> None:
    """Before anything is unpacked: what is inside, and how large that will be."""
    if content.startswith(OLD_OR_LOCKED):
        raise UnreadableWorkbook("locked")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableWorkbook("broken") from error
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise UnreadableWorkbook("other")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableWorkbook("locked")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadableWorkbook("too_large")


def _load(content: bytes, *, outcomes: bool) -> Workbook:
    from openpyxl import load_workbook  # it loads NumPy, and a respondent has no need of it

    with _silence():
        return load_workbook(io.BytesIO(content), read_only=True, data_only=outcomes)


@contextmanager
def _silence() -> Iterator[None]:
    """The library warns of layout that it does not keep."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _guard(rows: _Rows) -> _Rows:
    """With every fault of the library as one of ours."""
    while True:
        try:
            with _silence():
                row = next(rows, None)
        except UnreadableWorkbook:
            raise
        except Exception as error:
            raise UnreadableWorkbook("broken") from error
        if row is None:
            return
        yield row


def _read_cells(outcomes: Workbook, formulas: Workbook, name: str) -> _Rows:
    pages = [book[name] for book in (outcomes, formulas)]
    for page in pages:
        page.reset_dimensions()  # what a file says of its own size may be wrong
    both = zip(*(page.iter_rows() for page in pages), strict=True)
    for number, (row, sources) in enumerate(both, start=1):
        if number > _LAST_ROW:
            raise UnreadableWorkbook("too_large")
        pairs = zip(row, sources, strict=True)
        cells = [_read_cell(cell) for cell, source in pairs if source.value is not None]
        if cells:
            yield number, cells


def _read_cell(cell: ReadOnlyCell) -> SheetCell:
    return SheetCell(cell.column, cell.column_letter, *_tell(cell))


def _tell(cell: ReadOnlyCell) -> tuple[str, Kind]:
    value = cell.value
    if value is None:  # a formula: without an outcome, unless that is an empty text
        return "", "text" if cell.data_type == "str" else "formula"
    if cell.data_type == "e":
        return str(value), "error"
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return str(value), "date"
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR", "truth"
    if isinstance(value, int | float):
        if not math.isfinite(value):
            return str(value), "error"
        return format_number(value, cell.number_format), "text"
    return _CONTROL.sub(lambda sign: chr(int(sign[1], 16)), str(value)).strip(), "text"


def format_number(number: float, layout: str = "General") -> str:
    """A number the Dutch way: whole as '4', else '7,5', with the 15 digits a spreadsheet keeps.
    A layout of noughts only, such as 00, says how many digits a whole number has at least."""
    text = f"{Decimal(f'{number:.15g}'):f}"
    if "." in text:
        return text.rstrip("0").rstrip(".").replace(".", ",")
    shown = layout.split(";")[0]
    return ("0" if text == "-0" else text).zfill(len(shown) if set(shown) == {"0"} else 0)
