"""Who a window belongs to, as its cookies say and the database confirms."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from surveys.pages.database import whole_store
from surveys.roles import VISITOR, Person, Role
from surveys.sign_in import SignInRefused

# Who sits at the machine itself, while it has no accounts.
OWNER = Person("owner", Role.OWNER, "deze computer")

SIGN_IN_COOKIE = "aanmelding"
ORGANISATION_COOKIE = "_streamlit_user"  # Streamlit's own, in one or more parts

_LOCAL = ("127.0.0.1", "localhost", "::1")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


class SignInEnded(Exception):
    """The organisation's sign-in is still there, but here it has ended."""


def identify(*, acts: bool = True) -> Person:
    """Who this window belongs to; VISITOR where that is not known. Who acts, rests no longer.
    Raises SignInRefused where the organisation knows the visitor, but no account does, and
    SignInEnded."""
    cookies = st.context.cookies.to_dict()
    sign_ins = whole_store().seen_by(VISITOR).sign_ins
    if secret := cookies.get(SIGN_IN_COOKIE):
        person = sign_ins.recognise(secret, acts=acts)
        if person is not None:
            return person
    if has_organisation() and st.user.is_logged_in:
        # an address that the organisation did not verify says nothing of who it is
        if st.user.get("email_verified") is not True:
            raise SignInRefused
        secret = organisation_secret(cookies)
        person = sign_ins.recognise_member(str(st.user.get("email")), secret, acts=acts)
        if person is None:
            raise SignInEnded
        return person
    if sits_here(st.context.headers) and not sign_in_is_on():
        return OWNER
    return VISITOR


def sign_in_is_on() -> bool:
    """Whether who is not signed in is kept out."""
    return has_organisation() or whole_store().seen_by(VISITOR).sign_ins.are_on()


def has_organisation() -> bool:
    """Whether the organisation's own sign-in (OpenID Connect) was set up in secrets.toml."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def organisation_secret(cookies: Mapping[str, str]) -> str:
    """What the browser holds of the organisation's sign-in; empty where it has none."""
    return "".join(
        cookies[name] for name in sorted(cookies) if name.startswith(ORGANISATION_COOKIE)
    )


def sits_here(headers: Mapping[str, str]) -> bool:
    """Whether only who sits at this machine can be here: the server listens on loopback, and
    no proxy in front of it hands on the requests of others."""
    handed_on = any(name in headers for name in _FORWARDED)
    host = headers.get("Host", "127.0.0.1").rsplit(":", 1)[0].strip("[]")
    return st.get_option("server.address") in _LOCAL and host in _LOCAL and not handed_on
