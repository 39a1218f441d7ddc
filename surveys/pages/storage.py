"""The database, as the visitor may use it."""

from collections.abc import Callable

from db.store import Store
from surveys.pages.database import whole_store as whole_store
from surveys.pages.visitor import current_person, person_at_click


def current_store() -> Store:
    """Its verbs refuse what the visitor's role may not do."""
    return whole_store().seen_by(current_person())


def store_at_click() -> Callable[[], Store]:
    """For a file that is made when it is asked for: the page may have been drawn long before, so
    what is returned asks anew, every time, what the visitor may do."""
    find_person = person_at_click()
    return lambda: whole_store().seen_by(find_person())
