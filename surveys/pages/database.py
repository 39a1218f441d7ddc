"""The one database of this process."""

import streamlit as st

from db.engine import database_url
from db.store import Store, open_store


@st.cache_resource(show_spinner=False)
def whole_store() -> Store:
    """The database without a visitor, brought up to date at the first use."""
    return open_store(database_url())
