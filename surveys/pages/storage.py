"""The one store of this process."""

import streamlit as st

from db.engine import database_url
from db.store import Store, open_store


@st.cache_resource(show_spinner=False)
def current_store() -> Store:
    """The database, brought up to date at the first use."""
    return open_store(database_url())
