"""How wide the columns of a printed table are, wherever it is printed."""

from __future__ import annotations

from analysis.results.exhibit import PrintedTable

_PADDING = 2  # letters, with the margins of a cell
_BOLD = 1  # letters that a bold word needs more
_LONGEST = 34  # letters of a text before it may wrap
_WHOLE = 16  # letters of what stays on one line: '57% (24 van 42)'


def share_width(table: PrintedTable, letters: int) -> list[float]:
    """The part of the width that each column gets, together 1, where there is room for so many
    letters in all. No column is narrower than its longest word, or than a short text; what is
    left goes to those that would like more."""
    columns = range(len(table.headings))
    least = _least(table)
    wished = [max(_wish(table, column), least[column]) for column in columns]
    room = letters - sum(least)
    wants = [float(wish - low) for wish, low in zip(wished, least, strict=True)]
    if room > 0 and any(wants):
        part = room / sum(wants)
        sizes = [low + want * part for low, want in zip(least, wants, strict=True)]
    else:
        sizes = [float(low) for low in least]
    return [size / sum(sizes) for size in sizes]


def letters_needed(table: PrintedTable) -> int:
    """For how many letters in all there must be room, that no word is broken."""
    return sum(_least(table))


def _least(table: PrintedTable) -> list[int]:
    return [_longest_part(table, column) + _PADDING for column in range(len(table.headings))]


def _cells(table: PrintedTable, column: int) -> list[str]:
    """Those of rows that go on after it: the last cell of a short row has all the room."""
    shown = [row[column] for row in table.rows if len(row) == len(table.headings) or not column]
    return [table.headings[column], *shown]


def _longest_part(table: PrintedTable, column: int) -> int:
    heading, *cells = _cells(table, column)
    parts = []
    for cell in cells:
        parts += [cell] if column and len(cell) <= _WHOLE else cell.split(" ")
    bold = max(map(len, heading.split(" "))) + _BOLD
    return min(max([bold, *map(len, parts)]), _LONGEST)


def _wish(table: PrintedTable, column: int) -> int:
    most = 2 * _LONGEST if column == 0 else _LONGEST
    heading, *cells = _cells(table, column)
    return min(max([*map(len, cells), len(heading) // 3]), most) + _PADDING
