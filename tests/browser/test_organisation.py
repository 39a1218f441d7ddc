"""Signing in through the organisation (OpenID Connect), against a provider that plays along."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from surveys.roles import Role
from surveys.settings import REST
from tests.browser.conftest import Server, free_port

pytestmark = pytest.mark.browser

MEMBERS = (
    {"sub": "eva", "email": "Eva@bureau.example", "email_verified": True},
    {"sub": "piet", "email": "piet@bureau.example", "email_verified": True},
    {"sub": "onbevestigd", "email": "eva@bureau.example", "email_verified": False},
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that knows the members."""
    port = free_port()
    members = [option for member in MEMBERS for option in ("--user-claims", json.dumps(member))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *members],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process, process.stderr:
        for line in process.stderr:
            if str(port) in line:
                break
        else:
            pytest.fail("the provider did not start")
        drain = threading.Thread(target=process.stderr.read)
        drain.start()
        yield f"http://localhost:{port}"
        process.kill()
        drain.join()


@pytest.fixture(scope="module")
def lasting_server(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Server]:
    port = free_port()
    folder = tmp_path_factory.mktemp("organisation")
    secrets = folder / "secrets.toml"
    secrets.write_text(
        "[auth]\n"
        f'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        'cookie_secret = "alleen voor deze test, en lang genoeg"\n'
        'client_id = "monitor"\nclient_secret = "geheim"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    server = Server(folder, "--secrets.files", str(secrets), port=port)
    yield server
    server.close()


@pytest.fixture
def server(server: Server) -> Server:
    server.store.accounts.add("beheer@bureau.example", Role.ADMINISTRATOR, None)
    server.store.accounts.add("eva@bureau.example", Role.EVALUATOR, None)
    return server


def sign_in(page: Page, server: Server, member: str) -> None:
    page.goto(server.address)
    page.get_by_role("link", name="Aanmelden via uw organisatie").click()
    page.get_by_role("button", name=member, exact=True).first.click()


def test_a_member_with_an_account_gets_the_pages_of_their_role_until_they_sign_out(
    server: Server, page: Page
) -> None:
    sign_in(page, server, "eva")
    expect(page.get_by_role("link", name="Planner")).to_be_visible()
    expect(page.get_by_role("link", name="Gebruikers")).to_have_count(0)
    expect(page.get_by_text("eva@bureau.example")).to_be_visible()

    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("button", name="End session")).to_be_visible()
    assert urlsplit(page.url).hostname == "localhost"  # also at the organisation
    page.goto(f"{server.address}/planner")
    expect(page.get_by_role("heading", name="Meld u aan")).to_be_visible()


@pytest.mark.parametrize("member", ["piet", "onbevestigd"])
def test_a_member_without_an_account_or_a_verified_address_is_told_so(
    server: Server, page: Page, member: str
) -> None:
    sign_in(page, server, member)
    expect(page.get_by_role("heading", name="U hebt hier geen account")).to_be_visible()
    expect(page.get_by_role("link", name="Planner")).to_have_count(0)
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_role("button", name="End session")).to_be_visible()
    page.goto(server.address)
    expect(page.get_by_role("link", name="Aanmelden via uw organisatie")).to_be_visible()


def test_after_a_rest_the_organisation_must_sign_in_anew(
    server: Server, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(page, server, "eva")
    expect(page.get_by_role("link", name="Planner")).to_be_visible()
    page.context.add_cookies(
        [{"name": "_streamlit_userx", "value": "1", "url": server.address}]
    )  # no other sign-in for it
    (signed,) = (c["value"] for c in page.context.cookies() if c["name"] == "_streamlit_user")
    secret = signed.rpartition(".")[0]
    later = datetime.now(UTC) + timedelta(minutes=REST.default)
    with monkeypatch.context() as patch:
        patch.setattr("db.clock.now", lambda: later)
        found = server.store.sign_ins.recognise_member("eva@bureau.example", secret)
        assert found is None
    page.get_by_role("link", name="Planner").click()
    expect(page.get_by_role("button", name="End session")).to_be_visible()
