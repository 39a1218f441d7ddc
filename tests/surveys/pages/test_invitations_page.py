"""The page that invites and reminds, run without a browser and with a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.fieldwork import LinkRefused, WaveState
from surveys.mailing.default_texts import DEFAULT_TEXTS
from surveys.mailing.standing import IS_EXAMPLE
from surveys.monitoring.response import MailState
from surveys.pages.parts.mail_run import mail_run
from surveys.regions.contacts import Contact
from surveys.roles import Person, Role
from tests.db.mail_scenes import (
    ADDRESS,
    INVITATION,
    SENDER,
    Moody,
    address_of,
    find_token,
    open_mailing,
    read_mails,
    recipients,
    tell_leaders,
)
from tests.db.scenes import ALL_TYPES, open_wave
from tests.surveys.mailing.servers import Mailroom, serve

PAGE = Path(__file__).parents[3] / "surveys/pages/invitations.py"
_SETTINGS = ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "SMTP_USER", "SMTP_PASSWORD")


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Empty, and no mail server."""
    monkeypatch.setenv("MONITOR_ADDRESS", ADDRESS)
    for name in (*_SETTINGS, "MAIL_FROM", "MAIL_REPLY_TO"):
        monkeypatch.delenv(name, raising=False)
    mail_run.clear()
    return store


@pytest.fixture
def room() -> Moody:
    return Moody()


