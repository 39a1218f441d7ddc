"""The wave at a glance is what someone counts who follows every region by hand."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store import Store
from surveys.answers import Answers, MissingReason, Value
from surveys.fieldwork import Mode, ResponseState, WaveState
from surveys.monitoring.response import (
    Draft,
    LastMail,
    MailState,
    RegionProgress,
    ResponseCounts,
    SentMail,
    Stage,
)
from surveys.regions.register import Register
from surveys.roles import NotPermitted, Person, Role
from surveys.routing import settle
from tests.db.scenes import (
    ALL_TYPES,
    begin,
    import_responses,
    invite,
    on_disk,
    open_wave,
    rows,
    save,
)

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
ASKED = ALL_TYPES.questionnaire
_numbers = count(1)


class Clock:
    """The time of the database, as a test wants it."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def wait(self, minutes: float) -> datetime:
        self.moment += timedelta(minutes=minutes)
        return self.moment


@contextmanager
def own_clock() -> Iterator[Clock]:
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr("db.clock.now", clock.now)
        yield clock


@pytest.fixture
def clock() -> Iterator[Clock]:
    with own_clock() as clock:
        yield clock


def look(store: Store, wave: str = "2024") -> dict[str, RegionProgress]:
    return {region.number: region for region in store.monitoring.progress(wave)}


# Random histories

PATH = ("invite", "open", "begin", "save", "submit", "change", "submit again")
CHOICES: Mapping[str, Value] = {
    "schaal": "1",
    "rij_een": "2",
    "ja_nee": "ja",
    "cijfer": MissingReason.DONT_KNOW,
    "kort": "tekst",
}


@dataclass(frozen=True)
class History:
    """How far a region goes along the path, in steps of so many minutes, and what it answers; or
    its answers come from a file."""

    steps: int
    minutes: int
    items: frozenset[str]
    is_from_file: bool

    @property
    def answers(self) -> dict[str, Value]:
        return {item: CHOICES[item] for item in CHOICES if item in self.items | {"schaal"}}

    def took(self, step: str) -> bool:
        return not self.is_from_file and step in PATH[: self.steps]

    @property
    def is_final(self) -> bool:
        return self.is_from_file or self.took("submit")


histories = st.lists(
    st.builds(
        History,
        steps=st.integers(0, len(PATH)),
        minutes=st.integers(0, 3000),
        items=st.frozensets(st.sampled_from([*CHOICES])),
        is_from_file=st.booleans(),
    ),
    max_size=5,
)


def live(store: Store, wave: str, number: str, history: History, clock: Clock) -> None:
    """Let a region do what its history says."""
    if history.is_from_file:
        import_responses(store, wave, {number: history.answers})
        return
    token, visit, form = "", None, None
    for step in PATH[: history.steps]:
        clock.wait(history.minutes)
        if step == "invite":
            token = store.invitations.renew(number, wave)
        elif step == "open":
            store.invitations.mark_opened(token)
        elif step in ("begin", "change"):
            visit = store.forms.visit(token)
            form = store.forms.begin(visit)
        elif visit is not None and form is not None:
            if step == "save":
                form = save(store, visit, form, history.answers)
            else:
                store.forms.submit(visit, form)


@on_disk
@given(plan=histories)
def test_the_glance_is_what_following_every_region_gives(
    lasting_store: Store, plan: list[History]
) -> None:
    store, wave = lasting_store, f"meting {next(_numbers)}"
    numbers = [f"{wave}: {place}" for place, _ in enumerate(plan)]
    open_wave(store, *numbers, name=wave)
    with own_clock() as clock:
        for number, history in zip(numbers, plan, strict=True):
            clock.moment = START
            live(store, wave, number, history, clock)
    found = look(store, wave)
    for number, history in zip(numbers, plan, strict=True):
        _compare(found[number], history)
    invited = [history for history in plan if history.took("invite")]
    begun = [history for history in plan if history.took("begin") or history.is_from_file]
    asked = {id(history) for history in (*invited, *begun)} if invited else ()
    counts = store.monitoring.response_counts(wave)
    final = [history for history in plan if history.is_final]
    assert counts == ResponseCounts(len(asked), len(begun), len(final))
    _compare_items(store, wave, [settle(ASKED, history.answers) for history in final])


