"""Random questionnaires, as the text of a definition file, and random answers to them."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from surveys.answers import Value, missing_reasons
from surveys.items import LongTextItem, MultipleItem, NumberItem, Question, ShortTextItem
from surveys.questionnaire import Questionnaire

# No property is about speed, and the machine may be busy.
steady = settings(deadline=None)

LINE = st.characters(exclude_categories=("Cc", "Cs"))
labels = st.text(LINE, min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
codes = st.lists(
    st.integers(0, 99) | st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True),
    min_size=2,
    max_size=4,
    unique_by=str,
)
flags = st.booleans()


def write_toml(document: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in document.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@st.composite
def choices(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [{"code": code, "label": draw(labels)} for code in draw(codes)]


@st.composite
def items(draw: st.DrawFn, name: str, scales: list[dict[str, Any]]) -> dict[str, Any]:
    """An item of any type. `name` makes its ids and concepts unique."""
    kind = draw(
        st.sampled_from(
            ["scale", "matrix", "multiple", "grade", "number", "yes_no", "short_text", "long_text"]
        )
    )
    item: dict[str, Any] = {"type": kind, "id": name, "text": draw(labels), "required": draw(flags)}
    if kind != "matrix":
        item["concept"] = name
    if draw(flags):
        item |= {"dont_know": draw(flags), "not_applicable": draw(flags)}
    match kind:
        case "scale" | "matrix":
            item["scale"] = draw(st.sampled_from(scales))["id"]
        case "multiple":
            item["choices"] = draw(choices())
            item["choices"][-1]["exclusive"] = draw(flags)
        case "number":
            item |= {"minimum": draw(st.integers(-99, 0)), "maximum": draw(st.integers(1, 99))}
            item |= {"decimals": draw(st.integers(0, 6)), "unit": draw(labels)}
        case "short_text" | "long_text":
            item["max_length"] = draw(st.integers(5, 40))
    if kind == "matrix":
        rows = [f"{name}_{row}" for row in range(draw(st.integers(1, 3)))]
        item["rows"] = [{"id": row, "concept": row, "text": draw(labels)} for row in rows]
    return item


@st.composite
def definitions(draw: st.DrawFn) -> str:
    """The text of a right definition file, with chains of conditions."""
    scales: list[dict[str, Any]] = [
        {"id": f"schaal_{number}", "choices": draw(choices())}
        for number in range(draw(st.integers(1, 2)))
    ]
    known = {scale["id"]: [choice["code"] for choice in scale["choices"]] for scale in scales}
    closed: dict[str, list[Any]] = {}
    sections = []
    for section in range(draw(st.integers(1, 3))):
        made = []
        for number in range(draw(st.integers(1, 3))):
            item = draw(items(f"v{section}_{number}", scales))
            if draw(flags) and closed:
                on = draw(st.sampled_from(sorted(closed)))
                some: list[Any] = draw(
                    st.lists(st.sampled_from(closed[on]), min_size=1, max_size=2)
                )
                item["condition"] = {"item": on, "codes": some}
            closed |= _closed_questions(item, known)
            made.append(item)
        block = {"id": f"blok_{section}", "title": draw(labels), "items": made}
        if draw(flags) and (scored := _scored(made)):
            name, minimum = f"score_{section}", draw(st.integers(1, scored))
            block["score"] = {"id": name, "concept": name, "text": "Score", "minimum": minimum}
        sections.append(block)
    top = {"id": "toeval", "version": "1", "wave": "2024", "title": draw(labels)}
    return write_toml(top | {"scales": scales, "sections": sections})


def _scored(items: list[dict[str, Any]]) -> int:
    """How many questions a score of these items is over; 0 where they cannot have a score."""
    on_scales = [item for item in items if item["type"] in ("scale", "matrix")]
    if len({item["scale"] for item in on_scales}) > 1:
        return 0
    grades = [item for item in items if item["type"] == "grade"]
    return sum(len(item.get("rows", [item])) for item in on_scales) or len(grades)


def _closed_questions(item: dict[str, Any], scales: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The codes of each closed question in an item."""
    match item["type"]:
        case "scale":
            return {item["id"]: scales[item["scale"]]}
        case "matrix":
            return {row["id"]: scales[item["scale"]] for row in item["rows"]}
        case "multiple":
            return {item["id"]: [choice["code"] for choice in item["choices"]]}
        case "grade":
            return {item["id"]: list(range(1, 11))}
        case "yes_no":
            return {item["id"]: ["ja", "nee"]}
    return {}


def valid_answers(questionnaire: Questionnaire, question: Question) -> st.SearchStrategy[Value]:
    """Everything that a respondent can answer to a question."""
    reasons = missing_reasons(question)
    known = [choice.code for choice in questionnaire.choices(question)]
    given: st.SearchStrategy[Value]
    match question:
        case MultipleItem():
            given = st.sampled_from(_combinations(question))
        case NumberItem():
            low = -(10**8) if question.minimum is None else Decimal(str(question.minimum))
            high = 10**8 if question.maximum is None else Decimal(str(question.maximum))
            given = st.decimals(low, high, places=question.decimals).map(_plain)
        case ShortTextItem():
            given = _texts(LINE, question.max_length)
        case LongTextItem():
            given = _texts(LINE | st.just("\n"), question.max_length)
        case _:
            given = st.sampled_from(known)
    return given | st.sampled_from(reasons) if reasons else given


def _combinations(question: MultipleItem) -> list[tuple[str, ...]]:
    """Each option alone, and every two and all options that go together."""
    together = [choice.code for choice in question.choices if not choice.exclusive]
    alone: list[tuple[str, ...]] = [(choice.code,) for choice in question.choices]
    pairs = list(pairwise(together))
    return [*alone, *pairs, tuple(together)] if together else alone


def _plain(number: Decimal) -> Decimal:
    return Decimal(f"{abs(number) if number == 0 else number.normalize():f}")


def _texts(alphabet: st.SearchStrategy[str], longest: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=longest).map(str.strip).filter(bool)


@st.composite
def answers(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, Value]:
    """Answers to some of the questions, also to those that are hidden."""
    return {
        question.id: draw(valid_answers(questionnaire, question))
        for question in questionnaire.questions
        if draw(flags)
    }
