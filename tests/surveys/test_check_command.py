"""`python -m surveys check`: every fault of every file, one a line, and an exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from surveys.__main__ import app
from surveys.definition import DEFINITIONS, InvalidDefinition, read_definition

ROOT = Path(__file__).parents[2]
OURS = ROOT / "tests/definitions"


def check(*files: Path) -> tuple[int, list[str]]:
    """The exit code, and what was printed."""
    result = CliRunner().invoke(app, ["check", *map(str, files)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output.splitlines()


def test_a_right_file_gets_one_line_that_sums_it_up() -> None:
    file = DEFINITIONS / "sto_programmaleiders_2024.toml"
    code, (line,) = check(file)
    assert code == 0
    assert line.startswith(
        f"{file}: in order: version 2024.1, 5 sections, 32 questions, "
        "of which 6 with wording of our own, hash "
    )
    assert line.endswith(read_definition(file).content_hash[:8])


def test_every_fault_of_a_file_gets_a_line() -> None:
    file = OURS / "many_faults.toml"
    with pytest.raises(InvalidDefinition) as refused:
        read_definition(file)
    code, lines = check(file)
    assert code == 2
    assert lines == [f"{file}: {fault}" for fault in refused.value.errors]
    assert len(lines) == 20


def test_one_faulty_file_among_right_ones_decides_the_exit_code() -> None:
    files = [OURS / "all_types.toml", OURS / "many_faults.toml", OURS / "references.toml"]
    code, lines = check(*files)
    assert code == 2
    assert [line for line in lines if "in order" in line] == [lines[0], lines[-1]]


def test_a_file_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    code, lines = check(tmp_path / "gone.toml")
    assert (code, len(lines)) == (2, 1)
    assert "No such file" in lines[0]


def test_a_folder_is_a_fault(tmp_path: Path) -> None:
    code, lines = check(tmp_path)
    assert (code, len(lines)) == (2, 1)
    assert "Is a directory" in lines[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'id = "a"\ntitle = "caf\xe9"\n', "line 2: is not UTF-8 text"),
        (b'id = "a"\nversion = 1 2\n', "line 2"),
        (b"\x00\xff\x80", "line 1: is not UTF-8 text"),
        (b'id = "a', "TOML"),
        (b'["a\\nb"]\nid = 1\n', "unknown key 'a b'"),
    ],
    ids=["latin-1", "broken TOML", "binary", "cut off", "line break in a key"],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "wrong.toml"
    file.write_bytes(content)
    code, lines = check(file)
    assert code == 2
    assert any(told in line for line in lines)
    assert all(line.startswith(f"{file}: ") for line in lines)


def test_without_files_it_says_what_it_needs() -> None:
    code, lines = check()
    assert code == 2
    assert any("Missing argument 'FILE'" in line for line in lines)


def test_the_command_runs_from_a_shell_also_on_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    name = bytes(tmp_path) + b"/caf\xe9.toml"
    command: list[str | bytes] = [sys.executable, "-m", "surveys", "check", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"No such file" in done.stdout
    assert done.stderr == b""
