"""Hostile text, in one place: what somebody might type, paste or put into a file to see what comes
of it. Wherever text of people can come in it must come out as it was, or be refused with a message.
"""

from __future__ import annotations

from hypothesis import strategies as st

# One line each, of signs that can be shown: these must come through every field that takes a line.
LINES = {
    "html": '<script>window.hacked=1</script><b id="vet">vet</b> & "x" &lt; &#65;',
    "image": "<img src=x onerror=window.hacked=1> <svg/onload=window.hacked=1>",
    "html ends": '"></td></div></textarea></title><iframe src="http://elders.example">',
    "comment": "<!-- weg --> ]]> --!> </style><style>*{display:none}</style>",
    "link": "[klik](javascript:window.hacked=1) ![beeld](http://elders.example/x.png)",
    "addresses": "http://elders.example www.elders.example ftp://elders.example/?x=1#y",
    "mail address": "naam@elders.example mailto:naam@elders.example",
    "emphasis": "**vet** __vet__ *schuin* _schuin_ ~~weg~~ `code` ==geel== \\* een\\",
    "heading": "# Kop",
    "list": "- punt",
    "star list": "* punt",
    "number list": "12. punt",
    "quotation": "> citaat | cel | cel",
    "rule": "- - -",
    "footnote": "[^1] [ref]: <x> [x][y] [ ] [x]",
    "colours": ":red[rood] :blue-background[x] :small[klein] :rainbow[x] :orange-badge[x]",
    "emoji codes": ":smile: :+1: blij:tada:blij :streamlit:",
    "icons": ":material/close: x:material/home:x :material/",
    "formulas": "$5 en $6 $x^2$ $$\\frac{1}{2}$$ \\(x\\) \\[x\\]",
    "arrows": "a -> b <- c <-> d -- e >= f <= g ~= h",
    "jinja": "{{ 7*7 }} {% for i in range(9) %}x{% endfor %} {# weg #} {{ config }}",
    "format": "%s %d %(naam)s {0} {naam} {} $naam ${naam} #{naam}",
    "excel": '=HYPERLINK("http://elders.example","klik")',
    "excel sum": "=1+1",
    "excel plus": "+1+1",
    "excel minus": "-1+1",
    "excel at": "@SUM(A1)",
    "excel command": "=cmd|' /C calc'!A1",
    "excel quote": "'01",
    "excel escape": "_x0041_ _x00_",
    "excel number": "1e5",
    "excel truth": "WAAR",
    "csv": 'een, twee; drie\t"vier" ""vijf',
    "quotes": "O'Brien \"d'Arc\" ` ´ ‘x’ „y”",
    "sql": "'; DROP TABLE region; -- %_ \\' OR '1'='1",
    "path": "../../etc/passwd C:\\Windows\\x NUL ~/.ssh file:///etc/passwd",
    "null words": "null None NaN undefined true [object Object]",
    "encoded word": "=?utf-8?q?Jan=0ABcc=3A_iemand=40elders.example?=",
    "mailboxes": '"Jan" <iemand@elders.example>, tweede@elders.example;',
    "right to left": "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 123",
    "direction": "\u202emoc.live\u202c \u2066links\u2069 \u200frechts\u200e",
    "zero width": "on\u200bzicht\u200cbaar\u200d \ufeffbom \u2060 zacht\u00adkoppel",
    "emoji": "\U0001f469\u200d\U0001f3eb \U0001f1f3\U0001f1f1 \U0001f44d\U0001f3fd \u2764\ufe0f",
    "combining": "e\u0301 n\u0303 Z\u0351\u036b\u0343\u032a\u0302\u033d\u034f\u0334 \u0e01\u0e33",
    "spaces": "na\u00a0een\u2003twee\u3000drie\u2009vier",
    "likenesses": "раураl ﬁ ŉ İ ı ß ẞ ĳ Ĳ ｆｕｌｌ ª",
    "far planes": "\U0001d54f \U00020000 \U000e0041 \ue000 \ufffd",
    "ansi without its sign": "[31mrood[0m \\x1b[2J \\033[1m",
}

# More lines than one; each is kept where a field takes lines, and refused or told where not.
PARAGRAPHS = {
    "lines": "eerste regel\n\nderde regel\n  ingesprongen",
    "markdown": "# Kop\n\n- punt\n\n    code\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "formula lines": "gewoon\n=1+1\n@SUM(A1)",
    "mail": "Jan\nBcc: iemand@elders.example\n\nTekst\n.\nQUIT",
}

# What no field keeps as it is: control characters, line ends of other systems, half characters.
INVISIBLE = {
    "null": "een\0twee",
    "bell": "bel\x07",
    "escape": "\x1b[31mrood\x1b[0m \x1b]0;titel\x07 \x1b[2J",
    "delete": "weg\x7f",
    "next line": "Jan\x85X: y",
    "c1": "a\x9bb",
    "vertical tab": "a\x0bb\x0cc",
}
# Written as it is; but who reads a workbook with openpyxl gets signs in the place of these words.
EXCEL_ESCAPES = "_x000A_ _x001B_ _x005F_"
HALF = "half \ud800 teken"  # no encoding can write it, so nothing can bring it but a program
OTHER_LINE_ENDS = "Jan\r\nBcc: iemand@elders.example\r\n\r\nTekst\rX: y\u2028Z: z"

DOTS = "." * 80
LONG = "woord " * 1_700
LONG_WORD = "é" * 10_000

# All of it, for what says of any text that comes in what becomes of it.
HOSTILE = [
    *LINES.values(),
    *PARAGRAPHS.values(),
    *INVISIBLE.values(),
    HALF,
    OTHER_LINE_ENDS,
    DOTS,
    LONG,
    LONG_WORD,
]

_SIGNS = '",;:<>@()[]\\=?_{}%# \r\n\t.ab\u00e9\u20ac\U0001f600\u202e\u05d0\ud800'

# Signs that mean something to a mail, a template or a terminal, in between all others.
hostile_text = (
    st.sampled_from(HOSTILE)
    | st.text(st.sampled_from(_SIGNS) | st.characters(), max_size=120)
    | st.text(st.sampled_from(_SIGNS), min_size=20, max_size=120)
)
