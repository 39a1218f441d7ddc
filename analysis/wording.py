"""Released figures in Dutch: the number as it is printed, the finding, the test in one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.comparison import Comparison
from analysis.decision import ALPHA
from analysis.disclosure import SMALLEST_GROUP, SUPPRESSED, ReleasedRow, ReleasedTable
from analysis.measures import PROPORTION
from analysis.priorities import URGENT
from analysis.settings import INDEPENDENT, OVERLAP, Margin
from surveys.dutch import format_list, format_number, format_p, format_percentage

TESTS = {
    "mcnemar_midp": "de McNemar-toets (mid-p) voor dezelfde regio's in beide jaren",
    "mcnemar_exact": "de exacte McNemar-toets voor dezelfde regio's in beide jaren",
    "wilcoxon_pratt": "de rangtekentoets van Wilcoxon voor dezelfde regio's in beide jaren",
    "wilcoxon_pratt_normal": "de rangtekentoets van Wilcoxon voor dezelfde regio's in beide jaren",
    "paired_t": "de gepaarde t-toets voor dezelfde regio's in beide jaren",
    "fisher": "de exacte toets van Fisher voor verschillende regio's in de twee jaren",
    "mann_whitney": "de toets van Mann en Whitney voor verschillende regio's in de twee jaren",
    "brunner_munzel": "de toets van Brunner en Munzel voor verschillende regio's in de twee jaren",
    "welch_t": "de t-toets van Welch voor verschillende regio's in de twee jaren",
}
ADJUSTMENTS = {"holm": "Holm", "bh": "Benjamini-Hochberg", "none": "geen correctie"}
INTERVALS = {
    "tango": "volgens Tango",
    "newcombe10": "volgens Newcombe (methode 10)",
    "newcombe": "volgens Newcombe",
    "paired_t": "met de t-verdeling",
    "welch": "volgens Welch",
    "wilson": "volgens Wilson",
    "clopper_pearson": "volgens Clopper en Pearson",
    "hypergeometric": "volgens de hypergeometrische verdeling",
    "weighted_t": "met de t-verdeling, gewogen",
    "weighted_t_fpc": "met de t-verdeling, gewogen, met correctie voor een eindige populatie",
    "wilson_fpc": "volgens Wilson, met correctie voor een eindige populatie",
    "t": "met de t-verdeling",
    "t_fpc": "met de t-verdeling en correctie voor een eindige populatie",
}
_SAME, _OTHER = "dezelfde regio's", "verschillende regio's"
_SHORT_TESTS = {
    "cochran_q": f"Q van Cochran, {_SAME}",
    "friedman": f"Friedman, {_SAME}",
    "gee_waves": "GEE (Wald)",
    "kruskal_wallis": f"Kruskal-Wallis, {_OTHER}",
    "welch_anova": f"F van Welch, {_OTHER}",
    "cochran_armitage": f"trend van Cochran en Armitage, {_OTHER}",
    "mcnemar_midp": f"McNemar (mid-p), {_SAME}",
    "mcnemar_exact": f"McNemar (exact), {_SAME}",
    "wilcoxon_pratt": f"Wilcoxon (rangtekens), {_SAME}",
    "wilcoxon_pratt_normal": f"Wilcoxon (rangtekens), {_SAME}",
    "paired_t": f"gepaarde t-toets, {_SAME}",
    "weighted_paired_t": f"gewogen gepaarde t-toets, {_SAME}",
    "fisher": f"Fisher (exact), {_OTHER}",
    "mann_whitney": f"Mann-Whitney, {_OTHER}",
    "brunner_munzel": f"Brunner-Munzel, {_OTHER}",
    "welch_t": f"t-toets van Welch, {_OTHER}",
    "weighted_t": f"gewogen t-toets, {_OTHER}",
}
TESTS_OVERALL = {
    "overlap_z8": "z8 (voor percentages)",
    "overlap_tnew2": "Tnew2 (voor gemiddelden)",
}
FEW_MORE = "niet getoond (er komen te weinig regio's bij)"
_MINUS = "\N{MINUS SIGN}"


# Numbers


def tell_amount(row: ReleasedRow, value: float | None) -> str:
    """A level: '88%' for a proportion, '7,5' for a mean; '–' where there is none."""
    if value is None:
        return "–"
    return format_percentage(value) if row["measure"] == PROPORTION else format_number(value)


def tell_difference(row: ReleasedRow, value: float | None, *, sign: bool = False) -> str:
    """A difference in points of percentage ('31') or in the unit of a mean ('0,81')."""
    if value is None:
        return "–"
    is_proportion = row["measure"] == PROPORTION
    text = format_number(value * 100, 0) if is_proportion else format_number(value, 2)
    rises = text.strip("0,") and not text.startswith(_MINUS)
    return f"+{text}" if sign and rises else text


def tell_before(row: ReleasedRow) -> str:
    return tell_amount(row, row["value_before"])


def tell_after(row: ReleasedRow) -> str:
    """With a star where it changed."""
    return tell_amount(row, row["value_after"]) + ("*" if row.has_star else "")


def tell_interval(row: ReleasedRow, over: str = "") -> str:
    """'14 tot 46', for a change; '_all' is over all answers. Empty where there is none."""
    low, high = row[f"ci_low{over}"], row[f"ci_high{over}"]
    if low is None:
        return ""
    return f"{tell_difference(row, low)} tot {tell_difference(row, high)}"


def tell_absence(row: ReleasedRow) -> str:
    """Why a row has no figure: suppressed, not comparable, nothing answered. Else empty."""
    if row.is_suppressed:
        return SUPPRESSED
    waves = [value.get("value") for value in row["values"] or ()]
    values = [row["value"], row["value_after"], *waves]
    if all(value is None for value in values) and not row["shares"]:
        return row["outcome"] or "geen antwoorden"
    return ""


def tell_regions(number: int) -> str:
    """'42 regio's'; a number too small to be released is not given."""
    if 0 < number < SMALLEST_GROUP:
        return f"minder dan {SMALLEST_GROUP} regio's"
    return f"{number} regio's"


