"""Personal links in the browser: their token is in a cookie, and the address tells which."""

from __future__ import annotations

import re

import streamlit as st

from surveys.fieldwork import hash_token

_HANDLE = re.compile("[0-9a-f]{12}")


def link_handle(token: str) -> str:
    """What stands in the address in the place of the token: enough to tell links apart, and of
    no use to who does not have the cookie."""
    return hash_token(token)[:12]


def link_cookie(handle: str) -> str:
    """The name of the cookie."""
    return f"vragenlijst-{handle}"


def token_of(handle: str) -> str:
    """The token in this browser's cookie; empty where there is none."""
    if not _HANDLE.fullmatch(handle):
        return ""
    return st.context.cookies.to_dict().get(link_cookie(handle), "")
