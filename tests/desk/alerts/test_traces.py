"""What merging left behind stands among an alert's facts."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.alerts.traces import traces_of
from crisisdesk.domain.alert import Alert

ALERT = Alert(
    alert_id="A-1",
    source="s",
    key="k",
    epoch="e",
    severity="high",
    title="Disk full",
    detected_at=1,
    last_seen_at=1,
    sla_deadline=2,
    sla_prealarm_at=2,
    owner="Ann",
)


def trace(field: str, value: str, **more: str) -> dict[str, object]:
    return {"field": field, "value": value, "by_event": "x", **more}


def test_an_alert_that_nobody_else_touched_has_none() -> None:
    assert traces_of(ALERT) == []


def test_what_must_be_decided_comes_first_and_the_newest_loss_of_a_field_is_told() -> None:
    alert = replace(
        ALERT,
        also_acknowledged_by=["Bob", "Cy"],
        rival_owners=["Bob"],
        overwritten=[
            trace("severity", "low"),
            trace("title", "Disk is full", lost_by="Bob", by="Ann"),
            trace("severity", "critical", lost_by="Bob", by="Ann"),
        ],
    )
    found = traces_of(alert)
    assert [fact.label for fact in found] == [
        "Taken twice",
        "Also acked by",
        "Overwritten",
        "Overwritten",
    ]
    assert found[0].value.startswith("Ann and Bob took it over")
    assert found[1].value == "Bob, Cy"
    assert found[2].value == "Severity “critical” by Bob, at the same time"
    assert found[3].value == "Title “Disk is full” by Bob, at the same time"


def test_a_newer_version_is_named() -> None:
    [fact] = traces_of(replace(ALERT, newer_needed="alert.cloned"))
    assert "alert.cloned" in fact.value
