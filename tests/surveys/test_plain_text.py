"""Text from people is shown as it was written: not as Markdown, not as HTML."""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from surveys.plain_text import escape_html, escape_markdown
from tests.surveys.strategies import steady

WORD_JOINER = "\N{WORD JOINER}"  # breaks up what would be replaced, and shows nothing
PARSER = MarkdownIt("commonmark").enable(["strikethrough", "table"])
signs = st.text(st.sampled_from("*_`~#+-=|<>[]()!\\&;:./@$1a b\n\t") | st.characters(), max_size=30)


@steady
@given(signs)
@example("# Kop")
@example("12. punt")
@example("- - -")
@example("![beeld](x.png) en [link](javascript:alert(1))")
@example("R&amp;D &#65; &copy;")
@example("<script>alert(1)</script><b>vet</b>")
@example("`code` ~~weg~~ **vet** __vet__ _schuin_")
@example("een\\")
def test_markdown_shows_a_text_as_it_was_written(text: str) -> None:
    shown = PARSER.render(escape_markdown(text)).replace(WORD_JOINER, "")
    written = escape(" ".join(text.split()), quote=False).replace('"', "&quot;")
    written = written.replace("\0", "\N{REPLACEMENT CHARACTER}").replace(WORD_JOINER, "")
    assert shown == (f"<p>{written}</p>\n" if written else "")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("kosten $5 en $6", r"kosten \$5 en \$6"),
        (":red[rood]", r"\:red\[rood\]"),
        # replaced even where it is escaped, so an invisible sign stands in it
        ("blij :smile: en :+1:", "blij :|smile: en :|+1:"),
        (":material/home:", ":|material/home:"),
        ("zie https://voorbeeld.nl", "zie https:|//voorbeeld.nl"),
        ("WWW.voorbeeld.nl", "WWW|.voorbeeld.nl"),
        ("mail iemand@voorbeeld.nl", "mail iemand|@voorbeeld.nl"),
        ("a -> b <-> c -- d ~= e", r"a -|\> b \<|-\> c -|- d \~|= e"),
    ],
)
def test_what_streamlit_adds_to_markdown_is_escaped(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped.replace("|", WORD_JOINER)


@pytest.mark.parametrize(
    "text", ["Bent u bezig met borging?", "STO 2025-2029: ja, nee (of weet niet)", "3,5 keer"]
)
def test_an_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert escape_markdown(text) == text


def test_html_shows_signs_and_line_breaks_as_they_were_written() -> None:
    text = 'a < b & "c" <script>\nnieuwe regel'
    expected = "a &lt; b &amp; &quot;c&quot; &lt;script&gt;<br>nieuwe regel"
    assert escape_html(text) == expected


@steady
@given(st.text())
def test_no_tag_gets_through_but_the_line_break(text: str) -> None:
    assert set(re.findall("<[^>]*>?", escape_html(text))) <= {"<br>"}
