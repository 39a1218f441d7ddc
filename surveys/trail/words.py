"""The audit trail in Dutch: its actions, those who act, and what a line is about."""

from __future__ import annotations

import re

from surveys.fieldwork import Mode, WaveState
from surveys.settings import SETTINGS

# Every action that is written, in the order of the alphabet.
ACTIONS = {
    "account.added": "Account gemaakt",
    "account.disabled": "Account geblokkeerd",
    "account.enabled": "Blokkade van een account opgeheven",
    "account.erased": "Account gewist",
    "account.password": "Nieuw wachtwoord",
    "account.role": "Andere rol van een account",
    "answer.confirmed": "Groot verschil met de vorige meting bevestigd",
    "answer.explained": "Toelichting bij een groot verschil",
    "answer.saved": "Antwoord bewaard",
    "answers.exported": "Antwoorden gedownload",
    "consent.given": "Toestemming gegeven",
    "contact.erased": "Naam en e-mailadres gewist",
    "example.loaded": "Voorbeelddata geladen",
    "invitation.made": "Uitnodiging gemaakt",
    "invitation.withdrawn": "Uitnodiging ingetrokken",
    "invitations.made": "Uitnodigingen gemaakt, zonder mail",
    "leader.added": "Programmaleider toegevoegd",
    "leader.changed": "Andere programmaleider",
    "leader.corrected": "Naam of adres van een programmaleider",
    "leader.ended": "Programmaleider vervallen",
    "link.throttled": "Te veel onbekende links: tijdelijk geweigerd",
    "links.made": "Blad met links gemaakt",
    "mail.queued": "Mails klaargezet",
    "mail.resent": "Onzekere mail opnieuw klaargezet",
    "mail.sending": "Mails versturen begonnen",
    "mail.text": "Tekst van een mail",
    "quote.cleared": "Open antwoord vrijgegeven",
    "quote.withdrawn": "Open antwoord ingetrokken of niet vrijgegeven",
    "region.added": "Regio toegevoegd",
    "region.attribute": "Kenmerk van een regio",
    "region.ended": "Einde van een regio",
    "region.named": "Naam van een regio",
    "region.renumbered": "Nummer van een regio",
    "register.exported": "Register gedownload",
    "response.begun": "Invullen begonnen",
    "response.discarded": "Invoer weggegooid",
    "response.made_valid": "Inzending weer geldig gemaakt",
    "response.reopened": "Inzending opnieuw geopend",
    "response.set_invalid": "Inzending ongeldig gemaakt",
    "response.submitted": "Inzending verzonden",
    "response.taken_over": "Invullen overgenomen",
    "responses.imported": "Antwoorden ingelezen",
    "setting.changed": "Instelling gewijzigd",
    "sign_in.failed": "Aanmelden mislukt",
    "sign_in.throttled": "Te vaak mislukt: aanmelden tijdelijk geweigerd",
    "signed_in": "Aangemeld",
    "signed_out": "Afgemeld",
    "succession.recorded": "Samengaan, splitsen of stoppen vastgelegd",
    "succession.removed": "Samengaan, splitsen of stoppen ongedaan gemaakt",
    "trail.exported": "Logboek gedownload",
    "wave.added": "Meting gepland",
    "wave.closes_on": "Sluitdatum van een meting",
    "wave.consent": "Toestemmingstekst van een meting",
    "wave.questionnaire": "Andere versie van de vragenlijst in gebruik genomen",
    "wave.removed": "Geplande meting verwijderd",
    "wave.renamed": "Andere naam van een meting",
    "wave.reopened": "Meting heropend",
    "wave.state": "Stand van een meting",
}

_ACTORS = {
    "command line": "opdrachtregel",
    "owner": "deze computer",
    "visitor": "bezoeker",
}
_SUBJECTS = {
    "consent": "toestemmingstekst",
    "contact": "contact",
    "invitation": "uitnodiging",
    "message": "bericht",
    "outbox": "te versturen mails",
    "questionnaire": "vragenlijst",
    "region": "regio",
    "reminder": "herinnering",
    "register": "register",
    "response": "inzending",
    "succession": "opvolging",
    "trail": "logboek",
    "version": "versie",
    "wave": "meting",
}
_WHOLE = {"unknown account": "onbekend account"} | {s.name: s.label for s in SETTINGS}
_ENGLISH = {dutch: english for english, dutch in _SUBJECTS.items()}

# The first word of each part, as in 'region 01, wave 2024'.
_SUBJECT_WORD = re.compile(rf"(?:^|(?<=, ))({'|'.join(_SUBJECTS)})(?=[ ,]|$)")
_DUTCH_WORD = re.compile(rf"\b({'|'.join(_ENGLISH)})\b", re.IGNORECASE)

_STATES = {
    WaveState.PLANNED.value: "gepland",
    WaveState.OPEN.value: "open",
    WaveState.CLOSING.value: "wordt gesloten",
    WaveState.CLOSED.value: "gesloten",
}
_MODES = {
    Mode.ONLINE.value: "online",
    Mode.TELEPHONE.value: "telefoon",
    Mode.PAPER.value: "papier",
}
# Actions whose old and new are codes of the monitor; of others they may be text of people.
_VALUES = {
    "response.begun": _MODES,
    "response.taken_over": _MODES,
    "wave.added": _STATES,
    "wave.state": _STATES,
}


def tell_action(action: str) -> str:
    """The action in Dutch; one that has no words as it is stored."""
    return ACTIONS.get(action, action)


def tell_actor(actor: str) -> str:
    return _ACTORS.get(actor, actor.replace("invitation ", "uitnodiging "))


def tell_subject(subject: str) -> str:
    """'region 01, wave 2024' becomes 'regio 01, meting 2024'; a setting gets its label."""
    told = _SUBJECT_WORD.sub(lambda found: _SUBJECTS[found[1]], subject)
    return _WHOLE.get(subject, told.replace("unknown links", "onbekende links"))


def tell_value(action: str, value: str | None) -> str:
    """What was or became, '' for nothing; the codes of the monitor itself in Dutch."""
    if action == "responses.imported":
        return (value or "").replace(", file ", ", bestand ").replace(", mapping ", ", koppeling ")
    return _VALUES.get(action, {}).get(value or "", value or "")


def subject_spellings(text: str) -> list[str]:
    """A text to look for in subjects: as it was typed, and with the words as they are stored."""
    stored = _DUTCH_WORD.sub(lambda found: _ENGLISH[found[1].lower()], text)
    return list(dict.fromkeys([text, stored]))
