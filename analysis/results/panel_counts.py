"""What two waves have in common: the regions that answered in both, and what they answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from analysis.counts import MISSING, OPTION_TOTAL, Tally, Variable, WaveCounts, recode_transitions
from analysis.results.source import PairResult
from surveys.comparability import match_concepts


def count_panel(pair: PairResult) -> tuple[WaveCounts, WaveCounts]:
    """The answers of both waves to what may be compared, over the regions with a valid answer in
    both: the base of the comparison and of its test. What may not be compared has no answers.
    """
    versions = (
        pair.before.counts.questionnaire,
        *pair.between,
        pair.after.counts.questionnaire,
    )
    recodes = {
        (match.section, match.concept): match.recode or {}
        for match in match_concepts(*versions)
        if match.before and match.after and not match.refusal
    }
    first: dict[Variable, Tally] = {}
    last: dict[Variable, Tally] = {}
    for variable, transitions in pair.pairs.transitions.items():
        recode = recodes.get(variable[:2])
        if recode is None:
            continue
        before: dict[str, int] = defaultdict(int)
        after: dict[str, int] = defaultdict(int)
        for (code, later), n in recode_transitions(transitions, recode, {}).items():
            if code not in MISSING and later not in MISSING:
                before[code] += n
                after[later] += n
        first[variable], last[variable] = before, after
    counts = replace(pair.after.counts, respondents=pair.pairs.regions, asked=None)
    return replace(counts, wave=pair.before.name, tallies=first), replace(counts, tallies=last)


def has_common_answers(pair: PairResult, section: str) -> bool:
    """Whether a question of the section was answered in both waves: by the same regions, or by
    others where no region answered in both."""
    if pair.pairs.regions:
        return is_answered(count_panel(pair)[0], section)
    return all(is_answered(result.counts, section) for result in pair.results)


def is_answered(counts: WaveCounts, section: str) -> bool:
    """Whether any region gave a valid answer in the section."""
    return any(
        n and code not in MISSING
        for (owner, _, option), tally in counts.tallies.items()
        if owner == section and option != OPTION_TOTAL
        for code, n in tally.items()
    )
