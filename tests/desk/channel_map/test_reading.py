"""What is read, and by which changes it is read again."""

from __future__ import annotations

import pytest

from crisisdesk.desk.channel_map.reading import concerns, read_map, read_out
from crisisdesk.desk.snapshot import Change
from crisisdesk.engine.outage_commands import SetOutage
from crisisdesk.store.queries import StationReader

from tests.desk.channel_map.conftest import people
from tests.desk.comms_room.conftest import Shelf


@pytest.mark.parametrize(
    ("change", "does"),
    [
        (Change(), False),
        (Change(full=True), True),
        (Change(contacts_changed=True), True),
        (Change(touched=frozenset({"A-1", "D-1"})), False),
        (Change(touched=frozenset({"POL-1"})), True),
        (Change(touched=frozenset({"INC-1"})), True),
    ],
)
def test_what_may_change_it(change: Change, does: bool) -> None:
    assert concerns(change) is does


def test_map_and_status_bar_read_the_same_outages(shelf: Shelf) -> None:
    people(shelf)
    shelf.station.do(SetOutage(dependency="dns", reason="cut"))
    reader = StationReader(shelf.station.path)
    try:
        now = shelf.station.now_ms
        found, out = read_map(now, ["aws"])(reader), read_out(reader, now)
    finally:
        reader.close()
    assert [one.dependency for one in out] == ["dns"]
    assert [c.dependency for c in found.columns if c.is_out] == ["dns", "aws"]
    assert [c.taken for c in found.columns if c.taken] == list(out)
