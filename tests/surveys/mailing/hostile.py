"""Text that someone might put into a register to see what a mail makes of it."""

from __future__ import annotations

from hypothesis import strategies as st

HOSTILE = [
    '<script>alert(1)</script><b>vet</b> & "x"',
    "{{ 7*7 }} {% for i in range(9) %}x{% endfor %} {# weg #}",
    "Jan\r\nBcc: iemand@elders.example\r\n\r\nTekst",
    "Jan\u2028Bcc: iemand@elders.example\x85X: y",
    '"Jan" <iemand@elders.example>, tweede@elders.example;',
    "=?utf-8?q?Jan=0ABcc=3A_iemand=40elders.example?=",
    "\u202emoc.live\u202c \u2066links\u2069",
    "\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627",
    "👩\u200d🏫 🇳🇱 é Ĳ",
    "\0\x07\x1b[31m rood \x7f",
    "half \ud800 teken",
    "=1+1",
    "." * 80,
    "woord " * 1_700,
    "é" * 10_000,
]

_SIGNS = '",;:<>@()[]\\=?_{}%# \r\n\t.ab\u00e9\u20ac\U0001f600\u202e\u05d0\ud800'

# Signs that mean something to a mail, a template or a terminal, in between all others.
hostile_text = (
    st.sampled_from(HOSTILE)
    | st.text(st.sampled_from(_SIGNS) | st.characters(), max_size=120)
    | st.text(st.sampled_from(_SIGNS), min_size=20, max_size=120)
)
