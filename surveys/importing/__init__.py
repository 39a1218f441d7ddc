"""Earlier waves come in: a file of answers and a mapping become the answers of a wave.

The way is `read_table` (or `read_file`), `propose` or `parse_mapping`, `try_out` for what would
come in and every fault, and `convert`.
"""

from surveys.importing.conversion import DryRun, ItemSummary, convert, try_out
from surveys.importing.faults import (
    Fault,
    FaultyImport,
    InvalidMapping,
    InvalidWave,
    Place,
    UnreadableFile,
)
from surveys.importing.mapping import (
    ItemSource,
    WaveMapping,
    parse_mapping,
    read_mapping,
    write_mapping,
)
from surveys.importing.proposal import Proposal, propose
from surveys.importing.sheets import read_file, read_table
from surveys.importing.table import Column, Row, Table

__all__ = [
    "Column",
    "DryRun",
    "Fault",
    "FaultyImport",
    "InvalidMapping",
    "InvalidWave",
    "ItemSource",
    "ItemSummary",
    "Place",
    "Proposal",
    "Row",
    "Table",
    "UnreadableFile",
    "WaveMapping",
    "convert",
    "parse_mapping",
    "propose",
    "read_file",
    "read_mapping",
    "read_table",
    "try_out",
    "write_mapping",
]
