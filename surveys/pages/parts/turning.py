"""Where the keyboard goes on when a page shows something else than it did."""

from __future__ import annotations

from html import escape

import streamlit as st


def turn_page(focus: str = "") -> None:
    """The next run of the page begins at its top, or at the field or button in the container with
    this key."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    st.session_state["focus"] = focus


def draw_turn() -> None:
    """Tell window.js that a page was turned, so that it goes there. Drawn last, once per page:
    what it leads to must be there."""
    turn, focus = st.session_state.get("turn", 0), st.session_state.get("focus", "")
    st.html(f'<div data-turn="{turn}" data-focus="{escape(focus)}"></div>')
