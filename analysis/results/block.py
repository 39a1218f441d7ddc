"""A block of the questionnaire as results are shown by it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from surveys.questionnaire import Questionnaire, Section

_QUESTIONS = "vraag", "vragen"
# What is said to rise or fall.
_SUBJECTS = {
    "urgentie": "De urgentie van {text}",
    "opbrengsten": "De opbrengst bij {text}",
    "aandacht": "De aandacht voor {text}",
    "rapportcijfers": "Het rapportcijfer voor '{quote}'",
    "borging": "'{quote}'",
}
_NOUNS = {
    "urgentie": ("aandachtspunt", "aandachtspunten"),
    "opbrengsten": ("aandachtspunt", "aandachtspunten"),
    "aandacht": ("activiteit", "activiteiten"),
    "rapportcijfers": ("uitspraak", "uitspraken"),
    "borging": ("vorm van borging", "vormen van borging"),
}


@dataclass(frozen=True)
class Block:
    """`section` is its id, also in addresses; `what` names its rows: one, and several."""

    section: str
    title: str
    what: tuple[str, str]

    def tell_subject(self, question: str) -> str:
        """What a question is about, as the beginning of a sentence."""
        text = question if question[1:2].isupper() else question[:1].lower() + question[1:]
        if text.startswith("(") and not text[2:3].isupper():
            text = text[:1] + text[1:2].lower() + text[2:]
        pattern = _SUBJECTS.get(self.section, "Het antwoord op '{quote}'")
        return pattern.format(text=text.rstrip("."), quote=question.rstrip("."))


def list_blocks(questionnaire: Questionnaire) -> list[Block]:
    return [_make(section) for section in questionnaire.sections]


def find_block(questionnaire: Questionnaire, section: str) -> Block | None:
    return next((b for b in list_blocks(questionnaire) if b.section == section), None)


def find_section(questionnaire: Questionnaire, block: Block) -> Section:
    return next(section for section in questionnaire.sections if section.id == block.section)


def _make(section: Section) -> Block:
    return Block(section.id, section.title, _NOUNS.get(section.id, _QUESTIONS))


def link_to(section: str, question: str = "", **filters: str) -> str:
    """The address of a block's results, at one question and with filters as they stand on the
    page. A question is named by its text, as it is chosen there."""
    chosen = {**filters, **({"vraag": question} if question else {})}
    return f"{section}?{urlencode(chosen)}" if chosen else section
