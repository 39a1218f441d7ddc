"""Who gets in, what they see there, and what never leaves the server."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from analysis.example import solve_example
from analysis.published import read_published
from surveys.example import plan_example_waves, read_example_register
from surveys.pages.entrance.link_cookie import link_cookie, link_handle
from surveys.roles import Role
from surveys.sign_in import LINK_LIMIT
from tests.browser.conftest import Server, sign_in

pytestmark = pytest.mark.browser

PASSWORD = "een lang wachtwoord"  # noqa: S105
RESULTS = [
    *("In het kort", "Prioriteiten", "Van aanleiding tot resultaat", "Rapport"),
    *("Urgentie", "Opbrengsten", "Aandacht", "Rapportcijfers", "Borging", "Groepen"),
]
FIELDWORK = [
    "Stand van zaken",
    "Metingen",
    "Regio's",
    "Uitnodigen",
    "Invoer en correctie",
    "Eerdere meting",
    "Open antwoorden",
]
MENUS = {
    Role.STEERING_GROUP: [*RESULTS, "Methode", "Privacy"],
    Role.EVALUATOR: [*RESULTS, *FIELDWORK, "Planner", "Methode", "Privacy", "Logboek"],
    Role.ADMINISTRATOR: ["Privacy", "Gebruikers", "Instellingen", "Logboek"],
}
MENUS[Role.OWNER] = [
    *MENUS[Role.EVALUATOR][:-1],
    *(name for name in MENUS[Role.ADMINISTRATOR] if name != "Privacy"),
]


@pytest.fixture(scope="module")
def lasting_reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("reached")
    server = Server(folder, "--server.address", "0.0.0.0")  # noqa: S104  (that is the point)
    yield server
    server.close()


@pytest.fixture
def reached(lasting_reached: Server, empty_database: Path) -> Iterator[Server]:
    """A server that others can reach."""
    lasting_reached.renew(empty_database)
    yield lasting_reached
    lasting_reached.check_log()


def add_accounts(server: Server) -> None:
    server.store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    server.store.accounts.add("eva", Role.EVALUATOR, PASSWORD)
    server.store.accounts.add("stuur", Role.STEERING_GROUP, PASSWORD)


def load_example(server: Server) -> None:
    waves = plan_example_waves(solve_example(read_published()))
    server.store.waves.load_example(read_example_register(), waves)


def menu(page: Page) -> list[str]:
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links.first).to_be_visible()
    return links.all_inner_texts()


def test_each_role_has_the_menu_of_what_it_may_do(reached: Server, chromium: Browser) -> None:
    add_accounts(reached)
    for name, role in (
        ("stuur", Role.STEERING_GROUP),
        ("eva", Role.EVALUATOR),
        ("beheer", Role.ADMINISTRATOR),
    ):
        page = chromium.new_context(locale="nl-NL").new_page()
        sign_in(page, reached, name, PASSWORD)
        assert menu(page) == MENUS[role]
        expect(page.get_by_test_id("stSidebar").get_by_text(role.value)).to_be_visible()
        page.goto(f"{reached.address}/{'gebruikers' if name != 'beheer' else 'urgentie'}")
        expect(page.get_by_role("heading", name="Deze pagina is niet voor u")).to_be_visible()
        page.context.close()


def test_a_window_left_open_is_refused_after_signing_out_elsewhere(
    reached: Server, page: Page
) -> None:
    add_accounts(reached)
    sign_in(page, reached, "eva", PASSWORD)
    page.goto(f"{reached.address}/planner")
    expect(page.get_by_role("heading", name="Planner")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{reached.address}/methode")
    other.get_by_role("button", name="Afmelden").click()
    expect(other.get_by_role("heading", name="U bent afgemeld")).to_be_visible()

    page.get_by_text("90%", exact=True).first.click()
    expect(page.get_by_role("heading", name="Meld u aan")).to_be_visible()
    expect(page.get_by_role("heading", name="Planner")).to_have_count(0)
    page.get_by_role("link", name="Aanmelden", exact=True).click()
    expect(page.get_by_label("Wachtwoord")).to_be_visible()


def test_signing_in_by_keyboard_without_javascript(reached: Server, chromium: Browser) -> None:
    add_accounts(reached)
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(reached.address)
    expect(page.get_by_role("heading", name="Aanmelden")).to_be_visible()
    page.keyboard.type("eva")  # the first field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("fout wachtwoord")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("De naam of het wachtwoord klopt niet.")
    expect(page.get_by_label("Naam of e-mailadres")).to_have_value("eva")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{reached.address}/")
    assert any(cookie["name"] == "aanmelding" for cookie in page.context.cookies())
    page.context.close()


def test_a_server_that_others_can_reach_lets_nobody_in_before_there_is_an_account(
    reached: Server, page: Page
) -> None:
    reached.kill()  # it tells its log once
    reached.start()
    load_example(reached)
    token = reached.store.invitations.renew("01", "2024")
    for path in ("", "urgentie", "veldwerk", f"?uitnodiging={token}"):
        page.goto(f"{reached.address}/{path}")
        expect(page.get_by_role("heading", name="nog niet klaar voor gebruik")).to_be_visible()
    assert any("everybody is refused" in line for line in reached.log)
    add_accounts(reached)
    page.goto(f"{reached.address}/?uitnodiging={token}")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("klaar voor gebruik")


def test_two_links_in_one_browser_each_keep_their_own_questionnaire(
    server: Server, page: Page, all_types_token: str
) -> None:
    server.store.regions.add([("02", "Regio 02")])
    second = server.store.invitations.renew("02", "2024")
    other = page.context.new_page()
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    other.goto(f"{server.address}/?uitnodiging={second}")
    expect(page.get_by_text("Regio 01")).to_be_visible()
    expect(other.get_by_text("Regio 02")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Regio 01")).to_be_visible()
    expect(other.get_by_text("Regio 02")).to_be_visible()


def test_the_address_in_another_browser_opens_nothing(
    server: Server, page: Page, chromium: Browser, token: str
) -> None:
    page.goto(f"{server.address}/?uitnodiging={token}")
    expect(page.get_by_role("button", name="Beginnen")).to_be_visible()
    stranger = chromium.new_context(locale="nl-NL").new_page()
    stranger.goto(page.url)
    expect(stranger.get_by_text("Open de link uit de e-mail opnieuw")).to_be_visible()
    expect(stranger.get_by_role("button", name="Beginnen")).to_have_count(0)
    stranger.context.close()


def test_a_cookie_that_was_guessed_counts_as_a_guess(
    server: Server, page: Page, token: str
) -> None:
    for number in range(LINK_LIMIT.failures):
        guess = f"gok{number}"
        handle = link_handle(guess)
        page.context.add_cookies(
            [{"name": link_cookie(handle), "value": guess, "url": server.address}]
        )
        page.goto(f"{server.address}/?vragenlijst={handle}")
        expect(page.get_by_text("Deze link klopt niet")).to_be_visible()
    page.goto(f"{server.address}/?uitnodiging={token}")
    expect(page.get_by_role("heading", name="Even wachten")).to_be_visible()


def test_behind_a_proxy_the_one_who_guesses_is_refused_and_not_the_proxy(
    server: Server, page: Page, token: str
) -> None:
    add_accounts(server)

    def follow(token: str, *came_from: str) -> int:
        headers = {"X-Forwarded-For": ", ".join(came_from)} if came_from else {}
        link = f"{server.address}/?uitnodiging={token}"
        return page.request.get(link, headers=headers, max_redirects=0).status

    for number in range(LINK_LIMIT.failures):  # what the guesser says itself does not count
        assert follow(f"gok{number}", f"198.51.100.{number}", "192.0.2.9") == 404
    assert follow(token, "198.51.100.99", "192.0.2.9") == 429
    assert follow(token, "192.0.2.10") == 303
    assert follow(token) == 303


def test_the_token_is_in_no_address_log_or_trail(
    server: Server, page: Page, all_types_token: str
) -> None:
    later: list[Request] = []
    page.on("request", lambda request: later.append(request))
    page.goto(f"{server.address}/?uitnodiging={all_types_token}")
    page.get_by_role("button", name="Beginnen").click()
    scale = page.get_by_role("radiogroup", name="Een schaal")
    scale.get_by_text("veel", exact=True).click()
    expect(page.get_by_text("Opgeslagen om")).to_be_visible()
    page.goto(f"{server.address}/?uitnodiging=een-verzonnen-token")

    asked = [request for request in later if all_types_token in request.url]
    assert len(asked) == 1  # the first request of all
    assert all_types_token not in page.evaluate("document.cookie")
    assert not [
        request for request in later if all_types_token in request.headers.get("referer", "")
    ]
    with closing(sqlite3.connect(server.url.removeprefix("sqlite:///"))) as database:
        stored = "\n".join(database.iterdump())
    for token in (all_types_token, "een-verzonnen-token"):
        assert token not in stored
        assert token not in "".join(server.log)


def test_no_page_asks_anything_of_another_host(server: Server, page: Page) -> None:
    load_example(server)
    token = server.store.invitations.renew("01", "2024")
    hosts: set[str] = set()
    refused: list[str] = []
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on("websocket", lambda socket: hosts.add(socket.url.split("/")[2]))
    page.on(
        "console",
        lambda line: refused.append(line.text) if "Content Security" in line.text else None,
    )
    page.goto(server.address)
    names = menu(page)
    assert names == MENUS[Role.OWNER]
    for name in names:
        page.get_by_test_id("stSidebarNavLink").get_by_text(name, exact=True).click()
        expect(page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", "notRunning"
        )
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(page.locator("html")).to_have_attribute("lang", "nl")
    page.goto(f"{server.address}/?uitnodiging={token}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert {host for host in hosts if host} == {f"127.0.0.1:{server.port}"}
    assert refused == []


def test_an_error_in_the_monitor_is_told_in_dutch_and_logged(tmp_path: Path, page: Page) -> None:
    server = Server(tmp_path)
    try:
        with closing(sqlite3.connect(tmp_path / "monitor.sqlite")) as database:
            database.execute("ALTER TABLE wave RENAME TO golf")
            database.commit()
        page.goto(server.address)
        expect(page.get_by_text("Er ging iets mis in de monitor")).to_be_visible()
        for english in ("Traceback", "Error", "sqlite"):
            assert english not in page.locator("body").inner_text()
        assert any("no such table: wave" in line for line in server.log)
    finally:
        server.kill()
        server.store.close()


def test_an_address_that_is_no_page_is_told_in_dutch(server: Server, page: Page) -> None:
    page.goto(f"{server.address}/bestaat-niet")
    expect(page.get_by_role("dialog")).to_contain_text("Kijk of het adres klopt")
    expect(page.get_by_role("heading", name="Deze pagina is er niet")).to_be_visible()
    page.get_by_role("button", name="Sluiten").click()
    expect(page.get_by_role("heading", name="In het kort")).to_be_visible()


def test_a_page_that_runs_by_itself_stops_after_signing_out_elsewhere(
    reached: Server, page: Page
) -> None:
    add_accounts(reached)
    load_example(reached)
    page.clock.install()
    sign_in(page, reached, "eva", PASSWORD)
    page.goto(f"{reached.address}/veldwerk")
    expect(page.get_by_text("uitgenodigde regio's").first).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{reached.address}/afmelden")
    other.get_by_role("button", name="Afmelden").click()
    expect(other.get_by_role("heading", name="U bent afgemeld")).to_be_visible()
    page.clock.fast_forward("00:31")
    expect(page.get_by_role("heading", name="Meld u aan")).to_be_visible()
    expect(page.get_by_text("uitgenodigde regio's")).to_have_count(0)


def test_forms_and_streams_of_other_sites_are_refused(server: Server, page: Page) -> None:
    """XSRF protection and CORS are on, and nothing of use is told to other sites."""
    answer = page.request.get(
        f"{server.address}/_stcore/health", headers={"Origin": "https://boos.example"}
    )
    assert "access-control-allow-origin" not in answer.headers
    page.goto("data:text/html,<p>een andere site")
    opened = page.evaluate(
        """(address) => new Promise((resolve) => {
          const socket = new WebSocket(address, ["streamlit"]);
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("refused");
        })""",
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
    )
    assert opened == "refused"
