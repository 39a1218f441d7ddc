"""The door: what every request meets before Streamlit does, and signing in and out."""

from __future__ import annotations

import logging
import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import anyio
import httpx
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import get_option
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from db.people import passwords
from db.store import Store
from surveys.definition import DEFINITIONS, read_definition
from surveys.fieldwork import WaveState
from surveys.pages.entrance import door
from surveys.pages.entrance import sign_in as sign_in_page
from surveys.pages.entrance.door import Door
from surveys.pages.entrance.identity import organisation_secret
from surveys.pages.entrance.link_cookie import link_cookie, link_handle
from surveys.pages.entrance.sign_in import ROUTES
from surveys.roles import Role
from surveys.sign_in import LINK_LIMIT, NAME_LIMIT
from surveys.trail.query import TrailQuery

PASSWORD = "een lang wachtwoord"  # noqa: S105
HERE, ELSEWHERE = "http://127.0.0.1:8501", "http://monitor.example"


async def _behind(request: Request) -> Response:
    return PlainTextResponse(f"behind the door: {request.url}")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("behind the door")
    await socket.close()


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.delenv("MONITOR_ADDRESS", raising=False)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    door._tell_log.cache_clear()
    return store


@pytest.fixture
def token(store: Store) -> str:
    definition = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml")
    store.waves.add("2024", definition, state=WaveState.OPEN)
    store.regions.add([("01", "Regio 01")])
    return store.invitations.renew("01", "2024")


def serve() -> Starlette:
    routes = [
        *ROUTES,
        WebSocketRoute("/_stcore/stream", _stream),
        Route("/{path:path}", _behind, methods=["GET", "POST", "PUT"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Door)])


def visit(address: str = HERE, client: str = "127.0.0.1") -> TestClient:
    """A browser that knows nothing yet."""
    return TestClient(serve(), address, follow_redirects=False, client=(client, 50_000))


def sign_in(browser: TestClient, password: str = PASSWORD, name: str = "beheer") -> httpx.Response:
    return browser.post("/aanmelden", data={"naam": name, "wachtwoord": password})


# Personal links


