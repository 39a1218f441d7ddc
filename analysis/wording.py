"""Released figures in Dutch: the number as it is printed, and how it reads."""

from __future__ import annotations

from analysis.decision import ALPHA
from analysis.disclosure import SMALLEST_GROUP, SUPPRESSED, ReleasedRow, ReleasedTable
from analysis.measures import PROPORTION
from analysis.settings import INDEPENDENT, OVERLAP
from surveys.dutch import format_number, format_p, format_percentage

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
    values = [row["value"], row["value_after"], row["urgent"], *waves]
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
