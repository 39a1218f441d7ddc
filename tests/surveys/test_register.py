"""The register of regions: what is read from it, and every fault in it at once."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.example import REGIONS, read_example_register
from surveys.register import InvalidRegister, Register, read_register, write_register
from tests.surveys.strategies import LINE, steady

RIGHT = "region,naam,provincie,grootte\n01,Regio een,Drenthe,klein\n02,Regio twee,Zeeland,groot\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def faults(file: Path, content: str | bytes) -> list[str]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InvalidRegister) as refused:
        read_register(file)
    assert str(refused.value) == "\n".join(map(str, refused.value.errors))
    return [str(error) for error in refused.value.errors]


@pytest.mark.parametrize(
    "content",
    [
        RIGHT.encode(),
        RIGHT.replace(",", ";").encode(),
        b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode(),
        RIGHT.replace(",", " , ").encode() + b"\n",
        RIGHT.replace("Regio een", '"Regio een"').encode(),
    ],
    ids=["plain", "semicolons", "from Excel", "spaces and an empty line", "quotes"],
)
def test_a_register_is_read_however_it_was_saved(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert read_register(file) == Register(
        regions={
            "01": {"provincie": "Drenthe", "grootte": "klein"},
            "02": {"provincie": "Zeeland", "grootte": "groot"},
        },
        attributes=("provincie", "grootte"),
        names={"01": "Regio een", "02": "Regio twee"},
    )


def test_names_are_optional_and_the_columns_may_stand_in_any_order(file: Path) -> None:
    file.write_text("provincie,region\nDrenthe,01\n", encoding="utf-8")
    assert read_register(file) == Register({"01": {"provincie": "Drenthe"}}, ("provincie",))


def test_the_members_of_every_value_of_an_attribute() -> None:
    provinces = {"1": "Zeeland", "2": "Drenthe", "3": "Zeeland", "4": "drenthe"}
    register = Register({n: {"provincie": name} for n, name in provinces.items()}, ("provincie",))
    members = register.members("provincie")
    assert members == {"Drenthe": {"2"}, "drenthe": {"4"}, "Zeeland": {"1", "3"}}
    assert list(members) == ["Drenthe", "drenthe", "Zeeland"]
    with pytest.raises(ValueError, match="no attribute 'grootte', only: provincie"):
        register.members("grootte")


def test_every_fault_of_a_register_is_told_at_once_with_its_row(file: Path) -> None:
    content = (
        "region,provincie,grootte,,provincie\n"
        "01,Drenthe,klein,x,Drenthe\n"
        "02,,klein,,Drenthe\n"
        ",Drenthe,klein,x,Drenthe\n"
        "\n"
        "01,Drenthe,klein,x,Drenthe\n"
        "03,Drenthe\n"
    )
    assert faults(file, content) == [
        "row 1: column 4 has no name",
        "row 1: column 5 is named 'provincie', as an earlier one is",
        "row 3: the value of provincie is empty",
        "row 4: the region is empty",
        "row 6: region '01' is in row 2 too",
        "row 7: has 2 values in place of 5",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ["row 1: is empty, but should name the columns"]),
        ("\n01,Drenthe\n", ["row 1: is empty, but should name the columns"]),
        ("region,provincie\n", ["the register holds no regions"]),
        ("regio,provincie\n01,Drenthe\n", ["row 1: there is no column 'region'"]),
        (
            "region\n01\n01\n",
            [
                "row 1: there is no column with an attribute of the regions",
                "row 3: region '01' is in row 2 too",
            ],
        ),
        (
            "region,naam\n01,\n",
            [
                "row 1: there is no column with an attribute of the regions",
                "row 2: the value of naam is empty",
            ],
        ),
        (
            "region,provincie\n01,Fryslân\n".encode("latin-1"),
            ["the file is not UTF-8 text: save it as CSV UTF-8"],
        ),
        (
            'region,provincie\n01,"Drenthe\n02,Zeeland\n03,Zeeland\n',
            ["row 4: is not CSV (unexpected end of data)"],
        ),
        (
            'region,provincie\n01,\n02,"Dren"the\n',
            [
                "row 2: the value of provincie is empty",
                "row 3: is not CSV (',' expected after '\"')",
            ],
        ),
    ],
)
def test_a_file_that_is_no_register(file: Path, content: str | bytes, told: list[str]) -> None:
    assert faults(file, content) == told


def test_a_file_that_does_not_exist_is_not_an_invalid_one(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_register(file)


cells = st.text(LINE, min_size=1, max_size=8).map(str.strip).filter(bool)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    taken = {"region", "naam"}
    attributes = draw(
        st.lists(cells.filter(lambda name: name not in taken), min_size=1, max_size=3, unique=True)
    )
    values = st.fixed_dictionaries(dict.fromkeys(attributes, cells))
    regions = draw(st.dictionaries(cells, values, min_size=1, max_size=5))
    named = draw(st.booleans())
    names = {region: draw(cells) for region in regions} if named else {}
    return Register(regions, tuple(attributes), names)


@steady
@given(registers())
def test_a_register_that_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, register: Register
) -> None:
    file = tmp_path_factory.getbasetemp() / "written.csv"
    with file.open("w", encoding="utf-8") as out:
        write_register(out, register)
    again = read_register(file)
    assert again == register
    for attribute in register.attributes:
        members = register.members(attribute)
        assert sorted(region for group in members.values() for region in group) == sorted(
            register.regions
        )


@steady
@given(st.text(max_size=60) | st.text('r;,"\n\r eginoa', max_size=60))
def test_any_text_is_a_register_or_told_to_be_faulty(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "noise.csv"
    file.write_text("region," + content, encoding="utf-8", errors="replace")
    try:
        register = read_register(file)
    except InvalidRegister as invalid:
        register = None
        told = invalid.errors
    if register is None:
        assert told
    else:
        assert register.regions
        assert all(all(values.values()) for values in register.regions.values())


def test_the_example_register_holds_every_example_region_in_uneven_groups() -> None:
    register = read_example_register()
    assert register.names == dict(REGIONS)
    assert register.attributes == ("provincie", "grootte")
    assert set(register.regions) == set(register.names)
    sizes = {value: len(group) for value, group in register.members("provincie").items()}
    assert len(sizes) == 12
    assert sum(sizes.values()) == 78
    assert 3 <= sum(size < 5 for size in sizes.values()) < 12
    assert {*register.members("grootte")} == {"klein", "middel", "groot"}


def test_the_example_register_goes_through_a_file(file: Path) -> None:
    out = io.StringIO()
    write_register(out, read_example_register())
    file.write_text(out.getvalue(), encoding="utf-8")
    assert read_register(file) == read_example_register()
