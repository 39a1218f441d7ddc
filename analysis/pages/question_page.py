"""One question of a block in detail, chosen from a list or by a click in a chart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from analysis.pages.result_page import show_exhibit, show_printed
from analysis.results.block import link_to, list_blocks
from analysis.results.blocks import BlockResult
from analysis.results.question import (
    list_questions,
    print_question_movement,
    question_exhibits,
)
from analysis.settings import Settings
from surveys.items import Question
from surveys.plain_text import escape_html

_KEY = "vraag"


def choose_question(found: BlockResult) -> Question | None:
    """The question to look at; None for all of them."""
    questions = {question.text: question for question in list_questions(found)}
    chosen = st.selectbox(
        f"Bekijk één {found.block.what[0]}",
        [_all(found), *questions],
        key=_KEY,
        bind="query-params",
        width=620,
    )
    return questions.get(chosen)


def _all(found: BlockResult) -> str:
    return f"alle {found.block.what[1]}"


def click_question(found: BlockResult) -> Callable[[str], None]:
    """What a click on an item in a chart does: choose its question."""
    texts = {question.id: question.text for question in list_questions(found)}
    return partial(_choose, texts)


def _choose(texts: dict[str, str], item: str) -> None:
    if item in texts:
        st.session_state[_KEY] = texts[item]


def show_question(found: BlockResult, question: Question, day: date) -> None:
    st.button(
        f"← Alle {found.block.what[1]}",
        on_click=partial(_choose, {"": _all(found)}, ""),
        type="tertiary",
    )
    for exhibit in question_exhibits(found, question, Settings(), day):
        show_exhibit(exhibit)
    movement = print_question_movement(found, question, day)
    if movement:
        st.header("Wat deden de regio's?", anchor=False)
        show_printed(movement)
    _show_elsewhere(found, question)


def _show_elsewhere(found: BlockResult, question: Question) -> None:
    """Links to the same concept in other blocks."""
    questionnaire = found.last.counts.questionnaire
    others = [
        (block.title, link_to(block.section, other.text))
        for block, section in zip(list_blocks(questionnaire), questionnaire.sections, strict=True)
        if block.section != found.block.section
        for other in section.questions
        if other.concept == question.concept
    ]
    if others:
        links = "".join(
            f'<li><a href="/{escape_html(address)}" target="_self">{escape_html(title)}</a></li>'
            for title, address in others
        )
        st.html(f'<p>Hetzelfde onderwerp in een ander blok:</p><ul class="links">{links}</ul>')
