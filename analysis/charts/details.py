"""What a pointer over a row tells: the counts, the change with its interval, p and effect."""

from __future__ import annotations

import altair as alt

from analysis.charts.canvas import Layers, Rows, chart_of, place_y
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.method_wording import tell_adjusted
from analysis.settings import INDEPENDENT
from analysis.wording import (
    tell_after,
    tell_before,
    tell_difference,
    tell_interval,
    tell_outcome,
    tell_p,
    tell_share,
)
from surveys.dutch import format_number

EFFECTS = {
    "difference": "verschil",
    "mean_difference": "verschil van gemiddelden",
    "conditional_odds_ratio": "voorwaardelijke kansverhouding",
    "odds_ratio": "kansverhouding",
    "matched_rank_biserial": "rangbiseriële correlatie, gepaard",
    "rank_biserial": "rangbiseriële correlatie",
    "relative_effect": "relatief effect",
    "cohen_dz": "Cohens dz",
    "hedges_g": "Hedges' g",
}


def draw_details(table: ReleasedTable, rows: Rows, marks: int, unit: str) -> Layers:
    """An unseen strip over the marks of each row of a comparison, so that nobody need hit a point.

    `marks` is how high they are in pixels, `unit` that of a difference.
    """
    strips = [
        band.as_data(
            **_tell_change(band.row, unit),
            over=band.middle - marks // 2,
            under=band.middle + marks // 2,
        )
        for band in rows.bands
        if band.row["value_after"] is not None
    ]
    return [
        chart_of(strips)
        .mark_rect(color="transparent", cursor="pointer")
        .encode(
            x=alt.value(0),
            x2=alt.value("width"),
            y=place_y(rows, "over"),
            y2="under:Q",
            tooltip=_make_tooltip(table),
        )
    ]


def _make_tooltip(table: ReleasedTable) -> list[alt.Tooltip]:
    if not table.rows:
        return []
    first = table.rows[0]
    titles = {
        "question": "vraag",
        "before": f"meting {first['wave_before']}",
        "after": f"meting {first['wave_after']}",
        "difference": "verschil (95%-interval)",
        "p": "p",
        "p_adjusted": tell_adjusted(first),
        "effect": "effect",
        "told_outcome": "uitkomst",
    }
    if first["adjustment"] == "none":
        del titles["p_adjusted"]
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _tell_change(row: ReleasedRow, unit: str) -> dict[str, str]:
    interval = tell_interval(row)
    before, after = (
        ("n_before", "n_after") if row["design"] == INDEPENDENT else ("n_pairs", "n_pairs")
    )
    return {
        "question": row["text"],
        "before": _tell_value(tell_before(row), row["count_before"], row[before]),
        "after": _tell_value(tell_after(row), row["count_after"], row[after]),
        "difference": f"{tell_difference(row, row['change'], sign=True)} {unit}"
        + (f" ({interval})" if interval else ""),
        "p": tell_p(row["p"]),
        "p_adjusted": tell_p(row["p_adjusted"]),
        "effect": tell_effect(row),
        "told_outcome": tell_outcome(row),
    }


def _tell_value(amount: str, count: int | None, base: int | None) -> str:
    """'57% (24 van 42)', or a mean with its base: '7,5 (42 regio's)'."""
    if count is None and base is not None:
        return f"{amount} ({base} regio's)"
    return tell_share(amount, count, base)


def tell_effect(row: ReleasedRow) -> str:
    """'6,50 (voorwaardelijke kansverhouding)'; of one without end the lower limit of its 95%
    interval; '–' where there is neither."""
    if row["effect"] is not None:
        return f"{format_number(row['effect'], 2)} ({EFFECTS[row['effect_name']]})"
    if row["effect_low"] is not None:
        return f"meer dan {format_number(row['effect_low'], 2)} ({EFFECTS[row['effect_name']]})"
    return "–"
