"""What a benchmark found, and the table that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Finding:
    """One row: what was measured, the outcome, the aim, and whether it is met (None: no aim)."""

    what: str
    measured: str
    aim: str = ""
    met: bool | None = None


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def print_table(findings: Iterable[Finding]) -> None:
    rows = [("what", "measured", "aim", "met")]
    for finding in findings:
        what, measured, aim, met = astuple(finding)
        rows.append((what, measured, aim, {True: "yes", False: "NO", None: ""}[met]))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
