"""A block in two waves: what changed, the test, and why that one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

from analysis.charts import (
    Order,
    draw_dumbbell,
    draw_dumbbell_panels,
    draw_grade_panels,
    draw_grades,
    sort_changes,
)
from analysis.comparison import Comparison, compare
from analysis.design import choose_design
from analysis.disclosure import ReleasedTable, release
from analysis.finding_wording import tell_changes
from analysis.measures import PROPORTION
from analysis.method_wording import tell_margin, tell_test
from analysis.results.block import Block
from analysis.results.change_table import explain_design, print_changes, print_overall
from analysis.results.exhibit import Exhibit
from analysis.results.headlines import pick_headlines
from analysis.results.source import Group, PairResult, tell_source
from analysis.settings import INDEPENDENT, Design, Settings
from analysis.subgroups import Counted, compare_groups
from analysis.wording import tell_detectable, tell_regions

MISSING_NOTE = (
    "Regio's die 'weet niet' of 'n.v.t.' kozen of de vraag oversloegen, tellen bij die vraag "
    "niet mee."
)
_P_NOTE = (
    "De p is de kans dat een verschil minstens zo groot uitvalt terwijl er in werkelijkheid "
    "niets is veranderd."
)


def release_changes(
    pair: PairResult, block: Block, settings: Settings, day: date
) -> ReleasedTable | None:
    """Of each question its headline, over all regions; None where the block asks nothing closed."""
    rows = compare(*pair.counted, settings, pair.between)
    base = tell_pair_base(pair.counted, settings.design)
    return _release(_pick(rows, block, pair), pair, base, block, settings, day)


def release_group_changes(
    pair: PairResult,
    block: Block,
    settings: Settings,
    day: date,
    group: Group,
    groups: dict[str, Counted],
) -> ReleasedTable | None:
    """The same over the regions of one group. All groups of its attribute are released together
    and the others left out then: so nothing can be subtracted from what is shown elsewhere. For
    that reason the base is told per question only, and not where it is small."""
    attribute, name = group
    rows = compare_groups(attribute, groups, pair.counted, settings, pair.between)
    once = choose_design(*pair.counted, settings.design).name == INDEPENDENT
    when = "een van beide jaren" if once else "beide jaren"
    base = f"regio's met {attribute} '{name}' die in {when} antwoordden"
    table = _release(_pick(rows, block, pair), pair, base, block, settings, day)
    return table.of_group(name) if table else None


def _release(
    rows: Sequence[Comparison],
    pair: PairResult,
    base: str,
    block: Block,
    settings: Settings,
    day: date,
) -> ReleasedTable | None:
    if not rows:
        return None
    explained = [tell_test(rows), tell_margin(settings.margin, rows[0].measure)]
    return release(
        rows,
        title=block.title,
        base=base,
        method=" ".join(filter(None, explained)),
        source=tell_source(pair.results, day),
    )


def _pick(rows: Iterable[Comparison], block: Block, pair: PairResult) -> list[Comparison]:
    return pick_headlines(rows, block.section, pair.after.counts.questionnaire)


def tell_pair_base(counted: Counted, wanted: Design) -> str:
    """Over which regions two waves are compared."""
    before, after, pairs = counted
    if choose_design(before, after, pairs, wanted).name != INDEPENDENT:
        return f"{tell_regions(pairs.regions)} die in beide jaren antwoordden"
    sizes = [f"{tell_regions(c.respondents)} in {c.wave}" for c in (before, after)]
    chosen = "" if pairs.regions else "; geen regio antwoordde in beide jaren"
    return " en ".join(sizes) + chosen


def changes_exhibit(table: ReleasedTable, block: Block, order: Order = Order.HIGHEST) -> Exhibit:
    """The released changes of a block with their chart, tables and words."""
    before, after = table.rows[0]["wave_before"], table.rows[0]["wave_after"]
    is_share = table.rows[0]["measure"] == PROPORTION
    draw, draw_panels = (
        (draw_dumbbell, draw_dumbbell_panels) if is_share else (draw_grades, draw_grade_panels)
    )
    rows = sort_changes(table, order)
    overall = print_overall(block, rows)
    return Exhibit(
        name=f"{block.section}-{before}-{after}",
        finding=tell_changes(table, block.what),
        table=table,
        draw=partial(draw, what=block.what, order=order),
        draw_panels=partial(draw_panels, what=block.what, order=order),
        tables=(print_changes(block, rows),),
        notes=(
            table.method,
            _P_NOTE,
            tell_detectable(table),
            f"Verschillen zijn berekend vóór het afronden. {MISSING_NOTE}",
            *table.footnotes,
        ),
        why=explain_design(table),
        why_tables=(overall,) if overall else (),
    )
