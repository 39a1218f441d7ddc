"""Opening each results page in Chromium until it is there, against an empty script.

Cold: a server process that nobody visited yet. Warm: the same server, a later visitor.
Every visit has a browser context of its own, so nothing is in the browser's cache. The
app and the empty script take turns. The database has the example data. A page is there
when its chart has a canvas or an SVG image, or else its table or text; the empty script
when Streamlit says that it has finished.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from analysis.example import solve_example
from analysis.published import read_published
from benchmarks.browser import FINISHED, LIMIT, open_browser
from benchmarks.findings import Finding
from benchmarks.servers import APP, EMPTY, serve, write_script
from db.store import open_store
from surveys.example import plan_example_waves, read_example_register

CHART = '[data-testid="stVegaLiteChart"] :is(canvas, svg)'
PAGES = {
    "": CHART,
    "prioriteiten": CHART,
    "van-aanleiding-tot-resultaat": ".achtergrondschets",
    "urgentie": CHART,
    "opbrengsten": CHART,
    "aandacht": CHART,
    "rapportcijfers": CHART,
    "borging": CHART,
    "groepen": ".cijfers table",
    "rapport": "h1",
    "methode": ".cijfers table",
}
COLD, WARM = 3.0, 1.5


def measure(visits: int = 5) -> list[Finding]:
    """Per page a fresh pair of servers, with one cold and `visits` warm visits."""
    findings = []
    with tempfile.TemporaryDirectory() as name, open_browser() as browser:
        folder = Path(name)
        database = _example_database(folder)
        empty = write_script(folder, "empty", EMPTY)
        for page, sign in PAGES.items():
            times: tuple[list[float], list[float]] = ([], [])
            with serve(empty, folder) as nothing, serve(APP, folder, database=database) as app:
                pair = ((nothing.address, FINISHED), (f"{app.address}/{page}", sign))
                for _ in range(1 + visits):
                    for (address, wanted), taken in zip(pair, times, strict=True):
                        taken.append(_visit(browser, address, wanted))
            findings += _compare(f"/{page}", *times)
    return findings


def _example_database(folder: Path) -> str:
    url = f"sqlite:///{folder / 'monitor.sqlite'}"
    store = open_store(url)
    answers = solve_example(read_published())
    store.waves.load_example(read_example_register(), plan_example_waves(answers))
    store.close()
    return url


def _visit(browser: Browser, address: str, sign: str) -> float:
    """Seconds from opening the address until an element shows that the page is there."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="nl-NL")
    page = context.new_page()
    try:
        began = time.perf_counter()
        page.goto(address, wait_until="commit", timeout=LIMIT)
        page.locator(sign).first.wait_for(state="visible", timeout=LIMIT)
        return time.perf_counter() - began
    finally:
        context.close()


def _compare(page: str, empty: list[float], taken: list[float]) -> list[Finding]:
    cold = taken[0] / empty[0]
    warm = median(taken[1:]) / median(empty[1:])
    said = f"{taken[0]:.1f} s against {empty[0]:.1f} s", f"p50 of {len(taken) - 1}"
    return [
        Finding(
            f"results: {page} / empty, cold",
            f"{cold:.2f} x ({said[0]})",
            f"{COLD:g} x",
            cold <= COLD,
        ),
        Finding(
            f"results: {page} / empty, warm",
            f"{warm:.2f} x ({said[1]})",
            f"{WARM:g} x",
            warm <= WARM,
        ),
    ]
