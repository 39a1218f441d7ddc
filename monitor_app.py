"""The launcher: the interface, with its door before it. `streamlit run monitor_app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from surveys.pages.door import Door
from surveys.pages.failure import tell_failure
from surveys.pages.sign_in import ROUTES

app = st.App(
    "monitor_pages.py",
    routes=ROUTES,
    middleware=[Middleware(Door)],
    on_script_error=tell_failure,
)
