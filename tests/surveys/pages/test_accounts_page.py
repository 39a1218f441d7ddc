"""The pages Gebruikers and Instellingen, run without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from streamlit.testing.v1 import AppTest

from db.people import passwords
from db.store import Store
from surveys.pages.visitor import OWNER
from surveys.roles import VISITOR, Person, Role
from surveys.settings import REST, RETENTION
from surveys.sign_in import SignInRefused

PAGES = Path(__file__).parents[3] / "surveys" / "pages"
PASSWORD, OTHER = "een lang wachtwoord", "een ander wachtwoord"
ADMINISTRATOR = Person("account 1", Role.ADMINISTRATOR, "beheer")
HERE = "192.0.2.1"


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    return store


def open_page(name: str = "accounts", person: Person = ADMINISTRATOR) -> AppTest:
    app = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def choose(app: AppTest, name: str) -> None:
    box = app.selectbox[-1]
    box.select(next(option for option in box.options if option.startswith(name))).run()


def shown(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def accounts(store: Store) -> Store:
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    store.accounts.add("eva", Role.EVALUATOR, PASSWORD)
    return store


def test_who_sits_at_the_machine_makes_the_first_account_for_an_administrator(
    store: Store,
) -> None:
    app = open_page(person=OWNER)
    assert "Er zijn nog geen accounts" in app.text[0].value
    assert list(app.selectbox[0].options) == [app.selectbox[0].options[0]]
    app.text_input[0].input("Beheer")
    app.text_input[1].input(PASSWORD)
    press(app, "Account maken")
    assert app.success[0].value == "Er is een account voor Beheer."
    assert [(a.name, a.role) for a in store.accounts.all()] == [("beheer", Role.ADMINISTRATOR)]
    assert store.seen_by(VISITOR).sign_ins.begin("beheer", PASSWORD, HERE)


def test_what_is_wrong_is_told_and_what_was_typed_stays(accounts: Store) -> None:
    app = open_page()
    app.text_input[0].input("piet")
    app.text_input[1].input("kort")
    press(app, "Account maken")
    assert app.error[0].value == "Het wachtwoord moet minstens 12 tekens hebben."
    assert app.text_input[0].value == "piet"
    assert len(accounts.accounts.all()) == 2


def test_a_role_a_password_and_a_lock_are_changed(accounts: Store) -> None:
    door = accounts.seen_by(VISITOR).sign_ins
    app = open_page()
    choose(app, "eva")
    app.selectbox[-1].select(app.selectbox[-1].options[0])
    press(app, "Rol wijzigen")
    assert app.success[0].value == "eva heeft nu de rol stuurgroep."

    choose(app, "eva")
    app.text_input[-1].input(OTHER)
    press(app, "Nieuw wachtwoord instellen")
    assert door.begin("eva", OTHER, HERE)

    choose(app, "eva")
    press(app, "Blokkeren")
    with pytest.raises(SignInRefused):
        door.begin("eva", OTHER, HERE)
    assert "geblokkeerd sinds" in shown(app)
    choose(app, "eva")
    press(app, "Weer toelaten")
    assert door.begin("eva", OTHER, HERE)


def test_erasing_asks_to_be_sure(accounts: Store) -> None:
    app = open_page()
    choose(app, "eva")
    press(app, "Account wissen")
    assert app.error[0].value == "Zet eerst het vinkje bij 'Ja, wis dit account'."
    app.checkbox[0].check()
    press(app, "Account wissen")
    assert app.success[0].value == "Account 2 is gewist."
    assert ">eva<" not in shown(app)
    assert "gewist sinds" in shown(app)


def test_the_last_administrator_stays(accounts: Store) -> None:
    app = open_page()
    choose(app, "beheer")
    press(app, "Blokkeren")
    assert "de laatste beheerder" in app.error[0].value


def test_a_name_is_shown_as_plain_text(accounts: Store) -> None:
    accounts.accounts.add("<b>**x**</b>", Role.EVALUATOR, None)
    assert "&lt;b&gt;**x**&lt;/b&gt;" in shown(open_page())


def test_settings_are_changed_within_their_bounds(store: Store) -> None:
    app = open_page("settings")
    assert [field.value for field in app.number_input] == [REST.default, RETENTION.default]
    app.number_input[0].set_value(45)
    app.button[0].click()
    app.run()
    assert "45 minuten" in app.success[0].value
    assert store.settings.read(REST) == 45
    app.number_input[0].set_value(9999)
    app.button[0].click()
    app.run()
    assert store.settings.read(REST) == 45
