"""A page run without a browser, as if in one that is signed in."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from streamlit.runtime.context import StreamlitCookies

from db.people import passwords
from db.store import Store
from surveys.pages.entrance.identity import SIGN_IN_COOKIE
from surveys.roles import VISITOR, Role

PASSWORD = "een lang wachtwoord"  # noqa: S105


def sign_in(store: Store, role: Role, monkeypatch: pytest.MonkeyPatch) -> str:
    """Account 2, with this role, signs in at every page that is run. Returns the secret."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    store.accounts.add("eva", role, PASSWORD)
    secret = store.seen_by(VISITOR).sign_ins.begin("eva", PASSWORD, "127.0.0.1")
    cookies = StreamlitCookies({SIGN_IN_COOKIE: secret})
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", cookies)
    return secret
