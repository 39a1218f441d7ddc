"""What the documents tell people to type does work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from glob import glob
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analysis.__main__ import app as analysis
from db.__main__ import app as db
from surveys.__main__ import app as surveys

ROOT = Path(__file__).parents[1]
PROGRAMS = {"analysis": analysis, "db": db, "surveys": surveys}
FENCE = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands(document: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    joined = "\n".join(FENCE.findall(text)).replace("\\\n", " ")
    return [line.split("  #")[0].strip() for line in joined.splitlines() if line.strip()]


COMMANDS = [
    command
    for document in ("README.md", "docs/methode.md", "docs/operation.md")
    for command in commands(document)
    if command.startswith((".venv/bin/python", "echo ", "rm "))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place to run in that has the definitions, as a checkout has."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "surveys").symlink_to(ROOT / "surveys")
    return folder


def test_documents_have_commands() -> None:
    assert len(COMMANDS) >= 6


def run(command: str) -> None:
    """As in a terminal. Starting Python takes longer than most commands: a program that stands
    alone is called in this process."""
    begun, _, output = command.partition(" > ")
    words = shlex.split(begun)
    if words[:2] == [".venv/bin/python", "-m"] and "|" not in words:
        given = [found for word in words[3:] for found in sorted(glob(word)) or [word]]
        called = CliRunner().invoke(PROGRAMS[words[2]], given)
        assert called.exit_code == 0, f"{command}\n{called.output}{called.exception}"
        if output:
            Path(output).write_text(called.stdout, encoding="utf-8")
        return
    python = shlex.quote(sys.executable)
    done = subprocess.run(
        command.replace(".venv/bin/python", python),
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_the_commands_run_in_the_order_they_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder / 'monitor.sqlite'}")
    monkeypatch.chdir(folder)
    run(".venv/bin/python -m analysis example > example.csv")
    run(".venv/bin/python -m db example example.csv")
    for command in COMMANDS:
        run(command)


def test_make_knows_every_target_that_is_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {command.split()[1] for command in commands("README.md") if command.startswith("make ")}
    assert named == {"run", "test", "check", "bench", "screenshots", "interop"}
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    for document in ("README.md", "CHANGELOG.md", "GLOSSARY.md", "docs/operation.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(((?!http)[^)]+)\)", text):
            assert (ROOT / document).parent.joinpath(target).exists(), (
                f"{document} links to {target}"
            )
