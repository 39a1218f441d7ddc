"""Answers are kept as they were given, and never over those of another window."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from db.store import Store
from surveys.answers import MissingReason, Value
from surveys.fieldwork import Form, LinkRefused, ResponseState, StaleForm, Visit, WaveState
from tests.db.scenes import ALL_TYPES, begin, invite, on_disk, open_wave, rows, save
from tests.surveys.strategies import valid_answers

ITEMS = [question.id for question in ALL_TYPES.questionnaire.questions]
_numbers = count(1)


def form_of_new_region(store: Store) -> tuple[Visit, Form]:
    if not store.waves.all():
        open_wave(store)
    number = f"r{next(_numbers)}"
    store.regions.add([(number, number)])
    visit = invite(store, number)
    return visit, store.forms.begin(visit)


def found(store: Store, visit: Visit) -> Form:
    form = store.forms.find(visit)
    assert form is not None
    return form


def same(stored: dict[str, Value], given: dict[str, Value]) -> bool:
    """Equal in value and in kind: 'nvt' as a text is not the reason NOT_APPLICABLE."""
    kinds = {item: type(value) for item, value in stored.items()}
    return stored == given and kinds == {item: type(value) for item, value in given.items()}


@st.composite
def saves(draw: st.DrawFn) -> list[dict[str, Value | None]]:
    """A few saves one after another; None takes an answer away."""
    questionnaire = ALL_TYPES.questionnaire
    change = st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 3), min_size=1, max_size=4)
    return [
        {
            item: draw(valid_answers(questionnaire, questionnaire.question(item))) if kept else None
            for item, kept in draw(change).items()
        }
        for _ in range(draw(st.integers(1, 4)))
    ]


@on_disk
@given(changes=saves())
def test_what_was_saved_last_is_what_is_found(
    lasting_store: Store, changes: list[dict[str, Value | None]]
) -> None:
    visit, form = form_of_new_region(lasting_store)
    expected: dict[str, Value | None] = {}
    for change in changes:
        form = save(lasting_store, visit, form, change)
        expected |= change
    left = {item: value for item, value in expected.items() if value is not None}
    stored = found(lasting_store, visit)
    assert same(dict(stored.answers), left)
    assert stored == form


@pytest.mark.parametrize("item", ITEMS)
def test_every_kind_of_answer_comes_back_as_it_was(lasting_store: Store, item: str) -> None:
    questionnaire = ALL_TYPES.questionnaire

    @on_disk
    @given(valid_answers(questionnaire, questionnaire.question(item)))
    def comes_back(value: Value) -> None:
        visit, form = form_of_new_region(lasting_store)
        lasting_store.forms.save(visit, form, {item: value})
        assert same(dict(found(lasting_store, visit).answers), {item: value})

    comes_back()


@pytest.mark.parametrize(
    "number", ["0", "0.1", "59.9", "0.000001", "-0.000001", "123456789012345", "1234567.890123"]
)
def test_a_number_comes_back_with_all_its_decimals(store: Store, number: str) -> None:
    visit, form = begin(store)
    store.forms.save(visit, form, {"getal": Decimal(number)})
    assert found(store, visit).answers == {"getal": Decimal(number)}


def test_a_region_that_has_not_begun_has_no_form(store: Store) -> None:
    open_wave(store, "01")
    assert store.forms.find(invite(store)) is None


def test_beginning_twice_gives_the_same_form_with_its_answers(store: Store) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"cijfer": "8"})
    assert store.forms.begin(visit) == form == found(store, visit)
    assert form.state is ResponseState.DRAFT


def test_each_region_has_answers_of_its_own(store: Store) -> None:
    open_wave(store, "01", "02")
    first, second = invite(store, "01"), invite(store, "02")
    store.forms.save(first, store.forms.begin(first), {"cijfer": "8"})
    assert store.forms.begin(second).answers == {}
    assert found(store, first).answers == {"cijfer": "8"}


def test_the_respondent_resumes_in_the_section_left(store: Store) -> None:
    visit, form = begin(store)
    assert form.section is None
    store.forms.move_to_section(visit, form, "getypt")
    assert found(store, visit).section == "getypt"


def test_the_moment_of_saving_is_kept_in_utc(store: Store) -> None:
    visit, form = begin(store)
    assert form.saved_at is None
    _, moment = store.forms.save(visit, form, {"cijfer": "8"})
    assert found(store, visit).saved_at == moment
    assert moment.utcoffset() == timedelta(0)


def test_a_window_with_older_answers_is_refused_and_changes_nothing(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, old = begin(store)
    newer = save(store, visit, old, {"cijfer": "8", "kort": "eerst"})
    before = list(raw.iterdump())
    with pytest.raises(StaleForm):
        store.forms.save(visit, old, {"cijfer": "3"})
    with pytest.raises(StaleForm):
        store.forms.submit(visit, old)
    assert list(raw.iterdump()) == before
    assert found(store, visit) == newer


def test_a_submitted_response_cannot_be_saved_over(store: Store) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "1"})
    final = store.forms.submit(visit, form)
    for window in (form, final):
        with pytest.raises(StaleForm):
            store.forms.save(visit, window, {"schaal": "3"})
    assert found(store, visit) == final


def test_an_impossible_answer_takes_the_whole_save_back(store: Store) -> None:
    visit, form = begin(store)
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        store.forms.save(visit, form, {"cijfer": "8", "schaal": "6"})
    assert found(store, visit) == form


def shut_link(store: Store, raw: sqlite3.Connection, way: str) -> str:
    """Make the link useless in one of the ways there are; the code of the refusal."""
    match way:
        case "closed":
            store.waves.set_state("2024", WaveState.CLOSED)
        case "planned":
            raw.execute("UPDATE wave SET state = 'planned'")
            raw.commit()
        case "withdrawn":
            store.invitations.withdraw("01", "2024")
        case "replaced":
            store.invitations.renew("01", "2024")
            return "withdrawn"
        case "expired":
            raw.execute("UPDATE invitation SET expires_at = '2024-01-01 00:00:00'")
            raw.commit()
    return way


@pytest.mark.parametrize("way", ["closed", "planned", "withdrawn", "replaced", "expired"])
def test_a_link_that_stops_working_meanwhile_refuses_every_change(
    store: Store, raw: sqlite3.Connection, way: str
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"schaal": "2"})
    code = shut_link(store, raw, way)
    for change in (
        lambda: store.forms.save(visit, form, {"schaal": "3"}),
        lambda: store.forms.submit(visit, form),
        lambda: store.forms.begin(visit),
    ):
        with pytest.raises(LinkRefused) as refused:
            change()
        assert refused.value.code == code
    assert found(store, visit) == form


@pytest.mark.parametrize("way", ["closed", "planned", "withdrawn", "expired"])
def test_a_link_that_does_not_work_opens_nothing(
    store: Store, raw: sqlite3.Connection, way: str
) -> None:
    open_wave(store, "01")
    token = store.invitations.renew("01", "2024")
    assert store.forms.visit(token).region_name == "Regio 01"
    code = shut_link(store, raw, way)
    with pytest.raises(LinkRefused) as refused:
        store.forms.visit(token)
    assert refused.value.code == code


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "é\x00"])
def test_an_unknown_token_opens_nothing(store: Store, token: str) -> None:
    open_wave(store, "01")
    invite(store)
    with pytest.raises(LinkRefused) as refused:
        store.forms.visit(token)
    assert refused.value.code == "unknown"


def test_a_link_opens_until_its_last_day_only(store: Store) -> None:
    open_wave(store, "01")
    soon = datetime.now(UTC) + timedelta(days=1)
    store.forms.visit(store.invitations.renew("01", "2024", expires_at=soon))
    token = store.invitations.renew("01", "2024", expires_at=soon - timedelta(days=2))
    with pytest.raises(LinkRefused, match="verlopen"):
        store.forms.visit(token)


def test_dont_know_is_kept_apart_from_an_answer_and_from_a_blank(
    store: Store, raw: sqlite3.Connection
) -> None:
    visit, form = begin(store)
    save(store, visit, form, {"getal": MissingReason.DONT_KNOW, "meer": ("a", "b")})
    assert rows(raw, "SELECT item, code, number FROM answer ORDER BY item") == [
        ("getal", "weet_niet", None),
        ("meer", None, None),
    ]
    assert rows(raw, "SELECT code FROM answer_choice ORDER BY code") == [("a",), ("b",)]
