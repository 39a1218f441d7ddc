"""An open wave in a database of its own, respondents who fill it in, and what was kept."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.window import Window
from db.store import open_store
from surveys.answers import MISSING_LABELS
from surveys.definition import DEFINITIONS, read_definition
from surveys.fieldwork import WaveState
from surveys.pages.entrance.link_cookie import link_cookie, link_handle

WAVE = "2024"
DEFINITION = DEFINITIONS / "sto_programmaleiders_2024.toml"


@dataclass(frozen=True)
class Fieldwork:
    """A database file, and the link's token of each region."""

    path: Path
    tokens: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def saved(self) -> dict[int, list[tuple[str, str]]]:
        """Per region id, in order, what the audit log says was saved: (item, code)."""
        saved: dict[int, list[tuple[str, str]]] = {}
        with closing(sqlite3.connect(self.path)) as database:
            for region, subject, code in database.execute(
                "SELECT invitation.region_id, audit.subject, audit.new FROM audit JOIN invitation"
                " ON audit.actor = 'invitation ' || invitation.id"
                " WHERE audit.action = 'answer.saved' ORDER BY audit.id"
            ):
                saved.setdefault(region, []).append((subject.partition(", ")[2], code))
        return saved

    def stored(self) -> dict[int, dict[str, str]]:
        """Per region id the answers as they now stand: item -> code."""
        stored: dict[int, dict[str, str]] = {}
        with closing(sqlite3.connect(self.path)) as database:
            for region, item, code in database.execute(
                "SELECT response.region_id, answer.item, answer.code FROM answer"
                " JOIN response ON response.id = answer.response_id"
            ):
                stored.setdefault(region, {})[item] = code
        return stored


@contextmanager
def open_fieldwork(folder: Path, regions: int) -> Iterator[Fieldwork]:
    """An open wave in which every region has its personal link."""
    path = folder / "monitor.sqlite"
    store = open_store(f"sqlite:///{path}")
    numbers = [f"{number:04d}" for number in range(1, regions + 1)]
    store.waves.add(WAVE, read_definition(DEFINITION), state=WaveState.OPEN)
    store.regions.add((number, f"Regio {number}") for number in numbers)
    tokens = tuple(store.invitations.renew(number, WAVE) for number in numbers)
    store.close()
    yield Fieldwork(path, tokens)


class Respondent:
    """Someone who answers the radios of the first section, over and over."""

    def __init__(self, stream: str, token: str, seed: int) -> None:
        handle = link_handle(token)
        self.window = Window(stream, f"vragenlijst={handle}", {link_cookie(handle): token})
        self.given: list[tuple[str, str]] = []  # (item, label), in order
        self._random = random.Random(seed)  # noqa: S311
        self._now: dict[str, str] = {}

    async def begin(self) -> None:
        await self.window.open()
        await self.window.click("beginnen")

    async def answer(self) -> float:
        """Change one radio; the seconds until the page had finished."""
        radios = {k: w for k, w in self.window.drawn.items() if k.startswith("vraag-")}
        key = self._random.choice(sorted(radios))
        others = [label for label in radios[key].options if label != self._now.get(key)]
        label = self._random.choice(others)
        self._now[key] = label
        self.given.append((key.removeprefix("vraag-"), label))
        return await self.window.rerun({key: label})


def lost_answers(fieldwork: Fieldwork, respondents: list[Respondent]) -> int:
    """How many given answers the database does not have.

    Held against the audit log, which has a line for each saved answer, and against
    the answers as they stand at the end.
    """
    codes = _codes()
    saved, stored = fieldwork.saved(), fieldwork.stored()
    lost = 0
    for region, respondent in enumerate(respondents, start=1):
        given = [(item, codes[label]) for item, label in respondent.given]
        found = list(saved.get(region, []))
        for answer in given:
            if answer in found:
                found.remove(answer)
            else:
                lost += 1
        lost += sum(stored.get(region, {}).get(i) != code for i, code in dict(given).items())
    return lost


def _codes() -> dict[str, str]:
    """The code behind each label of the first section's radios."""
    questionnaire = read_definition(DEFINITION).questionnaire
    question = questionnaire.sections[0].questions[0]
    labels = {choice.label: choice.code for choice in questionnaire.choices(question)}
    return labels | {label: reason.value for reason, label in MISSING_LABELS.items()}
