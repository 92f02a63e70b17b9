"""Signals become epochs, repeats and resolves; late and doubled reports do no harm."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.signal import SignalAction
from crisisdesk.engine import commands as c

from tests.store.workload import Station, signal


def take(station: Station, **changes: Any) -> str:
    ids: list[str] = station.do(c.TakeIn(signals=[signal(1, **changes)]), actor="source:test")[0]
    return ids[0]


def alert(station: Station, alert_id: str) -> Alert:
    state = station.bench.get(alert_id)
    assert isinstance(state, Alert)
    return state


def kinds(station: Station) -> list[str]:
    rows = station.journal._rows("SELECT kind FROM event ORDER BY pos")
    return [kind for (kind,) in rows]


def test_a_new_condition_opens_its_first_epoch_with_a_deadline(station: Station) -> None:
    one = alert(station, take(station, severity="high", title="Lag"))
    assert (one.epoch, one.epoch_no, one.count, one.status) == ("n1", 1, 1, "active")
    assert one.sla_deadline - one.detected_at == 15 * 60_000
    assert one.sla_prealarm_at - one.detected_at == 12 * 60_000


def test_a_repeat_counts_and_never_takes_an_acknowledgement_away(station: Station) -> None:
    alert_id = take(station)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    for _ in range(3):
        take(station)
    one = alert(station, alert_id)
    assert (one.count, one.status, one.owner) == (4, "acknowledged", "Klára Langová")


def test_the_same_key_of_another_source_is_another_alert(station: Station) -> None:
    assert take(station, source="a") != take(station, source="b")


def test_firing_again_after_a_resolve_opens_the_next_epoch_unacknowledged(station: Station) -> None:
    alert_id = take(station, starts_at=1_000)
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    take(station, action=SignalAction.RESOLVE, starts_at=1_000)
    take(station, starts_at=2_000)
    one = alert(station, alert_id)
    assert (one.epoch, one.epoch_no, one.status, one.count) == ("2000", 2, "active", 1)
    assert (one.count_total, one.past_epochs) == (2, ["1000"])


def test_a_late_report_of_an_ended_occurrence_only_counts(station: Station) -> None:
    alert_id = take(station, starts_at=1_000)
    take(station, action=SignalAction.RESOLVE, starts_at=1_000)
    take(station, starts_at=1_000)
    assert alert(station, alert_id).status == "resolved"
    assert kinds(station)[-1] == "alert.repeated"


def test_a_source_that_still_fires_overrules_an_operator_who_resolved(station: Station) -> None:
    alert_id = take(station, starts_at=1_000)
    station.do(c.ResolveAlert(alert_id=alert_id, reason="looks fine"))
    take(station, starts_at=1_000)
    one = alert(station, alert_id)
    assert (one.status, one.epoch, one.epoch_no) == ("active", "1000.2", 2)


def test_a_late_resolve_of_an_older_epoch_leaves_the_newer_alone(station: Station) -> None:
    alert_id = take(station, starts_at=1_000)
    take(station, action=SignalAction.RESOLVE, starts_at=1_000)
    take(station, starts_at=2_000)
    assert take(station, action=SignalAction.RESOLVE, starts_at=1_000) == ""
    assert alert(station, alert_id).status == "active"


def test_a_resolve_of_nothing_is_nothing(station: Station) -> None:
    assert take(station, action=SignalAction.RESOLVE) == ""
    assert take(station, action=SignalAction.ACKNOWLEDGE) == ""
    assert kinds(station) == []


def test_a_source_may_acknowledge_once(station: Station) -> None:
    alert_id = take(station)
    assert take(station, action=SignalAction.ACKNOWLEDGE) == alert_id
    assert take(station, action=SignalAction.ACKNOWLEDGE) == ""
    assert alert(station, alert_id).owner == "source:test"


def test_a_repeat_brings_news_but_not_over_an_operators_edit(station: Station) -> None:
    alert_id = take(station, title="Lag 10 s", description="a")
    station.do(c.EditAlert(alert_id=alert_id, changes={"title": "Standby lags"}))
    take(station, title="Lag 41 s", description="b")
    one = alert(station, alert_id)
    assert (one.title, one.description) == ("Standby lags", "b")


def test_getting_worse_pages_and_pulls_the_deadline_in(station: Station) -> None:
    station.add_contact()
    alert_id = take(station, severity="medium")
    assert "delivery.queued" not in kinds(station)
    before = alert(station, alert_id).sla_deadline
    take(station, severity="critical")
    assert kinds(station)[-1] == "delivery.queued"
    assert alert(station, alert_id).sla_deadline < before


def test_getting_worse_in_somebodys_hands_pages_nobody_again(station: Station) -> None:
    station.add_contact()
    alert_id = take(station, severity="medium")
    station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    take(station, severity="critical")
    assert "delivery.queued" not in kinds(station)
    assert alert(station, alert_id).severity == "critical"


def test_ten_thousand_repeats_are_one_alert_with_that_count(station: Station) -> None:
    for _ in range(10):
        station.do(c.TakeIn(signals=[signal(1)] * 1_000), actor="source:test")
    rows = station.journal._rows("SELECT count(*), max(count) FROM alert")
    assert rows == [(1, 10_000)]
