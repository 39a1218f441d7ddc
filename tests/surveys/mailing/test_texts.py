"""A text of a mail: every fault in it at once, and what the merge makes of it."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from surveys.mailing.characters import clean_line
from surveys.mailing.default_texts import DEFAULT_TEXTS
from surveys.mailing.texts import (
    FIELDS,
    MAX_BODY,
    MAX_SUBJECT,
    InvalidMailText,
    MailFields,
    MailKind,
    MailText,
    check_text,
    merge,
)
from tests.hostile import HOSTILE, hostile_text
from tests.surveys.strategies import steady

ANN = MailFields(
    naam="Ann de Wit",
    regio="Noordrand",
    nummer="07",
    meting="2024",
    link="https://monitor.example/?uitnodiging=abc_DEF-123",
    sluit_op=datetime(2024, 5, 31, 22, 30, tzinfo=UTC),  # half past twelve at night in Dutch time
    afzender="Bureau Meetwerk",
)
UNDATED = replace(ANN, sluit_op=None)


def with_body(body: str) -> MailText:
    return MailText("Onderwerp", body)


def only_fault(text: MailText) -> str:
    (fault,) = check_text(text)
    return fault


def test_every_field_can_be_used_and_is_explained() -> None:
    assert [field.name for field in fields_of(MailFields)] == list(FIELDS)
    body = "|".join(f" {{{{ {name} or '-' }}}} " for name in FIELDS)
    assert merge(with_body(body), ANN)[1] == (
        " Ann de Wit | Noordrand | 07 | 2024 | https://monitor.example/?uitnodiging=abc_DEF-123 "
        "| 1 juni 2024 | Bureau Meetwerk "
    )


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("fields", [ANN, UNDATED, replace(UNDATED, naam="")])
def test_the_default_texts_read_well_with_and_without_a_date(
    kind: MailKind, fields: MailFields
) -> None:
    assert check_text(DEFAULT_TEXTS[kind]) == []
    subject, body = merge(DEFAULT_TEXTS[kind], fields)
    assert "2024" in subject
    assert body.startswith("Beste Ann de Wit," if fields.naam else "Beste programmaleider,")
    assert ANN.link in body.split("\n")
    assert ("De vragenlijst sluit op 1 juni 2024." in body) == (fields.sluit_op is not None)
    assert body.endswith("Bureau Meetwerk")
    assert "\n\n\n" not in body
    assert "{" not in subject + body


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    text = MailText(
        "{{ titel }}\n{{ link }}",
        "Beste {{ voornaam }},\n\n{% for letter in naam %}{{ letter }}{% endfor %}\n{{ naam|e }}",
    )
    known = "naam, regio, nummer, meting, link, sluit_op, afzender."
    assert check_text(text) == [
        "Onderwerp: heeft 2 regels. Zet het onderwerp op één regel.",
        "Onderwerp, regel 1: het veld 'titel' bestaat niet. De velden zijn: "
        + known.replace("link, ", ""),
        "Onderwerp, regel 2: het veld 'link' mag hier niet staan: een onderwerp is niet geheim.",
        "Tekst: {{ link }} ontbreekt. Zonder kan niemand de vragenlijst openen.",
        f"Tekst, regel 1: het veld 'voornaam' bestaat niet. De velden zijn: {known}",
        "Tekst, regel 3: een herhaling met {% for %} kan niet in een mail. "
        "Gebruik alleen velden, zoals {{ naam }}, en {% if %}.",
        "Tekst, regel 4: een filter met | kan niet in een mail. "
        "Gebruik alleen velden, zoals {{ naam }}, en {% if %}.",
    ]
    with pytest.raises(InvalidMailText) as refused:
        merge(text, ANN)
    assert refused.value.faults == check_text(text)


@pytest.mark.parametrize(
    ("subject", "fault"),
    [
        ("", "Onderwerp: is leeg. Vul een onderwerp in."),
        (" \n", "Onderwerp: is leeg. Vul een onderwerp in."),
        ("x" * 151, "Onderwerp: is 151 tekens lang; het mogen er 150 zijn."),
        ("x" * 20_000, "Onderwerp: is 20000 tekens lang; het mogen er 150 zijn."),
        ("{% if sluit_op %}x{% endif %}", "Onderwerp: is leeg na het invullen van de velden."),
    ],
)
def test_a_subject_is_one_line_of_some_length(subject: str, fault: str) -> None:
    assert only_fault(MailText(subject, "{{ link }}")) == fault


@pytest.mark.parametrize(
    "body",
    ["regel een\n{{ naam }\n{{ link }}", "a\n{% if naam %}{{ link }}", "a\n{% onzin %} {{ link }}"],
)
def test_a_syntax_error_is_told_with_its_line(body: str) -> None:
    assert only_fault(with_body(body)) == (
        "Tekst, regel 2: wat tussen {{ }} of {% %} staat, klopt niet. Controleer of alles wat "
        "opent ook sluit, en of elke {% if %} een {% endif %} heeft."
    )


@pytest.mark.parametrize(
    "absurd",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for a in link recursive %}{{ loop(link) }}{% endfor %}",
        "{{ 10**10**10 }}",
        "{{ naam * 999999999 }}",
        "{{ 'x'|center(10**9) }}",
        "{{ lipsum(n=10**9) }}",
        "{{ naam.__class__.__mro__ }}",
        "{{ naam['__class__'] }}",
        "{{ naam.format(link) }}",
        "{{ naam < 3 }}",
        "{{ naam in 3 }}",
        "{{ -naam }}",
        "{{ naam is divisibleby 0 }}",
        "{% set naam = naam ~ naam %}",
        "{% macro naam() %}{{ naam() }}{% endmacro %}",
        "{% include 'geheim' %}",
        "{% import 'os' as naam %}",
        "{% extends naam %}",
        "{{ " + "9" * 5_000 + " }}",
        "{{ " + "(" * 4_000 + "1" + ")" * 4_000 + " }}",
        "{{ " + "not " * 2_000 + "naam }}",
        "{{ " + " and ".join(["naam"] * 900) + " }}",
        "{% if naam %}" * 200 + "{% endif %}" * 200,
    ],
    ids=range(23),
)
def test_what_could_run_on_or_reach_out_is_a_fault_and_never_runs(absurd: str) -> None:
    fault = only_fault(with_body("{{ link }} " + absurd))
    assert fault.startswith("Tekst")
    assert "kan niet in een mail." in fault or "is te ingewikkeld." in fault


def test_a_text_and_what_it_becomes_have_a_greatest_length() -> None:
    long = with_body("{{ link }}" + "x" * MAX_BODY)
    assert only_fault(long) == "Tekst: is 10010 tekens lang; het mogen er 10000 zijn."
    often = with_body("{{ link }} " + "{{ naam }}" * 90)
    assert check_text(often) == []
    with pytest.raises(InvalidMailText, match=r"Tekst: wordt te lang \(meer dan 100000 tekens\)"):
        merge(often, replace(ANN, naam="x" * 2_000))


@pytest.mark.parametrize("shown", ["{{ sluit_op }}", "{{ none }}", "{{ naam if sluit_op }}"])
def test_a_date_that_may_be_missing_needs_a_condition(shown: str) -> None:
    assert "zonder voorwaarde" in only_fault(with_body("{{ link }} " + shown))
    assert (
        check_text(with_body("{{ link }} {% if sluit_op %}" + shown[:2] + " naam }}{% endif %}"))
        == []
    )
    assert check_text(with_body("{{ link }} {{ sluit_op or 'later' }}")) == []


@pytest.mark.parametrize(
    "body",
    [
        "{% if sluit_op %}{{ link }}{% endif %}",
        "{# {{ link }} #}",
        "{% raw %}{{ link }}{% endraw %}",
        "{{ link }}{{ nummer }}",
        "www.{{ link }}",
        "{{ link }}&x=1",
    ],
)
def test_the_link_must_be_whole_in_every_mail(body: str) -> None:
    assert "{{ link }} komt niet in elke mail" in only_fault(with_body(body))


@pytest.mark.parametrize(
    "body", ["{{ link }}", "Open {{ link }}.", "(<{{ link }}>)", "a\n{{link}}\nb"]
)
def test_the_link_may_end_a_sentence(body: str) -> None:
    assert check_text(with_body(body)) == []


def test_a_condition_that_drops_the_link_for_one_region_is_refused_there() -> None:
    text = with_body("{% if nummer != '07' %}{{ link }}{% endif %}")
    assert check_text(text) == []
    with pytest.raises(InvalidMailText, match="komt niet in elke mail"):
        merge(text, ANN)
    with pytest.raises(InvalidMailText, match="komt niet in elke mail"):
        merge(with_body("{{ link }}"), replace(ANN, link=""))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_through_as_text(name: str) -> None:
    subject, body = merge(
        MailText("Voor {{ naam }}", "Voor {{ naam }}:\n{{ link }}"), replace(ANN, naam=name)
    )
    assert body == f"Voor {clean_line(name)}:\n{ANN.link}"
    assert len(subject) <= MAX_SUBJECT
    assert subject.removesuffix("…").rstrip() in f"Voor {clean_line(name)}"


def test_what_looks_like_a_template_or_a_header_in_a_name_stays_as_it_is() -> None:
    name = "{{ 7*7 }}\r\nBcc: x@elders.example <b>\u202e"
    _, body = merge(with_body("{{ naam }} {{ link }}"), replace(ANN, naam=name))
    assert body == f"{{{{ 7*7 }}}} Bcc: x@elders.example <b> {ANN.link}"


@steady
@given(hostile_text, hostile_text)
def test_any_text_at_all_is_either_faulty_or_can_be_merged(subject: str, body: str) -> None:
    text = MailText(subject, body + " {{ link }}")
    if check_text(text):
        return
    merged_subject, merged_body = merge(text, ANN)
    assert len(merged_subject.splitlines()) == 1
    (merged_subject + merged_body).encode()


@steady
@given(hostile_text)
def test_a_line_keeps_every_sign_that_is_to_be_seen(text: str) -> None:
    line = clean_line(text)
    assert len(line.splitlines()) <= 1
    kept = [sign for sign in text if sign.isprintable() and not sign.isspace()]
    assert [
        sign for sign in line if not sign.isspace() and sign.isprintable() and sign != "\ufffd"
    ] == [sign for sign in kept if sign != "\ufffd"]
