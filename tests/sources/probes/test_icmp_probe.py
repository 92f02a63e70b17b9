"""Pings, where this user may send them."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes import icmp_probe
from crisisdesk.sources.probes.icmp_probe import IcmpProber, _checksum

from tests.sources.probes.looks import look_once, values
from tests.sources.probes.test_contract import may_ping

allowed = pytest.mark.skipif(not may_ping(), reason="this user may send no pings")


@allowed
def test_this_machine_answers() -> None:
    reading = look_once(IcmpProber(), {"host": "127.0.0.1"})
    assert reading.verdict == Verdict.UP, reading.words
    found = values(reading)
    assert found["lost"] == 0.0
    assert 0 <= found["round_trip_seconds"] < 30


@allowed
def test_who_does_not_answer_is_down_within_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    # An echo request that asks nothing: its type is none that anybody answers.
    monkeypatch.setitem(icmp_probe._ECHO, socket.AF_INET, (38, 39))
    reading = look_once(IcmpProber(), {"host": "127.0.0.1", "count": 2}, deadline_s=0.4)
    assert reading.verdict == Verdict.DOWN


def test_where_it_is_not_allowed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_how: Any) -> socket.socket:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("crisisdesk.sources.probes.icmp_probe.socket.socket", refused)
    with pytest.raises(Malformed, match="may not send pings") as caught:
        IcmpProber().check({"host": "a"})
    assert caught.value.field == "type"
    assert "ping_group_range" in caught.value.remedy


def test_the_checksum_is_that_of_the_rfc() -> None:
    # RFC 1071, section 3.
    assert _checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF & ~0xDDF2
