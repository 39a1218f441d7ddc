"""Open answers: the evaluator decides which are shown with the results, and what of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState
from surveys.items import LongTextItem, Question, ShortTextItem
from surveys.pages.parts.messages import draw_told
from surveys.pages.parts.quote_parts import LIST, draw_answers, tell_changes
from surveys.pages.parts.turning import draw_turn
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_markdown
from surveys.quotes import OpenAnswer, Verdict, may_show
from surveys.roles import Right
from surveys.smallest_group import SMALLEST_GROUP

_ALL = "alle antwoorden"


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Open antwoorden", anchor=False)
    st.text(
        "U bepaalt hier welke open antwoorden bij de uitkomsten te lezen zijn. De regio staat er "
        "niet bij. Wat u niet vrijgeeft, ziet alleen de evaluator."
    )
    waves = {wave.name: wave for wave in current_store().waves.all()}
    if not waves:
        st.text("Er zijn nog geen metingen. Voeg er een toe bij Metingen.")
        return
    names = [*waves]
    chosen = st.selectbox("Meting", names, index=len(names) - 1, width=200, key="open-meting")
    wave = waves[chosen if chosen in waves else names[-1]]
    if wave.is_example:
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    questions = _open_questions(wave)
    if not questions:
        st.text("De vragenlijst van deze meting heeft geen open vragen.")
    else:
        _show_question(wave, _choose_question(wave, questions))
    draw_turn()


def _open_questions(wave: Wave) -> dict[str, tuple[str, Question]]:
    """Per item the title of its section, and the question."""
    questionnaire = current_store().waves.questionnaire(wave.questionnaire_hash)
    return {
        question.id: (section.title, question)
        for section in questionnaire.sections
        for question in section.questions
        if isinstance(question, ShortTextItem | LongTextItem)
    }


def _choose_question(wave: Wave, questions: dict[str, tuple[str, Question]]) -> Question:
    items = [*questions]
    chosen = st.selectbox(
        "Open vraag",
        items,
        format_func=lambda item: f"{questions[item][0]}: {questions[item][1].text}",
        key=f"open-item-{wave.name}",
    )
    return questions[chosen if chosen in questions else items[0]][1]


def _show_question(wave: Wave, question: Question) -> None:
    answers = [
        answer
        for answer in current_store().quotes.open_answers(wave.name)
        if answer.item == question.id
    ]
    st.header(escape_markdown(question.text), anchor=False)
    tell_changes(wave.name, question.id, answers)
    if not answers:
        st.text("Nog geen enkele regio die verzond, heeft deze vraag beantwoord.")
        return
    _tell_standing(wave, answers)
    st.info(
        "Haal namen en plaatsen weg, en alles waaraan de regio te herkennen is. Inkorten mag. Zet "
        "wat u zelf toevoegt tussen vierkante haken, zoals \\[naam\\] of \\[plaats\\]. Het "
        "antwoord zelf verandert niet."
    )
    only = _choose_verdict(wave, question)
    listed = [each for each in answers if only in (None, each.verdict)]
    draw_told(LIST)
    if listed:
        draw_answers(wave.name, f"{wave.name}-{question.id}-{only}", listed, only)
    elif only is Verdict.OPEN:
        st.text("U hebt alle antwoorden op deze vraag beoordeeld. Kies bij Toon een andere lijst.")
    else:
        st.text("Er zijn geen antwoorden met deze stand. Kies bij Toon een andere lijst.")


def _choose_verdict(wave: Wave, question: Question) -> Verdict | None:
    """The verdict of which answers are listed; None: all."""
    chosen = st.selectbox(
        "Toon",
        [Verdict.OPEN, Verdict.CLEARED, Verdict.WITHHELD, _ALL],
        width=260,
        key=f"open-toon-{wave.name}-{question.id}",
    )
    return chosen if isinstance(chosen, Verdict) else None


def _tell_standing(wave: Wave, answers: Sequence[OpenAnswer]) -> None:
    """How many there are of each verdict, and what keeps quotes from being seen."""
    count = Counter(answer.verdict for answer in answers)
    regions = "1 regio heeft" if len(answers) == 1 else f"{len(answers)} regio's hebben"
    parts = ", ".join(f"{count[verdict]} {verdict}" for verdict in Verdict)
    st.text(f"{regions} deze vraag beantwoord: {parts}.")
    if not may_show(len(answers)):
        st.text(
            f"Wat u vrijgeeft, is pas te zien als minstens {SMALLEST_GROUP} regio's deze vraag "
            "hebben beantwoord."
        )
    if wave.state is not WaveState.CLOSED:
        st.text("Wat u vrijgeeft, is voor de stuurgroep pas te zien als de meting gesloten is.")


show_page()
