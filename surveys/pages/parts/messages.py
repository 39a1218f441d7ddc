"""What became of an action: told where it was asked for, when the page is drawn again."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from surveys.plain_text import escape_html, escape_markdown


def tell_done(part: str, text: str) -> None:
    """To be told once, in this part of the page. The text may quote people."""
    st.session_state[_name(part)] = (text, ())


def tell_refused(part: str, text: str, faults: Iterable[str]) -> None:
    st.session_state[_name(part)] = (text, tuple(faults))


def draw_told(part: str) -> None:
    told, faults = st.session_state.pop(_name(part), ("", ()))
    if faults:
        draw_faults(told, faults)
    elif told:
        st.success(escape_markdown(told))


def draw_faults(told: str, faults: Iterable[str]) -> None:
    st.error(escape_markdown(told))
    draw_list(faults)


def draw_list(texts: Iterable[str]) -> None:
    """Texts that may quote people, as they are; none turns the direction of its neighbours."""
    items = "".join(f"<li><bdi>{escape_html(text)}</bdi></li>" for text in texts)
    st.html(f'<ul class="lijst">{items}</ul>')


def _name(part: str) -> str:
    return f"afloop-{part}"