def tell_base(respondents: int, asked: int | None, wave: str) -> str:
    """'51 van 78 regio's (meting 2024)'."""
    if asked is None or 0 < respondents < SMALLEST_GROUP:
        return f"{tell_regions(respondents)} (meting {wave})"
    return f"{respondents} van {asked} regio's (meting {wave})"


def tell_share(amount: str, count: int | None, base: int | None) -> str:
    """'57% (24 van 42)', or a mean alone."""
    return amount if count is None or base is None else f"{amount} ({count} van {base})"


def tell_p(p: float | None) -> str:
    """'0,031', '< 0,001'; '–' where nothing was tested."""
    return "–" if p is None else format_p(p).replace(" ", "\u00a0")


# Method


def tell_test(comparisons: Sequence[Comparison]) -> str:
    """The test, the p that decides and the interval, in plain sentences."""
    test = next((TESTS[c.test] for c in comparisons if c.test), None)
    if test is None:
        return "Niet getoetst: er zijn geen antwoorden die te vergelijken zijn."
    interval = next((INTERVALS[c.ci_method] for c in comparisons if c.ci_method), None)
    return (
        "Een ster (*) betekent: de verandering is groter dan door toeval te verwachten is "
        f"(p < 0,05). Getoetst met {test}. {_tell_correction(comparisons[0])}"
        + (f" Het 95%-betrouwbaarheidsinterval is berekend {interval}." if interval else "")
    )


def _tell_correction(comparison: Comparison) -> str:
    """Which of the two p values decides."""
    name = ADJUSTMENTS[comparison.adjustment]
    if comparison.stars == "adjusted":
        return (
            f"De ster volgt de p met correctie voor het aantal toetsen ({name}). Het interval is "
            "zonder die correctie: het kan 0 uitsluiten waar geen ster staat."
        )
    if comparison.adjustment == "none":
        return "De ster volgt de p zonder correctie voor het aantal toetsen."
    return (
        "De ster volgt de p zonder correctie voor het aantal toetsen; de kolom p "
        f"({name}) geeft de gecorrigeerde p."
    )


