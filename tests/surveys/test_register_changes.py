"""What a new register changes, as it is shown before it is taken over."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from surveys.regions.changes import (
    LeaderChanged,
    RegionAdded,
    RegionRenamed,
    ValueChanged,
    find_changes,
)
from surveys.regions.contacts import Contact
from surveys.regions.register import Register
from tests.surveys.strategies import steady

ANNA = Contact("Anna de Vries", "anna@voorbeeld.nl")
KNOWN = Register(
    {"01": {"provincie": "Drenthe"}, "02": {"provincie": "Zeeland"}, "03": {}},
    ("provincie",),
    {"01": "Noord", "02": "Zuid", "03": "03"},
    {"01": ANNA},
)


def test_every_kind_of_change_is_told_in_dutch() -> None:
    bram = Contact("Bram Smit", "bram@voorbeeld.nl")
    told = Register(
        {
            "04": {"provincie": "Limburg", "grootte": "klein"},
            "03": {"provincie": "Utrecht", "grootte": "groot"},
            "01": {"provincie": "Groningen", "grootte": "klein"},
        },
        ("provincie", "grootte"),
        {"04": "Nieuw", "03": "Midden", "01": "Noord"},
        {"01": bram, "04": Contact("Cees", "")},
    )
    changes = find_changes(KNOWN, told)
    assert changes.added == (RegionAdded("04", "Nieuw"),)
    assert changes.renamed == (RegionRenamed("03", "03", "Midden"),)
    assert changes.values == (
        ValueChanged("03", "provincie", None, "Utrecht"),
        ValueChanged("03", "grootte", None, "groot"),
        ValueChanged("01", "provincie", "Drenthe", "Groningen"),
        ValueChanged("01", "grootte", None, "klein"),
    )
    assert changes.leaders == (
        LeaderChanged("04", Contact(), Contact("Cees", "")),
        LeaderChanged("01", ANNA, bram),
    )
    everything = (*changes.added, *changes.renamed, *changes.values, *changes.leaders)
    assert [change.sentence for change in everything] == [
        "Regio 04 (Nieuw) is nieuw.",
        "Regio 03 heet voortaan 'Midden' in plaats van '03'.",
        "Regio 03: provincie wordt 'Utrecht' (had nog geen waarde).",
        "Regio 03: grootte wordt 'groot' (had nog geen waarde).",
        "Regio 01: provincie wordt 'Groningen' (was 'Drenthe').",
        "Regio 01: grootte wordt 'klein' (had nog geen waarde).",
        "Regio 04: programmaleider wordt Cees.",
        "Regio 01: programmaleider wordt Bram Smit (was Anna de Vries), "
        "e-mailadres wordt bram@voorbeeld.nl (was anna@voorbeeld.nl).",
    ]
    assert changes.summary == [
        "Nieuw als kenmerk van de regio's: 'grootte'.",
        "Niet in het bestand, blijft zoals het is: regio 02.",
    ]


def tell_leader(contact: Contact) -> tuple[LeaderChanged, ...]:
    told = Register({"01": {"provincie": "Drenthe"}}, ("provincie",), {}, {"01": contact})
    return find_changes(KNOWN, told).leaders


def test_a_new_leader_does_not_get_the_address_of_the_one_before() -> None:
    (change,) = tell_leader(Contact("Bram Smit"))
    assert change.new == Contact("Bram Smit", "")
    assert change.sentence == (
        "Regio 01: programmaleider wordt Bram Smit (was Anna de Vries), "
        "het e-mailadres van Anna de Vries vervalt en er is geen nieuw adres."
    )


def test_another_address_leaves_the_leader_and_what_is_not_told_leaves_both() -> None:
    (change,) = tell_leader(Contact("", "a.devries@voorbeeld.nl"))
    assert change.new == Contact("Anna de Vries", "a.devries@voorbeeld.nl")
    assert change.sentence == (
        "Regio 01: e-mailadres wordt a.devries@voorbeeld.nl (was anna@voorbeeld.nl)."
    )
    assert tell_leader(Contact("Anna de Vries", "")) == ()
    assert tell_leader(Contact()) == ()


def test_names_and_leaders_that_a_file_does_not_have_stay() -> None:
    changes = find_changes(KNOWN, Register({"01": {"provincie": "Drenthe"}}, ("provincie",)))
    assert not changes
    assert changes.unchanged == 1
    assert changes.absent == ("02", "03")


def test_regions_that_have_ended_are_not_missed_but_told_where_the_file_has_them() -> None:
    told = Register({"01": {"provincie": "Drenthe"}}, ("provincie",))
    changes = find_changes(KNOWN, told, ended={"01", "02"})
    assert (changes.absent, changes.ended) == (("03",), ("01",))
    assert changes.summary == [
        "Niet in het bestand, blijft zoals het is: regio 03.",
        "Al beëindigd, maar wel in het bestand: regio 01.",
        "Ongewijzigd: 1 regio.",
    ]


def test_a_number_that_lost_its_zeros_is_pointed_out() -> None:
    told = Register({"1": {"a": "x"}, "4": {"a": "x"}}, ("a",))
    changes = find_changes(KNOWN, told)
    assert changes.lookalikes == ("1",)
    assert changes.summary[0].startswith("Let op: nieuw is regio 1, maar er is al een regio")


words = st.sampled_from(["een", "twee", "drie"])
numbers = st.sampled_from(["1", "2", "3", "4"])
contacts = st.builds(
    Contact, words | st.just(""), words.map("{}@voorbeeld.nl".format) | st.just("")
)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    attributes = draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    values = st.fixed_dictionaries(dict.fromkeys(attributes, words))
    regions = draw(st.dictionaries(numbers, values, min_size=1))
    names = {number: draw(words) for number in regions} if draw(st.booleans()) else {}
    told = {number: draw(contacts) for number in regions}
    return Register(
        regions, tuple(attributes), names, {n: contact for n, contact in told.items() if contact}
    )


def take_over(known: Register, told: Register) -> Register:
    """The register after the changes that the preview tells, and nothing else."""
    changes = find_changes(known, told)
    regions = {number: dict(values) for number, values in known.regions.items()}
    names = {number: known.names.get(number, number) for number in regions}
    for added in changes.added:
        regions[added.region] = dict(told.regions[added.region])
        names[added.region] = added.name
    for value in changes.values:
        assert regions[value.region].get(value.attribute) == value.old
        regions[value.region][value.attribute] = value.new
    for renamed in changes.renamed:
        assert names[renamed.region] == renamed.old
        names[renamed.region] = renamed.new
    leaders = {change.region: change.new for change in changes.leaders}
    return replace(known, regions=regions, names=names, contacts={**known.contacts, **leaders})


@steady
@given(registers(), registers())
def test_a_register_that_was_taken_over_changes_nothing_the_second_time(
    known: Register, told: Register
) -> None:
    after = take_over(known, told)
    again = find_changes(after, told)
    assert not again
    assert again.unchanged == len(told.regions)
    assert again.new_attributes == ()
    for number, values in told.regions.items():
        assert values.items() <= after.regions[number].items()
        assert after.names[number] == told.names.get(number, known.names.get(number, number))
    for number in known.regions.keys() - told.regions.keys():
        assert after.regions[number] == known.regions[number]
        assert after.contacts.get(number) == known.contacts.get(number)
