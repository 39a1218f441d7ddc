"""A report made of two waves: everything is counted, tested and released here, once."""

from __future__ import annotations

from datetime import date

from analysis.report.content import Chapter, Report
from analysis.report.method import explain_method
from analysis.report.progress import Progress, tell_nothing
from analysis.results.block import list_blocks
from analysis.results.blocks import BlockResult, block_exhibits
from analysis.results.exhibit import Exhibit
from analysis.results.findings import find_findings
from analysis.results.priorities import TITLE, EarlierWave, priorities_exhibit, read_joint
from analysis.results.sentences import tell_response
from analysis.results.source import PairResult, ResultSource, data_version, read_pair, tell_source
from analysis.settings import Settings
from surveys.fieldwork import Wave

_TITLE = "Monitor Sterk Techniekonderwijs"


def make_report(
    source: ResultSource,
    before: Wave,
    after: Wave,
    day: date,
    progress: Progress = tell_nothing,
) -> Report:
    """Every block of the later wave, beside the earlier one where it may be compared. `day`: that
    of today, as of which the answers are."""
    progress(0, "De antwoorden worden geteld")
    pair = read_pair(source, before, after)
    earlier = EarlierWave(pair.before, read_joint(source, pair.before), pair.between)
    joint = read_joint(source, pair.after)
    priorities = priorities_exhibit(pair.after, joint, earlier, day)
    return tell_report(pair, day, progress, priorities)


def tell_report(
    pair: PairResult,
    day: date,
    progress: Progress = tell_nothing,
    priorities: Exhibit | None = None,
) -> Report:
    """The same of waves that were counted already, with the `priorities` of the later one."""
    settings = Settings()
    chapters = [Chapter(TITLE, (priorities,))] if priorities else []
    blocks = list_blocks(pair.after.counts.questionnaire)
    for number, block in enumerate(blocks, start=1):
        progress(number / (len(blocks) + 1), block.title)
        found = BlockResult(block, pair.after, pair)
        exhibits = block_exhibits(found, settings, day) if found.is_answered else []
        if exhibits:
            chapters.append(Chapter(block.title, tuple(exhibits)))
    released = priorities.table if priorities else None
    findings = find_findings(pair.after, pair, released, settings, day)
    report = Report(
        title=_TITLE,
        waves=(pair.before.name, pair.after.name),
        source=tell_source(pair.results, day),
        data_version=data_version(pair.results, [pair.pairs]),
        made_on=day,
        is_example=any(result.wave.is_example for result in pair.results),
        findings=tuple(finding.sentence for finding in findings),
        response=tuple(
            tell_response(result.counts.respondents, result.counts.asked, result.name)
            for result in pair.results
        ),
        chapters=tuple(chapters),
        method=explain_method([each for chapter in chapters for each in chapter.exhibits]),
    )
    progress(1, "De uitkomsten zijn berekend")
    return report
