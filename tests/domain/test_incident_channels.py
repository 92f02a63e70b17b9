"""Channels of an incident: what is an address, what stands when two set one, and their words."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_channels import (
    CHANNEL_KINDS,
    channel_key,
    channel_words,
    channels_of,
    checked_address,
    join_line,
    kind_word,
)

from tests.domain.events import JONAS, KLARA, Log


class ChannelLog(Log):
    """One incident whose channels are set."""

    def __init__(self, **body: Any) -> None:
        super().__init__("INC-1")
        self.add("incident.opened", **({"title": "Orders", "severity": "major"} | body))

    def incident(self) -> Incident:
        state = self.state()
        assert isinstance(state, Incident)
        return state

    def put(self, name: str, address: str = "", who: str = KLARA, **more: Any) -> str:
        body = {"name": name, "kind": "bridge", "address": address, **more}
        return self.add("incident.channel_set", actor=who, **body).id


@pytest.mark.parametrize(
    "text",
    [
        "https://meet.example.org/room/7?lang=cs#top",
        "http://10.0.0.7:8080/pad",
        "tel:+420221000000",
        "tel:0221 000 000;ext=12",
        "sip:bridge@example.org:5060",
        "sips:war-room@example.org",
        "mailto:war-room@example.org",
        "",
    ],
)
def test_an_address_that_a_desk_may_open_stays_as_it_is(text: str) -> None:
    assert checked_address(text, "address") == text
    assert checked_address(f"  {text.replace('https:', 'HTTPS:')} ", "address") == text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ssh://host",
        "meet.example.org/room",
        "https:///room",
        "https://",
        "https://[::1",
        "https://host:port/",
        "https://meet.example.org/a room",
        "https://ann:secret@example.org/",
        "https://ann@example.org/",
        "https://example.org/j/7?pwd=abc",
        "https://example.org/j/7?x=1&access_token=abc",
        "https://example.org/j/7#token=abc",
        "tel:12;password=1",
        "tel:+420 221 000 000,,1234#",
        "tel:",
        "sip:ann:secret@example.org",
        "sip:example.org",
        "mailto:a@b.org?subject=x",
        "mailto:a@b.org,c@d.org",
        "https://example.org/\u0000",
        "https://example.org/\nX",
        "x" * 501,
        7,
        None,
    ],
)
def test_anything_else_is_refused_with_its_field(text: Any) -> None:
    with pytest.raises(Malformed) as refused:
        checked_address(text, "channels[0].address")
    assert refused.value.field == "channels[0].address"
    assert "secret" not in str(refused.value)
    assert "abc" not in str(refused.value)


def test_a_channel_is_known_by_its_name_and_the_later_stands() -> None:
    log = ChannelLog()
    first = log.put("War room", "tel:+1")
    log.put("WAR  room", "tel:+2", base=first)
    [one] = channels_of(log.incident())
    assert (one["name"], one["address"], log.incident().overwritten) == ("WAR  room", "tel:+2", [])
    log.put("war room", "tel:+3", who=JONAS, base=first)
    [trace] = log.incident().overwritten
    assert (trace["field"], trace["value"], trace["lost_by"]) == (
        "channel WAR  room", "WAR  room (bridge): tel:+2", KLARA,
    )  # fmt: skip
    assert channels_of(log.incident())[0]["address"] == "tel:+3"


def test_who_takes_one_away_takes_away_what_they_saw() -> None:
    log = ChannelLog()
    first = log.put("War room", "tel:+1")
    again = log.put("War room", "tel:+2", base=first)
    log.add("incident.channel_removed", name="war room", base=first)
    assert [one["address"] for one in channels_of(log.incident())] == ["tel:+2"]
    assert log.incident().also_done[-1]["what"] == "channel_removed"
    log.add("incident.channel_removed", name="war room", base=again)
    assert log.incident().channels == {}
    log.add("incident.channel_removed", name="war room", base=again)
    assert log.incident().channels == {}


def test_what_people_speak_by_stands_first_and_is_told_in_a_page() -> None:
    log = ChannelLog()
    log.put("Notes", "https://pad.example.org/7", kind="document", use="who writes what")
    log.put("Here", kind="bridge")
    assert join_line(log.incident()) == "Join: Notes, https://pad.example.org/7"
    log.put("Call", "tel:+1")
    assert [one["name"] for one in channels_of(log.incident())] == ["Call", "Here", "Notes"]
    assert join_line(log.incident()) == "Join: Call, tel:+1"
    words = "Notes (document): https://pad.example.org/7; who writes what"
    assert channel_words(channels_of(log.incident())[-1]) == words
    log.add("incident.restricted", restricted=True, readers=[], generation=1)
    assert join_line(log.incident()) == ""


def test_nothing_is_joined_once_it_is_over_and_every_kind_has_a_word() -> None:
    log = ChannelLog()
    log.put("Call", "tel:+1")
    log.add("incident.status_changed", status="resolved", life=1)
    assert join_line(log.incident()) == ""
    assert [kind_word(kind) for kind in CHANNEL_KINDS][-1] == "in person"
    assert channel_key("  War   ROOM ") == "war room"
