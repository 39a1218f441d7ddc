"""The entry: who is here, and which pages they may see."""

import gc
import importlib
import threading
from pathlib import Path

import streamlit as st

from surveys.pages.storage import current_store

_HERE = Path(__file__).parent
_ASSETS = _HERE / "surveys" / "pages" / "assets"
_LOCAL = ("127.0.0.1", "localhost", "::1")


@st.cache_resource(show_spinner=False)
def _prepare(is_local: bool) -> tuple[str, str]:
    """Once per process: open the database and load what the results need, out of the way of
    who fills in; what is loaded by then is spared later garbage collections."""
    current_store()
    threading.Thread(target=_warm_up, args=(is_local,), daemon=True).start()
    script = (_ASSETS / "window.js").read_text(encoding="utf-8")
    style = (_ASSETS / "window.css").read_text(encoding="utf-8")
    return script, style


def _warm_up(is_local: bool) -> None:
    if is_local:
        importlib.import_module("analysis.charts")
        importlib.import_module("analysis.comparison")
    gc.collect()
    gc.freeze()


def _respondent_pages() -> list[st.Page]:
    return [st.Page(_HERE / "surveys/pages/fill_in.py", title="Vragenlijst")]


def _results_pages() -> dict[str, list[st.Page]]:
    results = [
        ("urgency", "Urgentie", "urgentie"),
        ("yields", "Opbrengsten", "opbrengsten"),
        ("attention", "Aandacht", "aandacht"),
        ("grades", "Rapportcijfers", "rapportcijfers"),
        ("anchoring", "Borging", "borging"),
    ]
    pages = _HERE / "analysis/pages"
    return {
        "": [st.Page(pages / "start.py", title="Start", default=True)],
        "Resultaten": [
            st.Page(pages / f"{name}.py", title=title, url_path=path)
            for name, title, path in results
        ],
        "Onderzoek": [
            st.Page(_HERE / "surveys/pages/fieldwork.py", title="Veldwerk", url_path="veldwerk")
        ],
    }


def main() -> None:
    icon = str(_ASSETS / "icon.svg")
    st.set_page_config(page_title="Monitor Sterk Techniekonderwijs", page_icon=icon)
    # until there is sign-in, results and fieldwork are for who sits at this machine
    is_local = st.get_option("server.address") in _LOCAL
    script, style = _prepare(is_local)
    st.html(f"<style>{style}</style>")
    st.html(f"<div><script>{script}</script></div>", unsafe_allow_javascript=True)
    if "uitnodiging" in st.query_params:
        st.session_state["token"] = st.query_params["uitnodiging"]
    if "token" in st.session_state:
        st.navigation(_respondent_pages(), position="hidden").run()
    elif is_local:
        st.navigation(_results_pages()).run()
    else:
        page = st.Page(_HERE / "surveys/pages/refused.py", title="Niet beschikbaar")
        st.navigation([page], position="hidden").run()


main()