def _compare(region: RegionProgress, history: History) -> None:
    def at(step: str) -> datetime | None:
        place = PATH.index(step) + 1
        took = history.took(step)
        return START + timedelta(minutes=place * history.minutes) if took else None

    assert region.invited_at == at("invite")
    assert region.opened_at == at("open")
    assert region.begun_at == at("begin")
    in_progress = (history.took("begin") and not history.took("submit")) or (
        history.took("change") and not history.took("submit again")
    )
    saved = at("change") or at("save") or at("begin")
    assert region.draft == (Draft("Gesloten vragen", saved) if in_progress and saved else None)
    done = region.submission
    assert (done is not None) == history.is_final
    if done is None:
        return
    settled = Counter(settle(ASKED, history.answers).values())
    assert done.asked == len(ASKED.questions) - settled[MissingReason.NOT_ASKED]
    assert done.skipped == settled[MissingReason.SKIPPED]
    assert done.first_at == at("submit")
    took = None if history.is_from_file else timedelta(minutes=2 * history.minutes)
    assert done.took == took
    assert done.version == (2 if history.took("submit again") else 1)


def _compare_items(store: Store, wave: str, forms: list[dict[str, Value]]) -> None:
    expected = {}
    for question in ASKED.questions:
        given = Counter(form[question.id] for form in forms)
        asked = len(forms) - given[MissingReason.NOT_ASKED]
        if asked:
            expected[question.text] = asked, given[MissingReason.SKIPPED]
    found = store.monitoring.nonresponse(wave)
    assert {item.text: (item.asked, item.skipped) for item in found} == expected
    shares = [item.skipped / item.asked for item in found]
    assert shares == sorted(shares, reverse=True)


# What each region is told by


def test_a_region_is_known_by_its_province_and_whether_it_can_be_mailed(
    store: Store, raw: sqlite3.Connection
) -> None:
    register = Register({"01": {"Provincie": "Zeeland"}, "02": {"Provincie": "Drenthe"}}, ())
    store.regions.keep_register(register)
    open_wave(store, "03")
    contact = "INSERT INTO contact (region_id, email, since, until) VALUES (?, ?, ?, ?)"
    with raw:
        raw.execute(contact, (1, "leider@voorbeeld.nl", "2024-01-01", None))
        raw.execute(contact, (2, "vroeger@voorbeeld.nl", "2024-01-01", "2024-02-01"))
        raw.execute(contact, (3, None, "2024-01-01", None))
    found = look(store)
    assert [(region.province, region.has_address) for region in found.values()] == [
        ("Zeeland", True),
        ("Drenthe", False),
        ("", False),
    ]


