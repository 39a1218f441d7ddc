"""The questionnaires of the programme leaders hold what was published of them."""

from __future__ import annotations

import pytest

from surveys.definition import DEFINITIONS, read_definition
from surveys.items import GradeItem, MultipleItem
from surveys.questionnaire import Questionnaire

OF_2021 = read_definition(DEFINITIONS / "sto_programmaleiders_2021.toml").questionnaire
OF_2024 = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml").questionnaire

both = pytest.mark.parametrize("questionnaire", [OF_2021, OF_2024], ids=["2021", "2024"])

ATTENTION_POINTS = [
    "Voldoende techniekdocenten",
    "De aansluiting met mbo",
    "De beeldvorming ten aanzien van techniek",
    "De aansluiting op de regionale vraag van het bedrijfsleven",
    "De aantallen techniekleerlingen in de profielen",
    "De kwaliteit van het techniekonderwijs/de technieklessen",
    "De samenwerking tussen de verschillende partijen van STO",
    "(Her)inrichting van het regionale techniekaanbod",
]
ACTIVITIES = [
    "Voorbereidingen voor nieuwe fase 2025-2029",
    "Instroombevordering van leerlingen in de technische profielen",
    "Promotie en beeldvorming van techniek bij het po",
    "Monitoren van de voortgang",
    "Werven voldoende techniekdocenten/instructeurs/hybride docenten",
    "Afstemming rond doorstroom naar mbo-3/4",
    "Afstemming rond doorstroom naar mbo-2",
]
STATEMENTS = [  # those that are legible in the source
    "Door STO komt in onze regio een verschuiving op gang van denken in individuele "
    "schoolbelangen naar een gesprek over het regiobelang en -aanbod",
    "Door STO voelen techniekdocenten in het vmbo zich erkend en gewaardeerd",
    "Door STO worden er in de regio afspraken gemaakt tussen scholen die doorwerken in de "
    "organisatie van de scholen",
]
FORMS = [
    "STO is geïntegreerd binnen de (lijn)organisatie",
    "Er is sprake van gedeelde samenwerking met de partners in de regio",
    "Er is sprake van structurele betrokkenheid op alle niveaus vanuit scholen",
    "Er zijn structuren en systemen die de borging ondersteunen",
    "We communiceren structureel richting betrokkenen over STO",
    "Er is een sterk, uniek én gezamenlijk aanbod vanuit de regio",
    "We hebben inzicht in de resultaten en effecten van het regionale aanbod",
]


def texts(questionnaire: Questionnaire, section: str) -> list[str]:
    found = next(block for block in questionnaire.sections if block.id == section)
    return [question.text for question in found.questions]


@both
def test_the_five_blocks_stand_in_their_order(questionnaire: Questionnaire) -> None:
    blocks = [section.id for section in questionnaire.sections]
    assert blocks == ["urgentie", "opbrengsten", "aandacht", "rapportcijfers", "borging"]


@both
@pytest.mark.parametrize("section", ["urgentie", "opbrengsten"])
def test_the_eight_attention_points_are_asked_word_for_word(
    questionnaire: Questionnaire, section: str
) -> None:
    assert texts(questionnaire, section) == ATTENTION_POINTS


@both
def test_the_attention_points_are_the_same_concepts_in_both_blocks(
    questionnaire: Questionnaire,
) -> None:
    urgency, yields = (section.questions for section in questionnaire.sections[:2])
    assert [question.concept for question in urgency] == [question.concept for question in yields]
    assert len({question.concept for question in urgency}) == 8


def test_the_attention_points_are_the_same_concepts_in_both_waves() -> None:
    for before, after in zip(OF_2021.sections[:2], OF_2024.sections[:2], strict=True):
        assert [question.concept for question in before.questions] == [
            question.concept for question in after.questions
        ]


def test_the_seven_activities_of_2024_are_asked_word_for_word() -> None:
    assert texts(OF_2024, "aandacht") == ACTIVITIES


@both
def test_six_grades_are_asked_and_the_illegible_ones_are_marked(
    questionnaire: Questionnaire,
) -> None:
    grades = [question for question in questionnaire.questions if isinstance(question, GradeItem)]
    assert [(grade.minimum, grade.maximum) for grade in grades] == [(1, 10)] * 6
    assert [grade.text for grade in grades if not grade.ours] == STATEMENTS
    assert all(grade.text.startswith("Door STO ") for grade in grades)


@both
def test_the_seven_forms_of_anchoring_and_none_of_them_can_be_chosen(
    questionnaire: Questionnaire,
) -> None:
    question = questionnaire.question("borging_vormen")
    assert isinstance(question, MultipleItem)
    together = [choice.label for choice in question.choices if not choice.exclusive]
    alone = [(choice.code, choice.label) for choice in question.choices if choice.exclusive]
    assert together == FORMS
    assert alone == [("geen", "Geen van deze")]


@both
def test_the_shares_that_were_published_can_be_counted(questionnaire: Questionnaire) -> None:
    shares = {
        (scale.id, share.label): share.codes
        for scale in questionnaire.scales
        for share in scale.shares
    }
    assert shares["urgentie", "(heel) urgent"] == ("4", "5")
    assert shares["opbrengst", "geen of weinig opbrengst"] == ("1", "2")
    assert shares["aandacht", "veel aandacht"] == ("3",)


@both
def test_three_blocks_have_a_score_of_our_own(questionnaire: Questionnaire) -> None:
    scores = {
        questionnaire.section_of(score.id).id: (
            score.id,
            len(questionnaire.scored_questions(score)),
            score.minimum,
            score.ours,
        )
        for score in questionnaire.scores
    }
    assert scores == {
        "urgentie": ("urgentie_score", 8, 6, True),
        "opbrengsten": ("opbrengsten_score", 8, 6, True),
        "rapportcijfers": ("rapportcijfers_score", 6, 4, True),
    }


@both
def test_every_closed_question_can_be_answered_with_dont_know_and_not_applicable(
    questionnaire: Questionnaire,
) -> None:
    closed = [question for question in questionnaire.questions if question.type != "long_text"]
    assert len(closed) == 31
    assert all(question.dont_know and question.not_applicable for question in closed)
