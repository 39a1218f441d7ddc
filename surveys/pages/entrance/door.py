"""The door: every request passes it before Streamlit does, and gets its headers here.

It takes the secret of a personal link out of the address before anything else sees it, keeps
everybody out of a server that others can reach while nobody can sign in, and leads who is not
signed in to the sign-in page.
"""

from __future__ import annotations

import logging
import os
import re
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from surveys.fieldwork import LinkRefused
from surveys.pages.database import whole_store
from surveys.pages.entrance.identity import (
    ORGANISATION_COOKIE,
    SIGN_IN_COOKIE,
    is_signed_in,
    sign_in_is_on,
    sits_here,
)
from surveys.pages.entrance.link_cookie import link_cookie, link_handle
from surveys.pages.entrance.plain_page import message_page
from surveys.roles import VISITOR
from surveys.sign_in import TooManyAttempts

_logger = logging.getLogger(__name__)

_OPEN_TO_ALL = ("/static/", "/_stcore/health")
_CLOSED_TO_ALL = ("/_stcore/metrics",)
_UPLOADS = "/_stcore/upload_file"
_KEPT = 30 * 24 * 3600  # seconds that a browser keeps the cookie of a link
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", re.ASCII)
LINK_TITLE = "Deze vragenlijst kan niet worden geopend"


class Door:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        refusal = None
        # of the scope, for the address in `connection.url` begins with what the client calls us
        if not scope["path"].startswith(_OPEN_TO_ALL):
            refusal = await run_in_threadpool(_meet, connection)
        if scope["type"] == "http":
            await (refusal or self._app)(scope, receive, _with_headers(send, connection))
        elif refusal is None:
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


def _meet(connection: HTTPConnection) -> Response | None:
    """The answer to who does not go on to Streamlit; None for who does."""
    path: str = connection.scope["path"]
    if path in _CLOSED_TO_ALL:
        return message_page("Deze pagina is er niet", status=404)
    is_on = sign_in_is_on()
    if not is_on and not sits_here(connection.headers):
        _tell_log()
        return message_page(
            "Deze server is nog niet klaar voor gebruik",
            "Anderen kunnen deze server bereiken, maar niemand kan zich er aanmelden. Daarom laat "
            "de monitor niemand toe, ook niet met een persoonlijke link.",
            "Beheert u deze server? Maak dan op de opdrachtregel het eerste account: "
            "python -m db account NAAM --role beheerder",
            status=503,
        )
    if is_on and path.startswith(_UPLOADS) and not is_signed_in(connection.cookies):
        return message_page("Meld u aan", "Daarna kunt u een bestand insturen.", status=403)
    if connection.scope.get("method") not in ("GET", "HEAD"):
        return None
    if "uitnodiging" in connection.query_params:
        return _take_link(connection, connection.query_params["uitnodiging"])
    is_known = any(
        name == SIGN_IN_COOKIE or name.startswith(ORGANISATION_COOKIE)
        for name in connection.cookies
    )
    if is_on and path == "/" and not connection.query_params and not is_known:
        return RedirectResponse("/aanmelden", 303)
    return None


def _take_link(connection: HTTPConnection, token: str) -> Response:
    """Keep the token in a cookie, and go on to an address without it."""
    try:
        whole_store().seen_by(VISITOR).invitations.admit(token, address_of(connection))
    except LinkRefused as refused:
        return message_page(LINK_TITLE, refused.message, status=404)
    except TooManyAttempts as refused:
        return too_many_links(refused)
    handle = link_handle(token)
    response = RedirectResponse(f"/?vragenlijst={handle}", 303, {"Cache-Control": "no-store"})
    keep_cookie(response, connection, link_cookie(handle), token, max_age=_KEPT)
    return response


def too_many_links(refused: TooManyAttempts) -> Response:
    response = message_page("Even wachten", TOO_MANY_LINKS.format(wait=refused.wait), status=429)
    response.headers["Retry-After"] = str(refused.seconds)
    return response


TOO_MANY_LINKS = (
    "Vanaf uw internetverbinding zijn te veel links geopend die niet kloppen. Probeer het over "
    "{wait} opnieuw met de link uit uw uitnodiging."
)


def address_of(connection: HTTPConnection) -> str:
    """Where the request comes from; for a proxy on this machine Uvicorn has put in whom it
    speaks for."""
    return connection.client.host if connection.client else ""


def keep_cookie(
    response: Response, connection: HTTPConnection, name: str, value: str, max_age: int | None
) -> None:
    """A cookie that scripts cannot read; without `max_age` it goes with the browser's window."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        secure=_is_over_https(connection),
        httponly=True,
        samesite="lax",
    )


def _is_over_https(connection: HTTPConnection) -> bool:
    """Also where a proxy in between does not say so, but the monitor was told its address."""
    address = os.environ.get("MONITOR_ADDRESS", "").strip().lower()
    return connection.scope["scheme"] == "https" or address.startswith("https:")


@cache  # once is enough
def _tell_log() -> None:
    _logger.error(
        "this server can be reached by others, but has no accounts: everybody is refused. Make the "
        "first account: python -m db account NAME --role beheerder"
    )


# Headers


def _with_headers(send: Send, connection: HTTPConnection) -> Send:
    headers = {
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": _content_policy(connection),
    }

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = MutableHeaders(scope=message)
            for name, value in headers.items():
                present.setdefault(name, value)
        await send(message)

    return send_with_headers


def _content_policy(connection: HTTPConnection) -> str:
    """What a page may load: from this server only. Streamlit's own scripts and charts need what
    is written in the page and what they put together themselves."""
    host = connection.headers.get("host", "")
    stream = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            f"connect-src 'self' data: blob:{stream}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
