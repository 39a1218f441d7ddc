"""The one database of this process, as the visitor may use it."""

import streamlit as st

from db.engine import database_url
from db.store import Store, open_store
from surveys.pages.visitor import current_person


@st.cache_resource(show_spinner=False)
def whole_store() -> Store:
    """The database without a visitor, brought up to date at the first use."""
    return open_store(database_url())


def current_store() -> Store:
    """Its verbs refuse what the visitor's role may not do."""
    return whole_store().seen_by(current_person())
