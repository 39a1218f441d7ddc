"""A mapping file: what is written is read back, and every fault is told at once."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.importing import (
    InvalidMapping,
    ItemSource,
    WaveMapping,
    parse_mapping,
    read_mapping,
    write_mapping,
)

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
pairs = st.dictionaries(texts, texts, max_size=3)
sources = st.builds(
    ItemSource, column=texts, options=pairs, name=texts, separator=texts, values=pairs
)
mappings = st.builds(
    WaveMapping,
    layout=st.sampled_from(["wide", "long"]),
    region=texts,
    item=texts,
    value=texts,
    left_out=st.lists(texts, max_size=3).map(tuple),
    not_asked=st.lists(texts, max_size=3).map(tuple),
    scales=st.dictionaries(texts, pairs, max_size=2),
    items=st.dictionaries(texts, sources, max_size=3),
)


@given(mappings, st.dictionaries(texts, st.lists(texts, max_size=2), max_size=2))
def test_what_is_written_is_read_back(mapping: WaveMapping, remarks: dict[str, list[str]]) -> None:
    assert parse_mapping(write_mapping(mapping, remarks)) == mapping


def test_a_mapping_file_is_readable() -> None:
    mapping = WaveMapping(
        region="regio",
        left_out=("ingevuld op",),
        scales={"mate": {"heel weinig": "1"}},
        items={"v1": ItemSource("vraag 1"), "v2": ItemSource(options={"a": "v2_a"})},
    )
    written = write_mapping(mapping, {"v2": ["look\nhere"], "": ["to check"]})
    assert written == (
        "# to check\n"
        'layout = "wide"\n'
        'region = "regio"\n'
        "left_out = [\n"
        '    "ingevuld op",\n'
        "]\n"
        "\n"
        '[scales."mate"]\n'
        '"heel weinig" = "1"\n'
        "\n"
        '[items."v1"]\n'
        'column = "vraag 1"\n'
        "\n"
        "# look here\n"
        '[items."v2"]\n'
        '[items."v2".options]\n'
        '"a" = "v2_a"\n'
    )


def test_every_fault_of_a_mapping_file_is_told() -> None:
    faulty = """
    layout = "breed"
    region = 3
    left_out = "a"
    kolom = "x"
    [scales]
    mate = { a = 1 }
    [items]
    v1 = "kolom"
    v2 = { column = 1, codes = {} }
    """
    with pytest.raises(InvalidMapping) as refused:
        parse_mapping(faulty)
    keys = ", ".join(["layout", "region", "item", "value", "left_out", "not_asked"])
    assert sorted(map(str, refused.value.faults)) == sorted(
        [
            "'region' is not a text between quotes; mend it",
            "'left_out' is not a list of texts; mend it",
            f"unknown key 'kolom'; use: {keys}, scales, items",
            "'scales' is not a table of tables of texts; mend it",
            "'items' is not a table of tables; mend it",
            "'items.v2.column' is not a text between quotes; mend it",
            "unknown key 'items.v2.codes'; use: column, options, name, separator, values",
            'the layout is \'breed\'; write "wide" or "long"',
        ]
    )
    assert "'region' is geen tekst. Verbeter dit." in [f.sentence for f in refused.value.faults]


@pytest.mark.parametrize("content", [b"layout = ", b"[" * 20000, b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mapping.toml"
    path.write_bytes(content)
    with pytest.raises(InvalidMapping):
        read_mapping(path)


def test_a_mapping_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidMapping, match="cannot be read"):
        read_mapping(tmp_path / "no.toml")


@given(st.recursive(st.integers() | st.text(max_size=3), st.lists, max_leaves=5), texts)
def test_no_shape_of_a_value_is_more_than_refused(value: object, key: str) -> None:
    shown = str(value).replace("'", '"') if isinstance(value, list | int) else f'"{value}"'
    for name in ("layout", "region", "left_out", "scales", "items", "items.v1", "items.v1.values"):
        source = f"{name} = {shown}\n"
        try:
            tomllib.loads(source)
        except tomllib.TOMLDecodeError:
            continue
        with suppress(InvalidMapping):
            parse_mapping(source)


def test_the_hash_is_of_what_a_mapping_says() -> None:
    one = parse_mapping('layout = "wide"\nregion = "a"\n[items]\nv = { column = "x" }\n')
    same = parse_mapping('# as before\nregion = "a"\n[items.v]\ncolumn = "x"\n')
    other = parse_mapping('region = "a"\n[items.v]\ncolumn = "y"\n')
    assert one.content_hash == same.content_hash
    assert one.content_hash != other.content_hash
