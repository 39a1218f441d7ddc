"""The work that is killed in test_killed.py: regions that answer and submit, one by one."""

from __future__ import annotations

from db.store import Store, open_store
from surveys.fieldwork import ResponseState
from surveys.roles import VISITOR
from tests.db.killable import tell
from tests.db.scenes import save

ITEMS = ("kort", "schaal")


def answer_of(number: int, item: str) -> str:
    return f"tekst {number}" if item == "kort" else str(number % 2 + 1)


def work(url: str, *tokens: str) -> None:
    store = open_store(url, VISITOR)
    for number, token in enumerate(tokens):
        answer_and_submit(store, token, number)


def answer_and_submit(store: Store, token: str, number: int) -> None:
    """Go on where the one before was killed; tell what the respondent is shown as saved."""
    visit = store.forms.visit(token)
    form = store.forms.find(visit) or store.forms.begin(visit)
    if form.state is ResponseState.FINAL:
        return
    for item in ITEMS:
        if item not in form.answers:
            form = save(store, visit, form, {item: answer_of(number, item)})
            tell(f"saved {number} {item}")
    store.forms.submit(visit, form)
    tell(f"submitted {number}")
