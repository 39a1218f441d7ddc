"""The planner: how many regions must answer for a change of some size to be seen."""

from __future__ import annotations

import streamlit as st

from analysis.pages.result_page import show_notes, show_table
from analysis.planning import Plan, plan_mean, plan_proportion
from surveys.dutch import format_number

_SHARE, _GRADE = "een percentage", "een rapportcijfer"
_SIZES = (30, 42, 51, 60, 78, 100, 150)


def show_page() -> None:
    st.title("Planner", anchor=False)
    st.text(
        "Hoeveel regio's moeten antwoorden om een verandering te kunnen aantonen? En wat laat een "
        "bepaald aantal regio's zien? Vul in wat u verwacht."
    )
    kind = st.radio("De verandering gaat over", [_SHARE, _GRADE], horizontal=True)
    power = st.select_slider(
        "Kans om de verandering te zien",
        [70, 80, 90, 95],
        value=80,
        format_func=lambda percent: f"{percent}%",
    )
    if kind == _SHARE:
        _plan_share(power / 100)
    else:
        _plan_grade(power / 100)
    show_notes(
        "Het gaat om geldige antwoorden: vraag meer regio's, want niet iedereen antwoordt. Een "
        "verandering heet aangetoond bij p < 0,05 (tweezijdig)."
    )


def _plan_share(power: float) -> None:
    change = st.slider("Verandering die u wilt zien (procentpunten)", 1, 50, 15)
    discordance = st.slider(
        "Regio's die van mening wisselen, de ene of de andere kant op (procent)",
        min_value=change,
        max_value=100,
        value=max(30, change),
    )
    before = st.slider("Percentage in de eerste meting", 0, 100, 50)
    shares = change / 100, discordance / 100, before / 100
    plan = plan_proportion(*shares, power)
    _show_needed(plan, f"{change} procentpunten")
    _show_detectable([plan_proportion(*shares, power, size) for size in _SIZES], "procentpunten")


def _plan_grade(power: float) -> None:
    change = st.slider("Verandering die u wilt zien (punten)", 0.1, 2.0, 0.5, 0.1)
    sd_change = st.slider("Spreiding van de veranderingen (standaarddeviatie)", 0.2, 3.0, 1.2, 0.1)
    sd = st.slider("Spreiding van de cijfers in één meting (standaarddeviatie)", 0.2, 3.0, 1.0, 0.1)
    plan = plan_mean(change, sd_change, sd, power)
    _show_needed(plan, f"{format_number(change, 1)} punt")
    _show_detectable([plan_mean(change, sd_change, sd, power, size) for size in _SIZES], "punten")


def _show_needed(plan: Plan, change: str) -> None:
    st.subheader(f"Nodig om {change} te zien: {plan.needed_pairs} regio's", anchor=False)
    st.text(f"{plan.needed_pairs} dezelfde regio's, die in beide metingen antwoorden.")
    if plan.needed_per_wave is None:
        st.text(
            "Met steeds andere regio's kan deze verandering niet: het percentage zou boven de 100 "
            "komen."
        )
    else:
        st.text(f"Met steeds andere regio's: {plan.needed_per_wave} per meting.")


def _show_detectable(plans: list[Plan], unit: str) -> None:
    show_table(
        f"Kleinste verandering die is aan te tonen ({unit})",
        ["Aantal regio's", "Dezelfde regio's in beide metingen", "Steeds andere regio's"],
        [
            [
                str(plan.regions),
                _tell(plan, plan.detectable_pairs),
                _tell(plan, plan.detectable_per_wave),
            ]
            for plan in plans
        ],
    )


def _tell(plan: Plan, change: float | None) -> str:
    if change is None:
        return "geen"
    if plan.measure == "proportion":
        return format_number(change * 100, 1)
    return format_number(change, 2)


show_page()
