"""What the detail of an alert says of each page, for every state a page can be in."""

from __future__ import annotations

import pytest

from crisisdesk.desk.alerts.history import activity, told
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.store.queries import LogEntry

from tests.domain.events import Log


def page(status: str, **changes: object) -> Delivery:
    given: dict[str, object] = {
        "delivery_id": "D-1",
        "alert_id": "A-1",
        "epoch": "n1",
        "contact_id": "C-1",
        "contact_name": "Ann",
        "method_id": "m1",
        "channel": "sms",
        "masked": "+1 ***",
        "severity": "high",
        "title": "t",
        "text": "",
        "queued_at": 1,
        "status": status,
    }
    return Delivery(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "chip", "tone"),
    [
        (page("queued"), "waiting", ""),
        (page("sending"), "sending", ""),
        (page("bundled", into="D-2"), "going out with others", ""),
        (page("sent"), "sent", "ok"),
        (page("sent", into="D-2"), "sent with others", "ok"),
        (page("delivered"), "delivered", "ok"),
        (page("read"), "read", "ok"),
        (page("failed"), "failed", "critical"),
        (page("expired"), "too late to send", ""),
        (page("superseded"), "not needed", ""),
        (page("sent", answer="have", answered_way="link"), "took it by link", "ok"),
        (page("read", answer="next", answered_way="mail"), "passed it on by mail", "ok"),
    ],
)
def test_each_state_is_told_in_words(one: Delivery, chip: str, tone: str) -> None:
    [line] = told([one], {})
    assert (line.chip, line.chip_tone) == (chip, tone)


def test_who_took_it_from_where_it_was_read_is_told_by_what() -> None:
    event = Log("A-1").add("alert.acknowledged", epoch="e1", way="text message")
    [line] = activity([LogEntry(1, event)])
    assert (line.icon, line.text) == ("user-check", "took it by text message")


def test_no_state_is_told_by_its_bare_name_alone() -> None:
    known = {"sending", "sent", "delivered", "read", "failed"}
    for status in DeliveryStatus:
        [line] = told([page(status)], {})
        assert (line.chip == status) == (status in known)
