"""A monitor in which all that people can write is hostile, and what must be seen of it again.

Every text that is used ends in a number of its own, such as §12§. Wherever that number is found the
whole text must stand before it: as it was written, not what a reader of Markdown made of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

from db import clock
from db.store import Store
from surveys.answers import Value
from surveys.definition import DEFINITIONS, Definition, parse_definition
from surveys.dutch import local_day
from surveys.fieldwork import Mode, Remark, WaveState
from surveys.items import GradeItem, LongTextItem, MultipleItem, NumberItem, Question, ShortTextItem
from surveys.mailing.letters import Mailbox
from surveys.mailing.texts import MailKind, MailText
from surveys.questionnaire import Questionnaire
from surveys.regions.contacts import Contact
from surveys.regions.register import Register, holds_address
from surveys.regions.succession import Succession, SuccessionKind
from surveys.roles import Person, Role
from surveys.routing import settle
from tests.db.scenes import import_responses
from tests.hostile import LINES, PARAGRAPHS
from tests.surveys.strategies import write_toml

PASSWORD = "een lang wachtwoord"  # noqa: S105
SENDER = Mailbox("veldwerk@bureau.example", "Bureau *Meetwerk* :smile: $x$")

_TESTS = Path(__file__).parent / "definitions"
_NUMBER = re.compile(r"§(\d+)§")
_WRITTEN = {"title", "introduction", "text", "label", "help", "unit", "stem", "note"}


class Written:
    """The texts that were given out, by number."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._lines = cycle(LINES.values())
        self._plain = cycle(text for text in LINES.values() if not holds_address(text))
        self._paragraphs = cycle(PARAGRAPHS.values())

    def _number(self, text: str) -> str:
        numbered = f"{text} §{len(self._texts)}§"
        self._texts[len(self._texts)] = numbered
        return numbered

    def __len__(self) -> int:
        return len(self._texts)

    def line(self) -> str:
        return self._number(next(self._lines))

    def name(self) -> str:
        """Without an address, which the register keeps in a column of its own."""
        return self._number(next(self._plain))

    def paragraphs(self) -> str:
        return self._number(f"{next(self._lines)}\n\n{next(self._paragraphs)}")

    def word(self, text: str) -> str:
        """Given as it is, for what may have no spaces."""
        numbered = f"{text}§{len(self._texts)}§"
        self._texts[len(self._texts)] = numbered
        return numbered

    def find(self, shown: str) -> tuple[set[int], list[str]]:
        """The numbers of the texts that are shown, and those of which the sign before the number
        is not what was written."""
        seen = _bare(shown)
        found: set[int] = set()
        changed: list[str] = []
        for place in _NUMBER.finditer(seen):
            number = int(place[1])
            written = _bare(self._texts.get(number, ""))
            found.add(number)
            if not _is_told(seen[: place.end()].casefold(), written.casefold()):
                before = seen[max(0, place.end() - len(written) - 20) : place.end()]
                changed.append(f"{self._texts.get(number)!r} became {before!r}")
        return found, changed


