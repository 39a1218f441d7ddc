"""Opening a results page in Chromium until its chart is drawn, against an empty script.

Cold: a server process that nobody visited yet. Warm: the same server, a later visitor.
Every visit has a browser context of its own, so nothing is in the browser's cache. The
app and the empty script take turns. The database has the example data. The page is
there when its chart has a canvas or an SVG image, the empty script when Streamlit says
that it has finished.
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

PAGE = "/urgentie"
CHART = '[data-testid="stVegaLiteChart"] :is(canvas, svg)'


def measure(starts: int = 3, visits: int = 5) -> list[Finding]:
    """`starts` fresh pairs of servers, each with one cold and `visits` warm visits."""
    cold: tuple[list[float], list[float]] = ([], [])
    warm: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as name, open_browser() as browser:
        folder = Path(name)
        database = _example_database(folder)
        empty = write_script(folder, "empty", EMPTY)
        for _ in range(starts):
            with serve(empty, folder) as nothing, serve(APP, folder, database=database) as app:
                pages = ((nothing.address, FINISHED), (app.address + PAGE, CHART))
                for visit in range(1 + visits):
                    for (address, sign), times in zip(pages, warm if visit else cold, strict=True):
                        times.append(_visit(browser, address, sign))
    return [*_findings("cold", *cold), *_findings("warm", *warm)]


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


def _findings(visit: str, empty: list[float], page: list[float]) -> list[Finding]:
    times = f"p50 of {len(page)}"
    return [
        Finding(f"results: empty script, {visit}", f"{median(empty):.2f} s", times),
        Finding(f"results: {PAGE}, {visit}", f"{median(page):.2f} s", times),
        Finding(f"results: page / empty, {visit}", f"{median(page) / median(empty):.2f} x"),
    ]
