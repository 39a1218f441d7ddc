"""The method page: how figures are made, for who wants to check them.

The documents are Markdown that is also read on disk. What Streamlit's Markdown does not do well on
a page (tables and commands that scroll in a box of their own, headings in Dutch that one can jump
to) is drawn here; the rest, with its formulas, goes to Streamlit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import streamlit as st

from surveys.pages.visitor import require
from surveys.plain_text import escape_html
from surveys.roles import Right

_DOCS = Path(__file__).parents[2] / "docs"
_PAGES = {"methode": 0, "simulatie": 1}  # how much deeper its headings are than on disk
_PROSE, _TABLE, _CODE, _HEADING = "prose", "table", "code", "heading"


def show_page() -> None:
    require(Right.SEE_RESULTS)
    pages = {name: list(_read_blocks(name)) for name in _PAGES}
    st.title("Methode", anchor=False)
    _show_contents(pages)
    for name, blocks in pages.items():
        section = ""
        for number, (kind, text) in enumerate(blocks):
            if kind == _HEADING:
                section = text.lstrip("# ")
                if name != "methode" or number:
                    _show_heading(name, text)
            elif kind == _TABLE:
                _show_table(section, text)
            elif kind == _CODE:
                _show_code(text)
            else:
                st.markdown(re.sub(r"\]\((\w+)\.md\)", r"](#\1)", text))


def _read_blocks(name: str) -> Iterator[tuple[str, str]]:
    """The kind and the text of what follows one another in a document."""
    text = (_DOCS / f"{name}.md").read_text(encoding="utf-8")
    for position, part in enumerate(re.split(r"^```.*\n", text, flags=re.MULTILINE)):
        if position % 2:
            yield _CODE, part.strip()
            continue
        for kind, lines in groupby(part.splitlines(), _kind_of):
            if kind == _HEADING:
                yield from ((kind, line) for line in lines)
            elif found := "\n".join(lines).strip():
                yield kind, found


def _kind_of(line: str) -> str:
    if line.startswith("|"):
        return _TABLE
    return _HEADING if re.match("#+ ", line) else _PROSE


def _show_contents(pages: dict[str, list[tuple[str, str]]]) -> None:
    links = "".join(
        f'<li><a href="#{_anchor(name, text)}">{escape_html(text.lstrip("# "))}</a></li>'
        for name, blocks in pages.items()
        for kind, text in blocks
        if kind == _HEADING
        and (name, text[:2]) in (("methode", "##"), ("simulatie", "# "))
        and not text.startswith("###")
    )
    st.html(f'<nav class="inhoud" aria-label="Op deze pagina"><ul>{links}</ul></nav>')


def _anchor(name: str, heading: str) -> str:
    """Where a link leads: a document by its name, a part by its title."""
    if heading.startswith("# "):
        return name
    return re.sub(r"\W+", "-", heading.lstrip("# ").lower()).strip("-")


def _show_heading(name: str, text: str) -> None:
    level = len(text) - len(text.lstrip("#")) + _PAGES[name]
    title = escape_html(text.lstrip("# "))
    st.html(f'<h{level} id="{_anchor(name, text)}">{title}</h{level}>')


def _show_table(section: str, text: str) -> None:
    head, _, *rows = (
        [_as_html(cell.strip()) for cell in line.strip("|").split("|")]
        for line in text.splitlines()
    )
    columns = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    st.html(
        f'<div class="cijfers" role="region" tabindex="0" '
        f'aria-label="Tabel: {escape_html(section)}"><table>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _as_html(cell: str) -> str:
    """The only markup that the tables have: code, bold and italic."""
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape_html(cell))
    html = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", html)
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", html)


def _show_code(text: str) -> None:
    st.html(
        '<pre class="opdracht" role="region" tabindex="0" aria-label="Opdracht">'
        f"<code>{escape_html(text)}</code></pre>"
    )


show_page()
