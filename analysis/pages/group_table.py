"""The table of one question per group of regions, with the tests of difference under it."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.decision import ALPHA
from analysis.disclosure import (
    ReleasedRow,
)
from analysis.measures import PROPORTION
from analysis.method_wording import ADJUSTMENTS, tell_adjusted
from analysis.pages.result_page import (
    show_notes,
    show_table,
)
from analysis.settings import INDEPENDENT, Settings
from analysis.subgroups import (
    GroupDifference,
    GroupTest,
)
from analysis.wording import (
    tell_absence,
    tell_after,
    tell_before,
    tell_difference,
    tell_interval,
    tell_outcome,
    tell_share,
)
from surveys.dutch import format_p

_ALL = "alle regio's"


def show_question(
    rows: Sequence[ReleasedRow], difference: GroupDifference | None, settings: Settings
) -> None:
    """The table of the groups, with under it whether they differ; only the reason where there is
    nothing to tell of all regions."""
    first = rows[0]
    is_proportion = first["measure"] == PROPORTION
    is_absent = bool(tell_absence(first))
    label = f": {first['label']}" if first["label"] else ""
    show_table(
        first["text"] + label,
        [
            begin_with_capital(first["attribute"]),
            first["wave_before"],
            first["wave_after"],
            *([] if is_proportion else ["Regio's"]),
            f"Verschil in {'procentpunten' if is_proportion else 'punten'} (95%-interval)",
            "Uitkomst",
            "p",
            tell_adjusted(first),
        ],
        map(_cells, rows[:1] if is_absent else rows),
    )
    if difference is not None and not is_absent:
        show_notes(_tell_tests(difference, settings, len(rows) - 1))


def _cells(row: ReleasedRow) -> list[str]:
    name = row["group"] or _ALL
    bases = (
        (row["n_before"], row["n_after"])
        if row["design"] == INDEPENDENT
        else (row["n_pairs"], row["n_pairs"])
    )
    if row.is_suppressed and None not in bases:
        what = "percentages" if row["measure"] == PROPORTION else "gemiddelden"
        return [name, f"{_tell_bases(bases)} regio's: te weinig voor {what}"]
    if absence := tell_absence(row):
        return [name, absence + (f": {row['reason']}" if row["reason"] else "")]
    interval = tell_interval(row)
    return [
        name,
        tell_share(tell_before(row), row["count_before"], bases[0]),
        tell_share(tell_after(row), row["count_after"], bases[1]),
        *([] if row["measure"] == PROPORTION else [_tell_bases(bases)]),
        tell_difference(row, row["change"], sign=True) + (f" ({interval})" if interval else ""),
        tell_outcome(row),
        _tell_p(row["p"]),
        _tell_p(row["p_adjusted"]),
    ]


def begin_with_capital(text: str) -> str:
    """The other letters stay as they were written."""
    return text[:1].upper() + text[1:]


def _tell_bases(bases: tuple[int, int]) -> str:
    return " en ".join(map(str, dict.fromkeys(bases)))


def _tell_p(p: float | None) -> str:
    return "–" if p is None else format_p(p).replace(" ", "\u00a0")


# The tests of difference between groups


def _tell_tests(difference: GroupDifference, settings: Settings, groups: int) -> str:
    """'Verschil tussen de 3 groepen: in 2024 niet aangetoond (p = 0,410; 36 regio's); in ...'"""
    level, change = difference.level, difference.change
    reasons = dict.fromkeys(test.reason for test in (level, change) if test.p is None)
    if len(reasons) == 1 and level.p is None and change.p is None:
        return f"Verschil tussen de groepen: niet getoetst. {level.reason}"
    who = f"{'getoonde ' if level.groups < groups else ''}groepen"
    # where the waves are of other regions the change is over the answers of both
    bases = f"; {level.n} regio's", "" if change.n == level.n else f"; {change.n} antwoorden"
    told, also = (
        _tell_result(test, base, settings)
        for test, base in zip((level, change), bases, strict=True)
    )
    sentence = (
        f"Verschil tussen de {level.groups} {who}: in {difference.wave_after} {told}; in de "
        f"verandering {also}."
    )
    return " ".join([sentence, *reasons])


def _tell_result(test: GroupTest, base: str, settings: Settings) -> str:
    is_adjusted = settings.stars == "adjusted"
    p = test.p_adjusted if is_adjusted else test.p
    if p is None:
        return "niet getoetst"
    name = f"p ({ADJUSTMENTS[settings.adjustment]})" if is_adjusted else "p"
    told = f"{name} {_tell_p(p)}" if p < 0.001 else f"{name} = {_tell_p(p)}"
    told = told.replace(" ", "\u00a0")
    return f"{'' if p < ALPHA else 'niet '}aangetoond ({told}{base})"


# Notes
