"""`make screenshots`: every results page as the steering group sees it, at the width of a desktop
and of a phone, of the example data with both waves closed. Written to docs/screenshots/."""

from __future__ import annotations

import io
import secrets
import tempfile
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from analysis.example import solve_example
from analysis.published import read_published
from benchmarks.browser import FINISHED, LIMIT, open_browser
from benchmarks.servers import APP, Server, serve
from db.store import Store, open_store
from surveys.example import plan_example_waves, read_example_register
from surveys.fieldwork import WaveState
from surveys.roles import Role

FOLDER = Path(__file__).parent / "screenshots"
WIDTHS = {"desktop": 1200, "phone": 360}
HIGHEST = 2200  # pixels of a page that are pictured

# The name of the pictures, the address, and what must be there before one is taken.
CHART = '[data-testid="stVegaLiteChart"] svg'
PAGES = (
    ("in-het-kort", "", CHART),
    ("urgentie", "urgentie", CHART),
    ("verdeling", "urgentie?weergave=Verdeling&midden=true", CHART),
    ("een-vraag", "urgentie?vraag=De+aansluiting+met+mbo", CHART),
    ("opbrengsten", "opbrengsten", CHART),
    ("aandacht", "aandacht", CHART),
    ("rapportcijfers", "rapportcijfers", CHART),
    ("borging", "borging", CHART),
    ("groepen", "groepen", ".cijfers"),
    ("prioriteiten", "prioriteiten", CHART),
    ("van-aanleiding-tot-resultaat", "van-aanleiding-tot-resultaat", ".achtergrondschets"),
    ("rapport", "rapport", "[data-testid=stBaseButton-primary]"),
    ("methode", "methode", ".katex"),
)
NAME = "j.devries@stuurgroep.example"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/monitor.sqlite"
        with closing(open_store(database)) as store:
            password, token = fill(store)
        with serve(APP, Path(folder), database=database) as server, open_browser() as browser:
            for kind, width in WIDTHS.items():
                page = open_window(browser, server, width)
                sign_in(page, password)
                for name, address, sign in PAGES:
                    picture(page, address, sign, FOLDER / f"{name}-{kind}.png")
                page.close()
                page = open_window(browser, server, width)
                address = f"?uitnodiging={token}"
                picture(page, address, CHART, FOLDER / f"mijn-regio-{kind}.png")
                page.close()


def fill(store: Store) -> tuple[str, str]:
    """The password of the steering group, and a programme leader's personal link."""
    store.waves.load_example(
        read_example_register(), plan_example_waves(solve_example(read_published()))
    )
    progress = store.monitoring.progress("2024")
    answered = next(region for region in progress if region.state is not None)
    token = store.invitations.renew(answered.number, "2024")
    store.waves.set_state("2024", WaveState.CLOSED)
    password = secrets.token_urlsafe(16)
    store.accounts.add("beheer", Role.ADMINISTRATOR, secrets.token_urlsafe(16))
    store.accounts.add(NAME, Role.STEERING_GROUP, password)
    return password, token


def open_window(browser: Browser, server: Server, width: int) -> Page:
    page = browser.new_page(
        base_url=server.address, viewport={"width": width, "height": 900}, locale="nl-NL"
    )
    page.set_default_timeout(LIMIT)
    return page


def sign_in(page: Page, password: str) -> None:
    page.goto("/aanmelden")
    page.get_by_label("Naam of e-mailadres").fill(NAME)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("button", name="Aanmelden").click()
    page.locator(FINISHED).wait_for()


def picture(page: Page, address: str, sign: str, file: Path) -> None:
    """The page from its top, as far as HIGHEST."""
    page.goto(f"/{address}")
    page.locator(sign).first.wait_for()
    page.locator(FINISHED).wait_for()
    size = page.viewport_size or {"width": WIDTHS["desktop"], "height": HIGHEST}
    full = page.get_by_test_id("stMain").evaluate("each => each.scrollHeight")
    page.set_viewport_size({**size, "height": min(full, HIGHEST)})
    page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    taken.convert("RGB").quantize(method=Image.Quantize.MAXCOVERAGE).save(file, optimize=True)
    page.set_viewport_size(size)
    print(f"{file.relative_to(FOLDER.parent)}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
