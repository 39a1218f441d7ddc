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
