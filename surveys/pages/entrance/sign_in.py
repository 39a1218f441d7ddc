"""Signing in and out: pages of plain HTML that also work without JavaScript."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from surveys.pages.database import whole_store
from surveys.pages.entrance.door import address_of, keep_cookie
from surveys.pages.entrance.identity import (
    SIGN_IN_COOKIE,
    has_organisation,
    has_own_origin,
    organisation_secret,
    sign_in_is_on,
)
from surveys.pages.entrance.plain_page import message_page, plain_page
from surveys.roles import VISITOR
from surveys.sign_in import LONGEST_NAME, SignInRefused, TooManyAttempts

_LONGEST_FORM = 4096  # bytes
_TITLE = "Aanmelden"
# Hashes take long, and the threads of the other requests must not wait for them.
_HASHING = CapacityLimiter(2)
_LONGEST_QUEUE = 50


async def _show_form(request: Request) -> Response:
    is_on = await run_in_threadpool(sign_in_is_on)
    return _form() if is_on else RedirectResponse("/", 303)


def _form(name: str = "", fault: str = "", status: int = 200) -> Response:
    told = f'<p class="fout" role="alert" id="fout">{escape(fault)}</p>' if fault else ""
    described = ' aria-invalid="true" aria-describedby="fout"' if fault else ""
    first, second = (" autofocus", "") if not name else ("", " autofocus")
    body = (
        f'{told}<form method="post" action="/aanmelden">'
        '<label for="naam">Naam of e-mailadres</label>'
        f'<input id="naam" name="naam" type="text" value="{escape(name)}" required '
        f'maxlength="{LONGEST_NAME}" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false"{described}{first}>'
        '<label for="wachtwoord">Wachtwoord</label>'
        '<input id="wachtwoord" name="wachtwoord" type="password" required '
        f'autocomplete="current-password"{described}{second}>'
        '<button type="submit">Aanmelden</button></form>'
    )
    if has_organisation():
        body += '<p><a class="knop" href="/?organisatie=ja">Aanmelden via uw organisatie</a></p>'
    body += (
        "<p><br>Vult u de vragenlijst in? Daarvoor hebt u geen account nodig: open de link uit uw "
        "uitnodiging. Bent u uw wachtwoord kwijt? Vraag de beheerder van de monitor om een "
        'nieuw.</p><p><a href="/privacy">Privacy</a></p>'
    )
    return _same_origin(plain_page(_TITLE, body, status))


def _same_origin(page: Response) -> Response:
    """Without a referrer browsers would not say either where a form was sent from."""
    page.headers["Referrer-Policy"] = "same-origin"
    return page


async def _sign_in(request: Request) -> Response:
    if not _is_from_here(request):
        return _refuse_other_site()
    fields = await _read_form(request)
    name, password = fields.get("naam", ""), fields.get("wachtwoord", "")
    if _HASHING.statistics().tasks_waiting >= _LONGEST_QUEUE:
        return _tell_busy(name)
    sign_ins = whole_store().seen_by(VISITOR).sign_ins
    try:
        secret = await to_thread.run_sync(
            sign_ins.begin, name, password, address_of(request), limiter=_HASHING
        )
    except SignInRefused:
        return _form(name, "De naam of het wachtwoord klopt niet.", 401)
    except TooManyAttempts as refused:
        page = _form(
            name, f"Er is te vaak een verkeerd wachtwoord gegeven. Wacht {refused.wait}.", 429
        )
        page.headers["Retry-After"] = str(refused.seconds)
        return page
    if before := request.cookies.get(SIGN_IN_COOKIE):
        await run_in_threadpool(sign_ins.end, before)
    response = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
    keep_cookie(response, request, SIGN_IN_COOKIE, secret, max_age=None)
    return response


def _tell_busy(name: str) -> Response:
    page = _form(name, "Het is nu te druk om aan te melden. Probeer het over een minuut.", 503)
    page.headers["Retry-After"] = "60"
    return page


def _refuse_other_site() -> Response:
    return message_page("Dat kan niet", "Dit formulier kwam van een andere site.", status=403)


async def _read_form(request: Request) -> dict[str, str]:
    """The fields of a small form; empty where it is none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _is_from_here(request: Request) -> bool:
    """Whether a page of this server sent the form. Browsers say so in one of two headers; a
    client that says nothing has no cookies of others to misuse."""
    if "sec-fetch-site" in request.headers:
        return request.headers["sec-fetch-site"] in ("same-origin", "none")
    return has_own_origin(request.headers)


async def _sign_out(request: Request) -> Response:
    """Sign out everywhere in this browser."""
    if not _is_from_here(request):
        return _refuse_other_site()
    sign_ins = whole_store().seen_by(VISITOR).sign_ins
    member = organisation_secret(request.cookies)
    for secret in (request.cookies.get(SIGN_IN_COOKIE), member):
        if secret:
            await run_in_threadpool(sign_ins.end, secret)
    response = _lead_to_organisation() if member else RedirectResponse("/afmelden", 303)
    response.delete_cookie(SIGN_IN_COOKIE, httponly=True, samesite="lax")
    return response


def _lead_to_organisation() -> Response:
    """A page in between: browsers do not follow a form to another host, and the organisation's
    sign-out is on one."""
    body = '<p><a class="knop" href="/auth/logout">Ook bij uw organisatie afmelden</a></p>'
    page = plain_page("U bent afgemeld", body)
    page.headers["Refresh"] = "0; url=/auth/logout"
    return page


async def _show_signed_out(request: Request) -> Response:
    if SIGN_IN_COOKIE in request.cookies:
        body = (
            '<form method="post" action="/afmelden"><button type="submit">Afmelden</button></form>'
        )
        return _same_origin(plain_page("Wilt u zich afmelden?", body))
    body = '<p>Sluit voor de zekerheid ook dit venster.</p><p><a class="knop" href="/aanmelden">'
    return plain_page("U bent afgemeld", body + "Opnieuw aanmelden</a></p>")


ROUTES = [
    Route("/aanmelden", _show_form, methods=["GET"]),
    Route("/aanmelden", _sign_in, methods=["POST"]),
    Route("/afmelden", _show_signed_out, methods=["GET"]),
    Route("/afmelden", _sign_out, methods=["POST"]),
]
