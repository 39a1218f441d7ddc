"""The entry: who is here, and which pages they may see."""

import gc
from pathlib import Path

import streamlit as st

from surveys.pages.storage import current_store

_PAGES = Path(__file__).parent
_ASSETS = _PAGES / "surveys" / "pages" / "assets"


@st.cache_resource(show_spinner=False)
def _prepare() -> tuple[str, str]:
    """Once per process: open the database, and spare later collections what is loaded by now."""
    current_store()
    gc.collect()
    gc.freeze()
    script = (_ASSETS / "window.js").read_text(encoding="utf-8")
    style = (_ASSETS / "window.css").read_text(encoding="utf-8")
    return script, style


def main() -> None:
    st.set_page_config(
        page_title="Monitor Sterk Techniekonderwijs", page_icon=str(_ASSETS / "icon.svg")
    )
    script, style = _prepare()
    st.html(f"<style>{style}</style>")
    st.html(f"<div><script>{script}</script></div>", unsafe_allow_javascript=True)
    if "uitnodiging" in st.query_params:
        st.session_state["token"] = st.query_params["uitnodiging"]
    fill_in = st.Page(_PAGES / "surveys/pages/fill_in.py", title="Vragenlijst")
    st.navigation([fill_in], position="hidden").run()


main()
