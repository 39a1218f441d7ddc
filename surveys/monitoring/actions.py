"""The regions of a wave that need something from the evaluator: what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from surveys.dutch import format_date, format_percentage
from surveys.fieldwork import WaveState
from surveys.mailing.limits import REMINDER_LIMIT
from surveys.monitoring.response import MailState, RegionProgress

PATIENCE = timedelta(days=7)
MUCH_SKIPPED = 0.3  # of the questions that were asked


class ActionKind(Enum):
    """What is the matter, in the order of the list."""

    NO_ADDRESS = "Geen e-mailadres"
    REFUSED = "Mail geweigerd"
    UNCERTAIN = "Onzeker of de mail aankwam"
    INVALID = "Ongeldig verklaard"
    NOT_OPENED = "Na een week nog niet geopend"
    NOT_BEGUN = "Geopend, maar na een week nog niet begonnen"
    STALLED = "Begonnen, maar een week niet verder gegaan"
    MUCH_SKIPPED = "Verzonden, maar veel overgeslagen"


@dataclass(frozen=True)
class Action:
    """`what` and `advice` are Dutch sentences. `what` may hold the words of a mail server."""

    kind: ActionKind
    number: str
    name: str
    what: str
    advice: str


def find_actions(
    regions: Iterable[RegionProgress], state: WaveState, now: datetime
) -> list[Action]:
    """The list to act on, one line per region at most: by kind, then as the regions come.

    A mail starts the week anew, so who was reminded yesterday is not on the list today. When
    the wave is closed there is nothing left to do.
    """
    if state is WaveState.CLOSED:
        return []
    found = [action for region in regions for action in _find(region, state, now)]
    order = list(ActionKind)
    return sorted(found, key=lambda action: order.index(action.kind))


def _find(region: RegionProgress, state: WaveState, now: datetime) -> Iterator[Action]:
    if region.submission:
        found = _find_skipped(region)
    elif region.draft:
        found = _find_stalled(region, now)
    elif region.is_invalid:
        found = _find_invalid(state)
    elif state is WaveState.CLOSING:
        return  # who had not begun may not begin any more
    elif region.opened_at:
        found = _find_unsent(region) or _find_not_begun(region, now)
    else:
        found = _find_no_address(region) or _find_unsent(region) or _find_not_opened(region, now)
    if found:
        kind, what, advice = found
        yield Action(kind, region.number, region.name, what, advice)


_Found = tuple[ActionKind, str, str] | None


def _find_no_address(region: RegionProgress) -> _Found:
    if region.has_address:
        return None
    return (
        ActionKind.NO_ADDRESS,
        "Van de programmaleider is geen e-mailadres bekend.",
        "Vul het adres in bij Regio's, of bel de regio.",
    )


def _find_invalid(state: WaveState) -> _Found:
    advice = "Laat de regio opnieuw invullen, of bel haar."
    if state is WaveState.CLOSING:  # who had not begun may not begin any more
        advice = "Bel de regio. Opnieuw invullen kan pas als de meting weer open is voor iedereen."
    return ActionKind.INVALID, "De antwoorden zijn ongeldig verklaard en tellen niet.", advice


def _find_unsent(region: RegionProgress) -> _Found:
    mail = region.mail
    if mail is None or region.invited_at is None:
        return None
    what = f"de {'herinnering' if mail.number else 'uitnodiging'} van {format_date(mail.at)}"
    if mail.state is MailState.REFUSED:
        words = f" De mailserver zei: '{mail.reply}'" if mail.reply else ""
        return (
            ActionKind.REFUSED,
            f"{what.capitalize()} is geweigerd.{words}",
            "Controleer het e-mailadres bij Regio's en verstuur de mail opnieuw, of bel de regio.",
        )
    if mail.state is MailState.UNCERTAIN:
        return (
            ActionKind.UNCERTAIN,
            f"Het is niet zeker dat {what} is aangekomen.",
            "Verstuur de mail niet zomaar opnieuw. Vraag de regio eerst of hij er is.",
        )
    return None


def _find_not_opened(region: RegionProgress, now: datetime) -> _Found:
    if region.invited_at is None or not _is_waiting(region, region.invited_at, now):
        return None
    mail = region.mail
    last = "herinnering" if mail and mail.number else "uitnodiging"
    at = mail.at if mail else region.invited_at
    return (
        ActionKind.NOT_OPENED,
        f"De laatste {last} ging op {format_date(at)}; de link is nog niet geopend.",
        _remind(region),
    )


def _find_not_begun(region: RegionProgress, now: datetime) -> _Found:
    opened = region.opened_at
    if not region.invited or opened is None or not _is_waiting(region, opened, now):
        return None
    return (
        ActionKind.NOT_BEGUN,
        f"De vragenlijst is geopend op {format_date(opened)}; er is nog niets ingevuld.",
        _remind(region),
    )


def _find_stalled(region: RegionProgress, now: datetime) -> _Found:
    draft = region.draft
    if draft is None or not _is_waiting(region, draft.saved_at, now):
        return None
    return (
        ActionKind.STALLED,
        f"Gekomen tot het blok '{draft.section}'; voor het laatst bewaard op "
        f"{format_date(draft.saved_at)}.",
        _remind(region),
    )


def _find_skipped(region: RegionProgress) -> _Found:
    done = region.submission
    if done is None or done.first_at is None or not done.asked:
        return None  # of a response from a file the region can add nothing
    if done.skipped / done.asked <= MUCH_SKIPPED:
        return None
    share = format_percentage(done.skipped / done.asked)
    return (
        ActionKind.MUCH_SKIPPED,
        f"Overgeslagen: {done.skipped} van de {done.asked} gestelde vragen ({share}).",
        "Vraag de regio of de vragenlijst af is. Aanvullen kan met dezelfde link zolang de meting "
        "open is, en door u bij Invoer en correctie.",
    )


def _is_waiting(region: RegionProgress, since: datetime, now: datetime) -> bool:
    mail = region.mail
    if mail is not None:
        if mail.state in (MailState.QUEUED, MailState.SENDING):
            return False
        since = max(since, mail.at)
    return now - since >= PATIENCE


def _remind(region: RegionProgress) -> str:
    if region.reminders >= REMINDER_LIMIT:
        return f"Bel de regio: er zijn al {region.reminders} herinneringen gestuurd."
    if not region.has_address:
        return "Bel de regio: er is geen e-mailadres bekend."
    return "Stuur een herinnering bij Uitnodigen, of bel de regio."
