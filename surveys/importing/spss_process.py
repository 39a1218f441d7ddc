"""A data file of SPSS from standard input, written to standard output as JSON.

`spss.py` runs this as a script, in a process of its own: the library that reads these files is
written in C, and a damaged file can bring down the process that it is in.
"""

from __future__ import annotations

import datetime
import json
import sys
from io import BytesIO
from typing import Any

from pyreadstat import read_sav


def read_variables(content: bytes, most_rows: int, most_cells: int) -> dict[str, Any]:
    """The number of rows and columns, and of a file that is not too large its variables."""
    _, about = read_sav(BytesIO(content), metadataonly=True, output_format="dict")
    size = {"rows": max(about.number_rows or 0, 0), "columns": about.number_columns or 0}
    if size["rows"] > most_rows or size["rows"] * size["columns"] > most_cells:
        return size
    # the number of cases is not always told beforehand
    values, about = read_sav(
        BytesIO(content), user_missing=True, output_format="dict", row_limit=most_rows + 1
    )
    size["rows"] = max(map(len, values.values()), default=0)
    ranges: dict[str, Any] = about.missing_ranges
    variables = [
        {
            "name": name,
            "label": about.column_names_to_labels.get(name) or "",
            "values": list(values[name]),
            "value_labels": list(about.variable_value_labels.get(name, {}).items()),
            "missing_ranges": [(part["lo"], part["hi"]) for part in ranges.get(name, [])],
        }
        for name in about.column_names
    ]
    return {**size, "variables": variables}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime.date | datetime.time):
        return {"date": str(value)}
    return value.item()  # a number of NumPy


if __name__ == "__main__":
    most = (int(argument) for argument in sys.argv[1:])
    json.dump(read_variables(sys.stdin.buffer.read(), *most), sys.stdout, default=_as_json)
