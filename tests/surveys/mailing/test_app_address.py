"""The address of the app in the links of mails."""

from __future__ import annotations

import pytest

from surveys.mailing.app_address import (
    InvalidAddress,
    is_here_only,
    personal_link,
    read_app_address,
)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("", None),
        (" https://monitor.example.org/ ", "https://monitor.example.org"),
        ("http://10.0.0.8:8501", "http://10.0.0.8:8501"),
        ("https://bureau.example/sto/monitor/", "https://bureau.example/sto/monitor"),
        ("http://[::1]:8501", "http://[::1]:8501"),
    ],
)
def test_an_address_is_read_without_a_slash_at_its_end(told: str, read: str | None) -> None:
    assert read_app_address({"MONITOR_ADDRESS": told}) == read


@pytest.mark.parametrize(
    "told",
    [
        "monitor.example.org",
        "ftp://monitor.example.org",
        "https://monitor.example.org/?a=b",
        "https://monitor.example.org/#x",
        "https://gebruiker:geheim@monitor.example.org",
        "https://een twee",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(told: str) -> None:
    with pytest.raises(InvalidAddress, match="is not an address such as"):
        read_app_address({"MONITOR_ADDRESS": told})


def test_a_link_has_the_address_and_the_token() -> None:
    assert personal_link("https://monitor.example", "abc") == (
        "https://monitor.example/?uitnodiging=abc"
    )


def test_addresses_of_this_machine_are_known() -> None:
    found = {
        a: is_here_only(f"http://{a}:8501") for a in ("127.0.0.1", "localhost", "[::1]", "m.nl")
    }
    assert found == {"127.0.0.1": True, "localhost": True, "[::1]": True, "m.nl": False}