@pytest.fixture
def mailing(store: Store, room: Moody, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mail server that the page is told of."""
    with serve(room) as port:
        monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("SMTP_PORT", str(port))
        monkeypatch.setenv("SMTP_SECURITY", "none")
        monkeypatch.setenv("MAIL_FROM", f"{SENDER.name} <{SENDER.address}>")
        yield
        mail_run().wait()


def open_page(role: Role = Role.EVALUATOR) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    page.session_state["person"] = Person("account 1", role)
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def finish(page: AppTest) -> AppTest:
    """The page once the mails are out."""
    mail_run().wait()
    return page.run()


def texts(page: AppTest) -> str:
    """All that the page tells, as it stands in its elements."""
    kinds = ("text", "success", "error", "info", "warning", "code", "markdown", "html")
    return "\n".join(str(element.value) for kind in kinds for element in page.get(kind))


def html(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def keys(page: AppTest) -> set[str | None]:
    return {button.key for button in page.button}


def test_invitations_go_out_after_a_question(store: Store, mailing: None, room: Moody) -> None:
    open_mailing(store, "01", "02", "03")
    room.refusals = {address_of("02"): "550 5.1.1 Nobody here"}
    page = press(open_page(), "versturen-invitation")
    assert "Er gaan 3 uitnodigingen uit, van Bureau Meetwerk" in texts(page)
    assert room.received == []
    finish(press(page, "versturen-ja"))
    assert recipients(room) == [address_of("01"), address_of("03")]
    assert "2 verstuurd, 1 geweigerd" in texts(page)
    assert "550 5.1.1 Nobody here" in html(page)
    assert store.forms.visit(find_token(read_mails(room)[0])).region_name == "Regio 01"


def test_who_thinks_again_sends_nothing(store: Store, mailing: None, room: Moody) -> None:
    open_mailing(store, "01")
    page = press(press(open_page(), "versturen-invitation"), "versturen-nee")
    assert "versturen-ja" not in keys(page)
    assert '<div data-turn="1" data-focus="versturen-invitation">' in html(page)
    assert store.outbox.messages("2024") == []


def test_an_example_is_chosen_last_and_mails_nobody(store: Store, mailing: None) -> None:
    open_mailing(store, "01")
    store.waves.add("2030", ALL_TYPES, state=WaveState.OPEN, is_example=True)
    page = open_page()
    assert page.selectbox(key="uitnodigen-meting").value == "2024"
    page.selectbox(key="uitnodigen-meting").set_value("2030").run()
    assert IS_EXAMPLE in texts(page)
    assert "versturen-invitation" not in keys(page)
    assert "zonder-mail" in keys(page)


def test_who_was_refused_is_not_told_to_be_invited(
    store: Store, mailing: None, room: Moody
) -> None:
    open_mailing(store, "01", "02")
    room.refusals = {address_of("02"): "550 5.1.1 Nobody here"}
    page = finish(press(press(open_page(), "versturen-invitation"), "versturen-ja"))
    assert "Uitgenodigd: 1 van de 2 regio's." in texts(page)
    assert "02 Regio 02: mail geweigerd" in page.selectbox(key="link-regio").options
    page.radio(key="mail-soort").set_value("reminder").run()
    assert "De uitnodiging is geweigerd." in html(page)


def test_a_chosen_region_gets_it_and_a_changed_choice_is_asked_anew(
    store: Store, mailing: None, room: Moody
) -> None:
    open_mailing(store, "01", "02")
    page = open_page()
    page.radio(key="mail-wie-invitation").set_value("Regio's die ik kies").run()
    assert page.button(key="versturen-invitation").disabled
    page.multiselect(key="mail-regios-invitation").set_value(["02"]).run()
    press(page, "versturen-invitation")
    assert "Er gaat 1 uitnodiging uit" in texts(page)
    page.multiselect(key="mail-regios-invitation").set_value(["01", "02"]).run()
    assert "versturen-ja" not in keys(page)
    page.multiselect(key="mail-regios-invitation").set_value(["02"]).run()
    finish(press(page, "versturen-ja"))
    assert recipients(room) == [address_of("02")]


def test_who_gets_none_stands_there_with_the_reason(store: Store, mailing: None) -> None:
    open_mailing(store, "01")
    store.regions.add([("02", "Regio 02")])
    page = open_page()
    assert "geen e-mailadres bekend" in html(page)
    page.radio(key="mail-soort").set_value("reminder").run()
    assert "Geen enkele regio kan nu een herinnering krijgen." in texts(page)
    assert "Er is nog geen uitnodiging verstuurd." in html(page)


def test_what_the_server_did_not_take_yet_waits_for_a_next_round(
    store: Store, mailing: None, room: Moody
) -> None:
    open_mailing(store, "01")
    room.refusals = {address_of("01"): "451 4.7.1 Greylisted"}
    page = finish(press(press(open_page(), "versturen-invitation"), "versturen-ja"))
    assert "1 mail wacht op versturen." in texts(page)
    room.refusals = {}
    finish(press(page, "wachtende-versturen"))
    assert recipients(room) == [address_of("01")]
    assert "wachtende-versturen" not in keys(page)


def test_an_uncertain_mail_waits_for_the_evaluators_word(
    store: Store, mailing: None, room: Moody
) -> None:
    open_mailing(store, "01")
    room.hung_up_on = (address_of("01"),)
    page = finish(press(press(open_page(), "versturen-invitation"), "versturen-ja"))
    assert "1 onzeker of hij aankwam" in texts(page)
    room.hung_up_on = ()
    finish(press(page, "onzeker-opnieuw"))
    assert recipients(room) == [address_of("01")] * 2
    assert "onzeker-opnieuw" not in keys(page)
    page.selectbox(key="mails-stand").set_value(MailState.CANCELLED).run()
    assert "Toch opnieuw verstuurd." in html(page)


def test_a_server_that_is_gone_is_told_and_nothing_is_lost(
    store: Store, mailing: None, room: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_mailing(store, "01")
    page = press(open_page(), "versturen-invitation")
    with serve(Mailroom()) as port:
        pass
    monkeypatch.setenv("SMTP_PORT", str(port))
    finish(press(page, "versturen-ja"))
    assert "is niet te bereiken" in texts(page)
    assert "1 mail wacht op versturen." in texts(page)


def test_a_text_is_changed_shown_and_put_back(store: Store, mailing: None, room: Moody) -> None:
    open_mailing(store, "01")
    tell_leaders(store, {"01": Contact("<b>Ann</b> *de* Wit", address_of("01"))})
    page = open_page()
    assert "Beste &lt;b&gt;Ann&lt;/b&gt; *de* Wit," in html(page)
    page.text_input(key="onderwerp-invitation-2024-0").set_value("Meting {{ meting }}").run()
    page.text_area(key="mailtekst-invitation-2024-0").set_value("Dag {{ regio }}\n{{ link }}").run()
    assert "Wat u veranderde, is nog niet bewaard." in texts(page)
    assert "Dag Regio 01<br>" in html(page)
    press(page, "bewaren-invitation")
    assert "Deze meting heeft een eigen tekst." in texts(page)
    assert store.mail_texts.read("2024", INVITATION).subject == "Meting {{ meting }}"
    press(page, "terug-invitation")
    assert store.mail_texts.read("2024", INVITATION) == DEFAULT_TEXTS[INVITATION]
    assert "Dit is de standaardtekst." in texts(page)


def test_the_example_of_a_mail_is_of_a_region_that_can_get_one(store: Store, mailing: None) -> None:
    open_wave(store, "01", "02")
    tell_leaders(store, {"02": Contact("Bo Bos", address_of("02"))})
    assert open_page().selectbox(key="mailtekst-regio").value == "02"


def test_all_faults_in_a_text_are_shown_and_it_is_not_kept(store: Store, mailing: None) -> None:
    open_mailing(store, "01")
    page = open_page()
    page.text_input(key="onderwerp-invitation-2024-0").set_value("").run()
    page.text_area(key="mailtekst-invitation-2024-0").set_value("{{ nmaa }}\n{{ naam|e }}").run()
    for fault in ("Onderwerp: is leeg", "het veld &#x27;nmaa&#x27; bestaat niet", "een filter"):
        assert fault in html(page)
    press(page, "bewaren-invitation")
    assert "De tekst is niet bewaard." in texts(page)
    assert store.mail_texts.read("2024", INVITATION) == DEFAULT_TEXTS[INVITATION]


def test_without_a_mail_server_there_are_links(store: Store) -> None:
    open_mailing(store, "01", "02")
    page = open_page()
    assert "er is geen mailserver ingesteld" in texts(page)
    press(page, "zonder-mail")
    assert "Uitgenodigd zonder mail: 2 regio's." in texts(page)
    assert "nieuwe link voor 2 regio's" in texts(page)
    assert [button.proto.label for button in page.get("download_button")] == [
        "Blad met links downloaden (Excel)"
    ]


def test_a_region_gets_a_new_link_that_is_withdrawn_again(store: Store) -> None:
    open_mailing(store, "01")
    page = open_page()
    page.selectbox(key="link-regio").set_value("01").run()
    assert page.button(key="link-intrekken").disabled
    press(page, "link-maken")
    token = page.code[0].value.removeprefix(f"{ADDRESS}/?uitnodiging=")
    assert store.forms.visit(token).region_name == "Regio 01"
    page.run()
    press(page, "link-intrekken")
    with pytest.raises(LinkRefused):
        store.forms.visit(token)


def test_faulty_settings_are_shown_and_nothing_can_be_sent(
    store: Store, mailing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_mailing(store, "01")
    monkeypatch.setenv("SMTP_PORT", "x")
    monkeypatch.setenv("MONITOR_ADDRESS", "geen adres")
    page = open_page()
    assert [line.split(":")[0] for line in page.code[0].value.splitlines()] == [
        "SMTP_PORT",
        "MONITOR_ADDRESS",
    ]
    assert not [key for key in keys(page) if str(key).startswith("versturen-")]


def test_links_that_open_on_this_machine_only_are_warned_of(
    store: Store, mailing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_mailing(store, "01")
    assert open_page().warning == []
    monkeypatch.setenv("MONITOR_ADDRESS", "http://localhost:8501")
    assert "gaan alleen op deze computer open" in open_page().warning[0].value


def test_a_closed_wave_mails_nobody(store: Store, mailing: None) -> None:
    open_mailing(store, "01")
    store.waves.set_state("2024", WaveState.CLOSED)
    page = open_page()
    assert "Er gaan geen mails meer uit" in texts(page)
    assert "versturen-invitation" not in keys(page)


def test_the_page_is_for_who_does_the_fieldwork(store: Store) -> None:
    open_mailing(store, "01")
    page = open_page(Role.STEERING_GROUP)
    assert page.title[0].value == "Deze pagina is niet voor u"
    assert keys(page) == set()
