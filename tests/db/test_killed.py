"""A server that is killed at any moment: what a respondent saw as saved is there."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

from db.safekeeping import find_faults
from db.store import Store
from surveys.fieldwork import Form, ResponseState
from tests.db.answering_work import ITEMS, answer_of
from tests.db.killable import Killable
from tests.db.scenes import open_wave, rows

SUBMISSIONS = 200
KILLS = 12


def test_200_submissions_on_a_server_that_is_killed_again_and_again(
    store: Store, raw: sqlite3.Connection, file: Path
) -> None:
    chance = random.Random(7)  # noqa: S311
    open_wave(store, *(f"{n:03}" for n in range(SUBMISSIONS)))
    store.outbox.invite("2024")
    tokens = [made.link.split("=")[1] for made in store.outbox.make_links("2024", "")]
    told: list[str] = []
    with Killable("answering_work", f"sqlite:///{file}", *tokens) as server:
        for _ in range(KILLS):
            begun, strike = len(told), chance.randint(1, 2 * SUBMISSIONS // KILLS)
            for count, line in enumerate(server.run(), start=1):
                told.append(line)
                if count == strike:
                    server.kill()
            assert server.exit_code == -9
            require_all(store, tokens, told[begun:])
        told += server.run()
        assert server.exit_code == 0
    require_all(store, tokens, told)
    final = "SELECT state, count(*) FROM response GROUP BY state"
    assert rows(raw, final) == [("final", SUBMISSIONS)]
    for number, token in enumerate(tokens):
        answers = read_form(store, token).answers
        assert [answers[item] for item in ITEMS] == [answer_of(number, item) for item in ITEMS]
    assert list(find_faults(file)) == []


def read_form(store: Store, token: str) -> Form:
    form = store.forms.find(store.forms.visit(token))
    assert form is not None
    return form


def require_all(store: Store, tokens: list[str], told: list[str]) -> None:
    """Everything that was told as saved or submitted is in the database."""
    forms = {n: read_form(store, tokens[int(n)]) for n in {line.split()[1] for line in told}}
    for line in told:
        what, number, *item = line.split()
        if what == "saved":
            assert forms[number].answers[item[0]] == answer_of(int(number), item[0])
        else:
            assert forms[number].state is ResponseState.FINAL
