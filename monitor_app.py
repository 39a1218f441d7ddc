"""The entry: who is here, and which pages they may see."""

from pathlib import Path

import streamlit as st

from surveys.pages.window import ICON, open_window

_SURVEYS, _ANALYSIS = (Path(__file__).parent / name / "pages" for name in ("surveys", "analysis"))
_LOCAL = ("127.0.0.1", "localhost", "::1")


def _is_local() -> bool:
    """Whether only who sits at this machine can be here: the server listens on loopback, and
    no proxy in front of it hands on the requests of others."""
    headers = st.context.headers
    handed_on = any(name in headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-Ip"))
    host = headers.get("Host", "127.0.0.1").rsplit(":", 1)[0].strip("[]")
    return st.get_option("server.address") in _LOCAL and host in _LOCAL and not handed_on


def _results_pages() -> dict[str, list[st.Page]]:
    results = [
        ("urgency", "Urgentie", "urgentie"),
        ("yields", "Opbrengsten", "opbrengsten"),
        ("attention", "Aandacht", "aandacht"),
        ("grades", "Rapportcijfers", "rapportcijfers"),
        ("anchoring", "Borging", "borging"),
        ("groups", "Groepen", "groepen"),
    ]
    return {
        "": [st.Page(_ANALYSIS / "start.py", title="Start", default=True)],
        "Resultaten": [
            st.Page(_ANALYSIS / f"{name}.py", title=title, url_path=path)
            for name, title, path in results
        ],
        "Onderzoek": [
            st.Page(_SURVEYS / "fieldwork.py", title="Veldwerk", url_path="veldwerk"),
            st.Page(_ANALYSIS / "planner.py", title="Planner", url_path="planner"),
            st.Page(_ANALYSIS / "method.py", title="Methode", url_path="methode"),
        ],
    }


def main() -> None:
    if "uitnodiging" in st.query_params:
        st.session_state["token"] = st.query_params["uitnodiging"]
    fills_in = "token" in st.session_state
    # until there is sign-in, results and fieldwork are for who sits at this machine
    shows_results = not fills_in and _is_local()
    st.set_page_config("Monitor Sterk Techniekonderwijs", page_icon=ICON, layout="wide")
    open_window(width="66rem" if shows_results else "46rem", shows_results=_is_local())
    if shows_results:
        st.navigation(_results_pages()).run()
    else:
        name = "fill_in" if fills_in else "refused"
        page = st.Page(_SURVEYS / f"{name}.py", title="Vragenlijst")
        st.navigation([page], position="hidden").run()


main()
