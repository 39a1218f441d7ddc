"""The text of a mail: which fields it may use, every fault in it, and the merge per region.

A text is a Jinja2 template kept to fields and `{% if %}`. Without loops, calls and arithmetic
no text can run on for ever; the sandbox stands behind that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from surveys.dutch import format_date
from surveys.mailing.characters import clean_line, clean_lines

MAX_SUBJECT = 150  # characters, before and after the merge
MAX_BODY = 10_000  # characters of a text, before the merge
_MAX_MERGED = 100_000  # characters of a text after the merge

_SUBJECT, _BODY = "Onderwerp", "Tekst"
_LINK_FIELD = re.compile(r"\{\{[^}]*\blink\b")
# A mail program ends a link at a space, or at signs that close a sentence before one.
_LINK_APART = r"(?<![^\s<(]){}[>).,;:!?]*(?!\S)"


class MailKind(StrEnum):
    INVITATION = "invitation"
    REMINDER = "reminder"


@dataclass(frozen=True)
class MailText:
    """Two templates: the subject is one line, the body plain text."""

    subject: str
    body: str


@dataclass(frozen=True)
class MailFields:
    """What differs per mail, by the names that a text uses.

    `sluit_op` is an aware moment, or None where the wave has no date to close.
    """

    naam: str
    regio: str
    nummer: str
    meting: str
    link: str
    sluit_op: datetime | None
    afzender: str


FIELDS: Mapping[str, str] = {
    "naam": "de naam van de programmaleider",
    "regio": "de naam van de regio",
    "nummer": "het nummer van de regio",
    "meting": "de naam van de meting",
    "link": "de persoonlijke link; alleen in de tekst",
    "sluit_op": "de datum waarop de meting sluit; kan leeg zijn",
    "afzender": "de naam van de afzender",
}

# Texts are checked by merging these, once with a date to close and once without.
_SAMPLE = MailFields(
    naam="Voornaam Achternaam",
    regio="Voorbeeldregio",
    nummer="01",
    meting="2024",
    link="https://voorbeeld.example/?uitnodiging=voorbeeld",
    sluit_op=datetime(2024, 3, 1, tzinfo=UTC),
    afzender="Voorbeeldbureau",
)


class InvalidMailText(Exception):
    """A text that cannot be mailed; `faults` holds all that is wrong with it, in Dutch."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _NothingToShow(Exception):
    """`{{ }}` around a value that is not there."""


def _require_value(value: object) -> object:
    if value is None or isinstance(value, Undefined):
        raise _NothingToShow
    return value


_JINJA = SandboxedEnvironment(
    autoescape=False,  # mails are plain text
    undefined=StrictUndefined,
    finalize=_require_value,
    trim_blocks=True,
    lstrip_blocks=True,
)


def merge(text: MailText, fields: MailFields) -> tuple[str, str]:
    """The subject (one line, cut at MAX_SUBJECT characters) and the body of one mail.

    What stands in the fields is never read as a template. Raises InvalidMailText.
    """
    faults = check_text(text)
    if faults:
        raise InvalidMailText(faults)
    return _merge(text, fields)


def _merge(text: MailText, fields: MailFields) -> tuple[str, str]:
    values: dict[str, str | None] = {
        name: clean_line(value) for name, value in vars(fields).items() if isinstance(value, str)
    }
    values["sluit_op"] = None if fields.sluit_op is None else format_date(fields.sluit_op)
    subject = clean_line(_render(_SUBJECT, text.subject, values), MAX_SUBJECT)
    body = clean_lines(_render(_BODY, text.body, values))
    faults = []
    if not subject:
        faults.append(f"{_SUBJECT}: is leeg na het invullen van de velden.")
    link = clean_line(fields.link)
    if not link or not re.search(_LINK_APART.format(re.escape(link)), body):
        faults.append(
            f"{_BODY}: {{{{ link }}}} komt niet in elke mail, of zit vast aan andere tekst. Zet "
            "het buiten elke {% if %}, en liefst op een eigen regel."
        )
    if faults:
        raise InvalidMailText(faults)
    return subject, body


@lru_cache(maxsize=32)  # a round of mails has one text
def _compile(place: str, source: str) -> Template:
    try:
        return _JINJA.from_string(source)
    except _BEYOND_PYTHON:
        raise InvalidMailText([f"{place}: is te ingewikkeld. {_ADVICE}"]) from None


