"""The Dutch of a difference between two versions of a questionnaire: names and values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from surveys.items import Condition
from surveys.questionnaire import Questionnaire

# What each field of a definition is called. Lists of parts, such as choices, are told apart.
FIELDS = {
    "id": "het id",
    "code": "de code",
    "type": "het type",
    "version": "de versie",
    "wave": "de meting",
    "languages": "de lijst van talen",
    "title": "de titel",
    "introduction": "de inleiding",
    "text": "de tekst",
    "stem": "de stam",
    "help": "de toelichting",
    "label": "het label",
    "required": "verplicht",
    "condition": "de voorwaarde",
    "concept": "het aandachtspunt",
    "previous": "het tonen van het vorige antwoord",
    "ask_about_move": "het aantal stappen waarbij 'Klopt dit?' wordt gevraagd",
    "dont_know": "de mogelijkheid 'weet niet'",
    "not_applicable": "de mogelijkheid 'n.v.t.'",
    "scale": "de antwoordschaal",
    "exclusive": "alleen te kiezen zonder andere antwoorden",
    "codes": "de lijst van antwoordcodes",
    "minimum": "het minimum",
    "maximum": "het maximum",
    "decimals": "het aantal decimalen",
    "unit": "de eenheid",
    "max_length": "het grootste aantal tekens",
    "item": "de vraag die wordt geteld",
    "ours": "de aanduiding 'eigen formulering'",
    "status": "de vergelijkbaarheid",
    "recode": "de omzetting",
    "note": "de noot",
}

# Those that a definition may hold in several languages.
TRANSLATED = {"title", "introduction", "text", "stem", "help", "label", "unit", "note"}

TYPES = {
    "scale": "schaalvraag",
    "matrix": "matrix",
    "multiple": "vraag met meer antwoorden",
    "grade": "rapportcijfer",
    "number": "getal",
    "yes_no": "ja-neevraag",
    "short_text": "korte tekst",
    "long_text": "lange tekst",
}

_POLICIES = {"never": "nooit", "after": "na het antwoord", "before": "vooraf"}
_STATUSES = {
    "identical": "gelijk",
    "reworded": "anders geformuleerd",
    "rescaled": "andere antwoordschaal",
    "new": "nieuw",
    "dropped": "vervallen",
}
# A sentence with two texts longer than this together can no longer be read.
_READABLE = 240


def describe_field(questionnaire: Questionnaire, field: str, value: Any) -> str:
    """The value of a field in words; an empty string where nothing is filled in."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case int() | float():
            return f"{Decimal(repr(value)).normalize():f}".replace(".", ",")
        case tuple():
            return ", ".join(value)
        case dict():
            return ", ".join(f"{old} wordt {new}" for old, new in value.items())
        case Condition():
            return _describe_condition(questionnaire, value)
    known = {"type": TYPES, "previous": _POLICIES, "status": _STATUSES}.get(field, {})
    return known.get(value, str(value))


def _describe_condition(questionnaire: Questionnaire, condition: Condition) -> str:
    question = questionnaire.question(condition.item)
    labels = {choice.code: choice.label for choice in questionnaire.choices(question)}
    answers = " of ".join(f"{labels[code]} ({code})" for code in condition.codes)
    return f"alleen na {answers} op vraag {condition.item}"


def tell_change(subject: str, name: str, old: str, new: str) -> str:
    """The sentence on one field; long texts are left for the reader to lay side by side."""
    if len(old) + len(new) > _READABLE or "\n" in old + new:
        return f"{subject}: {name} is gewijzigd."
    return f"{subject}: {name} {tell_values(old, new)}."


def tell_values(old: str, new: str) -> str:
    return f"was {_quote(old)} en wordt {_quote(new)}"


def _quote(words: str) -> str:
    return f"'{words}'" if words else "leeg"
