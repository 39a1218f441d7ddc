"""What a visitor without a personal link sees of a server that others can reach."""

import streamlit as st

st.title("Hier is een persoonlijke link nodig", anchor=False)
st.text(
    "Vult u de vragenlijst in? Open dan de link uit uw uitnodiging. Resultaten en veldwerk zijn "
    "alleen te zien op de computer waarop de monitor draait, als die alleen op 127.0.0.1 luistert."
)
