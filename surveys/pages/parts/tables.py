"""Tables that a screen reader can read and a phone can scroll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from surveys.dutch import format_percentage
from surveys.plain_text import escape_html


@dataclass(frozen=True)
class Share:
    """A cell with a part of a whole: its number and percentage, and a bar for the eye."""

    count: int
    whole: int


Cell = str | Share


def draw_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """The first column names the row; every text is shown as it is."""
    head = "".join(f'<th scope="col">{escape_html(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    label = escape_html(caption)
    st.html(
        f'<div class="cijfers" role="region" tabindex="0" aria-label="Tabel: {label}">'
        f"<table><caption><span>{label}</span></caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[Cell]) -> str:
    name, *cells = map(_write, row)
    return f'<th scope="row">{name}</th>' + "".join(f"<td>{cell}</td>" for cell in cells)


def _write(cell: Cell) -> str:
    if isinstance(cell, str):
        return escape_html(cell)
    if not cell.whole:
        return str(cell.count)
    width = round(100 * cell.count / cell.whole)
    bar = (
        '<div aria-hidden="true" style="height:.4rem;min-width:4rem;border:1px solid #595959">'
        f'<div style="height:100%;width:{width}%;background:#0b5394"></div></div>'
    )
    told = f"{cell.count} van {cell.whole}, {format_percentage(cell.count / cell.whole)}"
    return f"<span>{told}</span>{bar}"
