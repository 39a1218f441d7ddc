"""Earlier waves come in: a file of answers and a mapping become the answers of a wave.

The way is `read_table` (or `read_file`), `propose` or `parse_mapping`, `editing` and
`group_values` to complete the mapping, and `try_out` for what would come in and every fault.
"""

from surveys.importing.conversion import DryRun, ItemSummary, try_out
from surveys.importing.faults import (
    Fault,
    FaultyImport,
    InvalidMapping,
    InvalidWave,
    Place,
    UnreadableFile,
)
from surveys.importing.found_values import FoundValue, ValueGroup, find_unused, group_values
from surveys.importing.intake import Imported, ImportRefused
from surveys.importing.mapping import (
    ItemSource,
    WaveMapping,
    parse_mapping,
    read_mapping,
    write_mapping,
)
from surveys.importing.proposal import Proposal, propose, propose_long, propose_wide
from surveys.importing.sheets import list_sheets, read_file, read_table
from surveys.importing.table import Column, Row, Table

__all__ = [
    "Column",
    "DryRun",
    "Fault",
    "FaultyImport",
    "FoundValue",
    "ImportRefused",
    "Imported",
    "InvalidMapping",
    "InvalidWave",
    "ItemSource",
    "ItemSummary",
    "Place",
    "Proposal",
    "Row",
    "Table",
    "UnreadableFile",
    "ValueGroup",
    "WaveMapping",
    "find_unused",
    "group_values",
    "list_sheets",
    "parse_mapping",
    "propose",
    "propose_long",
    "propose_wide",
    "read_file",
    "read_mapping",
    "read_table",
    "try_out",
    "write_mapping",
]
