"""A released series of three waves or more in Dutch: its test, its trend, the finding."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.measures import PROPORTION
from analysis.method_wording import INTERVALS, tell_which_p
from analysis.series_estimates import are_years
from analysis.wave_series import WaveSeries
from analysis.wording import tell_amount, tell_difference, tell_p, tell_share
from surveys.dutch import format_list, format_number, format_p

_SAME, _OTHER = "voor dezelfde regio's in elke meting", "voor verschillende regio's per meting"
SERIES_TESTS = {
    "cochran_q": f"de Q-toets van Cochran {_SAME}",
    "friedman": f"de toets van Friedman {_SAME}",
    "gee_waves": "de Wald-toets van een GEE-model",
    "kruskal_wallis": f"de toets van Kruskal en Wallis {_OTHER}",
    "welch_anova": f"de F-toets van Welch {_OTHER}",
    "cochran_armitage": f"de trendtoets van Cochran en Armitage {_OTHER}",
}
TREND_TESTS = {
    "gee_trend": "een GEE-model over alle antwoorden",
    "cochran_armitage": "de toets van Cochran en Armitage",
}
_STATISTICS = {"q": "Q", "chi2": "χ²", "h": "H", "f": "F"}


def name_waves(table: ReleasedTable) -> list[str]:
    """The waves of a table of series, earliest first."""
    return [value["wave"] for value in table.rows[0]["values"]] if table.rows else []


def has_value(row: ReleasedRow) -> bool:
    """Whether the values of a series are released."""
    return any(value.get("value") is not None for value in row["values"])


def is_over_all_withheld(row: ReleasedRow) -> bool:
    """Whether what is over all answers is not shown, since few regions missed a wave."""
    return has_value(row) and row["values"][0].get("n_all") is None


# Numbers


def tell_wave(row: ReleasedRow, place: int) -> str:
    """A wave of a series with its base: '57% (24 van 42)', '7,5 (n = 42)'."""
    value = row["values"][place]
    amount = tell_amount(row, value["value"])
    if value["count"] is None:
        return f"{amount} (n = {value['n']})"
    return tell_share(amount, value["count"], value["n"])


def tell_wave_interval(row: ReleasedRow, place: int) -> str:
    """'42% tot 71%'; empty where there is none."""
    value = row["values"][place]
    if value["ci_low"] is None:
        return ""
    return f"{tell_amount(row, value['ci_low'])} tot {tell_amount(row, value['ci_high'])}"


def tell_statistic(row: ReleasedRow) -> str:
    """'Q = 12,3 (df 2)'; '–' where nothing was tested."""
    if row["statistic"] is None:
        return "–"
    df = f"{row['df']:g}"
    if row["df_error"] is not None:
        error = row["df_error"]
        df = f"{df} en {format_number(error, 0 if float(error).is_integer() else 1)}"
    return f"{_STATISTICS[row['statistic_name']]} = {format_number(row['statistic'])} (df {df})"


def tell_trend(row: ReleasedRow) -> str:
    """The change per year or per wave: '+3,1 procentpunt', '+0,12', or of the shares of a panel
    the ratio of odds: '×1,25'; '–' where there is none."""
    trend = row["trend"]
    if trend is None:
        return "–"
    if row["measure"] == PROPORTION and row["trend_test"] == "gee_trend":
        return f"×{format_number(exp(trend), 2)}"
    if row["measure"] == PROPORTION:
        sign = "+" if trend > 0 else ""
        return f"{sign}{format_number(trend * 100)} procentpunt"
    return tell_difference(row, trend, sign=True)


def tell_whole_trend(row: ReleasedRow) -> str:
    """With its p: '×1,25 (p 0,003)'."""
    trend = tell_trend(row)
    return trend if row["trend_p"] is None else f"{trend} (p {tell_p(row['trend_p'])})"


def tell_time_unit(table: ReleasedTable) -> str:
    """'jaar', or 'meting' where the waves are not named by year."""
    return "jaar" if are_years(name_waves(table)) else "meting"


def tell_series_outcome(row: ReleasedRow) -> str:
    """'veranderd* (p < 0,001)'; with the reason where it could not be tested."""
    outcome = f"{row['outcome']}{'*' if row.has_star else ''}"
    if row["reason"]:
        return f"{outcome}: {row['reason']}"
    if row["p"] is None:
        return outcome
    p = format_p(row["p"])
    return f"{outcome} (p {p if p.startswith('<') else f'= {p}'})"


# Method and finding


def tell_series_test(series: Sequence[WaveSeries]) -> str:
    """The tests, the p that decides and the interval, in plain sentences."""
    tests = list(dict.fromkeys(SERIES_TESTS[row.test] for row in series if row.p is not None))  # type: ignore[index]
    if not tests:
        return "Niet getoetst: er zijn geen antwoorden die te vergelijken zijn."
    methods = [value.ci_method for row in series for value in row.values if value.ci_method]
    intervals = format_list([INTERVALS[method] for method in dict.fromkeys(methods)])
    decides = tell_which_p(series[0].stars, series[0].adjustment)
    return (
        "Een ster (*) betekent: de metingen verschillen meer van elkaar dan door toeval te "
        f"verwachten is (p < 0,05). Getoetst met {format_list(tests)}. {decides}"
        + (f" Het 95%-interval van elke meting is berekend {intervals}." if intervals else "")
    )


def tell_series(table: ReleasedTable, what: tuple[str, str]) -> str:
    """'Urgentie: bij 2 van de 8 aandachtspunten verschillen de metingen aantoonbaar'.

    `what` names the rows, in the singular and the plural. Rows that were not tested, or are
    suppressed, do not count.
    """
    tested = [row for row in table.rows if row["p"] is not None]
    if not tested:
        return f"{table.title}: geen {what[1]} om over alle metingen te vergelijken"
    stars = sum(row.has_star for row in tested)
    if len(tested) == 1:
        told = "verschillen aantoonbaar" if stars else "laten geen aantoonbaar verschil zien"
        return f"{table.title}: de metingen {told}"
    rows = f"{len(tested)} {what[1]}"
    if not stars:
        return (
            f"{table.title}: bij geen van de {rows} is een verschil tussen de metingen aangetoond"
        )
    return f"{table.title}: bij {stars} van de {rows} verschillen de metingen aantoonbaar"
