"""Text from people and files, shown as it is: never read as Markdown, HTML or a formula."""

from __future__ import annotations

import re
import unicodedata
from html import escape

# Screen readers get a label as it is written, so only what Markdown would really read as
# markup is escaped: emphasis, code, links, LaTeX, HTML, emoji and colour codes, and list
# or heading signs at the start.
_MARKUP = re.compile(r"([\\`*_\[\]$~<>]|&(?=#?\w+;)|:(?=[\w+-])|^[#+=|-])")
_LIST_NUMBER = re.compile(r"^(\d+)([.)])")

# What Excel would run as a formula (OWASP, 'CSV Injection').
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

_MOST_SIGNS = 32_767  # that a cell of Excel can have
_CUT = " […ingekort: in het CSV-bestand staat alles]"

# What Streamlit replaces even where it is escaped: emoji and icon codes, addresses (by links) and
# arrows that stand apart. An invisible sign breaks them up.
_REPLACED = re.compile(
    r":(?=[\w+-]+:|material/|//)|www(?=\.)|(?<=[\w.+-])(?=@[\w-])"
    r"|(?<![^\s\ufeff])[<>~-](?=(?:->|[->=])(?![^\s\ufeff]))",
    re.IGNORECASE,
)


def escape_markdown(text: str) -> str:
    """Put a backslash before every sign that Markdown would take for markup. One line."""
    one_line = _REPLACED.sub("\\g<0>\N{WORD JOINER}", " ".join(text.split()))
    return _LIST_NUMBER.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", one_line))


def escape_html(text: str) -> str:
    """HTML that shows the text, with its line breaks."""
    return escape(text).replace("\n", "<br>")


def defang(text: str) -> str:
    """The text with an apostrophe before what Excel would take for a formula, for a CSV file."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def fit_cell(text: str) -> str:
    """The text, cut with a note where a cell of Excel cannot hold it. Excel counts in UTF-16: a
    sign outside the basic plane is two."""
    if len(text.encode("utf-16-le")) // 2 <= _MOST_SIGNS:
        return text
    kept = text.encode("utf-16-le")[: 2 * (_MOST_SIGNS - len(_CUT))]
    return kept.decode("utf-16-le", errors="ignore") + _CUT


def escape_terminal(text: str) -> str:
    """One line for a terminal or a log: what would move its cursor, turn its text or start a
    line is written out, such as '\\x1b'."""
    return "".join(
        sign.encode("unicode_escape").decode() if _moves(sign) else sign
        for sign in " ".join(text.split())
    )


def _moves(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in _DIRECTIONS


_DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def holds_invisible(text: str) -> bool:
    """Whether there is a control character in it, other than those for lines and tabs, or half a
    character: nothing that anyone would type, and not everything can keep it."""
    return any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\r\n\t" for sign in text)
