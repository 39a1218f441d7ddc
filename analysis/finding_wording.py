"""What a released table says, in one Dutch sentence."""

from __future__ import annotations

from typing import Any

from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.priorities import URGENT
from analysis.wording import tell_amount
from surveys.dutch import format_percentage


def tell_changes(table: ReleasedTable, what: tuple[str, str]) -> str:
    """'Urgentie: 2 van de 8 aandachtspunten veranderden aantoonbaar'.

    `what` names the rows, in the singular and the plural. Rows that were not tested, or
    are suppressed, do not count.
    """
    tested = [row for row in table.rows if row["p"] is not None]
    if not tested:
        return f"{table.title}: geen {what[1]} om te vergelijken"
    stars = sum(row.has_star for row in tested)
    name = what[0] if len(tested) == 1 else what[1]
    verb = "veranderden" if stars > 1 else "veranderde"
    return f"{table.title}: {stars or 'geen'} van de {len(tested)} {name} {verb} aantoonbaar"


_POINTS = ("aandachtspunt", "aandachtspunten")


def tell_yields(table: ReleasedTable, what: tuple[str, str] = _POINTS) -> str:
    """At how many rows more than half of the regions are in the headline share of the scale.

    `what` names one row, and several. Of several waves the last is told of.
    """
    headlines = [row["totals"][0] for row in _in_last_wave(table) if row["totals"] and row["n"]]
    if not headlines:
        return table.title
    most = sum(headline["value"] > 0.5 for headline in headlines)
    many = "alle" if 1 < most == len(headlines) else f"{most} van de"
    return (
        f"{table.title}: bij {many} {len(headlines)} "
        f"{what[len(headlines) > 1]} antwoordt meer dan de helft van de regio's "
        f"'{headlines[0]['label']}'"
    )


def last_wave(table: ReleasedTable) -> str:
    """Of the rows of one or more waves, which a table holds in time order."""
    return str(table.rows[-1]["wave"]) if table.rows else ""


def _in_last_wave(table: ReleasedTable) -> list[ReleasedRow]:
    return [row for row in table.rows if row["wave"] == last_wave(table)]


def tell_attention(table: ReleasedTable) -> str:
    shown = [row for row in _in_last_wave(table) if row["shares"] and row["n"]]
    if not shown:
        return table.title
    more = sum(extremes(row)[1]["count"] > extremes(row)[0]["count"] for row in shown)
    verb = "krijgt" if more == 1 else "krijgen"
    return (
        f"{table.title}: {more} van de {len(shown)} activiteiten {verb} vaker veel dan minder "
        "aandacht"
    )


def tell_anchoring(table: ReleasedTable) -> str:
    first = next((row for row in table.rows if row["value"] is not None), None)
    if first is None:
        return table.title
    return (
        f"{table.title}: {tell_amount(first, first['value'])} van de regio's is ermee bezig "
        f"({first['count']} van {first['n']})"
    )


def tell_index(table: ReleasedTable) -> str:
    row = next((row for row in _in_last_wave(table) if row["shares"] and row["n"]), None)
    if row is None:
        return table.title
    lowest, highest = extremes(row)
    return (
        f"{table.title}: {format_percentage(highest['value'])} {highest['label']}, "
        f"{format_percentage(lowest['value'])} {lowest['label']}"
    )


def tell_priorities(table: ReleasedTable) -> str:
    """At how many concepts of the wave that is shown urgency was shown to be above the yields."""
    rows = [row for row in table.rows if row["wave"] == table.rows[0]["wave"]]
    tested = [row for row in rows if row["p_adjusted"] is not None]
    if not tested:
        return f"{table.title}: geen aandachtspunten om te vergelijken"
    urgent = sum(row["standing"] == URGENT for row in tested)
    if not urgent:
        return (
            f"{table.title}: bij geen enkel aandachtspunt is aangetoond dat het vaker urgent is "
            "dan dat er opbrengst is"
        )
    verb = "is" if urgent == 1 else "zijn"
    name = "aandachtspunt" if len(tested) == 1 else "aandachtspunten"
    return (
        f"{table.title}: {urgent} van de {len(tested)} {name} {verb} aantoonbaar vaker urgent dan "
        "dat er opbrengst is"
    )


def extremes(row: ReleasedRow) -> tuple[dict[str, Any], dict[str, Any]]:
    """The lowest and the highest answer of a distribution."""
    return row["shares"][0], row["shares"][-1]
