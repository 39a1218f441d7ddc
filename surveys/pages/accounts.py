"""The administrator's page of accounts: who may sign in, and with which role."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from surveys.dutch import format_date
from surveys.pages.entrance.identity import has_organisation
from surveys.pages.parts.tables import draw_table
from surveys.pages.storage import current_store
from surveys.pages.visitor import require
from surveys.plain_text import escape_markdown
from surveys.roles import ACCOUNT_ROLES, Right, Role
from surveys.sign_in import SHORTEST_PASSWORD, Account, InvalidAccount

_ROLES = {
    Role.STEERING_GROUP: "stuurgroep: ziet de resultaten",
    Role.EVALUATOR: "evaluator: doet het veldwerk, ziet de resultaten en het logboek",
    Role.ADMINISTRATOR: "beheerder: beheert accounts en instellingen, ziet het logboek",
}
_DONE, _TURN = "accounts-gedaan", "accounts-beurt"


def show_page() -> None:
    require(Right.ADMINISTER)
    st.title("Gebruikers", anchor=False)
    accounts = current_store().accounts.all()
    with st.container(key="uitkomst"):
        if done := st.session_state.pop(_DONE, None):
            st.success(escape_markdown(done))
    if accounts:
        _draw_accounts(accounts)
    else:
        st.text(
            "Er zijn nog geen accounts: wie achter deze computer zit, mag alles, en anderen kunnen "
            "er niet bij. Zodra er een account is, moet iedereen zich aanmelden. Maak daarom eerst "
            "een account voor uzelf als beheerder."
        )
    _draw_adding(has_accounts=bool(accounts))
    if named := [account for account in accounts if account.name is not None]:
        _draw_changing(named)


def _draw_accounts(accounts: list[Account]) -> None:
    draw_table(
        "Accounts",
        ["Naam", "Rol", "Meldt zich aan met", "Stand", "In het logboek"],
        [
            (
                "gewist" if account.name is None else account.name,
                account.role.value,
                _tell_way_in(account),
                _tell_state(account),
                f"account {account.id}",
            )
            for account in accounts
        ],
    )


def _tell_way_in(account: Account) -> str:
    if account.name is None:
        return "niet meer"
    return "een wachtwoord" if account.has_password else "de organisatie"


def _tell_state(account: Account) -> str:
    if account.disabled_at is None:
        return "actief"
    what = "gewist" if account.name is None else "geblokkeerd"
    return f"{what} sinds {format_date(account.disabled_at)}"


def _draw_adding(*, has_accounts: bool) -> None:
    st.header("Account maken", anchor=False)
    turn = st.session_state.get(_TURN, 0)  # after each step the fields begin empty
    with st.form(f"account-maken-{turn}", border=False):
        name = st.text_input("Naam of e-mailadres", key=f"naam-{turn}", max_chars=254)
        role = st.selectbox(
            "Rol",
            ACCOUNT_ROLES if has_accounts else [Role.ADMINISTRATOR],
            format_func=_ROLES.__getitem__,
            key=f"rol-{turn}",
        )
        password = _ask_password(
            "Wachtwoord", f"wachtwoord-{turn}", may_be_empty=has_organisation()
        )
        if st.form_submit_button("Account maken", type="primary"):
            without = has_organisation() and not password
            _carry_out(
                lambda: current_store().accounts.add(name, role, None if without else password),
                f"Er is een account voor {name.strip()}.",
            )


def _ask_password(label: str, key: str, *, may_be_empty: bool = False) -> str:
    password: str = st.text_input(label, type="password", key=key, autocomplete="new-password")
    st.html(
        f'<p class="toelichting">Minstens {SHORTEST_PASSWORD} tekens, bijvoorbeeld vier woorden '
        "achter elkaar. Geef het de gebruiker zelf door, niet per e-mail."
        + (
            " Laat het leeg als de gebruiker zich via de organisatie aanmeldt; vul dan bij de naam "
            "het e-mailadres in dat de organisatie kent."
            if may_be_empty
            else ""
        )
        + "</p>"
    )
    return password


def _draw_changing(accounts: list[Account]) -> None:
    st.header("Account wijzigen", anchor=False)
    names = {account.id: account for account in accounts}
    turn = st.session_state.get(_TURN, 0)
    chosen = st.selectbox(
        "Account",
        list(names),
        format_func=lambda number: f"{names[number].name} ({names[number].role.value})",
        index=None,
        placeholder="Kies een account",
        key=f"account-{turn}",
    )
    if chosen is None:
        return
    account = names[chosen]
    st.text("Na elke wijziging, behalve weer toelaten, moet deze gebruiker zich opnieuw aanmelden.")
    _draw_role(account)
    _draw_password(account, turn)
    _draw_blocking(account)
    _draw_erasing(account, turn)


def _draw_role(account: Account) -> None:
    with st.form(f"rol-wijzigen-{account.id}"):
        role = st.selectbox(
            "Andere rol",
            ACCOUNT_ROLES,
            index=ACCOUNT_ROLES.index(account.role),
            format_func=_ROLES.__getitem__,
        )
        if st.form_submit_button("Rol wijzigen"):
            _carry_out(
                lambda: current_store().accounts.change_role(account.id, role),
                f"{account.name} heeft nu de rol {role.value}.",
            )


def _draw_password(account: Account, turn: int) -> None:
    with st.form(f"wachtwoord-wijzigen-{account.id}"):
        password = _ask_password("Nieuw wachtwoord", f"nieuw-wachtwoord-{account.id}-{turn}")
        if st.form_submit_button("Nieuw wachtwoord instellen"):
            _carry_out(
                lambda: current_store().accounts.set_password(account.id, password),
                f"{account.name} heeft een nieuw wachtwoord.",
            )


def _draw_blocking(account: Account) -> None:
    accounts = current_store().accounts
    if account.is_active:
        if st.button("Blokkeren", key=f"blokkeren-{account.id}"):
            _carry_out(
                lambda: accounts.disable(account.id),
                f"{account.name} kan zich niet meer aanmelden.",
            )
    elif st.button("Weer toelaten", key=f"toelaten-{account.id}"):
        _carry_out(lambda: accounts.enable(account.id), f"{account.name} kan zich weer aanmelden.")


def _draw_erasing(account: Account, turn: int) -> None:
    with st.form(f"wissen-{account.id}"):
        st.text(
            "Wissen haalt de naam en het wachtwoord weg, voorgoed. In het logboek blijft staan wat "
            f"account {account.id} deed, zonder naam."
        )
        sure = st.checkbox("Ja, wis dit account", key=f"zeker-{account.id}-{turn}")
        if st.form_submit_button("Account wissen"):
            if sure:
                _carry_out(
                    lambda: current_store().accounts.erase(account.id),
                    f"Account {account.id} is gewist.",
                )
            else:
                st.error("Zet eerst het vinkje bij 'Ja, wis dit account'.")


def _carry_out(verb: Callable[[], object], done: str) -> None:
    """One step; tell what happened, or why not."""
    try:
        verb()
    except InvalidAccount as invalid:
        st.error(invalid.message)
        return
    st.session_state[_DONE] = done
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.rerun()


show_page()
