"""What a table says on each question of each region, not yet understood as an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from surveys.importing.faults import Fault, Place, describe_fault, quote
from surveys.importing.mapping import WaveMapping
from surveys.importing.table import Row, Table
from surveys.items import MultipleItem
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True)
class Cell:
    """A text in the file. `option`: the code that its column is for; '' is the whole answer."""

    text: str
    row: int
    column: str
    option: str = ""


@dataclass
class Entries:
    """Per region and question the cells of the file. `unread` are the regions and questions
    with a cell that is at fault; `silent` are the regions with a row and no answer at all."""

    cells: dict[str, dict[str, list[Cell]]] = field(default_factory=dict)
    silent: tuple[str, ...] = ()
    unread: set[tuple[str, str]] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def gather_entries(
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    regions: Collection[str] | None,
) -> Entries:
    """The cells of every question that the mapping has. `regions` are the numbers in the
    register; None takes any region.

    Columns that the file does not have are passed over: `check_mapping` tells of these.
    """
    entries = Entries()
    needed = [mapping.region]
    if mapping.layout == "long":
        needed += [mapping.item, mapping.value]
    if not all(column in table.places for column in needed):
        return entries
    gather = _gather_long if mapping.layout == "long" else _gather_wide
    gather(table, mapping, questionnaire, regions, entries)
    answered = {r: items for r, items in entries.cells.items() if _has_answer(r, items, entries)}
    entries.silent = tuple(region for region in entries.cells if region not in answered)
    entries.cells = answered
    return entries


def _has_answer(region: str, items: dict[str, list[Cell]], entries: Entries) -> bool:
    return any(
        (region, item) in entries.unread or any(cell.text for cell in cells)
        for item, cells in items.items()
    )


def _gather_wide(
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    regions: Collection[str] | None,
    entries: Entries,
) -> None:
    known = {question.id for question in questionnaire.questions}
    sources = {item: source for item, source in mapping.items.items() if item in known}
    rows: dict[str, int] = {}
    for row in table.rows:
        found = {
            item: [
                Cell(row.cells[table.places[column]], row.number, column, option)
                for column, option in source.columns.items()
                if column in table.places
            ]
            for item, source in sources.items()
        }
        is_filled = any(
            cell.text or (row.number, cell.column) in table.cell_faults
            for cells in found.values()
            for cell in cells
        )
        region = _read_region(table, mapping, row, regions, entries, is_filled)
        if region is None:
            continue
        if rows.setdefault(region, row.number) != row.number:
            entries.faults.append(_of_region("region_twice", table, mapping, row, rows[region]))
            continue
        entries.cells[region] = found
        for item, cells in found.items():
            _note_unread(table, region, item, cells, entries)


def _gather_long(
    table: Table,
    mapping: WaveMapping,
    questionnaire: Questionnaire,
    regions: Collection[str] | None,
    entries: Entries,
) -> None:
    asked = {question.id: question for question in questionnaire.questions}
    items = {source.name or i: i for i, source in mapping.items.items() if i in asked}
    unknown: set[str] = set()  # each is told once
    for row in table.rows:
        region = _read_region(table, mapping, row, regions, entries, any(row.cells))
        name = row.cells[table.places[mapping.item]]
        if region is None or name in mapping.left_out:
            continue
        if name not in items:
            if name in unknown:
                continue
            unknown.add(name)
            place = Place(table.sheet, row.number, mapping.item)
            entries.faults.append(describe_fault("unmapped_name", place, given=quote(name)))
            continue
        item = items[name]
        cell = Cell(row.cells[table.places[mapping.value]], row.number, mapping.value)
        cells = entries.cells.setdefault(region, {}).setdefault(item, [])
        if cells and not isinstance(asked[item], MultipleItem):
            place = Place(table.sheet, row.number, region=region, item=item)
            entries.faults.append(describe_fault("item_twice", place, first=cells[0].row))
            continue
        cells.append(cell)
        _note_unread(table, region, item, [cell], entries)


def _read_region(
    table: Table,
    mapping: WaveMapping,
    row: Row,
    regions: Collection[str] | None,
    entries: Entries,
    is_filled: bool,
) -> str | None:
    """The region of a row as the register writes it; None, and the fault, where it has none."""
    given = row.cells[table.places[mapping.region]]
    if fault := table.cell_faults.get((row.number, mapping.region)):
        entries.faults.append(fault)
        return None
    if not given:
        if is_filled:
            entries.faults.append(_of_region("no_region", table, mapping, row))
        return None
    if regions is None or given in regions:
        return given
    # a spreadsheet makes 7 of 07
    same = [region for region in regions if _without_zeros(region) == _without_zeros(given)]
    if len(same) == 1:
        return same[0]
    entries.faults.append(_of_region("region_unknown", table, mapping, row))
    return None


def _without_zeros(number: str) -> str:
    return number.lstrip("0") if number.isascii() and number.isdigit() else number


def _of_region(code: str, table: Table, mapping: WaveMapping, row: Row, first: int = 0) -> Fault:
    given = quote(row.cells[table.places[mapping.region]])
    place = Place(table.sheet, row.number, mapping.region)
    return describe_fault(code, place, given=given, first=first)


def _note_unread(table: Table, region: str, item: str, cells: list[Cell], entries: Entries) -> None:
    for cell in cells:
        if fault := table.cell_faults.get((cell.row, cell.column)):
            entries.faults.append(fault)
            entries.unread.add((region, item))


def iterate_entries(entries: Entries) -> Iterator[tuple[str, str, list[Cell]]]:
    """Region, question and cells of everything that can be read."""
    for region, items in entries.cells.items():
        for item, cells in items.items():
            if cells and (region, item) not in entries.unread:
                yield region, item, cells
