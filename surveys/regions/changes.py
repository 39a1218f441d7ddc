"""What a new register would change in the one that is known: the preview before it is taken over.

The sentences are Dutch, for a page, and quote names: show them as plain text. Those on leaders are
personal data: never in the audit trail, never in a log.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from surveys.dutch import format_list
from surveys.regions.contacts import Contact
from surveys.regions.register import Register


@dataclass(frozen=True)
class RegionAdded:
    region: str
    name: str

    @property
    def sentence(self) -> str:
        named = f" ({self.name})" if self.name != self.region else ""
        return f"Regio {self.region}{named} is nieuw."


@dataclass(frozen=True)
class RegionRenamed:
    region: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        return f"Regio {self.region} heet voortaan '{self.new}' in plaats van '{self.old}'."


@dataclass(frozen=True)
class ValueChanged:
    """Another value of an attribute; `old` is None where the region had none."""

    region: str
    attribute: str
    old: str | None
    new: str

    @property
    def sentence(self) -> str:
        before = "had nog geen waarde" if self.old is None else f"was '{self.old}'"
        return f"Regio {self.region}: {self.attribute} wordt '{self.new}' ({before})."


@dataclass(frozen=True)
class LeaderChanged:
    """The contact of a region before and after; `old` is empty where there was none."""

    region: str
    old: Contact
    new: Contact

    @property
    def sentence(self) -> str:
        return f"Regio {self.region}: {', '.join(self._parts())}."

    def _parts(self) -> Iterator[str]:
        old, new = self.old, self.new
        if new.name != old.name:
            before = f" (was {old.name})" if old.name else ""
            yield f"programmaleider wordt {new.name}{before}"
        if new.email and new.email != old.email:
            before = f" (was {old.email})" if old.email else ""
            yield f"e-mailadres wordt {new.email}{before}"
        elif old.email and not new.email:
            yield f"het e-mailadres van {old.name} vervalt en er is geen nieuw adres"


@dataclass(frozen=True)
class RegisterChanges:
    """All that a register would change, in the order of its rows.

    `absent`: regions that are known and go on, but are not in the register; they stay as they
    are. `ended`: regions in the register that have ended; they are updated, and stay ended.
    `lookalikes`: regions that are added, beside one whose number differs in leading zeros only.
    `unchanged`: how many regions are in the register exactly as they are known.
    """

    added: tuple[RegionAdded, ...]
    renamed: tuple[RegionRenamed, ...]
    values: tuple[ValueChanged, ...]
    leaders: tuple[LeaderChanged, ...]
    new_attributes: tuple[str, ...]
    absent: tuple[str, ...]
    ended: tuple[str, ...]
    lookalikes: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        """Whether there is anything to take over."""
        return bool(self.added or self.renamed or self.values or self.leaders)

    @property
    def summary(self) -> list[str]:
        """What is no change of one region, in sentences."""
        told = []
        if self.lookalikes:
            told.append(
                f"Let op: nieuw is regio {format_list(self.lookalikes)}, maar er is al een regio "
                "met dat nummer en andere nullen ervoor (zoals 01 naast 1). Is dat dezelfde regio? "
                "Verbeter dan eerst de nummers in het bestand."
            )
        if self.new_attributes:
            names = ", ".join(f"'{name}'" for name in self.new_attributes)
            told.append(f"Nieuw als kenmerk van de regio's: {names}.")
        if self.absent:
            stays = "blijft zoals het is" if len(self.absent) == 1 else "blijven zoals ze zijn"
            told.append(f"Niet in het bestand, {stays}: regio {format_list(self.absent)}.")
        if self.ended:
            told.append(f"Al beëindigd, maar wel in het bestand: regio {format_list(self.ended)}.")
        if self.unchanged:
            told.append(f"Ongewijzigd: {self.unchanged} {_regions(self.unchanged)}.")
        return told


def find_changes(
    known: Register, told: Register, ended: Collection[str] = frozenset()
) -> RegisterChanges:
    """What taking over `told` changes in `known`, the register as it is stored.

    What `told` leaves out (regions, names, attributes, leaders) stays as it is. In `known` a
    region need not have every attribute. `ended`: the numbers of regions that have ended.
    """
    fresh = [number for number in told.regions if number not in known.regions]
    both = [number for number in told.regions if number in known.regions]
    renamed = tuple(chain.from_iterable(_find_name(known, told, number) for number in both))
    values = tuple(chain.from_iterable(_find_values(known, told, number) for number in both))
    leaders = tuple(chain.from_iterable(_find_leader(known, told, n) for n in told.regions))
    changed = {
        *(change.region for change in renamed),
        *(change.region for change in values),
        *(change.region for change in leaders),
    }
    return RegisterChanges(
        tuple(RegionAdded(number, told.names.get(number, number)) for number in fresh),
        renamed,
        values,
        leaders,
        _find_new_attributes(known, told),
        tuple(n for n in known.regions if n not in told.regions and n not in ended),
        tuple(number for number in both if number in ended),
        _find_lookalikes(known, fresh),
        sum(number not in changed for number in both),
    )


def _find_name(known: Register, told: Register, number: str) -> Iterator[RegionRenamed]:
    old = known.names.get(number, number)
    new = told.names.get(number, old)
    if new != old:
        yield RegionRenamed(number, old, new)


def _find_values(known: Register, told: Register, number: str) -> Iterator[ValueChanged]:
    before = known.regions[number]
    for attribute, value in told.regions[number].items():
        if before.get(attribute) != value:
            yield ValueChanged(number, attribute, before.get(attribute), value)


def _find_leader(known: Register, told: Register, number: str) -> Iterator[LeaderChanged]:
    old = known.contacts.get(number, Contact())
    new = old.follow(told.contacts.get(number, Contact()))
    if new != old:
        yield LeaderChanged(number, old, new)


def _find_new_attributes(known: Register, told: Register) -> tuple[str, ...]:
    had = {attribute for values in known.regions.values() for attribute in values}
    return tuple(attribute for attribute in told.attributes if attribute not in had)


def _find_lookalikes(known: Register, fresh: list[str]) -> tuple[str, ...]:
    taken = {number.lstrip("0") for number in known.regions}
    return tuple(number for number in fresh if number.lstrip("0") in taken)


def _regions(count: int) -> str:
    return "regio" if count == 1 else "regio's"
