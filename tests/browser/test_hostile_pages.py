"""Every page in a real browser, in a monitor in which all that people can write is hostile: what is
shown is what was written, nothing of it does anything, and axe-core finds every page accessible."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from surveys.fieldwork import WaveState
from surveys.items import LongTextItem
from tests.browser.accessibility import find_faults
from tests.browser.conftest import Server, sign_in, turn_page
from tests.db.mail_scenes import deliver
from tests.hostile_monitor import PASSWORD, SENDER, HostileMonitor
from tests.surveys.importing.files import workbook
from tests.surveys.mailing.servers import Mailroom, serve
from tests.surveys.pages.test_roles import ROOT, is_page

pytestmark = pytest.mark.browser

# Every page by its address: for the evaluator, for the administrator, and for who has a link.
EVALUATOR = {
    "in-het-kort": "analysis/pages/summary.py",
    "urgentie": "analysis/pages/urgency.py",
    "opbrengsten": "analysis/pages/yields.py",
    "aandacht": "analysis/pages/attention.py",
    "rapportcijfers": "analysis/pages/grades.py",
    "borging": "analysis/pages/anchoring.py",
    "groepen": "analysis/pages/groups.py",
    "prioriteiten": "analysis/pages/priorities.py",
    "van-aanleiding-tot-resultaat": "analysis/pages/logic_model.py",
    "rapport": "analysis/pages/report.py",
    "veldwerk": "surveys/pages/fieldwork.py",
    "metingen": "surveys/pages/waves.py",
    "regios": "surveys/pages/regions.py",
    "uitnodigen": "surveys/pages/invitations.py",
    "invoer": "surveys/pages/entry.py",
    "eerdere-meting": "surveys/pages/import_wave.py",
    "open-antwoorden": "surveys/pages/quotes.py",
    "planner": "analysis/pages/planner.py",
    "methode": "analysis/pages/method.py",
    "privacy": "surveys/pages/privacy.py",
}
ADMINISTRATOR = {
    "gebruikers": "surveys/pages/accounts.py",
    "instellingen": "surveys/pages/settings.py",
    "logboek": "surveys/pages/trail.py",
}
LINK = {
    "vragenlijst": "surveys/pages/fill_in.py",
    "mijn-regio": "analysis/pages/own_region.py",
}
# Pages on which nothing is shown that people wrote, but for the name of who signed in.
OURS = {"rapport", "planner", "methode", "instellingen"}
# Pages on which people's texts are there to be chosen.
LISTS = {
    *("groepen", "veldwerk", "regios", "uitnodigen", "invoer", "open-antwoorden"),
    *("privacy", "gebruikers"),
}

# What the page shows: its text, and what stands in its fields.
SHOWN = """() => [
    document.body.textContent,
    ...[...document.querySelectorAll('input, textarea')].map(field => field.value),
    ...[...document.querySelectorAll('.cijfers')].map(table => table.getAttribute('aria-label')),
].join('\\n')"""
# What only hostile text would make of it.
MADE = """() => [
    ...[...document.querySelectorAll(
        'img[src*=elders], img[src=x], iframe, object, embed, base, #vet, mark, blockquote, del, '
        + '.katex, [data-testid=stMarkdownColoredText], a[href*="//elders"], a[href^=javascript], '
        + 'a[href^=mailto], [onload], [onerror]')].map(each => each.outerHTML.slice(0, 200)),
    ...[...document.querySelectorAll('body script, body style')]
        .filter(each => /hacked|display:none}$/.test(each.textContent.slice(0, 200)))
        .map(each => each.outerHTML.slice(0, 200)),
    ...(window.hacked ? ['a script ran'] : []),
]"""


def test_every_page_is_walked() -> None:
    walked = {*EVALUATOR.values(), *ADMINISTRATOR.values(), *LINK.values()}
    files = [*ROOT.glob("surveys/pages/*.py"), *ROOT.glob("analysis/pages/*.py")]
    assert {file.relative_to(ROOT).as_posix() for file in files if is_page(file)} == walked


class Look:
    """One browser window, and all that was seen in it."""

    def __init__(self, page: Page, server: Server, monitor: HostileMonitor) -> None:
        self.page = page
        self.server, self.address = server, server.address
        self.monitor = monitor
        self.elsewhere: list[str] = []
        self.faults: list[str] = []
        self.examined: set[str] = set()
        page.on("request", self._watch)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.elsewhere.append(request.url)

    def settle(self) -> None:
        drawn = self.page.get_by_test_id("stApp")
        expect(drawn).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_text("Er ging iets mis")).to_have_count(0)

    def look(self, where: str) -> set[int]:
        """The numbers of the texts that are shown now, each as it was written."""
        found = self._see(where)
        if where not in self.examined:
            self.examined.add(where)
            self.faults += [f"{where}: {fault}" for fault in find_faults(self.page)]
        return found

    def _see(self, where: str) -> set[int]:
        self.settle()
        found, changed = self.monitor.written.find(self.page.evaluate(SHOWN))
        made = [] if where == "methode" else self.page.evaluate(MADE)  # it has formulas of its own
        self.faults += [f"{where}: {fault}" for fault in (*changed, *made)]
        return found

    def look_in_lists(self, where: str, most: int = 99) -> set[int]:
        """Also what can be chosen."""
        found = self._see(where)
        boxes, options = self.page.get_by_role("combobox"), self.page.get_by_role("option")
        for place in range(min(boxes.count(), most)):
            self.open_list(boxes.nth(place))
            found |= self._see(where)
            self.page.keyboard.press("Escape")
            expect(options).to_have_count(0)
        return found | self.look(where)

    def open_list(self, box: Locator) -> None:
        """Once more where the page was just waking up, and did not hear the key."""
        option = self.page.get_by_role("option").first
        for _ in range(5):
            box.press("ArrowDown")
            with suppress(AssertionError):
                expect(option).to_be_visible(timeout=3_000)
                return
        expect(option).to_be_visible()

    def choose(self, label: str, option: str) -> None:
        self.settle()
        box, options = (
            self.page.get_by_role("combobox", name=label),
            self.page.get_by_role("option"),
        )
        self.open_list(box)
        box.press_sequentially(option)
        options.first.click()
        expect(options).to_have_count(0)
        self.settle()

    def open(self, address: str) -> None:
        self.page.goto(f"{self.address}/{address}")
        expect(self.page.get_by_role("heading", level=1).first).to_be_visible()
        self.settle()


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    """A mail server that refuses one mail, in words that want to be read."""
    words = "550 5.1.1 <b id=vet>Nobody</b> **here** [x](http://elders.example) :smile:"
    room = Mailroom({"leider5@regio.example": words})
    with serve(room) as port:
        monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SMTP_PORT", str(port))
        monkeypatch.setenv("SMTP_SECURITY", "none")
        monkeypatch.setenv("MAIL_FROM", f"{SENDER.name} <{SENDER.address}>")
        room.port = port  # type: ignore[attr-defined]
        yield room


@pytest.fixture
def monitor(room: Mailroom, server: Server) -> HostileMonitor:
    monitor = HostileMonitor(server.store)
    deliver(server.store, room.port)  # type: ignore[attr-defined]
    return monitor


def test_what_people_wrote_is_shown_as_it_is_and_does_nothing(
    monitor: HostileMonitor, server: Server, page: Page, chromium: Browser
) -> None:
    look = Look(page, server, monitor)
    sign_in(page, server, monitor.evaluator, PASSWORD)
    seen = {address: walk(look, address) for address in EVALUATOR}
    seen["vragenlijst"] = fill_in(chromium, look)
    seen["mijn-regio"] = look_back(chromium, look)
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_text("U bent afgemeld")).to_be_visible()
    look.faults += find_faults(page)
    page.goto(f"{server.address}/aanmelden")
    look.faults += find_faults(page)
    sign_in(page, server, monitor.administrator, PASSWORD)
    seen |= {address: walk(look, address) for address in ADMINISTRATOR}
    assert not look.faults, "\n".join(look.faults)
    assert look.elsewhere == []
    for address, found in seen.items():
        assert bool(found - monitor.signed_in) == (address not in OURS), (address, found)
    assert monitor.register <= set().union(*seen.values())
    log = "".join(server.log)
    assert not monitor.written.find(log)[0], log


def walk(look: Look, address: str) -> set[int]:
    """All that a page shows by itself and in its lists, and then what more there is to do on it."""
    page = look.page
    link = page.locator(f"[data-testid=stSidebarNavLink][href$='/{address}']")
    if address != "in-het-kort":  # the page that opens first
        link.click()
        expect(page.get_by_role("heading", level=1, name=link.inner_text())).to_be_visible()
    found = look.look_in_lists(address) if address in LISTS else look.look(address)
    more = {
        "metingen": propose_questionnaire,
        "regios": take_register,
        "uitnodigen": make_link,
        "invoer": correct,
        "eerdere-meting": take_wave,
        "gebruikers": add_account,
    }.get(address)
    return found | more(look) if more else found


def propose_questionnaire(look: Look) -> set[int]:
    page, definitions = look.page, look.monitor.definitions
    page.locator("input[type=file]").first.set_input_files(
        {"name": "x.toml", "mimeType": "text/plain", "buffer": definitions["2021"].source.encode()}
    )
    expect(page.get_by_text("Wat er verandert").first).to_be_visible()
    return look.look("metingen, andere versie")


def take_register(look: Look) -> set[int]:
    page, written = look.page, look.monitor.written
    page.get_by_role("tab", name="Bestand inlezen").click()
    rows = [["region", "naam", written.name()]]
    rows += [[number, written.name(), written.name()] for number in look.monitor.numbers[:3]]
    file = io.StringIO()
    csv.writer(file).writerows([*rows, rows[-1]])
    upload = page.locator("input[type=file]")
    upload.set_input_files(
        {"name": "<b>x</b>.csv", "mimeType": "text/csv", "buffer": file.getvalue().encode()}
    )
    expect(page.get_by_text("Dit bestand kan niet worden overgenomen")).to_be_visible()
    found = look.look("regios, fouten")
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    upload.set_input_files({"name": "x.xlsx", "mimeType": mime, "buffer": workbook(rows)})
    expect(page.get_by_text("Wat er verandert")).to_be_visible()
    found |= look.look("regios, wat er verandert")
    page.get_by_role("button", name="Overnemen").click()
    expect(page.get_by_text("is overgenomen in het register")).to_be_visible()
    return found | look.look("regios, overgenomen")


def make_link(look: Look) -> set[int]:
    page = look.page
    page.get_by_role("tab", name="Links").click()
    look.choose("Regio", "01")
    page.get_by_role("button", name="Nieuwe link maken").click()
    expect(page.get_by_text("De link voor")).to_be_visible()
    return look.look("uitnodigen, link")


def correct(look: Look) -> set[int]:
    """Look at what was answered, correct it, and be told what was done."""
    page = look.page
    look.choose("Regio", look.monitor.numbers[8])
    expect(page.get_by_role("heading", name="Versies")).to_be_visible()
    found = look.look("invoer, regio")
    look.choose("Antwoorden bekijken van", "versie 1")
    expect(page.locator("table.ontvangst").first).to_be_visible()
    found |= look.look("invoer, antwoorden")
    reason = look.monitor.written.paragraphs()
    page.get_by_role("textbox", name="Reden van de correctie").fill(reason)
    page.get_by_role("button", name="Corrigeren").click()
    expect(page.get_by_text("Reden:")).to_be_visible()
    found |= look.look("invoer, corrigeren")
    page.get_by_role("button", name="Terug naar het overzicht").click()
    expect(page.get_by_role("heading", name="Versies")).to_be_visible()
    return found | look.look("invoer, terug")


def take_wave(look: Look) -> set[int]:
    page, monitor = look.page, look.monitor
    questionnaire = monitor.definitions["2012"].questionnaire
    look.choose("Meting", "2012")
    expect(page.get_by_role("heading", name="2. Het bestand")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(1)
    rows = [["regio", *(question.text for question in questionnaire.questions)]]
    rows.append([monitor.numbers[0], *(monitor.written.line() for _ in rows[0][1:])])
    rows.append([monitor.written.line(), *(monitor.written.line() for _ in rows[0][1:])])
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[type=file]").first.set_input_files(
        {"name": "<b>x</b>.xlsx", "mimeType": mime, "buffer": workbook(rows)}
    )
    expect(page.get_by_role("heading", name="4. Controleren en inlezen")).to_be_visible()
    return look.look_in_lists("eerdere-meting, bestand", most=4)


def add_account(look: Look) -> set[int]:
    page = look.page
    name = look.monitor.written.word("**nog**_iemand_@voorbeeld.nl:smile:<b>x</b>$5$")
    page.get_by_role("textbox", name="Naam of e-mailadres").fill(name)
    page.get_by_role("textbox", name="Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Account maken").click()
    expect(page.get_by_text("Er is een account voor")).to_be_visible()
    return look.look_in_lists("gebruikers, gemaakt")


def fill_in(chromium: Browser, evaluator: Look) -> set[int]:
    """As a programme leader on a phone: what is asked, told and answered, to the receipt."""
    monitor = evaluator.monitor
    token = monitor.desk.invitations.renew(monitor.numbers[1], "2011")
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="nl-NL")
    look = Look(page, evaluator.server, monitor)
    look.open(f"?uitnodiging={token}")
    found = look.look("vragenlijst, welkom")
    page.get_by_role("checkbox").check(force=True)
    page.get_by_role("button", name="Beginnen").click()
    expect(page.get_by_text("blok 1 van")).to_be_visible()
    found |= look.look("vragenlijst, blok")
    (long,) = (
        question
        for question in monitor.definitions["2011"].questionnaire.questions
        if isinstance(question, LongTextItem)
    )
    field = page.locator(f".st-key-tekst-{long.id} textarea")
    field.fill(monitor.written.paragraphs())
    field.blur()
    expect(page.get_by_text("1 van")).to_be_visible()
    turn_page(page, "Naar controle")
    found |= look.look("vragenlijst, controle")
    page.get_by_role("button", name="Verzenden").click()
    expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
    found |= look.look("vragenlijst, verzonden")
    page.close()
    evaluator.faults += look.faults
    evaluator.elsewhere += look.elsewhere
    return found


def look_back(chromium: Browser, evaluator: Look) -> set[int]:
    """As the same programme leader, once the wave is closed."""
    monitor = evaluator.monitor
    monitor.desk.waves.set_state("2011", WaveState.CLOSED)
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="nl-NL")
    look = Look(page, evaluator.server, monitor)
    look.open(f"?uitnodiging={monitor.token}")
    expect(page.get_by_role("heading", level=1, name="Mijn regio")).to_be_visible()
    expect(page.locator(".cijfers").first).to_be_visible()
    found = look.look("mijn regio")
    page.close()
    evaluator.faults += look.faults
    evaluator.elsewhere += look.elsewhere
    return found
