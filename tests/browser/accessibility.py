"""What axe-core finds on a page, and whether the page fits on a phone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError

_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# 200% zoom of a window of 1280, and a phone.
_WIDTHS = 640, 360
# What is wide may scroll by itself; the page may not.
_FITS = """() =>
    [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
    .every(each => each.scrollWidth <= each.clientWidth + 1)"""
# Until the menu has come back, or gone.
_SETTLE = """() => new Promise(requestAnimationFrame).then(() => Promise.allSettled(
    document.getAnimations()
        .filter(each => each.effect.getTiming().iterations !== Infinity)
        .map(each => each.finished)))"""
_FIT_LIMIT = 10_000  # milliseconds in which a chart gets its new size


def find_faults(page: Page) -> list[str]:
    """What axe-core finds of WCAG 2.0 to 2.2, A and AA, in the window as it is, and the widths at
    which the page is wider than the window."""
    faults = _find_violations(page)
    size = page.viewport_size
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 780})
        if not _fits(page):
            faults.append(f"wider than a window of {width} pixels")
    if size:
        page.set_viewport_size(size)
        page.evaluate(_SETTLE)
    return [*dict.fromkeys(faults)]


def _find_violations(page: Page) -> list[str]:
    found = Axe().run(page, options=_OPTIONS).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def _fits(page: Page) -> bool:
    try:
        page.wait_for_function(_FITS, timeout=_FIT_LIMIT)
    except TimeoutError:
        return False
    return True
