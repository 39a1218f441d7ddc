"""The database, as the visitor may use it."""

from db.store import Store
from surveys.pages.database import whole_store as whole_store
from surveys.pages.visitor import current_person


def current_store() -> Store:
    """Its verbs refuse what the visitor's role may not do."""
    return whole_store().seen_by(current_person())
