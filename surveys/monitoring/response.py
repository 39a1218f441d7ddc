"""How far the regions are in a wave: the steps they took, per province, by day, and how long it
took them. Pure counting; the numbers come from the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median, quantiles

from surveys.dutch import format_list, local_day
from surveys.fieldwork import Mode, ResponseState

UNKNOWN_PROVINCE = "onbekend"
_LEAST_FOR_QUARTILES = 4


class MailState(StrEnum):
    """UNCERTAIN: it may have arrived, nobody knows. CANCELLED: it never went out."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """How far a region is, as it is told."""

    NOT_INVITED = "niet uitgenodigd"
    REFUSED = "mail geweigerd"
    INVITED = "uitgenodigd"
    OPENED = "geopend"
    BEGUN = "begonnen"
    SUBMITTED = "verzonden"
    CHANGING = "verzonden, wordt gewijzigd"
    INVALID = "ongeldig verklaard"


MAIL_STATES = {
    MailState.QUEUED: "wacht op versturen",
    MailState.SENDING: "wordt verstuurd",
    MailState.SENT: "verstuurd",
    MailState.REFUSED: "geweigerd",
    MailState.UNCERTAIN: "onzeker of hij aankwam",
    MailState.CANCELLED: "niet verstuurd",
}
MODES = {
    Mode.ONLINE: "online",
    Mode.TELEPHONE: "telefonisch",
    Mode.PAPER: "op papier",
    Mode.IMPORT: "ingelezen",
}


@dataclass(frozen=True)
class LastMail:
    """The last mail to a region. `number` 0: the invitation; `at`: when it was sent or refused,
    else when it was queued. `reply` has the server's words: they may hold an address."""

    number: int
    state: MailState
    at: datetime
    reply: str = ""


@dataclass(frozen=True)
class Draft:
    """Answers in progress. `section`: the title of the block that was reached."""

    section: str
    saved_at: datetime


@dataclass(frozen=True)
class Submission:
    """The response that counts. `first_at`: when the region first submitted one; None where it
    was taken over from a file, so that its moments say nothing. `took`: from beginning to first
    submitting, only of who did so online. `skipped` of the `asked` questions have no answer."""

    submitted_at: datetime
    first_at: datetime | None
    took: timedelta | None
    version: int
    mode: Mode
    asked: int
    skipped: int


@dataclass(frozen=True)
class RegionProgress:
    """How far one region is in a wave, without its answers. `reminders`: how many were sent.
    `is_refused`: the mail with its invitation was refused, and it got no link otherwise."""

    region_id: int
    number: str
    name: str
    province: str = ""
    has_address: bool = False
    invited_at: datetime | None = None
    is_refused: bool = False
    mail: LastMail | None = None
    reminders: int = 0
    opened_at: datetime | None = None
    begun_at: datetime | None = None
    draft: Draft | None = None
    submission: Submission | None = None
    is_invalid: bool = False

    @property
    def invited(self) -> bool:
        """Whether it has an invitation that was not withdrawn, nor refused."""
        return self.invited_at is not None and not self.is_refused

    @property
    def state(self) -> ResponseState | None:
        """That of its response; a draft beside a final one counts as final."""
        if self.submission:
            return ResponseState.FINAL
        if self.draft:
            return ResponseState.DRAFT
        return ResponseState.INVALID if self.is_invalid else None

    @property
    def stage(self) -> Stage:
        if self.submission:
            return Stage.CHANGING if self.draft else Stage.SUBMITTED
        if self.draft:
            return Stage.BEGUN
        if self.is_invalid:
            return Stage.INVALID
        if self.opened_at:
            return Stage.OPENED
        if self.is_refused:
            return Stage.REFUSED
        return Stage.INVITED if self.invited else Stage.NOT_INVITED


@dataclass(frozen=True)
class SentMail:
    at: datetime
    is_reminder: bool


@dataclass(frozen=True)
class ItemNonResponse:
    """A question as the regions left it: `skipped` of the `asked` submitted no answer."""

    section: str
    text: str
    asked: int
    skipped: int


@dataclass(frozen=True)
class ResponseCounts:
    """Numbers of regions. `invited`: those with an invitation and those that answered without;
    0 where the wave knows no invitations."""

    invited: int
    begun: int
    submitted: int


