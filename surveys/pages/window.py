"""What every window gets before its page: style, script, and the process made ready."""

from __future__ import annotations

import gc
import importlib
import threading
from functools import cache
from pathlib import Path

import streamlit as st

from surveys.pages.storage import whole_store

ASSETS = Path(__file__).parent / "assets"
ICON = str(ASSETS / "icon.svg")

# Libraries of the results pages, loaded while nobody waits for them.
_RESULTS = ("analysis.charts", "analysis.comparison")


def open_window(*, width: str, shows_results: bool) -> None:
    """Draw style and script; `width` is the page's widest, as CSS says it."""
    assets = _prepare(shows_results)
    st.html(
        f"<div><style>:root {{ --width: {width}; }}</style>{assets}</div>",
        unsafe_allow_javascript=True,
    )


@cache
def _prepare(shows_results: bool) -> str:
    """Once per process: open the database, and read what the browser needs."""
    whole_store()
    threading.Thread(target=_warm_up, args=(shows_results,), daemon=True).start()
    script = (ASSETS / "window.js").read_text(encoding="utf-8")
    style = (ASSETS / "window.css").read_text(encoding="utf-8")
    return f"<style>{style}</style><script>{script}</script>"


def _warm_up(shows_results: bool) -> None:
    """Load what the results need, then spare all that is loaded the garbage collections to
    come: a full one takes longer than drawing a page."""
    try:
        for module in _RESULTS if shows_results else ():
            importlib.import_module(module)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
