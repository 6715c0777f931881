"""What is known of mail providers makes accounts that pass the configuration's own checks."""

from typing import Any

import pytest
import tomli_w

from config.providers import Provider, provider_at, provider_of, providers


@pytest.mark.parametrize("provider", providers(), ids=lambda provider: provider.id)
def test_a_preset_makes_a_valid_account(provider: Provider, load_text: Any) -> None:
    keys = provider.account("main", f"me@{provider.domains[0]}")
    if provider.user_is_not_the_address:
        keys["user"] = "asked-for"
    if provider.secret == "oauth2":
        keys["command"] = ["print-token"]
    (account,) = load_text(tomli_w.dumps({"accounts": [keys]})).settings.accounts
    assert account.host == provider.host
    assert account.host in provider.hosts
    assert provider.note.ja
    assert provider.note.en
    assert provider.page.startswith("https://")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("me@gmail.com", "gmail"),
        ("Me@GMAIL.com", "gmail"),
        ("me@yahoo.co.jp", "yahoo_jp"),
        ("me@aa2.so-net.ne.jp", "so_net"),
        ("me@notgmail.com", None),
        ("me@example.com", None),
        ("nonsense", None),
    ],
)
def test_an_address_names_its_provider(address: str, found: str | None) -> None:
    provider = provider_of(address)
    assert (provider.id if provider else None) == found


def test_a_server_names_its_provider() -> None:
    assert [found.id if found else None for found in map(provider_at, ("IMAP.gmail.com", "mail.example.com"))] == [
        "gmail",
        None,
    ]
