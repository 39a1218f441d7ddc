"""Pages of plain HTML, without Streamlit: for who is still at the door."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import HTMLResponse

from surveys.plain_text import escape_html

_STYLE = (Path(__file__).parents[1] / "assets" / "plain.css").read_text(encoding="utf-8")


def plain_page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A whole page that nobody keeps; `body` is HTML."""
    html = (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape_html(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape_html(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store"})


def message_page(title: str, *paragraphs: str, status: int) -> HTMLResponse:
    """A page that tells something, as plain text."""
    body = "".join(f"<p>{escape_html(paragraph)}</p>" for paragraph in paragraphs)
    return plain_page(title, body, status)
