"""Who leads a region: a name and an e-mail address. Personal data, kept apart from all else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """A programme leader; either may be empty, and an empty contact is one that is not known."""

    name: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.email)

    def follow(self, told: Contact) -> Contact:
        """The contact after a register told `told`. What is empty there was not told; but another
        name is another person, who does not get the address of the one before."""
        if told.name and self.name and told.name != self.name:
            return told
        return Contact(told.name or self.name, told.email or self.email)

    def is_same_person(self, other: Contact) -> bool:
        """Whether only the address is another one, or a name that was not known."""
        if self.name and other.name:
            return self.name == other.name
        return self.email == other.email
