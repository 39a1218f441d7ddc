"""All answers of a form as a table: to check, to keep, or to look at."""

from __future__ import annotations

from surveys.answers import MissingReason, describe_value
from surveys.fieldwork import Form, Remark
from surveys.items import MatrixItem, Question
from surveys.plain_text import escape_html
from surveys.questionnaire import Questionnaire
from surveys.routing import settle


def answer_table(questionnaire: Questionnaire, form: Form, blank: str) -> str:
    """HTML with a table per section; hidden questions as 'niet gevraagd', open ones as `blank`."""
    settled = settle(questionnaire, form.answers)
    parts = []
    for section in questionnaire.sections:
        rows = []
        for item in section.items:
            questions = item.questions() if isinstance(item, MatrixItem) else (item,)
            if isinstance(item, MatrixItem):
                rows.append(f'<tr><th colspan="2" class="stam">{escape_html(item.text)}</th></tr>')
            for question in questions:
                value = settled[question.id]
                is_blank = value is MissingReason.SKIPPED
                answer = blank if is_blank else describe_value(questionnaire, question, value)
                rows.append(_row(question, answer, form.shown.get(question.id, Remark())))
        parts.append(
            f'<h3>{escape_html(section.title)}</h3><table class="ontvangst">{"".join(rows)}</table>'
        )
    return "".join(parts)


def _row(question: Question, answer: str, remark: Remark) -> str:
    said = ["Klopt volgens u."] if remark.confirmed else []
    said += [f"Waardoor het veranderde: {remark.reason}"] if remark.reason else []
    below = "".join(f'<p class="toelichting">{escape_html(each)}</p>' for each in said)
    return (
        f'<tr><th scope="row">{escape_html(question.text)}</th>'
        f"<td>{escape_html(answer)}{below}</td></tr>"
    )
