"""Who may do what: the roles, their rights, and the person who acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """PROGRAMME_LEADER: by a personal link, without an account. OWNER: who sits at the machine
    itself, at the command line or at a server that only listens there and has no accounts yet."""

    PROGRAMME_LEADER = "programmaleider"
    STEERING_GROUP = "stuurgroep"
    EVALUATOR = "evaluator"
    ADMINISTRATOR = "beheerder"
    OWNER = "eigenaar"


class Right(StrEnum):
    FILL_IN = "fill_in"  # one's own questionnaire
    SEE_RESULTS = "see_results"
    DO_FIELDWORK = "do_fieldwork"
    READ_TRAIL = "read_trail"
    ADMINISTER = "administer"  # accounts and settings


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.PROGRAMME_LEADER: frozenset({Right.FILL_IN}),
    Role.STEERING_GROUP: frozenset({Right.SEE_RESULTS}),
    Role.EVALUATOR: frozenset({Right.SEE_RESULTS, Right.DO_FIELDWORK, Right.READ_TRAIL}),
    Role.ADMINISTRATOR: frozenset({Right.READ_TRAIL, Right.ADMINISTER}),
    Role.OWNER: frozenset(Right),
}

# The roles that an account can have.
ACCOUNT_ROLES = (Role.STEERING_GROUP, Role.EVALUATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Person:
    """Who acts: `name` stands in the audit trail, so it is never personal; `label` is shown."""

    name: str
    role: Role
    label: str = ""

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


VISITOR = Person("visitor", Role.PROGRAMME_LEADER)
COMMAND_LINE = Person("command line", Role.OWNER)


class NotPermitted(Exception):
    """The person's role lacks the right that a verb asks for."""

    def __init__(self, person: Person, right: Right) -> None:
        super().__init__(f"{person.role.value} may not {right.value.replace('_', ' ')}")
        self.person = person
        self.right = right
