"""Who a window belongs to, as its cookies say and the database confirms."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from surveys.mailing.app_address import InvalidAddress, is_here_only, read_app_address
from surveys.pages.database import whole_store
from surveys.roles import VISITOR, Person, Role
from surveys.sign_in import SignInRefused

# Who sits at the machine itself, while it has no accounts.
OWNER = Person("owner", Role.OWNER, "deze computer")

SIGN_IN_COOKIE = "aanmelding"
ORGANISATION_COOKIE = "_streamlit_user"  # Streamlit's own, in one or more parts

_LOCAL = ("127.0.0.1", "localhost", "::1")
_LOCAL_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?")
_FORWARDED = (  # what proxies add to what they hand on
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
    "CF-Connecting-IP",
    "True-Client-IP",
)


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
        if not secret:
            raise SignInEnded
        person = sign_ins.recognise_member(str(st.user.get("email")), secret, acts=acts)
        if person is None:
            raise SignInEnded
        return person
    if sits_here(st.context.headers) and not sign_in_is_on():
        return OWNER
    return VISITOR


def is_signed_in(cookies: Mapping[str, str]) -> bool:
    """Whether the browser holds a sign-in that has not ended."""
    sign_ins = whole_store().seen_by(VISITOR).sign_ins
    secrets = (cookies.get(SIGN_IN_COOKIE), organisation_secret(cookies))
    return any(secret and sign_ins.recognise(secret, acts=False) for secret in secrets)


def sign_in_is_on() -> bool:
    """Whether who is not signed in is kept out."""
    return has_organisation() or whole_store().seen_by(VISITOR).sign_ins.are_on()


def has_organisation() -> bool:
    """Whether the organisation's own sign-in (OpenID Connect) was set up in secrets.toml."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def organisation_secret(cookies: Mapping[str, str]) -> str:
    """What the organisation's sign-in is known by here; empty where the browser has none. It is
    what Streamlit signed, for all else in cookies the browser can change at will: of the cookie
    with the beginning, as parts of several sign-ins can be put together."""
    signed: list[str] = []

    def read_signed(name: str) -> bytes | None:
        value = cookies.get(name, "")
        content = decode_signed_value(get_cookie_secret(), name, value)
        if content is not None:
            signed.append(value.rpartition(".")[0])  # the signature itself can be spelt otherwise
        return content

    if get_cookie_with_chunks(read_signed, ORGANISATION_COOKIE) is None:
        return ""
    return signed[:2][-1]  # the first cookie only says how many follow, if any do


def sits_here(headers: Mapping[str, str]) -> bool:
    """Whether only who sits at this machine can be here: the server listens on loopback, no proxy
    in front of it hands on the requests of others, and no page of another server asks."""
    return (
        st.get_option("server.address") in _LOCAL
        and _LOCAL_HOST.fullmatch(headers.get("Host", "127.0.0.1")) is not None
        and has_own_origin(headers)
        and not any(name in headers for name in _FORWARDED)
        and not _has_public_address()
    )


def has_own_origin(headers: Mapping[str, str]) -> bool:
    """Whether the page that asks is of this server, or the browser does not say."""
    origin = headers.get("Origin")
    return origin is None or origin.partition("://")[2] == headers.get("Host")


def _has_public_address() -> bool:
    try:
        address = read_app_address(os.environ)
    except InvalidAddress:
        return True
    return address is not None and not is_here_only(address)
