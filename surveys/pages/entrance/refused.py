"""What who is not let in sees, and what to do."""

from __future__ import annotations

import streamlit as st


def show_sign_in_needed() -> None:
    st.title("Meld u aan", anchor=False)
    st.text(
        "Voor deze pagina moet u zijn aangemeld. Was u dat? Dan hebt u zich afgemeld, of is er te "
        "lang niets gedaan."
    )
    # the whole window goes there, not a page of this one
    st.html('<p><a class="knop" href="/aanmelden" target="_self">Aanmelden</a></p>')
    st.text("Vult u de vragenlijst in? Open dan de link uit uw uitnodiging.")


def show_no_account() -> None:
    st.title("U hebt hier geen account", anchor=False)
    st.text(
        "Uw organisatie heeft u aangemeld, maar bij uw e-mailadres hoort hier geen account. Vraag "
        "de beheerder van de monitor om er een te maken."
    )
    show_sign_out()


def show_sign_out() -> None:
    st.html(
        '<form method="post" action="/afmelden" target="_self">'
        '<button type="submit" class="knop">Afmelden</button></form>'
    )


def show_refusal(title: str, message: str) -> None:
    st.title(title, anchor=False)
    st.text(message)
