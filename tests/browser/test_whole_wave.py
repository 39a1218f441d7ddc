"""A wave from register to closing, as an evaluator and a programme leader go through it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from surveys.roles import Role
from tests.browser.conftest import ROOT, Server, turn_page
from tests.db.mail_scenes import SENDER, read_mails, recipients
from tests.surveys.mailing.servers import Mailroom, serve

pytestmark = pytest.mark.browser

PASSWORD = "een lang wachtwoord"  # noqa: S105
REGIONS = [
    ("region", "naam", "provincie", "programmaleider", "e-mail"),
    ("01", "Noord", "Groningen", "Ann de Vries", "ann@regio.example"),
    ("02", "Zuid", "Limburg", "Bob Smit", "bob@regio.example"),
    ("03", "Oost", "Gelderland", "Cor Bos", "cor@regio.example"),
]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    """A mail server that the app is told of before it starts."""
    room = Mailroom()
    with serve(room) as port:
        monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SMTP_PORT", str(port))
        monkeypatch.setenv("SMTP_SECURITY", "none")
        monkeypatch.setenv("MAIL_FROM", f"{SENDER.name} <{SENDER.address}>")
        yield room


def sign_in(page: Page, server: Server) -> None:
    page.goto(server.address)
    page.get_by_label("Naam").fill("evaluator@bureau.example")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def go_to(page: Page, server: Server, name: str, title: str) -> None:
    page.goto(f"{server.address}/{name}")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def import_register(page: Page, server: Server, folder: Path) -> None:
    workbook = Workbook()
    for row in REGIONS:
        workbook.active.append(row)
    workbook.save(folder / "register.xlsx")
    go_to(page, server, "regios", "Regio's")
    page.get_by_role("tab", name="Bestand inlezen").click()
    page.locator('input[type="file"]').first.set_input_files(folder / "register.xlsx")
    expect(page.get_by_text("Regio 03 (Oost) is nieuw", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Overnemen").click()
    expect(page.get_by_text("Het bestand met 3 regio's is overgenomen")).to_be_visible()
    assert len(server.store.regions.known().regions) == 3


def plan_and_open(page: Page, server: Server) -> None:
    go_to(page, server, "metingen", "Metingen")
    page.get_by_label("Naam, bijvoorbeeld 2027").fill("2027")
    page.locator('input[type="file"]').last.set_input_files(
        ROOT / "tests/definitions/all_types.toml"
    )
    expect(page.get_by_text("all_types.toml")).to_be_visible()
    page.get_by_role("button", name="Meting plannen").click()
    expect(page.get_by_role("heading", name="Meting 2027")).to_be_visible()
    page.get_by_role("button", name="Meting openen", exact=True).click()
    page.get_by_role("button", name="Ja: meting openen").click()
    expect(page.get_by_role("button", name="Meting sluiten", exact=True)).to_be_visible()


def mail(page: Page, server: Server, button: str, told: str) -> None:
    go_to(page, server, "uitnodigen", "Uitnodigen")
    if "herinnering" in button:
        page.get_by_text("Herinnering", exact=True).first.click()
    page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Ja, versturen").click()
    expect(page.get_by_text(told).first).to_be_visible()


def fill_in_on_a_phone(chromium: Browser, link: str) -> None:
    phone = chromium.new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    phone.goto(link)
    phone.get_by_role("button", name="Beginnen").click()
    phone.get_by_role("radiogroup", name="Een schaal").get_by_text("veel", exact=True).tap()
    expect(phone.get_by_text("Opgeslagen om")).to_be_visible()
    turn_page(phone, "Volgende")
    turn_page(phone, "Naar controle")
    phone.get_by_role("button", name="Verzenden").click()
    expect(phone.get_by_role("heading", name="Bedankt")).to_be_visible()
    phone.close()


def link_in_mail(room: Mailroom, server: Server, place: int) -> str:
    body = read_mails(room)[place].get_content()
    return body[body.index(f"{server.address}/?uitnodiging=") :].split()[0]


def let_two_days_pass(server: Server) -> None:
    """A reminder may not follow a mail within a day."""
    with closing(sqlite3.connect(server.url.removeprefix("sqlite:///"))) as raw:
        raw.execute(
            "UPDATE message SET queued_at = datetime(queued_at, '-2 days'), "
            "tried_at = datetime(tried_at, '-2 days'), done_at = datetime(done_at, '-2 days')"
        )
        raw.commit()


def close_wave(page: Page, server: Server) -> None:
    go_to(page, server, "metingen", "Metingen")
    page.get_by_role("button", name="Meting sluiten", exact=True).click()
    page.get_by_role("button", name="Ja: meting sluiten").click()
    expect(page.get_by_role("button", name="Meting heropenen", exact=True)).to_be_visible()


def test_an_evaluator_runs_a_wave_and_a_late_visitor_is_told(
    room: Mailroom, server: Server, chromium: Browser, page: Page, tmp_path: Path
) -> None:
    server.store.accounts.add("beheer@bureau.example", Role.ADMINISTRATOR, PASSWORD)
    server.store.accounts.add("evaluator@bureau.example", Role.EVALUATOR, PASSWORD)
    sign_in(page, server)
    import_register(page, server, tmp_path)
    plan_and_open(page, server)

    mail(page, server, "3 uitnodigingen versturen", "3 verstuurd")
    assert sorted(recipients(room)) == [row[4] for row in REGIONS[1:]]
    first = recipients(room)[0]
    fill_in_on_a_phone(chromium, link_in_mail(room, server, 0))

    go_to(page, server, "veldwerk", "Stand van zaken")
    expect(page.get_by_text("Verzonden: 1 van de 3 uitgenodigde regio's (33%)")).to_be_visible()

    let_two_days_pass(server)
    mail(page, server, "2 herinneringen versturen", "2 verstuurd")
    assert sorted(recipients(room)[3:]) == sorted({row[4] for row in REGIONS[1:]} - {first})

    close_wave(page, server)
    late = chromium.new_page(viewport={"width": 390, "height": 844})
    late.goto(link_in_mail(room, server, 4))
    expect(late.get_by_text("De meting is gesloten")).to_be_visible()
    late.close()
    go_to(page, server, "logboek", "Logboek")
    expect(page.get_by_text("account 2 (evaluator@bureau.example)").first).to_be_visible()
