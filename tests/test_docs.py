"""What the documents tell people to type does work."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
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


def test_the_commands_run_in_the_order_they_are_written(folder: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder / 'monitor.sqlite'}",
    }
    example = [sys.executable, "-m", "analysis", "example"]
    with (folder / "example.csv").open("w", encoding="utf-8") as file:
        subprocess.run(example, cwd=folder, env=environment, stdout=file, check=True)
    load = [sys.executable, "-m", "db", "example", "example.csv"]
    subprocess.run(load, cwd=folder, env=environment, check=True, capture_output=True)
    for command in COMMANDS:
        done = subprocess.run(
            command.replace(".venv/bin/python", shlex.quote(sys.executable)),
            shell=True,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_make_knows_every_target_that_is_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {command.split()[1] for command in commands("README.md") if command.startswith("make ")}
    assert named == {"run", "test", "check", "bench"}
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    for document in ("README.md", "CHANGELOG.md", "GLOSSARY.md", "docs/operation.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(((?!http)[^)]+)\)", text):
            assert (ROOT / document).parent.joinpath(target).exists(), (
                f"{document} links to {target}"
            )
