"""The alert's rules: epochs, acknowledgements that stick, lives, edits, and what is due when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.alert import CHANGES_KEPT, PAST_EPOCHS_KEPT, Alert, AlertStatus

from tests.domain.events import JONAS, KLARA, START, Log

DEADLINE, PREALARM = START + 300_000, START + 240_000


class AlertLog(Log):
    """The log of one alert whose first event is its firing."""

    def __init__(self, **body: Any) -> None:
        super().__init__("A-1")
        self.fire(**body)

    def fire(self, epoch: str = "n1", **body: Any) -> None:
        given: dict[str, Any] = {
            "source": "alertmanager",
            "key": "fp",
            "epoch": epoch,
            "severity": "critical",
            "title": "Latency above 2 s",
            "sla_deadline": DEADLINE,
            "sla_prealarm_at": PREALARM,
        }
        self.add("alert.fired", **(given | body))

    def alert(self) -> Alert:
        state = self.state()
        assert isinstance(state, Alert)
        return state


def test_a_firing_opens_an_alert_with_all_it_says() -> None:
    log = AlertLog(service="payments", labels={"team": "core"}, starts_at=5, n=3, resolves_at=99)
    alert = log.alert()
    assert (alert.status, alert.epoch, alert.epoch_no, alert.life) == ("active", "n1", 1, 1)
    assert (alert.count, alert.count_total) == (3, 3)
    assert (alert.service, alert.labels, alert.starts_at) == ("payments", {"team": "core"}, 5)
    assert alert.detected_at == alert.last_seen_at == START + 1_000
    assert (alert.sla_deadline, alert.sla_prealarm_at) == (DEADLINE, PREALARM)
    assert alert.is_open


def test_what_comes_before_the_firing_makes_no_alert() -> None:
    log = Log("A-1")
    log.add("alert.acknowledged", epoch="n1")
    assert log.state() is None


def test_times_are_told_on_the_hubs_clock() -> None:
    log = Log("A-1")
    first = AlertLog().events[0]
    first.hub_offset_ms = -700
    log.events = [first]
    state = log.state()
    assert isinstance(state, Alert)
    assert state.detected_at == START + 300


def test_firing_again_in_the_same_epoch_only_counts() -> None:
    log = AlertLog()
    log.add("alert.acknowledged", epoch="n1")
    log.fire("n1", n=2, sla_deadline=1)
    log.add("alert.repeated", epoch="n1", n=4, set={"title": "worse", "owner": "nobody"})
    alert = log.alert()
    assert (alert.count, alert.count_total, alert.epoch_no) == (7, 7, 1)
    assert (alert.status, alert.owner, alert.title) == ("acknowledged", KLARA, "worse")
    assert alert.last_seen_at == log.events[-1].at_ms


def test_a_clock_that_went_back_never_makes_an_alert_older() -> None:
    log = AlertLog()
    log.add("alert.repeated", epoch="n1", at=START - 60_000)
    assert log.alert().last_seen_at == START + 1_000


def test_a_new_epoch_begins_anew_and_remembers_the_old() -> None:
    log = AlertLog()
    log.add("alert.related", alert_id="A-2")
    log.add("alert.acknowledged", epoch="n1")
    log.add("alert.sla_breached", epoch="n1", life=1, deadline=DEADLINE)
    log.add("alert.resolved", epoch="n1", life=1, reason="restarted")
    log.fire("n2")
    alert = log.alert()
    assert (alert.status, alert.epoch, alert.epoch_no) == ("active", "n2", 2)
    assert (alert.owner, alert.acknowledged_at, alert.resolved_at) == ("", None, None)
    assert (alert.count, alert.count_total) == (1, 2)
    assert (alert.past_epochs, alert.related_alerts) == (["n1"], ["A-2"])
    assert not alert.sla_prealarmed


def test_the_past_epochs_that_are_remembered_are_bounded() -> None:
    log = AlertLog()
    for n in range(2, 40):
        log.fire(f"n{n}")
    alert = log.alert()
    assert len(alert.past_epochs) == PAST_EPOCHS_KEPT
    assert alert.past_epochs[-1] == "n38"
    assert alert.epoch_no == 39


@pytest.mark.parametrize("kind", ["acknowledged", "investigating", "resolved", "closed"])
def test_what_names_an_older_epoch_never_touches_the_newer(kind: str) -> None:
    log = AlertLog()
    log.fire("n2")
    before = log.alert()
    late = log.add(f"alert.{kind}", epoch="n1", life=1)
    alert = log.alert()
    assert replace(alert, also_done=[]) == before
    (trace,) = alert.also_done
    assert (trace["what"], trace["epoch"], trace["by"]) == (kind, "n1", KLARA)
    assert (trace["event"], trace["at"]) == (late.id, late.at_ms)


def test_a_late_repeat_of_an_older_epoch_counts_only_in_all() -> None:
    log = AlertLog()
    log.fire("n2")
    log.fire("n1", n=5)
    alert = log.alert()
    assert (alert.epoch, alert.count, alert.count_total) == ("n2", 1, 7)


def test_the_first_to_acknowledge_owns_and_others_are_listed_once() -> None:
    log = AlertLog()
    ack = log.add("alert.acknowledged", epoch="n1")
    for actor in (JONAS, KLARA, JONAS):
        log.add("alert.acknowledged", actor=actor, epoch="n1")
    alert = log.alert()
    assert (alert.owner, alert.acknowledged_by, alert.ack_id) == (KLARA, KLARA, ack.id)
    assert alert.also_acknowledged_by == [JONAS]
    assert alert.response_ms == 1_000


def test_a_response_is_never_less_than_nothing() -> None:
    log = AlertLog()
    log.add("alert.acknowledged", epoch="n1", at=START - 5_000)
    assert log.alert().response_ms == 0


def test_only_the_acknowledgement_that_stands_can_be_taken_back() -> None:
    log = AlertLog()
    ack = log.add("alert.acknowledged", epoch="n1")
    log.add("alert.unacknowledged", ack_id="another")
    assert log.alert().owner == KLARA
    log.add("alert.unacknowledged", ack_id=ack.id)
    alert = log.alert()
    assert (alert.status, alert.owner, alert.acknowledged_at) == ("active", "", None)
    assert (alert.response_ms, alert.ack_id) == (None, "")


def test_investigating_acknowledges_and_hands_over() -> None:
    log = AlertLog()
    log.add("alert.investigating", epoch="n1")
    first = log.alert()
    assert (first.status, first.acknowledged_by) == ("investigating", KLARA)
    log.add("alert.acknowledged", actor=JONAS, epoch="n1")
    log.add("alert.investigating", actor=JONAS, epoch="n1")
    alert = log.alert()
    assert (alert.status, alert.owner, alert.acknowledged_by) == ("investigating", JONAS, KLARA)
    assert alert.investigating_at == first.investigating_at


def test_resolve_close_and_reopen_climb_and_begin_a_new_life() -> None:
    log = AlertLog()
    log.add("alert.resolved", epoch="n1", life=1, reason="restarted")
    resolved = log.alert()
    assert (resolved.status, resolved.resolved_by) == ("resolved", KLARA)
    assert resolved.resolution == "restarted"
    log.add("alert.closed", actor=JONAS, epoch="n1", life=1)
    closed = log.alert()
    assert (closed.status, closed.closed_by, closed.resolved_by) == ("closed", JONAS, KLARA)
    log.add("alert.resolved", epoch="n1", life=1)
    log.add("alert.acknowledged", epoch="n1")
    log.add("alert.closed", epoch="n1", life=1)
    log.add("alert.reopened", epoch="n1", life=3, sla_deadline=7, sla_prealarm_at=6)
    assert replace(log.alert(), also_done=[]) == closed
    told = [trace["what"] for trace in log.alert().also_done]
    assert told == ["resolved", "acknowledged", "closed", "reopened"]
    log.add("alert.reopened", epoch="n1", life=2, sla_deadline=7, sla_prealarm_at=6)
    again = log.alert()
    assert (again.status, again.life, again.closed_at) == ("active", 2, None)
    assert (again.sla_deadline, again.resolution) == (7, "")
    log.add("alert.resolved", epoch="n1", life=1)
    assert replace(log.alert(), also_done=again.also_done) == again


def test_closing_what_is_open_resolves_it_too() -> None:
    log = AlertLog(resolves_at=99)
    log.add("alert.closed", epoch="n1", life=1, reason="a test")
    alert = log.alert()
    assert (alert.status, alert.resolved_at) == ("closed", alert.closed_at)
    assert (alert.resolution, alert.resolves_at) == ("a test", None)


def test_the_first_incident_keeps_the_alert() -> None:
    log = AlertLog()
    log.add("alert.escalated", incident_id="INC-A")
    log.add("alert.escalated", incident_id="INC-B")
    assert log.alert().incident_id == "INC-A"


def test_an_edit_that_knew_the_last_replaces_it_quietly() -> None:
    log = AlertLog()
    first = log.add("alert.edited", field="title", value="one")
    log.add("alert.edited", field="title", value="two", base=first.id)
    alert = log.alert()
    assert (alert.title, alert.overwritten) == ("two", [])


def test_an_edit_that_did_not_know_keeps_what_it_replaced() -> None:
    log = AlertLog()
    log.add("alert.edited", field="title", value="one")
    blind = log.add("alert.edited", actor=JONAS, field="title", value="two", base="")
    alert = log.alert()
    assert alert.title == "two"
    (lost,) = alert.overwritten
    assert (lost["field"], lost["value"], lost["lost_by"]) == ("title", "one", KLARA)
    assert (lost["by"], lost["by_event"], lost["at"]) == (JONAS, blind.id, blind.at_ms)


def test_of_two_severities_set_at_once_the_worse_stands() -> None:
    log = AlertLog()
    log.add("alert.edited", field="severity", value="emergency", sla_deadline=9, sla_prealarm_at=8)
    log.add("alert.edited", actor=JONAS, field="severity", value="low", sla_deadline=99)
    alert = log.alert()
    assert alert.severity == "emergency"
    assert (alert.sla_deadline, alert.sla_prealarm_at) == (9, 8)
    (lost,) = alert.overwritten
    assert (lost["value"], lost["lost_by"], lost["by"]) == ("low", JONAS, KLARA)
    log.add("alert.edited", field="severity", value="low", base=alert.set_by["severity"])
    assert log.alert().severity == "low"


def test_a_field_nobody_may_edit_stays() -> None:
    log = AlertLog()
    log.add("alert.edited", field="status", value="closed")
    assert log.alert().status == "active"


def test_related_alerts_are_a_set_in_order() -> None:
    log = AlertLog()
    for other in ("A-3", "A-2", "A-3"):
        log.add("alert.related", alert_id=other)
    assert log.alert().related_alerts == ["A-2", "A-3"]


def test_warning_and_breach_count_once_and_only_for_their_life() -> None:
    log = AlertLog()
    for kind in ("alert.sla_prealarmed", "alert.sla_breached"):
        log.add(kind, epoch="n1", life=2, deadline=1)
        log.add(kind, epoch="n2", life=1, deadline=1)
    assert not log.alert().sla_prealarmed
    log.add("alert.sla_prealarmed", epoch="n1", life=1)
    assert log.alert().sla_prealarmed
    log.add("alert.sla_breached", epoch="n1", life=1, deadline=DEADLINE)
    log.add("alert.sla_breached", epoch="n1", life=1, deadline=DEADLINE + 1)
    assert log.alert().sla_breached_at == DEADLINE


def test_what_is_acknowledged_is_not_late() -> None:
    log = AlertLog()
    log.add("alert.acknowledged", epoch="n1")
    log.add("alert.sla_breached", epoch="n1", life=1, deadline=DEADLINE)
    assert log.alert().sla_breached_at is None


def test_the_next_moment_is_the_soonest_that_still_matters() -> None:
    log = AlertLog(resolves_at=DEADLINE + 5)
    assert log.alert().next_due == PREALARM
    log.add("alert.sla_prealarmed", epoch="n1", life=1)
    assert log.alert().next_due == DEADLINE
    log.add("alert.sla_breached", epoch="n1", life=1, deadline=DEADLINE)
    assert log.alert().next_due == DEADLINE + 5
    log.add("alert.resolved", epoch="n1", life=1)
    assert log.alert().next_due is None


def test_an_acknowledged_alert_is_due_only_when_its_source_may_fall_silent() -> None:
    log = AlertLog()
    log.add("alert.acknowledged", epoch="n1")
    assert log.alert().next_due is None


def test_unknown_kinds_and_notes_change_nothing() -> None:
    log = AlertLog()
    before = log.alert()
    log.add("alert.noted", text="rang")
    log.add("alert.from_the_future", what=1)
    assert log.alert() == before


def test_statuses_are_a_ladder() -> None:
    assert [s.value for s in AlertStatus] == [
        "active",
        "acknowledged",
        "investigating",
        "resolved",
        "closed",
    ]


def test_each_opening_and_end_is_kept_and_they_are_bounded() -> None:
    log = AlertLog()
    assert log.alert().changes == []
    log.add("alert.acknowledged", epoch="n1")
    log.add("alert.repeated", epoch="n1")
    assert log.alert().changes == []
    log.add("alert.resolved", epoch="n1", life=1, reason="restarted")
    first, ended = log.alert().detected_at, log.alert().resolved_at
    assert log.alert().changes == [first, ended]
    log.add("alert.resolved", epoch="n1", life=1, reason="again")
    log.add("alert.closed", epoch="n1", life=1)
    assert log.alert().changes == [first, ended], "it had ended"
    log.add("alert.reopened", epoch="n1", life=2, sla_deadline=9, sla_prealarm_at=8)
    assert log.alert().changes == [first, ended, log.alert().detected_at]
    log.add("alert.closed", epoch="n1", life=2)
    assert len(log.alert().changes) == 4
    for n in range(2, 2 + CHANGES_KEPT):
        log.fire(f"n{n}")
    assert len(log.alert().changes) == CHANGES_KEPT
    assert log.alert().changes[-1] == log.alert().detected_at
