"""The one database of this process."""

from db.engine import database_url
from db.store import Store, open_store
from surveys.pages.once import Once


@Once
def whole_store() -> Store:
    """The database without a visitor, brought up to date at the first use."""
    return open_store(database_url())
