"""Who may be mailed in a wave, and why others may not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from surveys.fieldwork import WaveState
from surveys.mailing.letters import UnusableAddress, check_address
from surveys.mailing.limits import find_reason_against_reminder
from surveys.mailing.texts import MailKind


@dataclass(frozen=True)
class Standing:
    """What decides whether a region gets a mail in a wave.

    `is_example`: the wave is made up, the address perhaps not.
    `name` and `address`: of who leads it now, empty where that is not known. `invited`: it has an
    invitation that was not withdrawn; `has_link`: with a link that works. `is_refused`: a mail
    with its invitation was refused, and it has nothing else: it counts as not invited. `mailed`:
    that a mail with the invitation itself waits, went out or may have. `waits`: a mail of any kind
    is on its way. `reminders`, `last_turn` (that of the last reminder) and `last_mail_at` are of
    what went out or may have, in this wave.
    """

    number: str
    region: str
    name: str = ""
    address: str = ""
    wave: WaveState = WaveState.OPEN
    is_example: bool = False
    ended: bool = False
    invited: bool = False
    expired: bool = False
    has_link: bool = False
    is_refused: bool = False
    mailed: bool = False
    waits: bool = False
    has_begun: bool = False
    submitted: bool = False
    is_invalid: bool = False
    reminders: int = 0
    last_turn: int = 0
    last_mail_at: datetime | None = None


_EXPIRED = "De uitnodiging is verlopen. Maak eerst een nieuwe link."
IS_EXAMPLE = "Dit is een voorbeeldmeting: daaruit gaan geen mails naar echte mensen."
NO_SUCH_REGION = "Deze regio staat niet in het register."


def find_reason_against_mail(kind: MailKind, region: Standing, now: datetime) -> str | None:
    """Why the region gets no such mail now, in Dutch; None if it may be queued."""
    reason = find_reason_against_sending(kind, region)
    if reason is None and region.waits:
        reason = "Er staat al een mail klaar."
    if reason is not None:
        return reason
    if kind is MailKind.REMINDER and region.is_refused:
        return "De uitnodiging is geweigerd. Verstuur haar eerst opnieuw."
    if kind is MailKind.REMINDER:
        return find_reason_against_reminder(
            invited=region.has_link,
            submitted=region.submitted,
            reminders=region.reminders,
            last_mail_at=region.last_mail_at,
            now=now,
        )
    return "De uitnodiging is al verstuurd, of kan verstuurd zijn." if region.mailed else None


def find_reason_against_sending(kind: MailKind, region: Standing) -> str | None:
    """Why a mail that is queued may not go out any more, in Dutch; None if it may."""
    if region.is_example:
        return IS_EXAMPLE
    if region.ended:
        return "De regio is beëindigd."
    if region.submitted:
        return "De vragenlijst is al verzonden."
    if region.is_invalid and not region.has_begun:
        return "De inzending is ongeldig verklaard. Bel de regio."
    if region.expired:
        return _EXPIRED
    return _find_reason_in_wave(kind, region) or _find_reason_in_address(region.address)


def find_reason_against_link(region: Standing) -> str | None:
    """Why the region needs no link on a sheet, in Dutch; None if it does."""
    if region.ended:
        return "De regio is beëindigd."
    if region.submitted:
        return "De vragenlijst is al verzonden."
    if not region.invited:
        return "De regio is niet uitgenodigd."
    if region.expired:
        return _EXPIRED
    if region.wave is WaveState.PLANNED:
        return None  # the link works from when the wave opens
    return _find_reason_in_wave(MailKind.REMINDER, region)


def _find_reason_in_wave(kind: MailKind, region: Standing) -> str | None:
    match region.wave:
        case WaveState.OPEN:
            return None
        case WaveState.PLANNED:
            return "De meting is nog niet open."
        case WaveState.CLOSED:
            return "De meting is gesloten."
        case WaveState.CLOSING:
            if kind is MailKind.INVITATION:
                return "De meting wordt gesloten: uitnodigen kan niet meer."
            if not region.has_begun:
                return "De meting wordt gesloten, en deze regio was nog niet begonnen."
            return None


def _find_reason_in_address(address: str) -> str | None:
    if not address:
        return "Van de programmaleider is geen e-mailadres bekend. Vul het in bij Regio's."
    try:
        check_address(address)
    except UnusableAddress as unusable:
        return unusable.reason
    return None
