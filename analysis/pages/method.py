"""The method page: how figures are made, for who wants to check them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_DOCS = Path(__file__).parents[2] / "docs"


def show_page() -> None:
    for name in ("methode.md", "simulatie.md"):
        title, _, text = (_DOCS / name).read_text(encoding="utf-8").partition("\n")
        if name == "methode.md":
            st.title(title.removeprefix("# "), anchor=False)
        else:
            st.header(title.removeprefix("# "), anchor=False)
        st.markdown(text)


show_page()