def _is_told(seen: str, written: str) -> bool:
    """Whether it ends what is seen: whole, or as a fault in a file quotes it, with backslashes
    written out and the middle left out of what is long."""
    quoted = written.replace("\\", 2 * "\\")
    if seen.endswith((written, quoted)):
        return True
    head, dots, tail = seen.rpartition("...")
    return bool(dots) and quoted.endswith(tail) and quoted[: len(quoted) // 4] in head


def _bare(text: str) -> str:
    """Without spaces, of which a browser shows one for many, and the sign that breaks up codes."""
    return re.sub(r"[\s\u2060\ufeff]", "", text)


def hostile_definition(file: Path, written: Written, known: dict[str, str]) -> Definition:
    """A definition of which every text is hostile. `known`: what became of a text before, so that
    the versions of a questionnaire stay comparable."""

    def change(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: change(name, entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [change("", entry) for entry in value]
        if key in _WRITTEN and isinstance(value, str):
            if value not in known:
                is_text = key in ("introduction", "help")
                known[value] = written.paragraphs() if is_text else written.line()
            return known[value]
        return value

    return parse_definition(write_toml(change("", tomllib.loads(file.read_text("utf-8")))))


def answer(questionnaire: Questionnaire, question: Question, turn: int, written: Written) -> Value:
    match question:
        case LongTextItem():
            return written.paragraphs()
        case ShortTextItem():
            return written.line()
        case GradeItem():
            return str(question.minimum + turn % (question.maximum - question.minimum + 1))
        case NumberItem():
            return Decimal(turn % 40)
    codes = [choice.code for choice in questionnaire.choices(question)]
    code = codes[turn % len(codes)]
    return (code,) if isinstance(question, MultipleItem) else code


def answers(questionnaire: Questionnaire, turn: int, written: Written) -> dict[str, Value]:
    given = {
        question.id: answer(questionnaire, question, turn + place, written)
        for place, question in enumerate(questionnaire.questions)
    }
    return settle(questionnaire, given)


class HostileMonitor:
    """`numbers`: of the regions, with a place in the alphabet before what is hostile in them.
    Waves 2010 and 2011 have questions of every kind, the last is open; those of 2021 and 2024 are
    compared on the pages of results. 2012 is planned, to read a file into."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.written = written = Written()
        accounts = store.accounts
        administrator = written.word("<b>*beheer*</b>:smile:$x$@[x](http://elders.example)")
        evaluator = written.word("<i>_eva_</i>https://elders.example:material/home:'--&lt;")
        self.administrator = accounts.add(administrator, Role.ADMINISTRATOR, PASSWORD).name or ""
        account = accounts.add(evaluator, Role.EVALUATOR, PASSWORD)
        self.evaluator = account.name or ""
        self.signed_in = {0, 1}  # the names of these two, of which one is on every page
        self.desk = store.seen_by(Person(f"account {account.id}", Role.EVALUATOR))
        self.numbers = [f"{place:02}" for place in range(1, 41)]
        self.numbers[:4] = [f"{number} {written.name()}" for number in self.numbers[:4]]
        self._keep_register()
        self.register = {*range(2, len(written))}  # the texts in it: each is shown somewhere
        self._answer()
        self.token = self._fill_in()
        self._correct()
        self._write_mails()
        self._merge()

    def _keep_register(self) -> None:
        written = self.written
        attributes = ("provincie", written.name(), written.name())
        values = {name: [written.name() for _ in range(3)] for name in attributes}
        self.desk.regions.keep_register(
            Register(
                {
                    number: {name: values[name][place % 3] for name in attributes}
                    for place, number in enumerate(self.numbers)
                },
                attributes,
                {number: written.name() for number in self.numbers},
                {
                    number: Contact(written.line(), f"leider{place}@regio.example")
                    for place, number in enumerate(self.numbers)
                },
            )
        )

    def _answer(self) -> None:
        """Whole waves at once; the regions that are mailed and that fill in have none yet."""
        known: dict[str, str] = {}
        files = {
            "2010": _TESTS / "previous_answers_before.toml",
            "2011": _TESTS / "previous_answers.toml",
            "2012": _TESTS / "all_types.toml",
            "2021": DEFINITIONS / "sto_programmaleiders_2021.toml",
            "2024": DEFINITIONS / "sto_programmaleiders_2024.toml",
        }
        self.definitions = {
            wave: hostile_definition(file, self.written, known) for wave, file in files.items()
        }
        for wave, definition in self.definitions.items():
            state = WaveState.PLANNED if wave == "2012" else WaveState.OPEN
            self.desk.waves.add(wave, definition, state=state)
            self.desk.waves.set_consent(wave, self.written.paragraphs())
        self._import("2010", self.numbers[:3])
        self._import("2021", self.numbers[8:])
        self._import("2024", self.numbers[8:])
        for wave in ("2010", "2021"):
            self.desk.waves.set_state(wave, WaveState.CLOSED)
        self.desk.waves.set_state("2021", WaveState.OPEN, self.written.line())
        self.desk.waves.set_state("2021", WaveState.CLOSED)

    def _import(self, wave: str, numbers: Iterable[str]) -> None:
        questionnaire = self.definitions[wave].questionnaire
        import_responses(
            self.desk,
            wave,
            {
                number: answers(questionnaire, place + int(wave), self.written)
                for place, number in enumerate(numbers)
            },
        )

    def _fill_in(self) -> str:
        """The first region answers all that is asked, with a reason for each large move."""
        token = self.desk.invitations.renew(self.numbers[0], "2011")
        forms = self.store.forms
        visit = forms.visit(token)
        consent = forms.consent(visit)
        form = forms.begin(visit, consent.content_hash if consent else None)
        previous = forms.previous_answers(visit, form)
        forms.keep_shown(visit, form, tuple(previous.values()))
        form = forms.find(visit) or form
        given = answers(self.definitions["2011"].questionnaire, 2013, self.written)
        remarks = {item: Remark(True, self.written.paragraphs()) for item in previous}
        forms.save(visit, form, given, remarks)
        forms.submit(visit, forms.find(visit) or form)
        return token

    def _correct(self) -> None:
        """One region is corrected, one set invalid, one is being corrected and one entered."""
        desk, line = self.desk, self.written.line
        for place in (8, 9, 10):
            number = self.numbers[place]
            visit = desk.entries.visit(number, "2024", Mode.TELEPHONE, line())
            form = desk.forms.begin(visit)
            if place == 8:
                desk.forms.submit(visit, form)
            if place == 9:
                desk.entries.discard(number, "2024")
                desk.entries.set_invalid(number, "2024", line())
        visit = desk.entries.visit(self.numbers[1], "2024", Mode.PAPER)
        consent = desk.forms.consent(visit)
        form = desk.forms.begin(visit, consent.content_hash if consent else None)
        (long,) = (
            q
            for q in self.definitions["2024"].questionnaire.questions
            if isinstance(q, LongTextItem)
        )
        desk.forms.save(visit, form, {long.id: self.written.paragraphs()})

    def _write_mails(self) -> None:
        """A text of its own; the mails themselves are queued."""
        subject = "<b>*Uitnodiging*</b> {{ regio }}"
        hostile = [line for line in LINES.values() if not re.search(r"\{[{%#]", line)]
        body = "\n".join(["{{ naam }} in {{ regio }}", *hostile, "{{ link }}", "{{ afzender }}"])
        self.desk.mail_texts.keep("2024", MailKind.INVITATION, MailText(subject, body))
        self.mail_body = body
        self.desk.outbox.queue("2024", MailKind.INVITATION, SENDER, self.numbers[:8])

    def _merge(self) -> None:
        on = local_day(clock.now()) - timedelta(days=1)
        kind = SuccessionKind.MERGE
        pair = tuple(self.numbers[2:4])
        self.desk.regions.record_succession(Succession(kind, on, pair, pair[:1]))
