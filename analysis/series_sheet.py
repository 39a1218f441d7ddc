"""Released series of three waves or more as columns: the waves, the test, the waves two by two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from analysis.columns import COUNT, FRACTION, MEAN, POINTS, TEXT, Cell, Column, P
from analysis.disclosure import SUPPRESSED, ReleasedRow
from analysis.measures import PROPORTION
from analysis.method_wording import tell_adjusted
from analysis.series_estimates import are_years
from analysis.series_wording import is_over_all_withheld, tell_statistic, tell_trend
from analysis.wording import FEW_MORE

_Read = Callable[[ReleasedRow], Cell]


def series_columns(rows: Sequence[ReleasedRow]) -> Iterator[Column]:
    """`rows` are of one measure."""
    waves = [value["wave"] for value in rows[0]["values"]]
    yield _texts(rows, "Vraag", lambda row: row["text"])
    yield _texts(rows, "Wat is gemeten", lambda row: row["label"])
    for place, wave in enumerate(waves):
        yield from _wave_columns(rows, wave, place)
    yield _column(rows, "Uitkomst", TEXT, lambda row: row["outcome"])
    yield _column(
        rows,
        "Toets",
        TEXT,
        lambda row: None if row["statistic"] is None else f"{row['test']}: {tell_statistic(row)}",
    )
    yield _column(rows, "p", P, lambda row: row["p"])
    yield _column(rows, tell_adjusted(rows[0]), P, lambda row: row["p_adjusted"])
    yield from _over_all_columns(rows, waves)
    places = max(range(len(rows)), key=lambda number: len(rows[number]["pairwise"]))
    for place, pair in enumerate(rows[places]["pairwise"]):
        yield from _pair_columns(rows, f"{pair['wave_before']}-{pair['wave_after']}", place)
    yield _texts(
        rows, "Opmerking", lambda row: " ".join(filter(None, (row["reason"], row["footnote"])))
    )


def _column(rows: Sequence[ReleasedRow], heading: str, kind: str, read: _Read) -> Column:
    """A column of which a suppressed row says so."""
    cells = []
    for row in rows:
        value = read(row)
        cells.append(SUPPRESSED if value is None and row.is_suppressed else value)
    return Column(heading, kind, tuple(cells))


def _texts(rows: Sequence[ReleasedRow], heading: str, read: Callable[[ReleasedRow], str]) -> Column:
    return Column(heading, TEXT, tuple(read(row) for row in rows))


def _level(rows: Sequence[ReleasedRow]) -> tuple[str, str]:
    """What kind the values are, and what is said of them in a heading."""
    return (FRACTION, "%") if rows[0]["measure"] == PROPORTION else (MEAN, "gemiddelde")


def _wave_columns(rows: Sequence[ReleasedRow], wave: str, place: int) -> Iterator[Column]:
    level, sign = _level(rows)
    columns = [(f"{wave} ({sign})", level, "value")]
    if level == FRACTION:
        columns.append((f"{wave} (aantal regio's)", COUNT, "count"))
    columns += [
        (f"{wave} (regio's met antwoord)", COUNT, "n"),
        (f"{wave} ondergrens 95%-interval ({sign})", level, "ci_low"),
        (f"{wave} bovengrens 95%-interval ({sign})", level, "ci_high"),
    ]
    for heading, kind, name in columns:
        yield _column(rows, heading, kind, _read_wave(place, name))


def _read_wave(place: int, name: str) -> _Read:
    def read(row: ReleasedRow) -> Cell:
        found: Cell = row["values"][place].get(name)
        return found

    return read


def _over_all_columns(rows: Sequence[ReleasedRow], waves: Sequence[str]) -> Iterator[Column]:
    """The trend, and what all regions said that answered in a wave."""

    def unless_few(read: _Read) -> _Read:
        return lambda row: FEW_MORE if is_over_all_withheld(row) else read(row)

    unit = "jaar" if are_years(waves) else "meting"
    level, sign = _level(rows)
    told = unless_few(lambda row: None if row["trend"] is None else tell_trend(row))
    yield _column(rows, f"Trend per {unit}", TEXT, told)
    yield _column(rows, "p van de trend", P, unless_few(lambda row: row["trend_p"]))
    for place, wave in enumerate(waves):
        for heading, kind, name in ((sign, level, "value_all"), ("aantal", COUNT, "n_all")):
            yield _column(
                rows,
                f"Alle regio's: {wave} ({heading})",
                kind,
                unless_few(_read_wave(place, name)),
            )


def _pair_columns(rows: Sequence[ReleasedRow], waves: str, place: int) -> Iterator[Column]:
    points, unit = (POINTS, "procentpunten") if _level(rows)[0] == FRACTION else (MEAN, "punten")
    for heading, kind, name in (
        (f"verschil ({unit})", points, "change"),
        (f"ondergrens 95%-interval ({unit})", points, "ci_low"),
        (f"bovengrens 95%-interval ({unit})", points, "ci_high"),
        ("p", P, "p"),
        (tell_adjusted(rows[0]), P, "p_adjusted"),
        ("uitkomst", TEXT, "outcome"),
    ):
        yield _column(rows, f"{waves}: {heading}", kind, _read_pair(place, name))


def _read_pair(place: int, name: str) -> _Read:
    def read(row: ReleasedRow) -> Cell:
        if place >= len(row["pairwise"]):
            return None
        pair: ReleasedRow = row["pairwise"][place]
        found: Cell = pair[name]
        return SUPPRESSED if found is None and pair.is_suppressed else found

    return read
