"""Reports to look into: that of the example data, and one of hostile texts; and how to look."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from functools import cache

from analysis.measures import MEAN
from analysis.report.build import tell_report
from analysis.report.content import Chapter, Passage, Report, as_line
from analysis.report.formats import Format, write_report
from analysis.results.block import Block
from analysis.results.changes import changes_exhibit
from analysis.results.distributions import stacked_exhibit
from analysis.results.priorities import priorities_exhibit
from analysis.results.source import PairResult, WaveResult
from surveys.fieldwork import Wave, WaveState
from tests.analysis.conftest import example_waves
from tests.analysis.tables import comparison, distribution, release_figures
from tests.hostile import LINES

DAY = date(2026, 3, 3)
_GRADES = {
    "measure": MEAN,
    "value_before": 6.5,
    "value_after": 7.25,
    "count_before": None,
    "count_after": None,
}
BLOCK = Block("urgentie", "Urgentie", ("aandachtspunt", "aandachtspunten"))


@cache
def example_report() -> Report:
    before, after, pairs = example_waves()
    results = [
        WaveResult(Wave(counts.wave, WaveState.CLOSED, "a" * 64, is_example=True), counts)
        for counts in (before, after)
    ]
    joint = {
        concept: {("5", "1"): 30, ("4", "4"): 12, ("1", "5"): 9}
        for concept in {question.concept for question in results[1].counts.questionnaire.questions}
    }
    priorities = priorities_exhibit(results[1], joint, None, DAY)
    return tell_report(PairResult(*results, pairs), DAY, priorities=priorities)


@cache
def example_file(wanted: Format) -> bytes:
    return write_report(example_report(), wanted)


def report_of(*chapters: Chapter, text: str = "Proef", is_example: bool = False) -> Report:
    """A small one, with this text wherever a text can be."""
    return Report(
        title=text,
        waves=("2021", "2024"),
        source=f"Bron: {text}",
        data_version="0a1b2c3d",
        made_on=DAY,
        is_example=is_example,
        findings=(text,),
        response=(text,),
        chapters=chapters,
        method=(Passage(text, (text,)),),
    )


def suppressed_report() -> Report:
    """Of two rows that are released and one that is not, as percentages and as grades."""
    tables = [
        release_figures(
            [
                comparison(42, item="een", text="Een", **values),
                comparison(4, item="twee", text="Twee", **values),
                comparison(42, item="drie", text="Drie", **values),
            ],
            "Urgentie",
        )
        for values in ({}, _GRADES)
    ]
    return report_of(Chapter("Urgentie", tuple(changes_exhibit(table, BLOCK) for table in tables)))


HOSTILE = [as_line(line) for line in LINES.values()]


@cache
def hostile_report(text: str = " / ".join(LINES.values())) -> Report:
    """Every hostile line is a question, of changes and of distributions."""
    changes = [
        comparison(42, item=f"a{number}", text=line) for number, line in enumerate(LINES.values())
    ]
    spread = [distribution(9, 9, 9, item=line) for line in LINES.values()]
    exhibits = (
        changes_exhibit(release_figures(changes, text), BLOCK),
        stacked_exhibit(release_figures(spread, text), BLOCK),
    )
    return report_of(Chapter(text, exhibits), text=text)


@cache
def hostile_file(wanted: Format) -> bytes:
    return write_report(hostile_report(), wanted)


def squeeze(text: str) -> str:
    """Without spaces: where a line breaks is up to the program."""
    return re.sub(r"\s", "", text)


def outside_addresses(content: bytes) -> list[bytes]:
    """Relations of a file of Office to something outside it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        relations = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    return [each for each in relations if b'TargetMode="External"' in each]
