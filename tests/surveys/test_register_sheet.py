"""The register as a workbook: what was written is what is read, and nothing in it runs."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from surveys.plain_text import holds_invisible
from surveys.regions.contacts import Contact
from surveys.regions.register import (
    LONGEST,
    InvalidRegister,
    Register,
    holds_address,
    parse_register,
)
from surveys.regions.sheet import EMPTY_REGISTER, to_xlsx
from tests.hostile import HOSTILE, hostile_text
from tests.surveys.strategies import steady


def storable(text: str) -> str:
    """As a text from a file in UTF-8 is stored; those with an invisible sign are refused."""
    kept = "".join(sign for sign in text if not holds_invisible(sign))
    return kept[:LONGEST].strip()


texts = (
    (hostile_text | st.sampled_from(["_x0041_", "=A1", "'01", "1e5", "WAAR"]))
    .map(storable)
    .filter(lambda text: bool(text) and not holds_address(text))
    # a workbook has no other way to write a control character
    .filter(lambda text: not re.search("_x00[01][0-9A-F]_", text, re.IGNORECASE))
)
leaders = st.builds(
    Contact,
    texts.map(lambda text: " ".join(text.split())) | st.just(""),
    st.sampled_from(["", "a@voorbeeld.nl", "=b@voorbeeld.nl"]),
).filter(bool)


@steady
@given(
    st.dictionaries(
        texts, st.fixed_dictionaries({"provincie": texts, "=krimp": texts}), min_size=1
    ),
    st.data(),
)
def test_what_is_downloaded_is_read_again_as_it_was(
    regions: dict[str, dict[str, str]], data: st.DataObject
) -> None:
    register = Register(
        regions,
        ("provincie", "=krimp"),
        {number: data.draw(texts) for number in regions},
        data.draw(st.dictionaries(st.sampled_from([*regions]), leaders)),
    )
    assert parse_register(to_xlsx(register), "regios.xlsx") == register


def test_a_value_that_is_not_known_is_told_to_be_so() -> None:
    stored = Register({"01": {}, "02": {"krimp": "ja"}}, ("krimp",), {"01": "Noord", "02": "Oost"})
    again = parse_register(to_xlsx(stored), "regios.xlsx")
    assert again.regions == {"01": {"krimp": "onbekend"}, "02": {"krimp": "ja"}}


def test_nothing_in_it_is_a_formula_or_a_link() -> None:
    names = [storable(text) for text in (*HOSTILE, "=1+1", "@SUM(A1)", "http://voorbeeld.nl")]
    register = Register(
        {name: {"a": name} for name in names}, ("a",), {name: name for name in names}
    )
    sheet = load_workbook(BytesIO(to_xlsx(register))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_the_empty_workbook_is_one_to_fill_in() -> None:
    content = to_xlsx(EMPTY_REGISTER)
    with pytest.raises(InvalidRegister, match="the register holds no regions"):
        parse_register(content, "regios-leeg.xlsx")
    book = load_workbook(BytesIO(content))
    sheet = book.active
    sheet.append(["01", "Noord", "Drenthe", "Anna", "anna@voorbeeld.nl"])
    sheet.cell(3, 1, "02").number_format = "@"
    for column, value in enumerate(["Oost", "Utrecht", None, None], start=2):
        sheet.cell(3, column, value)
    filled = BytesIO()
    book.save(filled)
    assert parse_register(filled.getvalue(), "regios.xlsx") == Register(
        {"01": {"provincie": "Drenthe"}, "02": {"provincie": "Utrecht"}},
        ("provincie",),
        {"01": "Noord", "02": "Oost"},
        {"01": Contact("Anna", "anna@voorbeeld.nl")},
    )
