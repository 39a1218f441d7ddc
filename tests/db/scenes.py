"""Waves, regions and forms to begin a test with."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from db import steps
from db.store import Store
from surveys.answers import Answers, Value
from surveys.definition import Definition, read_definition
from surveys.fieldwork import Form, Visit, WaveState

# No property is about speed, and every example writes to a disk.
on_disk = settings(
    deadline=None,
    max_examples=30,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow],
)

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ALL_TYPES = read_definition(DEFINITIONS / "all_types.toml")


def open_wave(
    store: Store, *regions: str, name: str = "2024", definition: Definition = ALL_TYPES
) -> None:
    store.waves.add(name, definition, state=WaveState.OPEN)
    store.regions.add([(number, f"Regio {number}") for number in regions])


def invite(store: Store, region: str = "01", wave: str = "2024") -> Visit:
    return store.forms.visit(store.invitations.renew(region, wave))


def begin(store: Store, region: str = "01", wave: str = "2024") -> tuple[Visit, Form]:
    """An open wave with one region that began to fill in."""
    open_wave(store, region, name=wave)
    visit = invite(store, region, wave)
    return visit, store.forms.begin(visit)


def save(store: Store, visit: Visit, form: Form, changes: Mapping[str, Value | None]) -> Form:
    """Save, and give the form as the window then knows it."""
    revision, saved_at = store.forms.save(visit, form, changes)
    answers = {
        item: value for item, value in {**form.answers, **changes}.items() if value is not None
    }
    return replace(form, revision=revision, saved_at=saved_at, answers=answers)


def import_responses(store: Store, wave: str, responses: Mapping[str, Answers]) -> None:
    """Final responses, by region number, as from a file: all of them or none."""
    with store._database.write() as session:
        row = steps.wave_row(session, wave)
        questionnaire = steps.questionnaire_of(session, row.questionnaire_id)
        steps.add_final_responses(session, row, questionnaire, responses, store.person.name)


def rows(raw: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    return raw.execute(query).fetchall()
