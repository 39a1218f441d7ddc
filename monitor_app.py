"""The launcher: the interface, with its door before it. `streamlit run monitor_app.py`."""

import streamlit as st
from starlette.middleware import Middleware

from surveys.pages.entrance.door import Door
from surveys.pages.entrance.failure import tell_failure
from surveys.pages.entrance.sign_in import ROUTES

app = st.App(
    "surveys/pages/entrance/menu.py",
    routes=ROUTES,
    middleware=[Middleware(Door)],
    on_script_error=tell_failure,
)
