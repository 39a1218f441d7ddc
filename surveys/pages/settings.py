"""The administrator's page of settings."""

from __future__ import annotations

import streamlit as st

from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_html
from surveys.roles import Right
from surveys.settings import SETTINGS, InvalidSetting, Setting

_DONE = "instelling-gedaan"


def show_page() -> None:
    require(Right.ADMINISTER)
    st.title("Instellingen", anchor=False)
    with st.container(key="uitkomst"):
        if done := st.session_state.pop(_DONE, None):
            st.success(done)
    for setting in SETTINGS:
        _draw_setting(setting)


def _draw_setting(setting: Setting) -> None:
    settings = current_store().settings
    st.subheader(setting.label, anchor=False)
    with st.form(setting.name):
        st.text(setting.effect)
        value = st.number_input(
            f"{setting.label}, in {setting.unit}",
            min_value=setting.minimum,
            max_value=setting.maximum,
            value=settings.read(setting),
            step=1,
            width=420,
        )
        st.html(
            f'<p class="toelichting">Van {setting.minimum} tot en met {setting.maximum} '
            f"{escape_html(setting.unit)}; gebruikelijk is {setting.default}.</p>"
        )
        if st.form_submit_button("Opslaan", key=f"opslaan-{setting.name}"):
            try:
                settings.change(setting, value)
            except InvalidSetting as invalid:
                st.error(str(invalid))
                return
            st.session_state[_DONE] = (
                f"Opgeslagen: {setting.label.lower()}, {value} {setting.unit}."
            )
            st.rerun()


show_page()