def test_regions_that_ended_before_the_wave_are_left_out(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01", "02", "03", "04")
    invite(store, "03")
    import_responses(store, "2024", {"04": {"schaal": "1"}})
    with raw:
        raw.execute("UPDATE wave SET opened_at = '2024-03-04 09:00:00'")
        raw.execute("UPDATE region SET ended_on = '2024-01-01' WHERE number > '01'")
    assert [*look(store)] == ["01", "03", "04"]


MAIL = (
    "INSERT INTO message (invitation_id, contact_id, kind, number, state, message_id, queued_at, "
    "queued_by, done_at, tries, reply) VALUES (1, 1, ?, ?, ?, ?, ?, 'account 1', ?, 1, ?)"
)


@pytest.fixture
def mailed(store: Store, raw: sqlite3.Connection) -> sqlite3.Connection:
    """A region with a leader, an invitation and no mail yet."""
    open_wave(store, "01", "02")
    invite(store)
    with raw:
        raw.execute("INSERT INTO contact (region_id, email, since) VALUES (1, 'a@b.nl', 'x')")
    return raw


def send(raw: sqlite3.Connection, number: int, state: str, day: int, reply: str = "") -> None:
    kind = "reminder" if number else "invitation"
    at = f"2024-03-{day:02d} 09:00:00.000000"
    done = at if state in ("sent", "refused") else None
    with raw:
        raw.execute(MAIL, (kind, number, state, f"<{next(_numbers)}@b.nl>", at, done, reply))


def test_the_last_mail_tells_what_became_of_it(store: Store, mailed: sqlite3.Connection) -> None:
    assert look(store)["01"].mail is None
    send(mailed, 0, "refused", 4, "550 onbekend")
    refused = LastMail(0, MailState.REFUSED, START, "550 onbekend")
    assert look(store)["01"].mail == refused
    send(mailed, 0, "sent", 5)
    send(mailed, 1, "sent", 9)
    send(mailed, 2, "uncertain", 14)
    send(mailed, 3, "cancelled", 20)
    region = look(store)["01"]
    assert region.mail == LastMail(2, MailState.UNCERTAIN, START + timedelta(days=10))
    assert region.reminders == 2
    assert look(store)["02"].mail is None


def test_only_mails_that_were_sent_are_counted_by_day(
    store: Store, mailed: sqlite3.Connection
) -> None:
    for number, state in ((0, "refused"), (0, "sent"), (1, "sent"), (2, "uncertain")):
        send(mailed, number, state, 4 + number)
    assert store.monitoring.sent_mails("2024") == [
        SentMail(START, False),
        SentMail(START + timedelta(days=1), True),
    ]


def test_the_block_that_was_reached_has_its_title(store: Store, clock: Clock) -> None:
    visit, form = begin(store)
    assert look(store)["01"].draft == Draft("Gesloten vragen", START)
    clock.wait(10)
    form = save(store, visit, form, {"schaal": "1"})
    for place, title in (("getypt", "Getypte vragen"), ("controle", "Controle")):
        store.forms.move_to_section(visit, form, place)
        assert look(store)["01"].draft == Draft(title, START + timedelta(minutes=10))


def test_answers_by_telephone_have_a_day_but_no_time(
    store: Store, raw: sqlite3.Connection, clock: Clock
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "1"})
    clock.wait(10)
    store.forms.submit(visit, form)
    with raw:
        raw.execute("UPDATE response SET mode = 'telephone', entered_by = 'account 1'")
    done = look(store)["01"].submission
    assert done is not None
    assert (done.mode, done.first_at, done.took) == (Mode.TELEPHONE, clock.moment, None)


def test_a_response_that_was_set_invalid_counts_as_begun_only(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    with raw:
        raw.execute("UPDATE response SET state = 'invalid', invalid_reason = 'proef'")
    region = look(store)["01"]
    assert (region.state, region.stage) == (ResponseState.INVALID, Stage.INVALID)
    assert store.monitoring.response_counts("2024") == ResponseCounts(1, 1, 0)
    assert store.monitoring.nonresponse("2024") == []


def test_the_wave_before_is_not_mixed_in(store: Store) -> None:
    visit, form = begin(store)
    store.forms.submit(visit, save(store, visit, form, {"schaal": "1"}))
    store.waves.add("2026", ALL_TYPES, state=WaveState.OPEN)
    region = look(store, "2026")["01"]
    assert region == RegionProgress(region.region_id, "01", "Regio 01")
    assert store.monitoring.response_counts("2026") == ResponseCounts(0, 0, 0)
    assert store.monitoring.nonresponse("2026") == []


def test_the_steering_group_gets_numbers_and_never_which_region(store: Store) -> None:
    answers: Answers = {"schaal": "1"}
    open_wave(store, "01", "02")
    import_responses(store, "2024", {"01": answers})
    watching = store.seen_by(Person("account 1", Role.STEERING_GROUP)).monitoring
    assert watching.response_counts("2024") == ResponseCounts(0, 1, 1)
    for verb in (watching.progress, watching.sent_mails, watching.nonresponse):
        with pytest.raises(NotPermitted):
            verb("2024")


def test_watching_leaves_no_line_in_the_log(store: Store, raw: sqlite3.Connection) -> None:
    begin(store)
    before = rows(raw, "SELECT count(*) FROM audit")
    look(store)
    store.monitoring.response_counts("2024")
    assert rows(raw, "SELECT count(*) FROM audit") == before


def test_a_day_of_the_wave_is_a_dutch_day(store: Store, raw: sqlite3.Connection) -> None:
    open_wave(store, "01")
    with raw:  # half past midnight on 4 March in the Netherlands
        raw.execute("UPDATE wave SET opened_at = '2024-03-03 23:30:00'")
        raw.execute("UPDATE region SET ended_on = ?", (date(2024, 3, 4).isoformat(),))
    assert look(store) == {}
    with raw:
        raw.execute("UPDATE wave SET opened_at = '2024-03-03 22:30:00'")
    assert [*look(store)] == ["01"]
