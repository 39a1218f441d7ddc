"""`python -m surveys difference OLD.toml NEW.toml` prints what a new version changes."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from surveys.__main__ import FAULTY, app

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ALL_TYPES = DEFINITIONS / "all_types.toml"


def difference(old: Path, new: Path) -> Result:
    return CliRunner().invoke(app, ["difference", str(old), str(new)])


def changed(folder: Path, *replacements: tuple[str, str]) -> Path:
    source = ALL_TYPES.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in source
        source = source.replace(old, new, 1)
    file = folder / "new.toml"
    file.write_text(source, encoding="utf-8")
    return file


def test_every_change_is_a_line_with_its_place_and_both_values(tmp_path: Path) -> None:
    unit = ('unit = "uur"', 'unit = "uren"')
    help_text = ('text = "Een schaal"', 'text = "Een schaal"\nhelp = """Denk aan:\n- van alles"""')
    option = ('    { code = "b", label = "Optie b" },\n', "")
    result = difference(ALL_TYPES, changed(tmp_path, unit, help_text, option))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "help: gesloten > schaal: (nothing) -> Denk aan: - van alles",
        "removed: gesloten > meer > b: Optie b -> (nothing)",
        "unit: getypt > getal: uur -> uren",
        "3 changes",
    ]


def test_two_ways_of_writing_the_same_have_no_changes(tmp_path: Path) -> None:
    result = difference(ALL_TYPES, changed(tmp_path, ("[[scales]]", "# een schaal\n[[scales]]")))
    assert (result.exit_code, result.stdout) == (0, "no changes\n")


def test_the_faults_of_both_files_are_told(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    result = difference(missing, DEFINITIONS / "many_faults.toml")
    assert result.exit_code == FAULTY
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{missing}: file: cannot be read")
    assert len(lines) > 2
    assert all(line.startswith(str(DEFINITIONS / "many_faults.toml")) for line in lines[1:])
