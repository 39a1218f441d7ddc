"""The rules of the house: who imports what, and what the respondent's page does not load."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_packages_keep_to_the_import_rules() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("script", ["monitor_app.py", "surveys/pages/entrance/menu.py"])
def test_the_entry_leads_to_pages_by_their_files_and_loads_no_statistics(script: str) -> None:
    tree = ast.parse((ROOT / script).read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert not any(module.startswith(("analysis", "scipy", "pandas")) for module in modules)


def test_filling_in_loads_no_statistics() -> None:
    code = (
        "import sys, monitor_app, db.store\n"
        "import surveys.pages.parts.form_session, surveys.pages.storage\n"
        "heavy = {'pandas', 'scipy', 'altair', 'statsmodels', 'numpy'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


PAGES = sorted([*ROOT.glob("surveys/pages/**/*.py"), *ROOT.glob("analysis/pages/**/*.py")])


def test_no_file_for_later_is_made_with_the_store_of_the_page() -> None:
    """Streamlit makes it at the click, when the visitor may have signed out: store_at_click."""
    captured = [
        f"{path.relative_to(ROOT)}:{later.lineno}"
        for path in PAGES
        if "download_button" in (text := path.read_text(encoding="utf-8"))
        for later in _called_later(ast.parse(text))
        if {"store", "current_store"} & _names_of(later)
    ]
    assert captured == []


def _called_later(tree: ast.Module) -> list[ast.expr | ast.FunctionDef]:
    """Lambdas, partials, functions in functions, and what is given to a button as its data."""
    found: list[ast.expr | ast.FunctionDef] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found.append(node)
        elif isinstance(node, ast.FunctionDef):
            inner = (each for each in ast.walk(node) if each is not node)
            found += [each for each in inner if isinstance(each, ast.FunctionDef)]
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called.endswith("partial"):
                found.append(node)
            elif called.endswith("download_button"):
                found += node.args[1:2]
                found += [word.value for word in node.keywords if word.arg == "data"]
    return found


def _names_of(part: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(part) if isinstance(node, ast.Name)}


def test_pages_keep_nothing_that_a_visitor_can_have_emptied() -> None:
    """Any window can send `clear_cache`: what must stay is held by surveys/pages/once.py."""
    assert [path.name for path in PAGES if "cache_resource" in path.read_text("utf-8")] == []