@dataclass(frozen=True)
class Steps:
    """Numbers of regions, never more at a later step: who answered by telephone or on paper, or
    was taken over from a file, counts at the steps before it as well."""

    invited: int
    opened: int
    begun: int
    submitted: int


@dataclass(frozen=True)
class Day:
    """One day on which something happened. `total`: submitted until then."""

    on: date
    submitted: int
    total: int
    invitations: int
    reminders: int


@dataclass(frozen=True)
class FillingTimes:
    """Of `count` regions; without quartiles where they are few."""

    count: int
    median: timedelta
    quartiles: tuple[timedelta, timedelta] | None


def takes_part(ended_on: date | None, wave_day: date, *, invited: bool, answered: bool) -> bool:
    """Whether a region belongs to a wave: not where it had ended, unless it was asked anyway."""
    return ended_on is None or ended_on > wave_day or invited or answered


def count_responses(
    invited: Collection[int], begun: Collection[int], submitted: Collection[int]
) -> ResponseCounts:
    """From the regions with an invitation, with any response, with one that counts."""
    asked = len({*invited, *begun}) if invited else 0
    return ResponseCounts(asked, len(begun), len(submitted))


def count_steps(regions: Iterable[RegionProgress]) -> Steps:
    reached = Counter(step for region in regions for step in range(1, _last_step(region) + 1))
    return Steps(reached[1], reached[2], reached[3], reached[4])


def _last_step(region: RegionProgress) -> int:
    if region.submission:
        return 4
    if region.state is not None:
        return 3
    if region.opened_at:
        return 2
    return 1 if region.invited else 0


def count_provinces(regions: Iterable[RegionProgress]) -> dict[str, Steps]:
    """The steps per province in alphabetical order, last those of which it is not known."""
    members: dict[str, list[RegionProgress]] = {}
    for region in regions:
        members.setdefault(region.province, []).append(region)
    return {
        province or UNKNOWN_PROVINCE: count_steps(members[province])
        for province in sorted(members, key=lambda name: (not name, name.casefold()))
    }


def count_days(regions: Iterable[RegionProgress], mails: Iterable[SentMail]) -> list[Day]:
    """The days, Dutch time, on which regions first submitted or mails were sent."""
    submitted = Counter(
        local_day(region.submission.first_at)
        for region in regions
        if region.submission and region.submission.first_at
    )
    sent = Counter((local_day(mail.at), mail.is_reminder) for mail in mails)
    days: list[Day] = []
    for on in sorted({*submitted, *(day for day, _ in sent)}):
        total = submitted[on] + (days[-1].total if days else 0)
        days.append(Day(on, submitted[on], total, sent[on, False], sent[on, True]))
    return days


def measure_times(regions: Iterable[RegionProgress]) -> FillingTimes | None:
    """How long filling in took, breaks included; None where nobody did so online."""
    times = [
        region.submission.took.total_seconds()
        for region in regions
        if region.submission and region.submission.took is not None
    ]
    if not times:
        return None
    quartiles = None
    if len(times) >= _LEAST_FOR_QUARTILES:
        lower, _, upper = quantiles(times, n=4, method="inclusive")
        quartiles = timedelta(seconds=lower), timedelta(seconds=upper)
    return FillingTimes(len(times), timedelta(seconds=median(times)), quartiles)


def count_taken_over(regions: Iterable[RegionProgress]) -> int:
    """How many regions have answers that came from a file."""
    return sum(
        region.submission is not None and region.submission.first_at is None for region in regions
    )


def sort_nonresponse(items: Sequence[ItemNonResponse]) -> list[ItemNonResponse]:
    """The largest share skipped first; as the questionnaire has them where it is equal."""
    return sorted(items, key=lambda item: -item.skipped / item.asked if item.asked else 1)


def name_mail(number: int) -> str:
    """'uitnodiging', 'herinnering 2'."""
    return f"herinnering {number}" if number else "uitnodiging"


def tell_duration(time: timedelta) -> str:
    """'38 minuten', '2 uur en 5 minuten', '3 dagen en 4 uur'."""
    minutes = round(time.total_seconds() / 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    if not minutes:
        return "minder dan een minuut"
    if days:
        parts = [(days, "dag" if days == 1 else "dagen"), (hours % 24, "uur")]
    else:
        rest = minutes % 60
        parts = [(hours, "uur"), (rest, "minuut" if rest == 1 else "minuten")]
    return format_list([f"{number} {unit}" for number, unit in parts if number])
