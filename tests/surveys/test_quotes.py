"""What may be made of an open answer before it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.quotes import QuoteRefused, check_quote, may_show, mix
from surveys.regions.register import holds_address
from surveys.smallest_group import SMALLEST_GROUP
from tests.hostile import LINES, PARAGRAPHS

ORIGINAL = "Met Jan de Vries, van het college in Delft, praten we niet over techniekdocenten."


def refusal(original: str, text: str) -> QuoteRefused:
    with pytest.raises(QuoteRefused) as refused:
        check_quote(original, text)
    return refused.value


@pytest.mark.parametrize(
    "text",
    [
        ORIGINAL,
        "Met [naam], van [een school], praten we niet over techniekdocenten.",
        "… praten we niet over techniekdocenten!",
        "Praten (…) over TECHNIEKDOCENTEN",
        "[In deze regio] praten we niet over techniekdocenten.",
    ],
)
def test_an_answer_is_shortened_and_names_are_replaced_in_brackets(text: str) -> None:
    assert check_quote(ORIGINAL, f"  {text}\n") == text


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("Met de directeur van het college praten we.", "directeur"),
        ("We praten niet", "praten"),  # before 'we' it did, after it no more
        ("Met Jan praten we niet over docenten.", "docenten"),
        ("[naam praten we", "naam"),
        ("[a] x [b] y", "x, y"),
    ],
)
def test_a_quote_says_nothing_that_the_region_did_not(text: str, added: str) -> None:
    refused = refusal(ORIGINAL, text)
    assert refused.code == "words"
    assert f"antwoord: {added}. Inkorten mag" in refused.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("Mail [j.devries@college.nl]", "address"),
        ("Met\x00 Jan", "control_character"),
        ("Met \ud800 Jan", "control_character"),
        ("[" + "x" * 20_000 + "]", "too_long"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_to_do(text: str, code: str) -> None:
    refused = refusal(f"Mail {ORIGINAL}", text)
    assert refused.code == code
    assert refused.message.endswith(".")


@pytest.mark.parametrize("text", [*LINES.values(), *PARAGRAPHS.values()])
def test_any_answer_may_be_shown_as_it_is_but_for_an_address(text: str) -> None:
    if holds_address(text):
        assert refusal(text, text).code == "address"
    else:
        assert check_quote(text, text) == text.strip()


@given(st.lists(st.tuples(st.text("abéÉ-'1", min_size=1), st.sampled_from("hrd")), min_size=1))
def test_whatever_is_left_out_or_put_in_brackets_the_rest_stays(
    parts: list[tuple[str, str]],
) -> None:
    original = " ".join(word for word, _ in parts)
    done = {"h": "{}", "r": "[naam]", "d": ""}
    text = " ".join(done[what].format(word) for word, what in parts)
    if text.strip():
        assert check_quote(original, text) == text.strip()


@given(st.lists(st.text()).flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(texts))))
def test_the_order_of_quotes_does_not_depend_on_whose_they_are(
    both: tuple[list[str], list[str]],
) -> None:
    one, other = (mix(text.encode(errors="replace").decode() for text in texts) for texts in both)
    assert one == other
    assert len(one) == len(both[0])


def test_quotes_are_shown_from_the_smallest_group_on() -> None:
    assert [may_show(n) for n in (0, SMALLEST_GROUP - 1, SMALLEST_GROUP)] == [False, False, True]