def test_the_token_goes_from_the_address_into_a_cookie_that_scripts_cannot_read(
    store: Store, token: str
) -> None:
    browser = visit()
    answer = browser.get(f"/?uitnodiging={token}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/?vragenlijst={link_handle(token)}"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{link_cookie(link_handle(token))}={token};")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    assert token not in browser.get(answer.headers["location"]).text


def test_over_https_the_cookie_is_sent_over_https_only(store: Store, token: str) -> None:
    answer = visit("https://127.0.0.1:8501").get(f"/?uitnodiging={token}")
    assert "Secure" in answer.headers["set-cookie"]


def test_so_it_is_where_the_public_address_is_https_and_the_proxy_does_not_say_so(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Secure" not in sign_in(browser).headers["set-cookie"]
    monkeypatch.setenv("MONITOR_ADDRESS", "https://monitor.example")
    assert "Secure" in sign_in(browser).headers["set-cookie"]


@pytest.mark.parametrize("path", ["/", "/urgentie", "/privacy"])
def test_the_token_is_taken_out_of_every_address(store: Store, token: str, path: str) -> None:
    assert visit().get(f"{path}?x=1&uitnodiging={token}").status_code == 303


def test_a_link_that_is_unknown_is_told_and_sets_no_cookie(store: Store) -> None:
    answer = visit().get("/?uitnodiging=verzonnen")
    assert answer.status_code == 404
    assert "Deze link klopt niet" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_link_that_was_withdrawn_goes_on_to_the_page_that_says_so(
    store: Store, token: str
) -> None:
    store.invitations.withdraw("01", "2024")
    assert visit().get(f"/?uitnodiging={token}").status_code == 303


def test_who_guesses_links_is_refused_for_a_while_and_others_are_not(
    store: Store,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    guesser = visit(client="192.0.2.1")
    for number in range(LINK_LIMIT.failures):
        assert guesser.get(f"/?uitnodiging=gok{number}").status_code == 404
    refused = guesser.get(f"/?uitnodiging={token}")
    assert refused.status_code == 429
    assert "10 minuten" in refused.text
    assert 0 < int(refused.headers["retry-after"]) <= 600
    assert "set-cookie" not in refused.headers
    assert visit(client="192.0.2.2").get(f"/?uitnodiging={token}").status_code == 303
    assert "is refused for a while" in caplog.text
    assert "gok" not in caplog.text
    lines = store.trail.find(TrailQuery()).lines
    assert [line.action for line in lines].count("link.throttled") == 1
    assert not any("gok" in f"{line.subject}{line.old}{line.new}" for line in lines)

    later = datetime.now(UTC) + LINK_LIMIT.wait + timedelta(seconds=1)
    monkeypatch.setattr("db.clock.now", lambda: later)
    assert guesser.get(f"/?uitnodiging={token}").status_code == 303


def test_wrong_links_do_not_count_as_wrong_passwords_nor_the_other_way_round(
    store: Store, token: str
) -> None:
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    browser = visit()
    for number in range(LINK_LIMIT.failures):
        browser.get(f"/?uitnodiging=gok{number}")
    assert browser.get(f"/?uitnodiging={token}").status_code == 429
    assert sign_in(browser).status_code == 303


# A server that others can reach


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (ELSEWHERE, {}),
        (HERE, {"X-Forwarded-For": "192.0.2.1"}),
        (HERE, {"Forwarded": "for=192.0.2.1"}),
        (HERE, {"Via": "1.1 proxy"}),
        (HERE, {"X-Forwarded-Host": "127.0.0.1"}),
        (HERE, {"X-Forwarded-Proto": "https"}),
        (HERE, {"CF-Connecting-IP": "192.0.2.1"}),
        (HERE, {"True-Client-IP": "192.0.2.1"}),
        (HERE, {"Host": "localhost:x@boos.example"}),
        (HERE, {"Host": "localhost:8501/"}),
        (HERE, {"Host": "[127.0.0.1"}),
        (HERE, {"Host": "boos.example/static/"}),
        (HERE, {"Origin": "http://127.0.0.1:9000"}),
        (HERE, {"Origin": "null"}),
        (HERE, {"Origin": "http://["}),
    ],
)
def test_without_sign_in_others_are_let_in_nowhere(
    store: Store,
    token: str,
    address: str,
    headers: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = visit(address)
    with caplog.at_level(logging.ERROR):
        for path in ("/", "/urgentie", f"/?uitnodiging={token}", "/media/x", "/aanmelden"):
            answer = browser.get(path, headers=headers)
            assert answer.status_code == 503
            assert "python -m db account NAAM --role beheerder" in answer.text
        with (
            pytest.raises(WebSocketDisconnect),
            browser.websocket_connect("/_stcore/stream", headers=headers),
        ):
            pytest.fail("the stream was opened")
    assert caplog.text.count("everybody is refused") == 1
    assert browser.get("/_stcore/health", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://monitor.example", 503),
        ("geen adres", 503),
        ("http://localhost:8501", 200),
        ("", 200),
    ],
)
def test_a_monitor_with_a_public_address_is_not_for_who_sits_here(
    store: Store, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    monkeypatch.setenv("MONITOR_ADDRESS", address)
    assert visit().get("/").status_code == status


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "[::1]:8501"])
def test_who_sits_here_says_so_in_several_ways(store: Store, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert visit().get("/", headers=headers).status_code == 200


def test_with_an_account_others_are_led_to_the_sign_in_page_and_links_work(
    store: Store, token: str
) -> None:
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    browser = visit(ELSEWHERE)
    assert browser.get("/").headers["location"] == "/aanmelden"
    assert browser.get(f"/?uitnodiging={token}").status_code == 303
    with browser.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "behind the door"


def test_who_sits_at_the_machine_needs_no_account(store: Store) -> None:
    browser = visit()
    assert browser.get("/").text.startswith("behind the door")
    assert browser.get("/aanmelden").headers["location"] == "/"


# Files


UPLOAD = "/_stcore/upload_file/venster/bestand"


def test_only_who_is_signed_in_uploads(store: Store, browser: TestClient) -> None:
    assert browser.put(UPLOAD).status_code == 403
    browser.cookies.set("aanmelding", "verzonnen")
    browser.cookies.set("_streamlit_user", "verzonnen")
    assert browser.put(UPLOAD).status_code == 403
    browser.cookies.clear()
    sign_in(browser)
    assert browser.put(UPLOAD).status_code == 200
    store.sign_ins.end(browser.cookies["aanmelding"])
    assert browser.put(UPLOAD).status_code == 403


def test_who_the_organisation_signed_in_uploads(store: Store, browser: TestClient) -> None:
    cookies = organisation_cookies("beheer")
    browser.cookies.update(cookies)
    assert browser.put(UPLOAD).status_code == 403
    store.sign_ins.recognise_member("beheer", organisation_secret(cookies))
    assert browser.put(UPLOAD).status_code == 200


def test_who_sits_at_the_machine_uploads(store: Store) -> None:
    assert visit().put(UPLOAD).status_code == 200


# Headers


def test_every_page_keeps_to_this_server_and_out_of_frames(store: Store) -> None:
    for path in ("/", "/urgentie", "/static/js/index.js", "/?uitnodiging=fout"):
        headers = visit().get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert set(re.findall(r"(?:ws|wss|http|https)://[^ ;]+", policy)) == {
            "ws://127.0.0.1:8501",
            "wss://127.0.0.1:8501",
        }


def test_a_strange_host_does_not_get_into_the_policy(store: Store) -> None:
    headers = visit().get("/", headers={"Host": "127.0.0.1; script-src *"}).headers
    assert "script-src *" not in headers["content-security-policy"]


def test_what_the_server_counts_is_nobodys_business(store: Store) -> None:
    assert visit().get("/_stcore/metrics").status_code == 404


def test_what_streamlit_guards_itself_is_on() -> None:
    for option, value in (
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("server.enableAgentApi", False),
        ("server.address", "127.0.0.1"),
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
    ):
        assert get_option(option) == value, option


# Signing in and out


@pytest.fixture
def browser(store: Store) -> TestClient:
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    return visit(ELSEWHERE)


def test_the_right_password_gives_a_cookie_for_this_window_only(browser: TestClient) -> None:
    answer = sign_in(browser)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie
    assert browser.get("/").text.startswith("behind the door")


def test_a_wrong_name_and_a_wrong_password_give_the_same_page(browser: TestClient) -> None:
    answers = [sign_in(browser, "fout wachtwoord", name) for name in ("beheer", "niemand")]
    assert [answer.status_code for answer in answers] == [401, 401]
    told, other = (answer.text.replace("niemand", "beheer") for answer in answers)
    assert told == other
    assert "De naam of het wachtwoord klopt niet" in told
    assert 'value="beheer"' in told
    assert "fout wachtwoord" not in told


def test_a_name_is_shown_again_as_plain_text(browser: TestClient) -> None:
    typed = '"><script>alert(1)</script>'
    assert typed not in sign_in(browser, "fout wachtwoord", typed).text


def test_who_guesses_passwords_is_told_to_wait(browser: TestClient) -> None:
    for _ in range(NAME_LIMIT.failures):
        assert sign_in(browser, "fout wachtwoord").status_code == 401
    answer = sign_in(browser)
    assert answer.status_code == 429
    assert "Wacht 1 minuut" in answer.text
    assert answer.headers["retry-after"] == "60"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://boos.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": ELSEWHERE}, 403),
        ({"Origin": ELSEWHERE}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
    ],
)
def test_a_form_from_another_site_signs_nobody_in(
    browser: TestClient, headers: dict[str, str], status: int
) -> None:
    fields = {"naam": "beheer", "wachtwoord": PASSWORD}
    assert browser.post("/aanmelden", data=fields, headers=headers).status_code == status


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"naam=" + b"x" * 100_000, b"&".join([b"a"] * 99)]
)
def test_a_form_that_is_none_is_refused(browser: TestClient, body: bytes) -> None:
    assert browser.post("/aanmelden", content=body).status_code == 401