def tell_test_line(table: ReleasedTable) -> str:
    """Test, correction and interval in one line, for under a title: 'Toets: McNemar (mid-p),
    dezelfde regio's; ster volgt p zonder correctie; intervallen volgens Tango'. Empty where
    nothing was tested and nothing estimated."""
    tests = _each(table, "test", _SHORT_TESTS)
    intervals = format_list(_each(table, "ci_method", INTERVALS))
    if not tests:
        return f"95%-interval {intervals}" if intervals else ""
    name = "Toets" if len(tests) == 1 else "Toetsen"
    told = [f"{name}: {' en '.join(tests)}", _follows_line(table)]
    return "; ".join(filter(None, [*told, f"intervallen {intervals}" if intervals else ""]))


def _each(table: ReleasedTable, field: str, words: Mapping[str, str]) -> list[str]:
    """What a field of the rows is called, each name once."""
    return list(dict.fromkeys(words[row[field]] for row in table.rows if row[field] in words))


def _follows_line(table: ReleasedTable) -> str:
    """Which p decides; figures without stars, such as priorities, follow the adjusted one."""
    row = next(row for row in table.rows if row["test"])
    what = "ster volgt p" if row["stars"] else "uitkomst volgt p"
    if row["stars"] == "raw" or row["adjustment"] in ("none", None):
        return f"{what} zonder correctie"
    return f"{what} met correctie ({ADJUSTMENTS[row['adjustment']]})"


def tell_margin(margin: Margin, measure: str) -> str:
    """What 'gelijkwaardig' means; empty where it is not tested."""
    size = margin.proportion if measure == PROPORTION else margin.mean
    if size is None:
        return ""
    unit = "procentpunten" if measure == PROPORTION else "punt"
    amount = format_number(size * 100, 0) if measure == PROPORTION else format_number(size, 2)
    return (
        f"Gelijkwaardig betekent: een verandering van {amount} {unit} of meer, omhoog of omlaag, "
        "is uitgesloten (twee eenzijdige toetsen, p < 0,05)."
    )


def tell_follows(table: ReleasedTable) -> str:
    first = table.rows[0]
    if first["stars"] == "raw":
        return "De ster volgt de p zonder correctie."
    return f"De ster volgt de p met correctie ({ADJUSTMENTS[first['adjustment']]})."


def tell_adjusted(row: ReleasedRow) -> str:
    """The heading of the adjusted p: 'p (Holm)'."""
    return f"p ({ADJUSTMENTS[row['adjustment']]})"


# Findings


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
    return (
        f"{table.title}: bij {most} van de {len(headlines)} "
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


# Reading a change


def tell_outcome(row: ReleasedRow) -> str:
    """The outcome, why it could not be tested, and whether test and interval disagree."""
    outcome = str(row["outcome"])
    if row["reason"]:
        return f"{outcome}: {row['reason']}"
    if row["ci_low"] is not None and row["p"] is not None:
        holds_zero = row["ci_low"] <= 0 <= row["ci_high"]
        if holds_zero == (row["p"] < ALPHA):  # two methods, which differ near the limit
            return f"{outcome}; het interval {'bevat 0 nog' if holds_zero else 'bevat 0 niet'}"
    return outcome


def tell_detectable(table: ReleasedTable) -> str:
    """That no star is not 'no change', with the change that this many regions can show."""
    found = [row for row in table.rows if row["detectable_change"] is not None]
    warning = "Geen ster betekent niet: geen verandering."
    if not found:
        return warning
    values = sorted(row["detectable_change"] for row in found)
    low, high = (tell_difference(found[0], value) for value in (values[0], values[-1]))
    unit = "procentpunten" if found[0]["measure"] == PROPORTION else "punt"
    size = f"{low} {unit}" if low == high else f"{low} tot {high} {unit}"
    return (
        f"{warning} Met dit aantal regio's is pas een verschil van ongeveer {size} goed aan te "
        "tonen (in 80% van de gevallen). Een kleiner verschil blijft vaak onopgemerkt."
    )


def is_withheld(row: ReleasedRow) -> bool:
    """Whether what is over all answers is not shown, since few regions answered once only."""
    return bool(
        row["design"] == OVERLAP
        and not tell_absence(row)
        and row["n_before"] is None
        and row["value_after"] is not None
    )


def is_unpaired(table: ReleasedTable) -> bool:
    return any(row["design"] == INDEPENDENT for row in table.rows)
