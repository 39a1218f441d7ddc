"""What the monitor does with its database: a desk per matter, as one person may use them."""

from __future__ import annotations

from db.access import Database
from db.counting import Counts
from db.engine import connect, upgrade
from db.forms import Forms
from db.links import Invitations
from db.monitoring import Monitoring
from db.regions import Regions
from db.settings import Settings
from db.waves import Waves
from surveys.roles import COMMAND_LINE, Person


def open_store(url: str, person: Person = COMMAND_LINE) -> Store:
    """Connect, bring the tables up to date, and give the store."""
    engine = connect(url)
    upgrade(engine)
    return Store(Database(engine), person)


class Store:
    """The database as `person` may use it: every verb of every desk refuses what the person's
    role may not do (NotPermitted)."""

    def __init__(self, database: Database, person: Person) -> None:
        self._database = database
        self.person = person
        self.counts = Counts(database, person)
        self.forms = Forms(database, person)
        self.invitations = Invitations(database, person)
        self.monitoring = Monitoring(database, person)
        self.regions = Regions(database, person)
        self.settings = Settings(database, person)
        self.waves = Waves(database, person)

    def seen_by(self, person: Person) -> Store:
        """The same database, as another person may use it."""
        return Store(self._database, person)

    def close(self) -> None:
        """Let go of every connection."""
        self._database.close()
