"""The planner: how many regions must answer for a change of some size to be seen."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

import streamlit as st

from analysis.pages.result_page import show_notes, show_table
from analysis.planning import Plan, plan_mean, plan_proportion
from analysis.power import detectable_mean_change, mcnemar_detectable_change
from surveys.dutch import format_number
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_html
from surveys.roles import Right

_SHARE, _GRADE = "een percentage", "een rapportcijfer"
_SIZES = (30, 42, 51, 60, 78, 100, 150)
_DISCORDANCES = (10, 20, 30, 40, 50, 60)
_SPREADS = (0.8, 1.0, 1.2, 1.5, 2.0)
_BOTH, _OTHER = "Dezelfde regio's in beide metingen", "Steeds andere regio's, per meting"


def show_page() -> None:
    require(Right.DO_FIELDWORK)
    st.title("Planner", anchor=False)
    st.text(
        "Hoeveel regio's moeten antwoorden om een verandering te kunnen aantonen? Vul in wat u "
        "verwacht; het antwoord staat eronder en verandert mee."
    )
    kind = st.radio("De verandering gaat over", [_SHARE, _GRADE], horizontal=True)
    if kind == _SHARE:
        _plan_share()
    else:
        _plan_grade()
    show_notes(
        "Het gaat om geldige antwoorden: vraag meer regio's, want niet iedereen antwoordt. Een "
        "verandering heet aangetoond bij p < 0,05 (tweezijdig, zonder correctie voor het aantal "
        "toetsen). Hoe dit is berekend staat bij Methode."
    )


# What is expected


def _ask(label: str, key: str, value: str, bounds: tuple[float, float], told: str) -> float | None:
    """A number the Dutch way; None, with a message at the field, where it cannot be used."""
    with st.container(key=f"getal-{key}", gap="xxsmall"):
        typed = st.text_input(label, value=value, key=key, persist_state="session")
        show_notes(told)
        number = _read_number(typed)
        if number is None or not bounds[0] <= number <= bounds[1]:
            low, high = (f"{bound:g}".replace(".", ",") for bound in bounds)
            _show_fault(f"Vul een getal in van {low} tot en met {high}.")
            return None
        return number


def _read_number(text: str) -> float | None:
    """12,5 or 12.5."""
    try:
        number = float(text.strip().removesuffix("%").replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None


def _show_fault(message: str) -> None:
    st.html(f'<p class="niet-opgeslagen" role="alert">{escape_html(message)}</p>')


def _ask_power() -> float:
    percent: int = st.radio(
        "Kans om de verandering te zien, als zij er is",
        [70, 80, 90, 95],
        index=1,
        format_func=lambda percent: (
            f"{percent}% (gebruikelijk)" if percent == 80 else f"{percent}%"
        ),
        horizontal=True,
        key="kans",
        persist_state="session",
    )
    return percent / 100


def _plan_share() -> None:
    change = _ask(
        "Verandering die u wilt zien, in procentpunten",
        "verandering",
        "15",
        (1, 50),
        "Bijvoorbeeld 15: van 50% naar 65% van de regio's, of van 50% naar 35%.",
    )
    discordance = _ask(
        "Regio's die wisselen, in procent",
        "wisselen",
        "30",
        (1, 100),
        "Een regio wisselt als zij de ene meting wel bij het percentage hoort en de andere niet, "
        "bijvoorbeeld eerst 'urgent' antwoordde en later niet, of andersom. Hoe meer er heen en "
        "weer wordt gewisseld, hoe moeilijker een verandering te zien is.",
    )
    with st.expander("Waar vind ik hoeveel regio's wisselen?"):
        _show_discordances()
    before = _ask(
        "Percentage in de eerste meting",
        "eerste",
        "50",
        (0, 100),
        "Alleen nodig als steeds andere regio's antwoorden.",
    )
    power = _ask_power()
    if change is None or discordance is None or before is None:
        _show_answer(None, "Het antwoord volgt zodra alle velden zijn ingevuld")
        return
    amount = f"{_tell(change, 1)} procentpunten"
    if discordance < change:
        least = _tell(change, 1)
        _show_answer(None, f"Om {amount} te zien: vul meer wisselende regio's in")
        _show_fault(
            f"Een verandering van {amount} kan alleen als minstens {least}% van de regio's "
            f"wisselt. Vul bij 'Regio's die wisselen' {least} of meer in."
        )
        return
    signed = change if before + change <= 100 else -change
    shares = signed / 100, discordance / 100, before / 100
    plan = plan_proportion(*shares, power)
    path = f" (van {_tell(before, 1)}% naar {_tell(before + signed, 1)}%)"
    _show_answer(plan, amount, path)
    several = sorted({discordance, *(share for share in _DISCORDANCES if share >= change)})
    _show_needed(
        "Als meer of minder regio's wisselen",
        f"Nodig om {amount} te zien, naar hoeveel regio's wisselen",
        "Regio's die wisselen",
        [
            (f"{_tell(share, 1)}%", plan_proportion(shares[0], share / 100, shares[2], power))
            for share in several
        ],
    )
    _show_detectable(
        "procentpunten", lambda regions: plan_proportion(*shares, power, regions), 100, 1
    )


def _plan_grade() -> None:
    change = _ask(
        "Verandering die u wilt zien, in punten van het cijfer",
        "verandering-cijfer",
        "0,5",
        (0.1, 5),
        "Bijvoorbeeld 0,5: van gemiddeld een 7,0 naar een 7,5.",
    )
    sd_change = _ask(
        "Spreiding van de veranderingen, in punten",
        "spreiding-verandering",
        "1,2",
        (0.1, 5),
        "De ene regio gaat omhoog, de andere omlaag. Ongeveer twee van de drie regio's veranderen "
        "hooguit zoveel meer of minder dan gemiddeld (de standaarddeviatie).",
    )
    with st.expander("Waar vind ik de spreiding van de veranderingen?"):
        _show_spreads()
    sd = _ask(
        "Spreiding van de cijfers in één meting, in punten",
        "spreiding-cijfer",
        "1,0",
        (0.1, 5),
        "Alleen nodig als steeds andere regio's antwoorden: ongeveer twee van de drie cijfers "
        "liggen hooguit zoveel van het gemiddelde.",
    )
    power = _ask_power()
    if change is None or sd_change is None or sd is None:
        _show_answer(None, "Het antwoord volgt zodra alle velden zijn ingevuld")
        return
    amount = f"{_tell(change, 2)} punt"
    _show_answer(plan_mean(change, sd_change, sd, power), amount)
    _show_needed(
        "Als de veranderingen meer of minder gespreid zijn",
        f"Nodig om {amount} te zien, naar de spreiding van de veranderingen",
        "Spreiding (punten)",
        [
            (_tell(spread, 2), plan_mean(change, spread, sd, power))
            for spread in sorted({sd_change, *_SPREADS})
        ],
    )
    _show_detectable(
        "punten", lambda regions: plan_mean(change, sd_change, sd, power, regions), 1, 2
    )


# Where the expected figures are found


def _show_discordances() -> None:
    show_notes(
        "Bij Urgentie staat onder de grafieken een tabel met de kolom 'Aantoonbaar verschil'. Zoek "
        "hieronder in de rij met het aantal regio's van die tabel hetzelfde verschil op: erboven "
        "staat ongeveer hoeveel regio's wisselden.",
        "Hebt u geen eerdere meting, reken dan met 30 en bekijk in de tabel onder het antwoord wat "
        "het uitmaakt. Staat er 'geen', dan wisselen er te weinig regio's om iets aan te tonen.",
    )
    show_table(
        "Aantoonbaar verschil (procentpunten) naar hoeveel regio's wisselen",
        ["Aantal regio's", *(f"{share}%" for share in _DISCORDANCES)],
        [
            [
                str(size),
                *(
                    _tell_change(mcnemar_detectable_change(size, share / 100), 100, 0)
                    for share in _DISCORDANCES
                ),
            ]
            for size in _SIZES
        ],
    )


def _show_spreads() -> None:
    show_notes(
        "Bij Rapportcijfers staat onder de grafieken een tabel met de kolom 'Aantoonbaar "
        "verschil'. Zoek hieronder in de rij met het aantal regio's van die tabel hetzelfde "
        "verschil op: erboven staat de spreiding van de veranderingen."
    )
    show_table(
        "Aantoonbaar verschil (punten) naar de spreiding van de veranderingen",
        ["Aantal regio's", *(_tell(spread, 1) for spread in _SPREADS)],
        [
            [
                str(size),
                *(_tell_change(detectable_mean_change(size, spread), 1, 2) for spread in _SPREADS),
            ]
            for size in _SIZES
        ],
    )


# The answer


def _show_answer(plan: Plan | None, amount: str, path: str = "") -> None:
    """What is read aloud when it changes; without a plan `amount` is all that is told."""
    with st.container(key="uitkomst"):
        if plan is None:
            st.header(amount, anchor=False)
            return
        st.header(f"Om {amount} te zien: {plan.needed_pairs} regio's", anchor=False)
        told = (
            f"Antwoorden {plan.needed_pairs} regio's in beide metingen, dan is de kans "
            f"{_tell(plan.power * 100, 0)}% dat een verandering van {amount} een ster krijgt."
        )
        if plan.needed_per_wave is not None:
            told += (
                f" Antwoorden er steeds andere regio's, dan zijn er {plan.needed_per_wave} per "
                f"meting nodig{path}."
            )
        st.text(told)
        st.text(_compare_with_asked(plan.needed_pairs))


def _compare_with_asked(needed: int) -> str:
    """The answer against the number of regions that there are."""
    waves = current_store().waves.all()
    if not waves:
        return ""
    last = waves[-1].name
    asked = current_store().monitoring.response_counts(last).invited
    if not asked:
        return ""
    there = "1 regio die" if asked == 1 else f"{asked} regio's die"
    verb = "is" if asked == 1 else "zijn"
    if needed > asked:
        return (
            f"{needed} is meer dan de {there} in meting {last} {verb} gevraagd. Een grotere "
            "verandering vraagt minder regio's."
        )
    return f"In meting {last} {verb} {there.removesuffix(' die')} gevraagd."


def _show_needed(heading: str, caption: str, what: str, plans: list[tuple[str, Plan]]) -> None:
    st.header(heading, anchor=False)
    show_table(
        caption,
        [what, f"{_BOTH} (aantal)"],
        [[told, str(plan.needed_pairs)] for told, plan in plans],
    )


def _show_detectable(unit: str, plan: Callable[[int], Plan], factor: int, decimals: int) -> None:
    st.header("Wat een aantal regio's laat zien", anchor=False)
    show_table(
        f"Kleinste verandering die is aan te tonen ({unit})",
        ["Aantal regio's", _BOTH, _OTHER],
        [
            [
                str(size),
                _tell_change(found.detectable_pairs, factor, decimals),
                _tell_change(found.detectable_per_wave, factor, decimals),
            ]
            for size in _SIZES
            for found in [plan(size)]
        ],
    )


def _tell_change(change: float | None, factor: int, decimals: int) -> str:
    return "geen" if change is None else format_number(change * factor, decimals)


def _tell(number: float, decimals: int) -> str:
    """'15' and '12,5', without decimals that say nothing."""
    told = format_number(number, decimals)
    return told.rstrip("0").rstrip(",") if "," in told else told


show_page()
