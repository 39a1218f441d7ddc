"""Small questionnaires and counted waves for the tests of the analysis."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from analysis.counts import PairCounts, WaveCounts
from analysis.example import solve_example
from analysis.frames import tally_frame, tidy_frame, transition_frame
from analysis.published import read_published
from surveys.answers import Answers
from surveys.example import read_example_definitions
from surveys.questionnaire import Questionnaire
from surveys.routing import settle

Waves = tuple[WaveCounts, WaveCounts, PairCounts]


def count_waves(
    before: Questionnaire,
    after: Questionnaire,
    answers_before: Mapping[str, Answers],
    answers_after: Mapping[str, Answers],
) -> Waves:
    """Count two waves of answers by region; what is not answered is skipped."""
    frames, waves = [], []
    for questionnaire, answers in ((before, answers_before), (after, answers_after)):
        settled = {region: settle(questionnaire, given) for region, given in answers.items()}
        frame = tidy_frame(questionnaire, settled)
        frames.append(frame)
        tallies = tally_frame(frame)
        waves.append(WaveCounts(questionnaire.wave, questionnaire, tallies, len(answers), 78))
    both = len(answers_before.keys() & answers_after.keys())
    return waves[0], waves[1], PairCounts(transition_frame(*frames), both)


@cache
def example_waves() -> Waves:
    """The example data, counted."""
    definitions = read_example_definitions()
    responses = solve_example(read_published())
    return count_waves(
        definitions["2021"].questionnaire,
        definitions["2024"].questionnaire,
        responses["2021"],
        responses["2024"],
    )
