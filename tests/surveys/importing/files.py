"""Small files of answers, made within a test, and what they give."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import xlsxwriter

from surveys.answers import Value
from surveys.importing import Table, WaveMapping, try_out
from surveys.questionnaire import Questionnaire

Rows = Sequence[Sequence[Any]]


def workbook(sheets: Mapping[str, Rows] | Rows) -> bytes:
    """A workbook; a text stays a text, whatever it begins with."""
    named = sheets if isinstance(sheets, Mapping) else {"Blad1": sheets}
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        for name, rows in named.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value not in ("", None):
                        sheet.write(number, place, value)
    return file.getvalue()


def delimited(rows: Rows, delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def spss(path: Path, columns: Mapping[str, Sequence[Any]], **about: Any) -> bytes:
    """A file of SPSS; `about` as `pyreadstat.write_sav` has it."""
    pyreadstat.write_sav(pd.DataFrame(dict(columns)), path, **about)
    return path.read_bytes()


def convert(
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    regions: Collection[str] | None = None,
) -> dict[str, dict[str, Value]]:
    """Per region an answer to every question, from a file without a fault."""
    run = try_out(table, mapping, questionnaire, regions)
    assert run.faults == ()
    return dict(run.responses)
