"""The list of open answers: each with what may be shown of it, and the buttons that decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from surveys.dutch import format_list
from surveys.pages.parts.messages import draw_told, tell_done
from surveys.pages.parts.turning import turn_page
from surveys.pages.storage import current_store
from surveys.plain_text import escape_html, escape_markdown
from surveys.quotes import OpenAnswer, QuoteRefused, Verdict, hash_text

PAGE_SIZE = 10
LIST = "open-lijst"  # where is told what is about no answer in the list

_SIGNS = {Verdict.OPEN: "○", Verdict.CLEARED: "✓", Verdict.WITHHELD: "✕"}
_DONE = {
    Verdict.CLEARED: "is vrijgegeven",
    Verdict.WITHHELD: "is niet te zien bij de uitkomsten",
}


@dataclass(frozen=True)
class _Listed:
    """An answer in the list of those with the verdict `only` (None: of all). `beside`: the one
    that takes its place where it leaves that list."""

    wave: str
    answer: OpenAnswer
    only: Verdict | None
    beside: OpenAnswer | None

    @property
    def key(self) -> str:
        return _key(self.wave, self.answer)

    def find_next(self, verdict: Verdict) -> OpenAnswer | None:
        """Where to go on once it has this verdict."""
        return self.answer if self.only in (None, verdict) else self.beside


def _key(wave: str, answer: OpenAnswer) -> str:
    return f"antwoord-{hash_text(repr((wave, answer.region, answer.item)))[:12]}"


def _seen(wave: str, item: str) -> str:
    return f"open-gezien-{wave}-{item}"


def tell_changes(wave: str, item: str, answers: Sequence[OpenAnswer]) -> None:
    """Say which answers to a question are no longer as this window showed them, by no doing of its
    own: what was typed at them, and the button pressed, went with what was there."""
    now = {answer.region: answer for answer in answers}
    seen: Mapping[str, OpenAnswer] = st.session_state.get(_seen(wave, item), {})
    st.session_state[_seen(wave, item)] = now
    changed = [region for region, before in seen.items() if now.get(region) != before]
    if changed:
        st.warning(
            escape_markdown(
                f"Intussen veranderd: het antwoord van regio {format_list(changed)}, of wat "
                "daarvan is vrijgegeven. Wat u daar invulde of koos, is niet opgeslagen. Hieronder "
                "staat wat er nu is."
            )
        )
        turn_page()


def draw_answers(
    wave: str, place: str, answers: Sequence[OpenAnswer], only: Verdict | None
) -> None:
    """One page of the answers, all with the verdict `only` if it is given. `place`: which list
    this is, so that each remembers its page."""
    number = _choose_page(place, -(-len(answers) // PAGE_SIZE))
    first = (number - 1) * PAGE_SIZE
    for at, answer in enumerate(answers[first : first + PAGE_SIZE], first):
        neighbours = [*answers[at + 1 : at + 2], *answers[max(at - 1, 0) : at]]
        _draw_answer(_Listed(wave, answer, only, neighbours[0] if neighbours else None))


def _choose_page(place: str, pages: int) -> int:
    key = f"open-bladzijde-{place}"
    if st.session_state.get(key, 1) > pages:  # what was on the last page left the list
        st.session_state[key] = pages
    if pages < 2:
        return 1
    chosen = st.selectbox(f"Bladzijde (van {pages})", range(1, pages + 1), key=key, width=200)
    return chosen or 1


def _draw_answer(listed: _Listed) -> None:
    answer = listed.answer
    draw_told(listed.key)
    with st.container(key=listed.key, border=True):
        st.subheader(escape_markdown(f"{answer.region} {answer.region_name}"), anchor=False)
        st.text(f"{_SIGNS[answer.verdict]} {answer.verdict.capitalize()}")
        _quote("Wat de regio schreef", answer.text)
        if answer.cleared == answer.text:
            st.text("Vrijgegeven zoals het er staat.")
        elif answer.cleared is not None:
            _quote("Wat is vrijgegeven", answer.cleared)
        _draw_form(listed)


def _quote(label: str, text: str) -> None:
    """As plain text whose writing direction does not turn that of its neighbours."""
    st.html(
        f'<p class="toelichting">{label}:</p>'
        f'<p class="vorige" style="overflow-wrap:anywhere"><bdi>{escape_html(text)}</bdi></p>'
    )


def _draw_form(listed: _Listed) -> None:
    answer = listed.answer
    # after another verdict the field is a new one, that shows what is stored
    stored = repr((answer.text, answer.verdict, answer.cleared))
    key = f"{listed.key}-{hash_text(stored)[:12]}"
    with st.form(f"form-{key}", border=False):
        text = st.text_area(
            escape_markdown(f"Tekst om vrij te geven, regio {answer.region}"),
            value=answer.text if answer.cleared is None else answer.cleared,
            key=f"tekst-{key}",
            height="content",
        )
        with st.container(horizontal=True):
            clears = st.form_submit_button("Vrijgeven", type="primary", key=f"wel-{key}")
            withdraws = False
            if answer.verdict is not Verdict.WITHHELD:
                label = "Intrekken" if answer.verdict is Verdict.CLEARED else "Niet vrijgeven"
                withdraws = st.form_submit_button(label, key=f"niet-{key}")
    if clears:
        _decide(listed, Verdict.CLEARED, text)
    elif withdraws:
        _decide(listed, Verdict.WITHHELD)


def _decide(listed: _Listed, verdict: Verdict, text: str = "") -> None:
    """Keep the verdict and draw the page again, at the answer to go on with."""
    quotes, answer = current_store().quotes, listed.answer
    try:
        if verdict is Verdict.CLEARED:
            quotes.clear(listed.wave, answer, text)
        else:
            quotes.withdraw(listed.wave, answer)
    except QuoteRefused as refused:
        if refused.code != "changed":  # else the page says so when it is drawn again
            st.error(escape_markdown(refused.message))
            return
    else:
        following = listed.find_next(verdict)
        st.session_state.pop(_seen(listed.wave, answer.item))
        goes_on = _key(listed.wave, following) if following else ""
        tell_done(goes_on or LIST, f"Het antwoord van regio {answer.region} {_DONE[verdict]}.")
        turn_page(goes_on)
    st.rerun()