def _render(place: str, source: str, values: Mapping[str, str | None]) -> str:
    merged = ""
    try:
        for piece in _compile(place, source).generate(values):
            merged += piece
            if len(merged) > _MAX_MERGED:
                raise InvalidMailText([f"{place}: wordt te lang (meer dan {_MAX_MERGED} tekens)."])
    except _NothingToShow:
        raise InvalidMailText(
            [
                f"{place}: een veld dat leeg kan zijn, staat zonder voorwaarde in de tekst. Zet er "
                "{% if sluit_op %} voor en {% endif %} achter."
            ]
        ) from None
    return merged


# Faults

# What is nested deeper, or a number that is longer, than Python can read.
_BEYOND_PYTHON = (RecursionError, MemoryError, SyntaxError, ValueError)
_ADVICE = "Gebruik alleen velden, zoals {{ naam }}, en {% if %}."

_ALLOWED = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
)
_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.For: "een herhaling met {% for %}",
    nodes.Call: "een aanroep met haakjes",
    nodes.Filter: "een filter met |",
    nodes.Test: "een toets met 'is'",
    nodes.Getattr: "een punt achter een veld",
    nodes.Getitem: "iets tussen [ ]",
    nodes.Operand: "een vergelijking anders dan == of !=",
}


def check_text(text: MailText) -> list[str]:
    """All that is wrong with a text, in Dutch, with the line where it stands; none if usable."""
    faults = [
        *_check_subject(text.subject),
        *_check_template(_SUBJECT, text.subject, FIELDS.keys() - {"link"}),
        *_check_body(text.body),
        *_check_template(_BODY, text.body, FIELDS.keys()),
    ]
    return faults or _check_samples(text)


def _check_subject(subject: str) -> Iterator[str]:
    if not clean_line(subject):
        yield f"{_SUBJECT}: is leeg. Vul een onderwerp in."
    lines = len(subject.strip().splitlines())
    if lines > 1:
        yield f"{_SUBJECT}: heeft {lines} regels. Zet het onderwerp op één regel."
    if len(subject) > MAX_SUBJECT:
        yield f"{_SUBJECT}: is {len(subject)} tekens lang; het mogen er {MAX_SUBJECT} zijn."


def _check_body(body: str) -> Iterator[str]:
    if not _LINK_FIELD.search(body):
        yield f"{_BODY}: {{{{ link }}}} ontbreekt. Zonder kan niemand de vragenlijst openen."
    if len(body) > MAX_BODY:
        yield f"{_BODY}: is {len(body)} tekens lang; het mogen er {MAX_BODY} zijn."


def _check_template(place: str, source: str, known: Set[str]) -> list[str]:
    if len(source) > MAX_BODY:
        return []  # that is a fault of its own
    try:
        found = _find_faults(_JINJA.parse(source), known)
        return [f"{place}, regel {line}: {what}" for line, what in dict.fromkeys(found)]
    except TemplateSyntaxError as error:
        return [
            f"{place}, regel {error.lineno}: wat tussen {{{{ }}}} of {{% %}} staat, klopt niet. "
            "Controleer of alles wat opent ook sluit, en of elke {% if %} een {% endif %} heeft."
        ]
    except _BEYOND_PYTHON:
        return [f"{place}: is te ingewikkeld. {_ADVICE}"]


def _find_faults(node: nodes.Node, known: Set[str]) -> Iterator[tuple[int, str]]:
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Name) and child.ctx == "load":
            if child.name not in known:
                yield child.lineno, _explain_unknown(child.name, known)
        elif isinstance(child, _ALLOWED) or _is_equality(child):
            yield from _find_faults(child, known)
        else:
            what = _REFUSED.get(type(child), "een opdracht of een berekening")
            # a comparison's sign has no line of its own
            yield child.lineno or node.lineno, f"{what} kan niet in een mail. {_ADVICE}"


def _is_equality(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Operand) and node.op in ("eq", "ne")


def _explain_unknown(name: str, known: Set[str]) -> str:
    if name in FIELDS:
        return f"het veld '{name}' mag hier niet staan: een onderwerp is niet geheim."
    names = ", ".join(field for field in FIELDS if field in known)
    return f"het veld '{clean_line(name, 50)}' bestaat niet. De velden zijn: {names}."


def _check_samples(text: MailText) -> list[str]:
    faults: dict[str, None] = {}
    for fields in (_SAMPLE, replace(_SAMPLE, sluit_op=None)):
        try:
            _merge(text, fields)
        except InvalidMailText as invalid:
            faults |= dict.fromkeys(invalid.faults)
    return list(faults)
