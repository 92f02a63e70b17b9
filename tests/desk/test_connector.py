"""One client as long as its engine lives."""

from __future__ import annotations

import pytest

from crisisdesk.api.client import EngineAway
from crisisdesk.desk.connector import Connector, Seat
from crisisdesk.desk.supervisor import Door


def test_a_client_is_kept_until_another_engine_has_come_up() -> None:
    door = Door(url="http://127.0.0.1:9", token="t", pid=1, started_ms=1)
    seats = [Seat(None, ""), Seat(door, ""), Seat(door, "Ann")]
    seats.append(Seat(Door(url=door.url, token="t", pid=1, started_ms=2), "Ann"))
    connector = Connector(lambda: seats.pop(0), timeout_s=1.5)
    with pytest.raises(EngineAway, match="restarting"):
        connector()
    first = connector()
    assert first.operator == "desk"
    assert connector() is first
    assert first.operator == "Ann"
    assert connector() is not first
    connector.close()
