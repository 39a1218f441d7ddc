"""One answer in a real Chromium: from the click until the page shows that it was taken in.

What `answer` measures on the wire, but as a person meets it, with the browser's own
work. There is nothing to click on in an empty script, so the reference is the next
smallest: one radio and a line that repeats the choice. There the time ends when the
line has changed; in the app when Streamlit's own mark says that the whole page, with
'Opgeslagen' at the bottom, is done. (A run as short as that of the reference can begin
and end between two drawings of the browser, and then never shows in the mark.)
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from random import Random
from statistics import median

from playwright.sync_api import Page

from benchmarks.browser import FINISHED, LIMIT, open_browser
from benchmarks.fieldwork import open_fieldwork
from benchmarks.findings import Finding, milliseconds, percentile
from benchmarks.servers import APP, serve, write_script

WARM_UP = 10
REST = 100  # milliseconds
REPEATING = """import streamlit as st

chosen = st.radio("Een vraag", ["a", "b", "c", "d", "e"], index=None, horizontal=True)
st.html(f'<p id="keuze">{chosen}</p>')
"""
TIME_CLICK = """([option, line]) => new Promise((resolve) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const read = () => document.querySelector(line)?.textContent;
  const before = line && read();
  let ran = false;
  const isDone = () => {
    if (line) return read() && read() !== before;
    ran ||= app.dataset.testScriptState !== 'notRunning';
    return ran && app.dataset.testScriptState === 'notRunning';
  };
  const watcher = new MutationObserver(() => {
    if (!isDone()) return;
    watcher.disconnect();
    resolve(performance.now() - began);
  });
  watcher.observe(app, {
    attributes: true, attributeFilter: ['data-test-script-state'],
    childList: true, subtree: true, characterData: true,
  });
  setTimeout(() => resolve(null), 2000);
  const began = performance.now();
  option.click();
})"""


def measure(rounds: int = 100) -> list[Finding]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        fieldwork = stack.enter_context(open_fieldwork(folder, 1))
        small = stack.enter_context(serve(write_script(folder, "small", REPEATING), folder))
        app = stack.enter_context(serve(APP, folder, database=fieldwork.url))
        browser = stack.enter_context(open_browser())
        reference, form = (
            browser.new_page(viewport={"width": 1200, "height": 900}, locale="nl-NL")
            for _ in range(2)
        )
        reference.goto(small.address, timeout=LIMIT)
        form.goto(f"{app.address}/?uitnodiging={fieldwork.tokens[0]}", timeout=LIMIT)
        form.get_by_role("button", name="Beginnen").click(timeout=LIMIT)
        times: list[list[float]] = [[], []]
        for page in (reference, form):
            page.get_by_role("radiogroup").first.wait_for(timeout=LIMIT)
            page.locator(FINISHED).wait_for(timeout=LIMIT)
        chance = Random(1)  # noqa: S311
        for _ in range(WARM_UP + rounds):
            times[0] += _click(reference, chance, "#keuze")
            times[1] += _click(form, chance, "")
        saved = sum(len(answers) for answers in fieldwork.saved().values())
    return _findings(times[0][WARM_UP:], times[1][WARM_UP:], saved, WARM_UP + rounds)


def _click(page: Page, chance: Random, line: str) -> list[float]:
    """Choose another option of some radio; the seconds until the page shows it, if seen."""
    page.wait_for_timeout(REST)
    groups = page.get_by_role("radiogroup")
    group = groups.nth(chance.randrange(groups.count()))
    options = group.locator("input[type=radio]:not(:checked)")
    option = options.nth(chance.randrange(options.count())).element_handle(timeout=LIMIT)
    took = page.evaluate(TIME_CLICK, [option, line])
    return [] if took is None else [took / 1000]


def _findings(reference: list[float], app: list[float], saved: int, clicks: int) -> list[Finding]:
    rows = []
    for what, times in (("one radio and a line", reference), ("one answer in the app", app)):
        spread = f"p50 of {len(times)}, p95 {milliseconds(percentile(times, 0.95))}"
        rows.append(Finding(f"click: {what}", milliseconds(median(times)), spread))
    return [
        *rows,
        Finding("click: app / one radio", f"{median(app) / median(reference):.2f} x"),
        Finding("click: answers lost", f"{clicks - saved} of {clicks}", "0", saved == clicks),
    ]
