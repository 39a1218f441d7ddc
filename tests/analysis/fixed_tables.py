"""Small released tables with round figures that no library computes: for the golden charts."""

from __future__ import annotations

from analysis.comparison import Comparison
from analysis.disclosure import Figure, ReleasedTable, release
from analysis.levels import Distribution, Level, Share

SOURCE = "Voorbeelddata. Bron: Proefvragenlijst, stand van 3 maart 2025"
_SCALE = ("niet urgent", "enigszins urgent", "urgent")


def fix_table(*figures: Figure, title: str = "Urgentie") -> ReleasedTable:
    return release(figures, title=title, base="40 regio's", method="Zo getoetst.", source=SOURCE)


def fix_changes() -> ReleasedTable:
    """A rise that was shown, a fall that was not, and a question of too few regions."""
    return fix_table(_shares(1, 20, 32, 0.001), _shares(2, 30, 26, 0.25), _shares(3, 2, 1, 0.5, 4))


def fix_grades() -> ReleasedTable:
    return fix_table(_means(1, 6.5, 7.25, 0.004), _means(2, 8.0, 7.75, 0.4), title="Cijfers")


def fix_levels() -> ReleasedTable:
    rows = [_level(part, count, "2024") for part, count in (("a", 30), ("b", 10))]
    return fix_table(*rows, title="Borging")


def fix_distributions(*waves: str) -> ReleasedTable:
    """Two questions with as many regions in each wave; the later wave is higher."""
    counts = {"2021": ((10, 10, 20), (20, 16, 4)), "2024": ((4, 8, 28), (10, 10, 20))}
    return fix_table(
        *(
            _distribution(number, wave, *given)
            for wave in waves
            for number, given in enumerate(counts[wave], start=1)
        )
    )


def _shares(number: int, before: int, after: int, p: float, n: int = 40) -> Comparison:
    change = (after - before) / n
    return Comparison(
        **_names(number, "proportion", "urgent"),
        n_pairs=n,
        n_before=n,
        n_after=n,
        count_before=before,
        count_after=after,
        value_before=before / n,
        value_after=after / n,
        change=change,
        ci_low=change - 0.125,
        ci_high=change + 0.125,
        ci_method="tango",
        test="mcnemar_midp",
        p=p,
        p_adjusted=min(1.0, 2 * p),
        effect=2.5,
        effect_name="conditional_odds_ratio",
        outcome="veranderd" if p < 0.05 else "niet aangetoond",
    )


def _means(number: int, before: float, after: float, p: float) -> Comparison:
    return Comparison(
        **_names(number, "mean", "gemiddeld cijfer"),
        n_pairs=40,
        n_before=40,
        n_after=40,
        value_before=before,
        value_after=after,
        change=after - before,
        ci_low=after - before - 0.5,
        ci_high=after - before + 0.5,
        ci_method="paired_t",
        test="paired_t",
        p=p,
        p_adjusted=2 * p,
        effect=0.75,
        effect_name="cohen_dz",
        outcome="veranderd" if p < 0.05 else "niet aangetoond",
    )


def _names(number: int, measure: str, label: str) -> dict[str, str]:
    return {
        "item": f"vraag_{number}",
        "part": "",
        "concept": f"begrip_{number}",
        "section": "blok",
        "text": f"Vraag {number}",
        "label": label,
        "measure": measure,
        "wave_before": "2021",
        "wave_after": "2024",
        "design": "paired",
    }


def _level(part: str, count: int, wave: str) -> Level:
    return Level(
        item="vormen",
        part=part,
        concept="vormen",
        section="borging",
        text="Welke vormen zijn er?",
        label=f"vorm {part}",
        measure="proportion",
        wave=wave,
        n=40,
        count=count,
        value=count / 40,
        ci_low=count / 40 - 0.125,
        ci_high=count / 40 + 0.125,
        ci_method="wilson",
    )


def _distribution(number: int, wave: str, *counts: int) -> Distribution:
    shares = tuple(
        Share(str(code), label, count)
        for code, (label, count) in enumerate(zip(_SCALE, counts, strict=True), start=1)
    )
    return Distribution(
        item=f"vraag_{number}_{wave}",
        concept=f"begrip_{number}",
        section="blok",
        text=f"Vraag {number}",
        wave=wave,
        shares=shares,
        totals=(Share("top", "urgent", counts[-1]),),
    )
