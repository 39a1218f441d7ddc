"""The page as a browser finds it: whole, described, and by itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from analysis.report.content import as_line
from analysis.report.formats import Format
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.report.made import (
    HOSTILE,
    example_file,
    example_report,
    hostile_file,
    squeeze,
)


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.cells: list[str] = []
        self._open: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open and self._open[-1] in ("th", "td"):
            self.cells[-1] += data

    def find(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_page_asks_nothing_of_another_computer() -> None:
    page = Page(example_file(Format.HTML))
    assert not {"script", "link", "iframe", "base", "object"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name in ("src", "href", "srcset", "action", "data"):
            address = attributes.get(name, "")
            assert address.startswith(("#", "data:image/svg+xml;base64,")) or not address, tag
    style = re.search(rb"<style>(.*)</style>", example_file(Format.HTML), re.DOTALL)
    assert style
    assert b"url(" not in style[1]
    assert b"@import" not in style[1]


def test_the_page_has_every_table_and_described_picture() -> None:
    report = example_report()
    page = Page(example_file(Format.HTML))
    assert page.find("html") == [{"lang": "nl"}]
    printed = [table for exhibit in report.exhibits for table in exhibit.tables]
    assert len(page.find("table")) == len(page.find("caption")) == len(printed)
    cells = [
        as_line(cell) for table in printed for row in (table.headings, *table.rows) for cell in row
    ]
    assert page.cells == cells
    assert {each["scope"] for each in page.find("th")} == {"col", "row"}
    pictures = page.find("img")
    assert len(pictures) == sum(len(exhibit.panels) for exhibit in report.exhibits)
    assert all(picture["alt"] for picture in pictures)
    text = squeeze(page.text)
    for said in (EXAMPLE_LABEL, report.edition, *report.findings, *report.response):
        assert squeeze(said) in text
    links = {link["href"] for link in page.find("a")}
    assert links <= {f"#{attributes['id']}" for _, attributes in page.tags if "id" in attributes}
    assert len(links) == len(report.exhibits) + len(report.chapters) + 3


def test_hostile_texts_are_texts_on_the_page() -> None:
    page = Page(hostile_file(Format.HTML))
    assert set(HOSTILE) <= set(page.cells)
    usual = {tag for tag, _ in Page(example_file(Format.HTML)).tags}
    assert {tag for tag, _ in page.tags} <= usual
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
