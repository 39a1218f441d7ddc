"""Searching the audit trail: what is asked of it, and the lines that are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

PAGE_SIZE = 50

# What regions answered stands in the lines of these actions: only for who does the fieldwork.
ANSWER_ACTIONS = "answer."
HIDDEN = "niet zichtbaar"


@dataclass(frozen=True)
class TrailQuery:
    """Which lines. `since` and `until` are Dutch days, both included; `subject` is looked for in
    what a line is about, `text` in what was and what became. Empty asks nothing."""

    since: date | None = None
    until: date | None = None
    actor: str | None = None
    action: str | None = None
    subject: str = ""
    text: str = ""


@dataclass(frozen=True)
class TrailLine:
    """One line. An account in `actor` or `subject` has its present name beside its number, a
    response in `subject` its region and wave."""

    at: datetime
    actor: str
    action: str
    subject: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class TrailPage:
    """The lines of one page, newest first; `total`: how many were found; `number` counts from 1."""

    lines: list[TrailLine]
    total: int
    number: int


@dataclass(frozen=True)
class TrailChoices:
    """What the trail holds: `actors` by how they are stored, each as it is shown."""

    actors: Mapping[str, str]
    actions: list[str]


def count_pages(total: int) -> int:
    """At least one."""
    return max(1, -(-total // PAGE_SIZE))


def tell_query(query: TrailQuery, found: int) -> str:
    """An export as it stands in the trail itself: how many lines, and of which query.

    A text that was looked for could be a name. It is left out; only a subject that was found is
    told, since it stood in the trail already.
    """
    parts = [f"{found} {'regel' if found == 1 else 'regels'}"]
    if query.since:
        parts.append(f"van {query.since.isoformat()}")
    if query.until:
        parts.append(f"tot en met {query.until.isoformat()}")
    if query.actor:
        parts.append(f"wie {query.actor}")
    if query.action:
        parts.append(f"wat {query.action}")
    if query.subject:
        parts.append(f"waarover '{query.subject}'" if found else "waarover een zoektekst")
    if query.text:
        parts.append("met een zoektekst in oud of nieuw")
    return "; ".join(parts)
