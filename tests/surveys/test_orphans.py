"""A new version is refused where answers of the running wave would lose their place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import MissingReason, Value
from surveys.definition import parse_definition
from surveys.questionnaire import Questionnaire
from surveys.versions.orphans import Orphan, Usage, find_orphans
from tests.surveys.strategies import answers, definitions, steady

DEFINITIONS = Path(__file__).parents[1] / "definitions"
REFERENCES = (DEFINITIONS / "references.toml").read_text(encoding="utf-8")
RULES = (DEFINITIONS / "answer_rules.toml").read_text(encoding="utf-8")


def changed(source: str, old: str, new: str) -> Questionnaire:
    assert old in source
    return parse_definition(source.replace(old, new, 1)).questionnaire


def find(source: str, old: str, new: str, **used: Usage) -> list[str]:
    """The sentences on a version in which `old` became `new`; none on the version as it was."""
    assert find_orphans(parse_definition(source).questionnaire, used) == ()
    return [orphan.sentence for orphan in find_orphans(changed(source, old, new), used)]


WARM = """[[sections.items]]
type = "number"
id = "temperatuur"
concept = "temperatuur"
text = "Hoe warm?"
minimum = -2.5
maximum = 40
decimals = 2
dont_know = false
"""


@pytest.mark.parametrize(("answered", "count"), [(1, "1 antwoord"), (12, "12 antwoorden")])
def test_an_item_that_goes_takes_its_answers_along(answered: int, count: str) -> None:
    used = Usage("number", answered, {"7.5": answered})
    assert find(RULES, WARM, "", temperatuur=used) == [
        f"Vraag 'temperatuur' vervalt, maar heeft al {count}."
    ]


def test_an_item_that_nobody_answered_may_go() -> None:
    assert find(RULES, WARM, "", temperatuur=Usage("number", 0, {})) == []
    assert find(RULES, WARM, "", temperatuur=Usage("number", 0, {"overgeslagen": 9})) == []


def test_another_type_has_no_place_for_the_answers() -> None:
    assert find(
        REFERENCES, 'type = "grade"', 'type = "number"', cijfer=Usage("grade", 3, {"7": 3})
    ) == ["Vraag 'cijfer' is nu 'rapportcijfer' en wordt 'getal', maar heeft al 3 antwoorden."]


def test_a_row_is_a_scale_question_wherever_it_stands() -> None:
    row = '    { id = "rij_twee", concept = "rij_twee", text = "Rij twee" },\n'
    source = REFERENCES[: REFERENCES.index("[comparability]")]
    used = {"rij_twee": Usage("scale", 4, {"eens": 4})}
    alone = '\n[[sections.items]]\ntype = "{}"\nid = "rij_twee"\nconcept = "rij_twee"\ntext = "X"\n'
    without = source.replace(row, "").replace("[[indexes]]", alone + "{}\n[[indexes]]", 1)
    as_scale = parse_definition(without.replace("{}", "scale", 1).replace("{}", 'scale = "eens"'))
    as_yes_no = parse_definition(without.replace("{}", "yes_no", 1).replace("{}", ""))
    assert find_orphans(as_scale.questionnaire, used) == ()
    assert [orphan.count for orphan in find_orphans(as_yes_no.questionnaire, used)] == [4]


def test_a_code_that_goes_is_told_with_how_often_it_was_given() -> None:
    used = Usage("multiple", 9, {"a": 8, "b": 5, "geen": 0})
    option = '    { code = "b", label = "Vorm b" },\n'
    assert find(REFERENCES, option, "", vormen=used) == [
        "Vraag 'vormen': het antwoord 'b' kan niet meer, maar is 5 keer gegeven."
    ]
    assert find(REFERENCES, 'label = "Vorm b"', 'label = "Iets anders"', vormen=used) == []


def test_a_code_that_nobody_gave_may_go() -> None:
    option = '    { code = "b", label = "Vorm b" },\n'
    assert find(REFERENCES, option, "", vormen=Usage("multiple", 8, {"a": 8, "b": 0})) == []


def test_a_code_of_a_scale_goes_for_every_question_on_it() -> None:
    scale = '{ code = "oneens", label = "oneens" }'
    used = {
        "rij_een": Usage("scale", 3, {"oneens": 2, "eens": 1}),
        "rij_twee": Usage("scale", 3, {"eens": 3}),
    }
    new = changed(REFERENCES, scale, '{ code = "weet", label = "weet" }')
    (orphan,) = find_orphans(new, used)
    assert (orphan.item, orphan.code, orphan.count) == ("rij_een", "oneens", 2)


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("maximum = 40", "maximum = 20", ["30"]),
        ("minimum = -2.5", "minimum = 5", ["-1.25"]),
        ("decimals = 2", "decimals = 1", ["-1.25"]),
        ("maximum = 40", "maximum = 400", []),
    ],
)
def test_a_number_outside_the_new_range_has_no_place(old: str, new: str, lost: list[str]) -> None:
    used = {"temperatuur": Usage("number", 4, {"-1.25": 1, "7.5": 2, "30": 1})}
    found = find_orphans(changed(RULES, old, new), used)
    assert [orphan.code for orphan in found] == lost


def test_a_grade_outside_the_new_range_has_no_place() -> None:
    used = Usage("grade", 5, {"10": 2, "8": 3})
    assert find(REFERENCES, "maximum = 10", "maximum = 8", cijfer=used) == [
        "Vraag 'cijfer': het antwoord '10' kan niet meer, maar is 2 keer gegeven."
    ]


@pytest.mark.parametrize("item", ["bezig", "uitleg"])
def test_a_reason_that_can_no_longer_be_chosen_has_no_place(item: str) -> None:
    kind = "yes_no" if item == "bezig" else "short_text"
    head = f'id = "{item}"\n'
    source = REFERENCES.replace(head, f"{head}dont_know = true\n")
    used = {item: Usage(kind, 2, {"weet_niet": 2, "overgeslagen": 4, "niet_gevraagd": 1})}
    assert find(source, f"{head}dont_know = true", f"{head}dont_know = false", **used) == [
        f"Vraag '{item}': het antwoord 'Weet niet' kan niet meer, maar is 2 keer gegeven."
    ]


def test_every_orphan_is_told_at_once() -> None:
    new = changed(RULES, WARM, "")
    used = {
        "temperatuur": Usage("number", 1, {"7": 1}),
        "stuiver": Usage("scale", 2, {"3": 2}),
        "kies": Usage("multiple", 2, {"2": 2, "3": 1}),
    }
    found = find_orphans(new, used)
    assert [(orphan.item, orphan.code, orphan.count) for orphan in found] == [
        ("temperatuur", "", 1),
        ("stuiver", "", 2),
        ("kies", "3", 1),
    ]
    assert all(isinstance(orphan, Orphan) and orphan.sentence.endswith(".") for orphan in found)


def usage_of(
    questionnaire: Questionnaire, given_answers: list[dict[str, Value]]
) -> dict[str, Usage]:
    used = {}
    for question in questionnaire.questions:
        values = [given[question.id] for given in given_answers if question.id in given]
        is_text = question.type in ("short_text", "long_text")
        codes = Counter(
            str(code)
            for value in values
            for code in (value if isinstance(value, tuple) else (value,))
            if isinstance(value, MissingReason) or not is_text
        )
        used[question.id] = Usage(question.type, len(values), codes)
    return used


@steady
@given(definitions(), st.data())
def test_the_version_in_use_orphans_no_answer_that_it_takes(
    source: str, data: st.DataObject
) -> None:
    questionnaire = parse_definition(source).questionnaire
    given_answers = data.draw(st.lists(answers(questionnaire), max_size=3))
    assert find_orphans(questionnaire, usage_of(questionnaire, given_answers)) == ()
