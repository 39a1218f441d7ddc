"""Answers to the questionnaire of 2021, written in every form that a file can have, come back."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from surveys.answers import MISSING_LABELS, Answers, MissingReason, Value, missing_reasons
from surveys.definition import DEFINITIONS, read_definition
from surveys.importing import parse_mapping, propose, read_table, try_out, write_mapping
from surveys.items import LongTextItem, MultipleItem, Question, ScaleItem
from surveys.routing import settle
from tests.surveys.importing.files import convert, delimited, spss, workbook

WAVE_2021 = read_definition(DEFINITIONS / "sto_programmaleiders_2021.toml").questionnaire
HOSTILE = [
    "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>", "**vet** _x_", "één; twee, \"drie\"",
    "regel een\nregel twee", "‮rechts", "😀", "nvt", "99", "x" * 2000, "'; DROP TABLE",
]  # fmt: skip
EMPTY = (MissingReason.SKIPPED, MissingReason.NOT_ASKED)


def draw_answer(chance: random.Random, question: Question) -> Value:
    reasons = missing_reasons(question)
    if reasons and chance.random() < 0.2:
        return chance.choice(reasons)
    if isinstance(question, LongTextItem):
        return chance.choice(HOSTILE)
    codes = [choice.code for choice in WAVE_2021.choices(question)]
    if isinstance(question, MultipleItem):
        some = chance.sample(codes[:-1], chance.randint(1, 4))
        return tuple(code for code in codes if code in some)
    return chance.choice(codes)


def draw_responses(seed: int, regions: int = 40) -> dict[str, dict[str, Value]]:
    chance = random.Random(seed)  # noqa: S311
    responses = {}
    for number in range(1, regions + 1):
        given = {
            question.id: draw_answer(chance, question)
            for question in WAVE_2021.questions
            if question.required or chance.random() < 0.9
        }
        responses[f"{number:02d}"] = settle(WAVE_2021, given)
    return responses


RESPONSES = draw_responses(1)


def label(question: Question, value: Value) -> str:
    if value in EMPTY:
        return ""
    if isinstance(value, MissingReason):
        return MISSING_LABELS[value]
    labels = {choice.code: choice.label for choice in WAVE_2021.choices(question)}
    if isinstance(value, tuple):
        return ";".join(labels[code] for code in value)
    return labels.get(str(value), str(value))


def texts_with_labels() -> list[list[str]]:
    """As a form program exports: the texts of the questions, the labels of the answers."""
    header = ["Regionummer", *(question.text for question in WAVE_2021.questions)]
    rows = [
        [region, *(label(question, answers[question.id]) for question in WAVE_2021.questions)]
        for region, answers in RESPONSES.items()
    ]
    return [header, *rows]


def ids_with_codes() -> list[list[str]]:
    """Codes under ids, with a column per option."""
    names = [name for question in WAVE_2021.questions for name, _ in coded(question, ())]
    return [
        ["region", *names],
        *(
            [region, *(v for q in WAVE_2021.questions for _, v in coded(q, answers[q.id]))]
            for region, answers in RESPONSES.items()
        ),
    ]


def coded(question: Question, value: Value) -> Iterator[tuple[str, str]]:
    if not isinstance(question, MultipleItem):
        yield question.id, "" if value in EMPTY else str(value)
        return
    for choice in question.choices:
        if isinstance(value, tuple):
            yield f"{question.id}_{choice.code}", "1" if choice.code in value else "0"
        else:
            yield f"{question.id}_{choice.code}", "" if value in EMPTY else str(value)


def spss_columns() -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """Numbers with labels under names that say nothing; 98 and 99 are missing."""
    missing = {98: "Weet niet", 99: "N.v.t."}
    columns: dict[str, list[Any]] = {"resp": [float(region) for region in RESPONSES]}
    about: dict[str, Any] = {"column_labels": {"resp": "Nummer van de regio"}}
    labels: dict[str, dict[float, str]] = {}
    ranges: dict[str, list[Any]] = {}
    for place, question in enumerate(WAVE_2021.questions, start=1):
        stem = f"{question.stem}: " if isinstance(question, ScaleItem) else ""
        values = [answers[question.id] for answers in RESPONSES.values()]
        choices = WAVE_2021.choices(question)
        if isinstance(question, MultipleItem):
            for choice in choices:
                name = f"v{place}_{choice.code[:3]}"
                columns[name] = [tick(choice.code, value) for value in values]
                about["column_labels"][name] = f"{question.text} - {choice.label}"
                labels[name] = {0: "Niet gekozen", 1: "Gekozen", **missing}
                ranges[name] = [98, 99]
            continue
        name = f"v{place}"
        about["column_labels"][name] = f"{stem}{question.text}"
        if not choices:
            columns[name] = ["" if value in EMPTY else value for value in values]
            continue
        # numbered from the highest label down: the labels say more than the numbers
        numbers = {choice.code: n for n, choice in enumerate(reversed(choices), start=1)}
        reasons = {MissingReason.DONT_KNOW: 98, MissingReason.NOT_APPLICABLE: 99}
        columns[name] = [numbers.get(str(v), reasons.get(v)) for v in values]  # type: ignore[call-overload]
        labels[name] = {n: choice_label(question, code) for code, n in numbers.items()}
        labels[name] |= missing
        ranges[name] = [{"lo": 98, "hi": 99}]
    return columns, {**about, "variable_value_labels": labels, "missing_ranges": ranges}


def choice_label(question: Question, code: str) -> str:
    return next(choice.label for choice in WAVE_2021.choices(question) if choice.code == code)


def tick(code: str, value: Value) -> float | None:
    if isinstance(value, tuple):
        return float(code in value)
    return {MissingReason.DONT_KNOW: 98.0, MissingReason.NOT_APPLICABLE: 99.0}.get(value)  # type: ignore[call-overload, no-any-return]


def long_rows() -> list[list[str]]:
    rows = [["region", "item", "value"]]
    for region, answers in RESPONSES.items():
        for item, value in answers.items():
            for part in value if isinstance(value, tuple) else (value,):
                rows.append([region, item, "" if value in EMPTY else str(part)])
    return rows


def files(folder: Path) -> dict[str, bytes]:
    columns, about = spss_columns()
    numbers = [[float(v) if v.isdigit() else v for v in row] for row in ids_with_codes()]
    return {
        "labels.xlsx": workbook(texts_with_labels()),
        "labels.csv": delimited(texts_with_labels(), ";"),
        "codes.csv": delimited(ids_with_codes()),
        "numbers.xlsx": workbook(numbers),
        "spss.sav": spss(folder / "a.sav", columns, **about),
        "long.csv": delimited(long_rows()),
        "long.xlsx": workbook(long_rows()),
    }


NAMES = ["labels.xlsx", "labels.csv", "codes.csv", "numbers.xlsx", "spss.sav", "long.csv"]


@pytest.mark.parametrize("name", [*NAMES, "long.xlsx"])
def test_answers_come_back_through_a_proposed_mapping(tmp_path: Path, name: str) -> None:
    table = read_table(name, files(tmp_path)[name])
    proposal = propose(table, WAVE_2021, RESPONSES)
    assert proposal.unmatched_items == ()
    assert proposal.unmatched_columns == ()
    mapping = parse_mapping(write_mapping(proposal.mapping, proposal.remarks))
    assert mapping == proposal.mapping
    found = convert(table, mapping, WAVE_2021, RESPONSES)
    assert found == RESPONSES
    assert types(found) == types(RESPONSES)  # a text that reads 'nvt' is not the reason


def types(responses: dict[str, dict[str, Value]]) -> list[type]:
    return [type(value) for answers in responses.values() for value in answers.values()]


def test_labels_leave_nothing_to_doubt_but_equal_texts(tmp_path: Path) -> None:
    made = files(tmp_path)
    for name in ("codes.csv", "spss.sav", "long.csv"):
        assert propose(read_table(name, made[name]), WAVE_2021).doubts == ()
    # urgency and yield ask about the same eight points in the same words
    doubts = propose(read_table("labels.csv", made["labels.csv"]), WAVE_2021).doubts
    assert {doubt.code for doubt in doubts} == {"tied_column"}
    assert len(doubts) == 16


def test_a_dry_run_counts_what_would_come_in(tmp_path: Path) -> None:
    table = read_table("a.csv", delimited(ids_with_codes()))
    run = try_out(table, propose(table, WAVE_2021).mapping, WAVE_2021)
    assert run.responses == RESPONSES
    for item in run.items:
        assert item.answered == sum(is_answer(answers, item.item) for answers in RESPONSES.values())
        counted = [answers[item.item] for answers in RESPONSES.values()]
        assert item.skipped == counted.count(MissingReason.SKIPPED)
        assert item.not_asked == counted.count(MissingReason.NOT_ASKED)
    vormen = next(item for item in run.items if item.item == "borging_vormen")
    chosen = [v for answers in RESPONSES.values() if isinstance(v := answers[vormen.item], tuple)]
    assert vormen.values["inzicht"] == sum("inzicht" in codes for codes in chosen)


def is_answer(answers: Answers | Mapping[str, Value], item: str) -> bool:
    return not isinstance(answers[item], MissingReason)
