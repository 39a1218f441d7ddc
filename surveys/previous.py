"""A region's own answers of the wave before: which belong to a question of now, what may be shown
of them, and whether the answer of now is far from them.

The definition file says per item when it is shown (`previous`) and from how many steps on a
move is asked about (`ask_about_move`); see `surveys/items.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from surveys.answers import Answers, MissingReason, Value, describe_value
from surveys.comparability import match_concepts
from surveys.items import Question
from surveys.questionnaire import Index, Questionnaire, Score

# Nobody gave these: they say that there is no answer.
_NOT_GIVEN = {None, MissingReason.SKIPPED, MissingReason.NOT_ASKED}


@dataclass(frozen=True)
class PreviousAnswer:
    """What the region answered in the wave before to a question that is asked again.

    `question` is the one of now. `value` is an answer or a reason that the respondent chose,
    `words` says it in the labels of then. `footnote` tells of another wording.
    """

    question: Question
    wave: str
    value: Value
    words: str
    footnote: str

    @property
    def sentence(self) -> str:
        """What the respondent reads, such as 'In 2021 antwoordde u: veel'."""
        return f"In {self.wave} antwoordde u: {self.words}"

    def may_be_shown(self, given: Value | None) -> bool:
        """By the policy of the question; `given`: the answer of now, None where there is none."""
        match self.question.previous:
            case "before":
                return True
            case "after":
                return given not in _NOT_GIVEN
            case _:
                return False


def find_previous(
    current: Questionnaire, earlier: Questionnaire, answers: Answers
) -> dict[str, PreviousAnswer]:
    """The earlier answers that belong to a question of now, by its id, whatever its policy.

    Only where both versions ask the same concept in the same section on the same scale, as
    `surveys/comparability.py` judges: identical or reworded, never through a recode, and no
    texts. `answers`: those of one region to the earlier questionnaire.
    """
    found = {}
    for match in match_concepts(earlier, current):
        then, now = match.before, match.after
        if isinstance(then, Index | Score | None) or isinstance(now, Index | Score | None):
            continue
        value = answers.get(then.id)
        if match.refusal or match.recode is not None or value is None or value in _NOT_GIVEN:
            continue
        words = describe_value(earlier, then, value)
        found[now.id] = PreviousAnswer(now, earlier.wave, value, words, match.footnote)
    return found


def is_large_move(
    questionnaire: Questionnaire, previous: PreviousAnswer, given: Value | None
) -> bool:
    """Whether the answer of now is so many steps from the earlier one that it is asked about.

    Steps are counted in the order of the choices, or of the grades, of `questionnaire` (that of
    now). A reason for missing has no place in that order, so it never makes a move.
    """
    limit = previous.question.ask_about_move
    choices = questionnaire.choices(previous.question)
    places: dict[Value, int] = {choice.code: place for place, choice in enumerate(choices)}
    if limit is None or previous.value not in places or given not in places:
        return False
    return abs(places[given] - places[previous.value]) >= limit
