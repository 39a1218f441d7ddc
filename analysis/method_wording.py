"""The method in Dutch: which test, which interval, which p decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.comparison import Comparison
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.measures import PROPORTION
from analysis.settings import Margin
from surveys.dutch import format_list, format_number

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
    told = tell_which_p(comparison.stars, comparison.adjustment)
    if comparison.stars != "adjusted":
        return told
    return (
        f"{told} Het interval is zonder die correctie: het kan 0 uitsluiten waar geen ster staat."
    )


def tell_which_p(stars: str, adjustment: str) -> str:
    """Which of the two p values decides."""
    name = ADJUSTMENTS[adjustment]
    if stars == "adjusted":
        return f"De ster volgt de p met correctie voor het aantal toetsen ({name})."
    if adjustment == "none":
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


def tell_adjusted(row: ReleasedRow) -> str:
    """The heading of the adjusted p: 'p (Holm)'."""
    return f"p ({ADJUSTMENTS[row['adjustment']]})"
