"""Alike alerts from the page: looked for again and again, attached by a key, taken off by undo."""

from __future__ import annotations

from crisisdesk.desk.incidents.alike_work import EVERY_MS
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.domain.correlation.alike import Alike

from tests.desk.incidents.desk_stand_in import StandInDesk
from tests.domain.incident_log import INCIDENT, LogBook


def test_what_is_alike_is_found_attached_and_taken_off_again(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook
) -> None:
    assert room.page.alike.isHidden()
    assert room.alike_work.actions("", "") == []
    log.fire("A-77777777", at=31 * 60_000, service="checkout-api", title="Timeouts")
    room.alike_work.tick(desk.now + EVERY_MS - 1)
    assert room.page.alike.found == ()
    room.alike_work.tick(desk.now + EVERY_MS)
    found: tuple[Alike, ...] = room.page.alike.found
    assert [one.because.partition(",")[0] for one in found] == ["same service checkout-api"]
    [action] = room.alike_work.actions("", "")
    assert (action.keys, action.enabled) == ("F", True)
    assert not room.alike_work.actions("", "not in the past")[0].enabled
    action.run()
    assert desk.client.orders == [("link_alert", (INCIDENT, "A-77777777"), {})]
    said, undo = desk.undos[-1]
    assert said == f"A-77777777 is attached to {INCIDENT}"
    undo()
    assert desk.client.orders[-1] == ("unlink_alert", (INCIDENT, "A-77777777"), {})
    room.alike_work.show("")
    assert room.page.alike.found == ()
