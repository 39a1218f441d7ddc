"""Regions that merge, split and end: what can be recorded, and what becomes of the pairs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.regions.succession import (
    InvalidSuccession,
    PairFate,
    Succession,
    SuccessionKind,
    check_succession,
    find_concerned_pairs,
    find_ended,
)
from tests.surveys.strategies import steady

MERGE, SPLIT, ENDED = SuccessionKind
TODAY = date(2024, 6, 1)
WHEN = date(2023, 1, 1)
KNOWN = frozenset(f"{number:02d}" for number in range(1, 10))

into_new = Succession(MERGE, WHEN, ("01", "02"), ("03",))
into_old = Succession(MERGE, WHEN, ("01", "02", "03"), ("01",))
split_off = Succession(SPLIT, WHEN, ("01",), ("01", "02"))
split_up = Succession(SPLIT, WHEN, ("01",), ("02", "03"))
closed = Succession(ENDED, WHEN, ("01",))


def faults(succession: Succession, *recorded: Succession) -> list[str]:
    with pytest.raises(InvalidSuccession) as refused:
        check_succession(succession, KNOWN, recorded, TODAY)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return list(refused.value.faults)


@pytest.mark.parametrize(
    ("succession", "ending"),
    [
        (into_new, ("01", "02")),
        (into_old, ("02", "03")),
        (split_off, ()),
        (split_up, ("01",)),
        (closed, ("01",)),
    ],
)
def test_regions_that_do_not_go_on_end(succession: Succession, ending: tuple[str, ...]) -> None:
    check_succession(succession, KNOWN, [], TODAY)
    assert succession.ending == ending
    assert find_ended([succession], WHEN) == dict.fromkeys(ending, WHEN)
    assert find_ended([succession], date(2022, 12, 31)) == {}


@pytest.mark.parametrize(
    ("succession", "told"),
    [
        (
            Succession(MERGE, WHEN, ("01",), ()),
            [
                "Kies minstens twee regio's die samengaan.",
                "Kies precies één regio die na het samengaan verdergaat.",
            ],
        ),
        (
            Succession(MERGE, WHEN, ("01", "01"), ("02", "03")),
            [
                "Kies minstens twee regio's die samengaan.",
                "Kies precies één regio die na het samengaan verdergaat.",
                "Regio 01 staat 2 keer bij de regio's van vóór de wijziging. "
                "Noem iedere regio één keer.",
            ],
        ),
        (
            Succession(SPLIT, WHEN, ("01", "02"), ("03", "03")),
            [
                "Kies precies één regio die wordt gesplitst.",
                "Kies minstens twee regio's die na de splitsing verdergaan.",
                "Regio 03 staat 2 keer bij de regio's van na de wijziging. "
                "Noem iedere regio één keer.",
            ],
        ),
        (
            Succession(ENDED, WHEN, (), ("01",)),
            [
                "Kies de regio die eindigt.",
                "Bij een regio die eindigt hoort geen opvolger. Kies anders samengaan.",
            ],
        ),
        (
            Succession(MERGE, date(2204, 1, 1), ("01", "88"), ("99",)),
            [
                "Er is geen regio 88.",
                "Er is geen regio 99.",
                "De datum 1 januari 2204 ligt meer dan 2 jaar vooruit. Kijk het jaartal na.",
            ],
        ),
        (
            Succession(ENDED, date(202, 1, 1), ("01",)),
            ["De datum 1 januari 202 ligt meer dan 10 jaar terug. Kijk het jaartal na."],
        ),
    ],
)
def test_every_fault_is_told_at_once(succession: Succession, told: list[str]) -> None:
    assert faults(succession) == told


def test_a_region_that_has_ended_takes_part_in_nothing_after_it() -> None:
    told = ["Regio 02 is al beëindigd, op 1 januari 2023."]
    later = date(2024, 1, 1)
    assert faults(Succession(MERGE, later, ("02", "04"), ("04",)), into_new) == told
    assert faults(Succession(MERGE, later, ("04", "05"), ("02",)), into_new) == told
    assert faults(Succession(ENDED, WHEN, ("02",)), into_new) == told
    assert faults(Succession(ENDED, date(2022, 1, 1), ("02",)), into_new) == told


def test_what_came_before_may_be_recorded_later_but_not_what_contradicts_it() -> None:
    earlier = date(2022, 1, 1)
    check_succession(Succession(SPLIT, earlier, ("02",), ("02", "04")), KNOWN, [into_new], TODAY)
    assert faults(Succession(ENDED, earlier, ("01",)), split_off) == [
        "Regio 01 kan niet eindigen: er is nog een wijziging op 1 januari 2023."
    ]


def test_the_same_succession_is_recorded_once_in_whatever_order_it_is_told() -> None:
    again = Succession(SPLIT, WHEN, ("01",), ("02", "01"))
    assert faults(again, split_off) == ["Deze wijziging is al vastgelegd."]
    check_succession(Succession(SPLIT, WHEN, ("01",), ("03", "01")), KNOWN, [split_off], TODAY)


BEFORE, AFTER = date(2021, 9, 1), date(2024, 5, 1)


@pytest.mark.parametrize(
    ("succession", "told"),
    [
        (
            into_new,
            {
                "01": "Regio 01 ging op 1 januari 2023 op in regio 03: het paar vervalt.",
                "02": "Regio 02 ging op 1 januari 2023 op in regio 03: het paar vervalt.",
                "03": "Regio 03 ontstond op 1 januari 2023 uit regio 01 en 02: er is geen paar, "
                "want bij de vorige meting bestond de regio nog niet.",
            },
        ),
        (
            into_old,
            {
                "01": "Regio 01 nam op 1 januari 2023 regio 02 en 03 op: het paar blijft, maar "
                "vergelijkt een andere samenstelling.",
                "02": "Regio 02 ging op 1 januari 2023 op in regio 01: het paar vervalt.",
                "03": "Regio 03 ging op 1 januari 2023 op in regio 01: het paar vervalt.",
            },
        ),
        (
            split_off,
            {
                "01": "Regio 01 stond op 1 januari 2023 een deel af aan regio 02: het paar blijft, "
                "maar vergelijkt een andere samenstelling.",
                "02": "Regio 02 ontstond op 1 januari 2023 uit regio 01: er is geen paar, want bij "
                "de vorige meting bestond de regio nog niet.",
            },
        ),
        (
            split_up,
            {
                "01": "Regio 01 werd op 1 januari 2023 gesplitst in regio 02 en 03: het paar "
                "vervalt.",
                "02": "Regio 02 ontstond op 1 januari 2023 uit regio 01: er is geen paar, want bij "
                "de vorige meting bestond de regio nog niet.",
                "03": "Regio 03 ontstond op 1 januari 2023 uit regio 01: er is geen paar, want bij "
                "de vorige meting bestond de regio nog niet.",
            },
        ),
        (closed, {"01": "Regio 01 eindigde op 1 januari 2023: het paar vervalt."}),
    ],
)
def test_what_becomes_of_each_pair_is_told_in_a_sentence(
    succession: Succession, told: dict[str, str]
) -> None:
    existed, exist = set(succession.predecessors), set(succession.successors)
    others = {"08", "09"}
    pairs = find_concerned_pairs([succession], BEFORE, AFTER, existed | others, exist | others)
    assert {pair.region: pair.sentence for pair in pairs} == told
    assert all(pair.happened == (succession,) for pair in pairs)


@pytest.mark.parametrize(
    ("on", "concerned"),
    [
        (date(2021, 8, 31), False),
        (BEFORE, False),
        (date(2021, 9, 2), True),
        (AFTER, True),
        (date(2024, 5, 2), False),
    ],
)
def test_only_what_happened_between_the_waves_counts(on: date, concerned: bool) -> None:
    found = find_concerned_pairs([Succession(ENDED, on, ("01",))], BEFORE, AFTER, {"01"}, {"02"})
    assert bool(found) == concerned


def test_a_region_that_only_did_not_answer_is_not_told() -> None:
    assert find_concerned_pairs([into_old], BEFORE, AFTER, {"01"}, set()) == []
    assert find_concerned_pairs([into_old], BEFORE, AFTER, set(), {"01"}) == []
    assert find_concerned_pairs([into_new], BEFORE, AFTER, set(), set()) == []


def test_several_events_of_a_region_are_one_sentence_by_date() -> None:
    later = Succession(SPLIT, date(2024, 2, 1), ("01",), ("01", "04"))
    pairs = find_concerned_pairs([later, into_old], BEFORE, AFTER, {"01"}, {"01"})
    assert [pair.sentence for pair in pairs] == [
        "Regio 01 nam op 1 januari 2023 regio 02 en 03 op en stond op 1 februari 2024 een deel af "
        "aan regio 04: het paar blijft, maar vergelijkt een andere samenstelling."
    ]
    assert pairs[0].happened == (into_old, later)


def test_a_region_that_ended_and_answered_all_the_same_keeps_its_pair() -> None:
    (pair,) = find_concerned_pairs([closed], BEFORE, AFTER, {"01"}, {"01"})
    assert pair.fate is PairFate.STAYS
    assert pair.sentence == (
        "Regio 01 eindigde op 1 januari 2023: de regio antwoordde toch beide keren, "
        "dus het paar blijft."
    )


few = st.sampled_from(["01", "02", "03", "04", "05"])
many = st.lists(few, min_size=2, max_size=3, unique=True).map(tuple)
one = few.map(lambda region: (region,))
dates = st.dates(date(2021, 1, 1), date(2024, 12, 31))
successions = (
    st.builds(Succession, st.just(MERGE), dates, many, one)
    | st.builds(Succession, st.just(SPLIT), dates, one, many)
    | st.builds(Succession, st.just(ENDED), dates, one)
)
sides = st.frozensets(few)


@steady
@given(st.lists(successions, max_size=6), sides, sides)
def test_recorded_successions_never_contradict_each_other_or_the_panel(
    attempts: list[Succession], before: frozenset[str], after: frozenset[str]
) -> None:
    recorded: list[Succession] = []
    for attempt in attempts:
        try:
            check_succession(attempt, KNOWN, recorded, TODAY)
        except InvalidSuccession:
            continue
        recorded.append(attempt)
    ends = [region for succession in recorded for region in succession.ending]
    assert len(ends) == len(set(ends))
    ended = find_ended(recorded, date.max)
    for succession in recorded:
        assert all(ended.get(region, date.max) >= succession.on for region in succession.regions)
    pairs = find_concerned_pairs(recorded, BEFORE, AFTER, before, after)
    assert len({pair.region for pair in pairs}) == len(pairs)
    for pair in pairs:
        stays = pair.region in before and pair.region in after
        assert (pair.fate is PairFate.STAYS) == stays
        assert stays or pair.region in before | after


@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        (MERGE, ("A1", "B2"), ("A1",), "Regio A1 en B2 gaan samen verder als regio A1."),
        (SPLIT, ("A1",), ("B2", "C3"), "Regio A1 wordt gesplitst in regio B2 en C3."),
        (ENDED, ("A1",), (), "Regio A1 stopt."),
        (ENDED, ("A1", "B2"), (), "Regio A1 en B2 stoppen."),
    ],
)
def test_what_happened_is_told(
    kind: SuccessionKind, before: tuple[str, ...], after: tuple[str, ...], told: str
) -> None:
    assert Succession(kind, WHEN, before, after).sentence == told
