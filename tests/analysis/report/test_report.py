"""What a report says, whatever its format."""

from __future__ import annotations

import re

import pytest

from analysis.report.content import as_line
from analysis.report.formats import Format, write_report
from analysis.report.progress import Progress
from tests.analysis.report.made import (
    example_report,
    suppressed_report,
)


def test_the_report_says_what_it_was_made_of() -> None:
    report = example_report()
    assert [chapter.title for chapter in report.chapters] == [
        "Prioriteiten",
        "Urgentie",
        "Opbrengsten",
        "Aandacht",
        "Rapportcijfers",
        "Borging",
    ]
    assert report.waves == ("2021", "2024")
    assert report.response == (
        "In 2021 antwoordden 61 van 78 regio's, 78%.",
        "In 2024 antwoordden 51 van 78 regio's, 65%.",
    )
    assert 3 <= len(report.findings) <= 5
    assert re.fullmatch(r"Gegevensversie [0-9a-f]{8}, 3 maart 2026", report.edition)
    explained = [passage.title for passage in report.method]
    assert explained[:2] == ["Hoe de metingen zijn vergeleken", "Wat de uitkomsten betekenen"]


@pytest.mark.parametrize("wanted", Format)
def test_progress_goes_from_nothing_to_everything(wanted: Format) -> None:
    told: list[float] = []
    follow: Progress = lambda part, doing: told.append(part)  # noqa: E731
    write_report(suppressed_report(), wanted, progress=follow)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_no_document_can_hold_is_replaced_by_a_sign(sign: str) -> None:
    assert as_line(f" een{sign}twee\r\ndrie ") == "een\ufffdtwee drie"
