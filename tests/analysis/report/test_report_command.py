"""`python -m analysis report`: a file from the database, or every fault and no file."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pptx
import pytest

from analysis.example import solve_example
from analysis.published import read_published
from db.store import open_store
from surveys.example import (
    plan_example_waves,
    read_example_definitions,
    read_example_register,
)
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.command_line import ROOT, faults_of, run

WAVES = ("--before", "2021", "--after", "2024")


@pytest.fixture(scope="module")
def filled_database(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example waves, and one without answers."""
    file = tmp_path_factory.mktemp("report") / "monitor.sqlite"
    shutil.copy(empty_database, file)
    store = open_store(f"sqlite:///{file}")
    waves = plan_example_waves(solve_example(read_published()))
    store.waves.load_example(read_example_register(), waves)
    store.waves.plan("2027", read_example_definitions()["2024"])
    store.close()
    return file


@pytest.fixture(autouse=True)
def database(filled_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{filled_database}")
    return filled_database


def test_a_report_of_the_database_is_written(tmp_path: Path) -> None:
    out = tmp_path / "rapport.pptx"
    out.write_text("een vorig rapport")
    result = run("report", *WAVES, "--format", "pptx", "--out", out)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"wrote {out}: 8 findings, data version ")
    slides = pptx.Presentation(io.BytesIO(out.read_bytes())).slides
    assert all(
        any(
            EXAMPLE_LABEL in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame
        )
        for slide in slides
    )
    assert list(tmp_path.iterdir()) == [out]


def test_a_template_gives_the_slides_their_size(tmp_path: Path) -> None:
    template, out = tmp_path / "huisstijl.pptx", tmp_path / "rapport.pptx"
    made = pptx.Presentation()
    made.slide_width = 12_800_000
    made.save(str(template))
    result = run("report", *WAVES, "--format", "pptx", "--out", out, "--template", template)
    assert result.exit_code == 0, result.stderr
    assert pptx.Presentation(str(out)).slide_width == 12_800_000


def test_every_fault_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    out, template = tmp_path / "weg" / "rapport.pdf", tmp_path / "huisstijl.docx"
    result = run(
        *("report", "--before", "2020", "--after", "2027", "--format", "pdf"),
        *("--out", out, "--template", template),
    )
    assert faults_of(result) == [
        "--template is for pptx and docx: a pdf report takes none",
        f"{out}: cannot be written (No such file or directory)",
        "there is no wave '2020'; there are: 2021, 2024, 2027",
        "no region has submitted answers in wave '2027'",
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("waves", "fault"),
    [
        (("2024", "2021"), "wave 2021 goes before wave 2024: name the earlier with --before"),
        (("2024", "2024"), "--before and --after name the same wave: a report compares two"),
        (("2021", "\x1b[2J"), "there is no wave '\\x1b[2J'; there are: 2021, 2024, 2027"),
    ],
)
def test_waves_that_make_no_pair_are_refused(
    tmp_path: Path, waves: tuple[str, str], fault: str
) -> None:
    out = tmp_path / "rapport.html"
    before, after = waves
    result = run("report", "--before", before, "--after", after, "--format", "html", "--out", out)
    assert faults_of(result) == [fault]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"geen sjabloon", "is not a .pptx file"),
        (b"PK\x03\x04 half", "is damaged: the file cannot be opened"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_template_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    template, out = tmp_path / "huisstijl.pptx", tmp_path / "rapport.pptx"
    if content is not None:
        template.write_bytes(content)
    result = run("report", *WAVES, "--format", "pptx", "--out", out, "--template", template)
    assert faults_of(result) == [f"{template}: {said}"]
    assert not out.exists()


def test_a_report_that_fails_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "rapport.html"
    out.write_text("een vorig rapport")

    def fail(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.commands.report.write_report", fail)
    result = run("report", *WAVES, "--format", "html", "--out", out)
    assert faults_of(result) == [f"{out}: cannot be written (No space left on device)"]
    assert out.read_text() == "een vorig rapport"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    result = run("report", *WAVES, "--format", "html", "--out", tmp_path)
    assert faults_of(result) == [f"{tmp_path}: is a folder"]


def test_other_commands_load_neither_the_database_nor_the_writers() -> None:
    code = (
        "import sys, analysis.__main__\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'pptx', 'docx', 'typst', 'altair'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
