"""The audit trail: who did what, when; searched, and taken out as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from db.store import Store
from surveys.dutch import format_date, format_time, read_day
from surveys.pages.storage import current_store, store_at_click
from surveys.pages.visitor import require
from surveys.plain_text import escape_html
from surveys.roles import Right
from surveys.trail.export import MOST_ROWS, to_csv, to_xlsx
from surveys.trail.query import (
    HIDDEN,
    TrailChoices,
    TrailLine,
    TrailPage,
    TrailQuery,
    count_pages,
)
from surveys.trail.words import tell_action, tell_actor, tell_subject, tell_value

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EVERYBODY, _EVERYTHING = "iedereen", "alles"
_COLUMNS = {"Wanneer en wie": "30%", "Wat en waarover": "35%", "Wat er veranderde": "35%"}
_MOST_SHOWN = 400  # signs of one text; a download has all of it


@dataclass(frozen=True)
class _Period:
    since: date | None
    until: date | None
    faults: list[str]


def show_page() -> None:
    require(Right.READ_TRAIL)
    st.title("Logboek", anchor=False)
    st.text(
        "Hier staat wie wat deed, en wanneer. Regels komen erbij; niemand kan ze wijzigen of "
        "verwijderen. Accounts staan er met een nummer in: de naam erachter is die van nu."
    )
    store = current_store()
    query, faults = _ask(store.trail.choices())
    for fault in faults:
        st.error(fault)
    if not faults:
        _show_found(store, query)


def _ask(choices: TrailChoices) -> tuple[TrailQuery, list[str]]:
    """What is looked for, and what is wrong with it."""
    with st.form("zoeken"):
        left, right = st.columns(2)
        since = left.text_input("Van (dag-maand-jaar)", key="van")
        until = right.text_input("Tot en met (dag-maand-jaar)", key="tot")
        left, right = st.columns(2)
        actor = left.selectbox(
            "Wie",
            ["", *choices.actors],
            format_func=lambda actor: tell_actor(choices.actors[actor]) if actor else _EVERYBODY,
            key="wie",
        )
        action = right.selectbox(
            "Wat",
            ["", *sorted(choices.actions, key=tell_action)],
            format_func=lambda action: tell_action(action) if action else _EVERYTHING,
            key="wat",
        )
        left, right = st.columns(2)
        subject = left.text_input("Waarover, bijvoorbeeld regio 01", key="waarover")
        text = right.text_input("Tekst in oud of nieuw", key="tekst")
        st.form_submit_button("Zoeken", type="primary")
    period = _read_period(since, until)
    query = TrailQuery(
        since=period.since,
        until=period.until,
        actor=actor if actor in choices.actors else None,
        action=action if action in choices.actions else None,
        subject=subject.strip(),
        text=text.strip(),
    )
    return query, period.faults


def _read_period(since: str, until: str) -> _Period:
    days: list[date | None] = []
    faults: list[str] = []
    for label, typed in (("Van", since), ("Tot en met", until)):
        day = read_day(typed)
        days.append(day)
        if typed.strip() and day is None:
            faults.append(f"{label}: dit is geen datum. Typ bijvoorbeeld 3-11-2026.")
    first, last = days
    if first and last and first > last:
        faults.append("De eerste dag komt na de laatste. Draai ze om.")
    return _Period(first, last, faults)


def _show_found(store: Store, query: TrailQuery) -> None:
    key = f"bladzijde-{hash(query)}"
    page = store.trail.find(query, st.session_state.get(key, 1))
    pages = count_pages(page.total)
    if pages > 1:
        st.selectbox(
            "Bladzijde, de nieuwste regels eerst",
            range(1, pages + 1),
            format_func=lambda number: f"bladzijde {number} van {pages}",
            key=key,
            width=320,
        )
    with st.container(key="uitkomst"):
        st.text(_tell_count(page))
    if not page.lines:
        return
    st.html(_table(page.lines))
    _show_downloads(query, page.total)


def _tell_count(page: TrailPage) -> str:
    if not page.total:
        return "Er zijn geen regels gevonden."
    regels = "regel" if page.total == 1 else "regels"
    pages = count_pages(page.total)
    place = f" Dit is bladzijde {page.number} van {pages}." if pages > 1 else ""
    return f"{page.total} {regels} gevonden, de nieuwste eerst.{place}"


def _table(lines: Sequence[TrailLine]) -> str:
    heads = "".join(
        f'<th scope="col" style="width:{width}">{heading}</th>'
        for heading, width in _COLUMNS.items()
    )
    rows = "".join(f"<tr>{_cells(line)}</tr>" for line in lines)
    return (
        '<table class="ontvangst" style="table-layout:fixed;font-size:.875rem">'
        '<caption class="toelichting" style="text-align:left">Regels van het logboek</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _cells(line: TrailLine) -> str:
    moment = f"{format_date(line.at)}, {format_time(line.at)}"
    cells = (
        f"{moment}<br>{_write(tell_actor(line.actor))}",
        f"<strong>{_write(tell_action(line.action))}</strong><br>"
        f"{_write(tell_subject(line.subject))}",
        "<br>".join(_changes(line)),
    )
    return "".join(f'<td style="width:auto;hyphens:auto">{cell}</td>' for cell in cells)


def _changes(line: TrailLine) -> Iterator[str]:
    if HIDDEN in (line.old, line.new):
        yield f'<span class="toelichting">{HIDDEN}</span>'
        return
    for label, value in (("oud", line.old), ("nieuw", line.new)):
        if value is not None:
            told = _write(tell_value(line.action, value))
            yield f'<span class="toelichting">{label}:</span> {told}'


def _write(text: str) -> str:
    """As plain text whose writing direction does not turn that of its neighbours."""
    beyond = len(text) - _MOST_SHOWN
    cut = f"{text[:_MOST_SHOWN]}… (nog {beyond} tekens: zie de download)" if beyond > 0 else text
    return f"<bdi>{escape_html(cut)}</bdi>"


def _show_downloads(query: TrailQuery, total: int) -> None:
    st.subheader("Downloaden", anchor=False)
    st.text(
        "In het bestand staan alle gevonden regels, ook die van andere bladzijden. Dat u ze "
        "downloadt, komt in het logboek. Er kunnen namen in staan: bewaar het bestand veilig."
    )
    at_click = store_at_click()
    kinds: list[tuple[str, str, str, Callable[[], bytes]]] = [
        ("CSV", "csv", "text/csv", lambda: to_csv(at_click().trail.export(query))),
    ]
    if total < MOST_ROWS:
        kinds.append(("Excel", "xlsx", _EXCEL, lambda: to_xlsx(at_click().trail.export(query))))
    with st.container(horizontal=True):
        for label, suffix, mime, make in kinds:
            st.download_button(
                f"Regels ({label})",
                data=make,
                file_name=f"logboek-{datetime.now().astimezone():%Y-%m-%d}.{suffix}",
                mime=mime,
                on_click="ignore",
                key=f"logboek-{suffix}",
            )


show_page()
