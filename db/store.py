"""What the monitor does with its database: a desk per matter, as one person may use them."""

from __future__ import annotations

from db.access import Database
from db.counting import Counts
from db.engine import connect, upgrade
from db.fieldwork.links import Invitations
from db.fieldwork.monitoring import Monitoring
from db.fieldwork.regions import Regions
from db.fieldwork.waves import Waves
from db.mailing.outbox import Outbox
from db.mailing.texts import MailTexts
from db.people.accounts import Accounts
from db.people.privacy import Privacy
from db.people.sign_ins import SignIns
from db.responses.entries import Entries
from db.responses.forms import Forms
from db.responses.imports import Imports
from db.responses.own_results import OwnRegion
from db.responses.quotes import Quotes
from db.settings import Settings
from db.trail_search import Trail
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
        self.accounts = Accounts(database, person)
        self.counts = Counts(database, person)
        self.entries = Entries(database, person)
        self.forms = Forms(database, person)
        self.imports = Imports(database, person)
        self.invitations = Invitations(database, person)
        self.mail_texts = MailTexts(database, person)
        self.monitoring = Monitoring(database, person)
        self.outbox = Outbox(database, person)
        self.own_region = OwnRegion(database, person)
        self.privacy = Privacy(database, person)
        self.quotes = Quotes(database, person)
        self.regions = Regions(database, person)
        self.settings = Settings(database, person)
        self.sign_ins = SignIns(database, person)
        self.trail = Trail(database, person)
        self.waves = Waves(database, person)

    def seen_by(self, person: Person) -> Store:
        """The same database, as another person may use it."""
        return Store(self._database, person)

    def close(self) -> None:
        """Let go of every connection."""
        self._database.close()