def test_signing_out_ends_the_sign_in_and_says_so(store: Store, browser: TestClient) -> None:
    sign_in(browser)
    secret = browser.cookies["aanmelding"]
    assert "Wilt u zich afmelden?" in browser.get("/afmelden").text
    assert store.sign_ins.recognise(secret) is not None
    answer = browser.post("/afmelden")
    assert answer.headers["location"] == "/afmelden"
    assert store.sign_ins.recognise(secret) is None
    assert "U bent afgemeld" in browser.get("/afmelden").text


def test_signing_in_again_ends_the_sign_in_before(store: Store, browser: TestClient) -> None:
    sign_in(browser)
    before = browser.cookies["aanmelding"]
    sign_in(browser)
    assert store.sign_ins.recognise(before) is None
    assert store.sign_ins.recognise(browser.cookies["aanmelding"]) is not None


def test_another_site_signs_nobody_out(store: Store, browser: TestClient) -> None:
    sign_in(browser)
    answer = browser.post("/afmelden", headers={"Origin": "https://boos.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert store.sign_ins.recognise(browser.cookies["aanmelding"]) is not None


def test_pages_do_not_wait_for_passwords(
    store: Store, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while many are sent at once; more than can wait are told so."""
    checked = threading.Event()
    monkeypatch.setattr("db.people.sign_ins.is_right", lambda *_: checked.wait(60) and False)
    places = sign_in_page._LONGEST_QUEUE
    queue = sign_in_page._HASHING.statistics
    fields = {"naam": "beheer", "wachtwoord": "fout wachtwoord"}

    async def visit_while_many_sign_in() -> None:
        transport = httpx.ASGITransport(serve())
        async with (
            httpx.AsyncClient(transport=transport, base_url=ELSEWHERE) as client,
            anyio.create_task_group() as guesses,
        ):
            for _ in range(places + 2):
                guesses.start_soon(partial(client.post, "/aanmelden", data=fields))
            try:
                with anyio.fail_after(30):
                    while queue().tasks_waiting < places:
                        assert (await client.get("/privacy")).status_code == 200
                    told = await client.post("/aanmelden", data=fields)
            finally:
                checked.set()
        assert told.status_code == 503
        assert "te druk" in told.text
        assert 'value="beheer"' in told.text

    # in a thread of its own: a browser that another test left open has a loop in this one
    with ThreadPoolExecutor(1) as thread:
        thread.submit(anyio.run, visit_while_many_sign_in).result()
    assert queue().tasks_waiting == 0


# Through the organisation


def organisation_cookies(email: str, size: int = 0) -> dict[str, str]:
    """What Streamlit leaves in the browser; large claims in several cookies."""
    cookies: dict[str, str] = {}

    def sign(name: str, value: str) -> bytes:
        return create_signed_value(get_cookie_secret(), name, value)

    set_cookie_with_chunks(
        lambda name, value: cookies.update({name: sign(name, value).decode()}),
        sign,
        "_streamlit_user",
        {"email": email, "groups": secrets.token_hex(size)},
        cookie_attr_size=100,
    )
    return cookies


@pytest.mark.parametrize("size", [0, 10_000])
def test_a_browser_does_not_make_another_sign_in_of_the_same_one(size: int) -> None:
    cookies = organisation_cookies("eva@bureau.example", size)
    assert (len(cookies) > 1) is (size > 0)
    secret = organisation_secret(cookies)
    assert secret
    for name in ("_streamlit_userx", "_streamlit_user_9", "_streamlit_user_tokens"):
        assert organisation_secret({**cookies, name: "1"}) == secret
    for name, value in cookies.items():  # a signature is read with signs that mean nothing
        assert organisation_secret({**cookies, name: value + "!!!!"}) == secret
        assert organisation_secret({**cookies, name: "x" + value}) == ""
    if size == 0:
        assert organisation_secret({**cookies, "_streamlit_user_1": "1"}) == secret


def test_parts_of_two_sign_ins_make_no_third() -> None:
    one, other = (organisation_cookies(f"{name}@bureau.example", 10_000) for name in ("eva", "ida"))
    known = {organisation_secret(one), organisation_secret(other)}
    assert len(known) == 2
    assert len(one) > 2
    for name in one:
        assert organisation_secret({**one, name: other[name]}) in known


def test_what_is_not_signed_is_no_sign_in() -> None:
    assert organisation_secret({}) == ""
    assert organisation_secret({"_streamlit_user": "verzonnen"}) == ""


def test_signing_out_ends_the_organisations_sign_in_whatever_else_the_browser_sends(
    store: Store, browser: TestClient
) -> None:
    cookies = organisation_cookies("beheer")
    secret = organisation_secret(cookies)
    assert store.sign_ins.recognise_member("beheer", secret) is not None
    browser.cookies.update({**cookies, "_streamlit_userx": "1"})
    assert "/auth/logout" in browser.post("/afmelden").text
    assert store.sign_ins.recognise_member("beheer", organisation_secret(cookies)) is None
