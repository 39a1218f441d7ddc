"""What a visitor sees where the monitor itself went wrong; the log tells the rest."""

from __future__ import annotations

import logging

import streamlit as st

from surveys.fieldwork import NotReleased, tell_running
from surveys.plain_text import escape_markdown
from surveys.roles import NotPermitted

_logger = logging.getLogger(__name__)


def tell_failure(error: Exception) -> bool:
    """Show a short message in the place of the error. Streamlit has logged it already."""
    if isinstance(error, NotPermitted):
        _logger.warning("refused: %s", error)
        st.error("Dit mag u niet, of niet meer. Laad de pagina opnieuw.")
    elif isinstance(error, NotReleased):  # reopened while the page was drawn
        st.error(escape_markdown(tell_running(error.wave)))
    else:
        st.error(
            "Er ging iets mis in de monitor. Wat al was opgeslagen, is bewaard. Laad de pagina "
            "opnieuw; gaat het weer mis, meld het dan aan de beheerder, met het tijdstip."
        )
    return True
