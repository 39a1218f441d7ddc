"""Who may use which verb: every verb of every desk, for every role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from db.access import Desk, rights_of
from db.store import Store
from surveys.roles import RIGHTS, NotPermitted, Person, Right, Role

ANYONE = "fill_in see_results do_fieldwork read_trail administer"

# The rights of which a verb asks one. A change here is a change of who may do what.
INTENDED = {
    ANYONE: """
        settings.read
        sign_ins.are_on sign_ins.begin sign_ins.end sign_ins.recognise sign_ins.recognise_member
        waves.all waves.questionnaire
    """,
    "fill_in do_fieldwork": """
        forms.begin forms.consent forms.find forms.keep_shown forms.move_to_section
        forms.previous_answers forms.save forms.submit forms.visit
        invitations.admit invitations.mark_opened
    """,
    "fill_in": "own_region.is_open own_region.read",
    "see_results": """
        counts.joint counts.patterns counts.regions_in_both counts.respondents counts.tallies
        counts.transitions
        quotes.shown
    """,
    "see_results do_fieldwork": "monitoring.response_counts regions.attributes",
    "do_fieldwork": """
        entries.discard entries.export entries.make_valid entries.read entries.set_invalid
        entries.versions entries.visit
        imports.definition imports.foresee imports.take
        invitations.renew invitations.withdraw
        mail_texts.keep mail_texts.read mail_texts.reset
        monitoring.nonresponse monitoring.progress monitoring.sent_mails
        outbox.count_left outbox.fields outbox.invite outbox.make_links outbox.messages
        outbox.queue outbox.record outbox.resend outbox.sending outbox.standings outbox.take_next
        privacy.due privacy.erase privacy.erase_due privacy.erase_wave privacy.held
        privacy.of_wave
        quotes.clear quotes.open_answers quotes.withdraw
        regions.add regions.concerned_pairs regions.export regions.foresee regions.keep_register
        regions.known regions.preview regions.record_succession regions.remove_succession
        regions.rename regions.renumber regions.set_leader regions.successions
        waves.add waves.change waves.consent waves.load_example waves.plan
        waves.propose_questionnaire waves.remove waves.set_consent waves.set_state
        waves.take_questionnaire
    """,
    "read_trail": "trail.choices trail.export trail.find",
    "administer": """
        accounts.add accounts.all accounts.change_role accounts.disable accounts.enable
        accounts.erase accounts.provide accounts.set_password
        settings.change
    """,
}
RIGHTS_OF_VERB = {
    verb: frozenset(Right(right) for right in rights.split())
    for rights, verbs in INTENDED.items()
    for verb in verbs.split()
}


def verbs_of(store: Store) -> Iterator[str]:
    """Every public verb of every desk, as 'desk.verb'."""
    for name, desk in vars(store).items():
        if isinstance(desk, Desk):
            for verb in dir(type(desk)):
                if not verb.startswith("_") and callable(getattr(type(desk), verb)):
                    yield f"{name}.{verb}"


def test_every_verb_says_who_may_use_it(store: Store) -> None:
    for path in verbs_of(store):
        desk, verb = path.split(".")
        assert rights_of(getattr(type(getattr(store, desk)), verb)), f"{path} asks no right"


def test_every_verb_asks_the_rights_that_are_intended(store: Store) -> None:
    found = {}
    for path in verbs_of(store):
        desk, verb = path.split(".")
        found[path] = rights_of(getattr(type(getattr(store, desk)), verb))
    assert found == RIGHTS_OF_VERB


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_right_is_refused_before_anything_else(store: Store, role: Role) -> None:
    desks = store.seen_by(Person("someone", role))
    for path, rights in RIGHTS_OF_VERB.items():
        desk, verb = path.split(".")
        bound = getattr(getattr(desks, desk), verb)
        if not rights & RIGHTS[role]:
            with pytest.raises(NotPermitted):
                bound()
            continue
        try:
            bound()
        except TypeError:  # let through, and only then it misses what it is to work on
            continue


def test_a_refusal_says_who_may_not_do_what(store: Store) -> None:
    desk = store.seen_by(Person("account 3", Role.STEERING_GROUP))
    with pytest.raises(NotPermitted, match="stuurgroep may not do fieldwork"):
        desk.regions.add([("01", "Regio 01")])
    assert not store.regions.known().regions
