"""What channels depend on: known without being told, added, taken away, refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.channel_dependencies import (
    NAME_LIMIT,
    Dependencies,
    built_in,
    checked_name,
    normal,
    read_dependencies,
)
from crisisdesk.domain.errors import DomainError, Malformed

from tests.domain.escalation.people import person


@pytest.mark.parametrize(
    ("channel", "provider", "needs"),
    [
        ("email", "", ("mail-relay", "internet", "dns")),
        ("slack", "slack", ("slack", "aws", "internet", "dns")),
        ("teams", "workflows", ("teams", "azure", "internet", "dns")),
        ("sms", "twilio", ("twilio", "aws", "internet", "dns", "carrier")),
        ("sms", "nexmo", ("vonage", "internet", "dns", "carrier")),
        ("voice", "twilio", ("twilio", "aws", "internet", "dns", "carrier")),
        ("sms", "other", ("internet", "dns", "carrier")),
        ("push", "pover", ("pushover", "internet", "dns")),
        ("push", "ntfy.sh", ("host:ntfy.sh", "internet", "dns")),
        ("push", "mytopic", ("host:ntfy.sh", "internet", "dns")),
        ("push", "Push.Example.org:8443", ("host:push.example.org", "dns")),
        ("push", "10.0.0.7:8080", ("host:10.0.0.7",)),
        ("push", "gotify.example.org", ("host:gotify.example.org", "dns")),
        ("telegram", "tgram", ("telegram", "internet", "dns")),
        ("webhook", "[fd00::1]:8080", ("host:fd00::1",)),
        ("webhook", "localhost:9", ("host:localhost",)),
        ("json", "", ("internet", "dns")),
        ("desktop", "", ()),
        ("carrier pigeon", "coop", ("carrier pigeon", "internet", "dns")),
    ],
)
def test_what_is_known_without_being_told(
    channel: str, provider: str, needs: tuple[str, ...]
) -> None:
    assert built_in(channel, provider) == needs


def test_names_are_added_and_taken_away_the_provider_after_its_channel() -> None:
    told = read_dependencies(
        "ours",
        {
            "kind": "channel_dependencies",
            "channels": {
                "Email": [" ISP:Acme ", "-Internet", "- mail-relay"],
                "push ntfy.example.org": ["office-network", "-dns"],
                "push": ["vpn"],
            },
        },
    )
    needs = Dependencies([told])
    assert needs.of("email", "") == ("dns", "isp:acme")
    assert needs.of("push", "ntfy.example.org") == (
        "host:ntfy.example.org",
        "vpn",
        "office-network",
    )
    assert needs.of("push", "pover") == ("pushover", "internet", "dns", "vpn")
    later = Dependencies([told, {"email": ("internet", "-isp:acme")}])
    assert later.of("email", "") == ("dns", "internet")


def test_what_contacts_need_together() -> None:
    people = [person("A", "email"), person("B", "desktop")]
    assert Dependencies().of_contacts(people) == {"mail-relay", "internet", "dns"}


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"channels": {"email": ["dns"]}, "chanels": {}}, "chanels"),
        ({}, "channels"),
        ({"channels": {}}, "channels"),
        ({"channels": {" ": ["dns"]}}, "channels. "),
        ({"channels": {"email": ["a"], "EMAIL": ["b"]}}, "channels.EMAIL"),
        ({"channels": {"email": []}}, "channels.email"),
        ({"channels": {"email": "dns"}}, "channels.email"),
        ({"channels": {"email": ["dns", 7]}}, "channels.email[1]"),
        ({"channels": {"email": ["--dns"]}}, "channels.email[0]"),
        ({"channels": {"email": ["a,b"]}}, "channels.email[0]"),
        ({"channels": {"email": ["a/b"]}}, "channels.email[0]"),
        ({"channels": {"email": ["x" * (NAME_LIMIT + 1)]}}, "channels.email[0]"),
    ],
)
def test_what_cannot_be_used_names_its_field(content: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_dependencies("ours", {"kind": "channel_dependencies", **content})
    assert refused.value.field == field


@given(st.text(max_size=NAME_LIMIT + 5))
def test_a_name_that_is_taken_is_kept_as_it_is_compared(text: str) -> None:
    try:
        name = checked_name(text, "name")
    except DomainError:
        return
    assert name == normal(name) == checked_name(name, "name")
