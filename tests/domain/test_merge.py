"""What two stations did apart, merged: one rule each, and the trace it leaves."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import fold, state_bytes
from crisisdesk.domain.ids import policy_version_id_of, silence_id_of
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.merge import TRACES_KEPT, also
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.silence import Silence
from crisisdesk.domain.update import IncidentUpdate

from tests.domain.events import JONAS, KLARA, START

MAIL = {"method_id": "m1", "channel": "mailto", "label": "Work", "masked": "a***"}
PRAGUE, BERLIN = "a" * 32, "b" * 32


class Two:
    """One aggregate's log by two stations; ``at`` is the moment in seconds."""

    def __init__(self, aggregate: str) -> None:
        self.aggregate = aggregate
        self.events: list[Event] = []

    def add(self, origin: str, at: int, kind: str, **body: Any) -> Event:
        event = Event(
            origin=origin,
            seq=1 + sum(e.origin == origin for e in self.events),
            hlc=(START + at * 1_000) << 16,
            id=f"{origin[:4]}{at:028x}",
            agg=self.aggregate,
            kind=kind,
            actor=KLARA if origin == PRAGUE else JONAS,
            wall_ms=START + at * 1_000,
            body=body,
        )
        self.events.append(event)
        return event

    def fire(self, origin: str, at: int, epoch: str = "n1", **body: Any) -> Event:
        given: dict[str, Any] = {
            "source": "pager",
            "key": "k",
            "epoch": epoch,
            "severity": "high",
            "title": "t",
            "sla_deadline": START + at * 1_000 + 300_000,
            "sla_prealarm_at": START + at * 1_000 + 240_000,
        }
        return self.add(origin, at, "alert.fired", **(given | body))

    def state(self) -> Any:
        """The state, the same in every order of arrival."""
        states = [fold(order) for order in list(permutations(self.events))[:200]]
        assert len({state_bytes(s) for s in states if s is not None}) == 1
        return states[0]

    def alert(self) -> Alert:
        state = self.state()
        assert isinstance(state, Alert)
        return state

    def incident(self) -> Incident:
        state = self.state()
        assert isinstance(state, Incident)
        return state


def test_two_stations_open_the_same_epoch_and_it_is_one() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1, resolves_at=50)
    log.fire(BERLIN, 2, severity="emergency", resolves_at=70)
    alert = log.alert()
    assert (alert.epoch, alert.epoch_no, alert.count) == ("n1", 1, 2)
    assert (alert.severity, alert.resolves_at) == ("emergency", 70)
    assert alert.sla_deadline == START + 301_000
    assert [(t["what"], t["origin"]) for t in alert.also_done] == [("fired", BERLIN)]


def test_an_epoch_that_one_had_ended_stays_ended_and_says_that_it_fired_elsewhere() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    log.add(PRAGUE, 2, "alert.resolved", epoch="n1", life=1)
    late = log.fire(BERLIN, 3)
    alert = log.alert()
    assert (alert.status, alert.fired_after_end_at) == ("resolved", late.at_ms)


def test_an_older_epoch_never_comes_back_over_a_newer() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1, "n1")
    log.fire(PRAGUE, 2, "n3")
    log.fire(BERLIN, 3, "n2")
    assert log.alert().epoch == "n3"
    assert log.alert().past_epochs == ["n1", "n2"]


def test_a_sources_older_start_gives_way_only_while_the_newer_is_open() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1, "900", starts_at=900)
    log.fire(BERLIN, 2, "800", starts_at=800)
    assert log.alert().epoch == "900"
    log = Two("A-1")
    log.fire(PRAGUE, 1, "900", starts_at=900)
    log.add(PRAGUE, 2, "alert.resolved", epoch="900", life=1)
    log.fire(BERLIN, 3, "800", starts_at=800)
    assert (log.alert().epoch, log.alert().status) == ("800", "active")


def test_an_acknowledgement_goes_on_standing_when_another_is_taken_back() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    mine = log.add(PRAGUE, 2, "alert.acknowledged", epoch="n1")
    theirs = log.add(BERLIN, 3, "alert.acknowledged", epoch="n1")
    assert log.alert().also_acknowledged_by == [JONAS]
    log.add(PRAGUE, 4, "alert.unacknowledged", ack_id=mine.id)
    alert = log.alert()
    assert (alert.status, alert.acknowledged_by, alert.owner) == ("acknowledged", JONAS, JONAS)
    assert (alert.ack_id, alert.also_acknowledged_by) == (theirs.id, [])
    log.add(BERLIN, 5, "alert.ack_expired", ack_id=theirs.id)
    assert (log.alert().status, log.alert().ack_id) == ("active", "")


def test_a_taking_back_may_name_all_that_it_saw() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    mine = log.add(PRAGUE, 2, "alert.acknowledged", epoch="n1")
    theirs = log.add(BERLIN, 3, "alert.acknowledged", epoch="n1")
    log.add(PRAGUE, 4, "alert.unacknowledged", ack_id=mine.id, also=[theirs.id])
    assert log.alert().status == "active"


def test_a_breach_told_in_vain_is_told_again_after_an_ack_was_taken_back() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    mine = log.add(PRAGUE, 2, "alert.acknowledged", epoch="n1")
    in_vain = log.add(BERLIN, 3, "alert.sla_breached", epoch="n1", life=1, deadline=7)
    log.add(PRAGUE, 4, "alert.unacknowledged", ack_id=mine.id)
    again = log.add(PRAGUE, 5, "alert.sla_breached", epoch="n1", life=1, deadline=7)
    in_vain.dedup_id = again.dedup_id = "the same decision"
    assert log.alert().sla_breached_at == 7


def test_who_took_it_over_at_the_same_moment_is_shown() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    log.add(PRAGUE, 2, "alert.investigating", epoch="n1", generation=1)
    log.add(BERLIN, 3, "alert.investigating", epoch="n1", generation=1)
    assert (log.alert().owner, log.alert().rival_owners) == (KLARA, [JONAS])
    log.add(BERLIN, 4, "alert.investigating", epoch="n1", generation=2)
    assert (log.alert().owner, log.alert().rival_owners) == (JONAS, [])


def test_a_repeat_never_beats_what_an_operator_wrote() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    log.add(PRAGUE, 2, "alert.edited", field="title", value="Orders", base="")
    log.add(BERLIN, 3, "alert.repeated", epoch="n1", n=1, set={"title": "t2", "service": "db"})
    assert (log.alert().title, log.alert().service) == ("Orders", "db")


def test_two_incidents_made_of_one_alert_are_told() -> None:
    log = Two("A-1")
    log.fire(PRAGUE, 1)
    log.add(PRAGUE, 2, "alert.escalated", incident_id="INC-A")
    log.add(BERLIN, 3, "alert.escalated", incident_id="INC-B")
    (trace,) = log.alert().also_done
    assert (log.alert().incident_id, trace["incident_id"], trace["by"]) == ("INC-A", "INC-B", JONAS)


def opened() -> Two:
    log = Two("INC-1")
    body = {"title": "t", "severity": "major", "commander": KLARA, "policies": {"sla": "POL-1"}}
    log.add(PRAGUE, 1, "incident.opened", **body)
    return log


def test_the_higher_status_stands_and_the_other_is_told_with_its_summary() -> None:
    log = opened()
    resolved: dict[str, Any] = {"status": "resolved", "life": 1}
    log.add(PRAGUE, 2, "incident.status_changed", **resolved, resolution_summary="a switch")
    log.add(BERLIN, 3, "incident.status_changed", status="monitoring", life=1)
    log.add(BERLIN, 4, "incident.status_changed", **resolved, resolution_summary="a rat")
    incident = log.incident()
    assert (incident.status, incident.resolution_summary) == ("resolved", "a switch")
    assert [t["status"] for t in incident.also_done] == ["monitoring", "resolved"]
    (lost,) = incident.overwritten
    assert (lost["value"], lost["lost_by"], lost["by"]) == ("a rat", JONAS, KLARA)


def test_the_worst_of_severities_stands_until_one_who_saw_them_all_decides() -> None:
    log = opened()
    high = log.add(PRAGUE, 2, "incident.edited", field="severity", value="critical", base="")
    low = log.add(BERLIN, 3, "incident.edited", field="severity", value="minor", base="")
    log.add(BERLIN, 4, "incident.edited", field="severity", value="major", base=low.id)
    incident = log.incident()
    assert (incident.severity, len(incident.severities)) == ("critical", 2)
    assert high.id in incident.set_by["severity"]
    seen = incident.set_by["severity"]
    log.add(BERLIN, 5, "incident.edited", field="severity", value="minor", base=seen)
    assert (log.incident().severity, log.incident().severities) == ("minor", {})


def test_a_handover_that_did_not_see_a_rival_does_not_settle_it() -> None:
    log = opened()
    log.add(PRAGUE, 2, "incident.commander_named", commander="Zoë", generation=2)
    log.add(BERLIN, 3, "incident.commander_named", commander="Ben", generation=2)
    assert (log.incident().commander, log.incident().rivals) == ("Zoë", ["Ben"])
    log.add(PRAGUE, 4, "incident.commander_named", commander="Ana", generation=3, rivals=[])
    assert (log.incident().commander, log.incident().rivals) == ("Ana", ["Ben"])
    log.add(PRAGUE, 5, "incident.commander_named", commander="Ana", generation=4, rivals=["Ben"])
    assert log.incident().rivals == []


def test_an_incident_keeps_the_policies_it_was_opened_with() -> None:
    assert opened().incident().policies == {"sla": "POL-1"}


def test_an_edit_of_an_entry_that_missed_the_last_keeps_what_it_replaced() -> None:
    log = Two("U-1")
    body = {"incident_id": "INC-1", "update_type": "note", "title": "one", "happened_at": 1}
    log.add(PRAGUE, 1, "update.posted", **body)
    first = log.add(PRAGUE, 2, "update.edited", title="two", base="")
    log.add(BERLIN, 3, "update.edited", title="three", base="")
    update = log.state()
    assert isinstance(update, IncidentUpdate)
    (lost,) = update.overwritten
    assert (update.title, update.edits, update.edited_by) == ("three", 2, JONAS)
    assert (lost["value"], lost["lost_by"]) == ("two", KLARA)
    assert first.id != update.edit_id


METHOD = {"method_id": "m1", "channel": "mailto", "label": "", "masked": "a***"}


def card() -> tuple[Two, Event]:
    log = Two("C-1")
    return log, log.add(PRAGUE, 1, "contact.saved", name="Ana", role="DBA", methods=[METHOD])


def test_two_edits_of_a_contact_merge_by_field_and_a_clash_is_told() -> None:
    log, first = card()
    base = {"name": first.id, "role": first.id}
    log.add(PRAGUE, 2, "contact.saved", name="Ana B", role="DBA", changed=["name"], base=base)
    log.add(BERLIN, 3, "contact.saved", name="Ana", role="CTO", changed=["role"], base=base)
    contact = log.state()
    assert isinstance(contact, Contact)
    assert (contact.name, contact.role, contact.methods) == ("Ana B", "CTO", [METHOD])
    assert contact.overwritten == []
    log.add(BERLIN, 4, "contact.saved", name="Anna", changed=["name"], base=base)
    (lost,) = log.state().overwritten
    assert (lost["field"], lost["value"], lost["lost_by"]) == ("name", "Ana B", KLARA)


def test_a_contact_taken_out_while_it_was_saved_elsewhere_stays_reachable() -> None:
    log, first = card()
    log.add(BERLIN, 2, "contact.saved", name="Ana", role="CTO", methods=[METHOD])
    log.add(PRAGUE, 3, "contact.removed", base=first.id)
    assert (log.state().removed, log.state().removed_by) == (False, KLARA)
    log, first = card()
    log.add(PRAGUE, 2, "contact.removed", base=first.id)
    log.add(BERLIN, 3, "contact.saved", name="Ana", role="CTO", methods=[METHOD])
    contact = log.state()
    assert (contact.removed, contact.removed_by, contact.methods) == (False, KLARA, [METHOD])


MATCH = {"service": "db"}


def silenced() -> tuple[Two, Event]:
    log = Two(silence_id_of(MATCH))
    return log, log.add(PRAGUE, 1, "silence.set", match=MATCH, until=START + 900_000)


@pytest.mark.parametrize("first", ["silence", "lift"])
def test_noise_beats_silence_whichever_comes_first(first: str) -> None:
    log, made = silenced()
    moments = (2, 3) if first == "silence" else (3, 2)
    longer: dict[str, Any] = {"match": MATCH, "until": START + 9_000_000, "lifts": 0}
    log.add(PRAGUE, moments[0], "silence.set", **longer, base=made.id)
    log.add(BERLIN, moments[1], "silence.lifted")
    silence = log.state()
    assert isinstance(silence, Silence)
    assert not silence.silences(START + 5_000)
    assert silence.lifted_by == JONAS
    log.add(PRAGUE, 9, "silence.set", **(longer | {"lifts": 1}))
    assert log.state().silences(START + 5_000)
    assert not log.state().silences(START + 9_000_000)


def test_of_two_ends_of_a_silence_the_earlier_stands() -> None:
    log, _made = silenced()
    log.add(BERLIN, 2, "silence.set", match=MATCH, until=START + 9_000_000, base="")
    assert log.state().until == START + 900_000
    assert silence_id_of(MATCH) == log.aggregate != silence_id_of({"service": "db2"})


def running() -> Two:
    log = Two("RUN-1")
    steps = [{"step_id": s, "title": s, "exclusive": s == "failover"} for s in ("failover", "tell")]
    log.add(PRAGUE, 1, "run.started", title="Fail over", steps=steps, policy="POL-1")
    return log


def test_a_step_keeps_all_who_did_it_and_an_undo_takes_only_what_it_saw() -> None:
    log = running()
    mine = log.add(PRAGUE, 2, "run.step_done", step_id="tell")
    log.add(BERLIN, 3, "run.step_done", step_id="tell")
    run = log.state()
    assert isinstance(run, Run)
    assert (run.done_by("tell"), run.executed_twice) == ((KLARA, JONAS), [])
    log.add(PRAGUE, 4, "run.step_undone", step_id="tell", done_ids=[mine.id])
    assert (log.state().done_by("tell"), log.state().is_done("tell")) == ((JONAS,), True)


def test_an_exclusive_step_done_by_two_stays_marked_as_executed_twice() -> None:
    log = running()
    mine = log.add(PRAGUE, 2, "run.step_done", step_id="failover", claim="7")
    theirs = log.add(BERLIN, 3, "run.step_done", step_id="failover")
    assert (log.state().executed_twice, log.state().unclaimed) == (["failover"], ["failover"])
    both = [mine.id, theirs.id]
    log.add(BERLIN, 4, "run.step_undone", step_id="failover", done_ids=both)
    assert (log.state().executed_twice, log.state().is_done("failover")) == (["failover"], False)


def test_a_step_done_anew_after_an_undo_was_not_executed_twice() -> None:
    log = running()
    mine = log.add(PRAGUE, 2, "run.step_done", step_id="failover", claim="7")
    log.add(PRAGUE, 3, "run.step_undone", step_id="failover", done_ids=[mine.id])
    log.add(PRAGUE, 4, "run.step_done", step_id="failover", claim="8")
    log.add(PRAGUE, 5, "run.ended")
    log.add(BERLIN, 6, "run.ended")
    run = log.state()
    assert (run.executed_twice, run.unclaimed, run.ended_by) == ([], [], KLARA)
    assert [t["what"] for t in run.also_done] == ["ended"]


def test_a_policy_version_never_changes() -> None:
    content = {"wait_s": 60}
    log = Two(policy_version_id_of("sla", content))
    log.add(PRAGUE, 1, "policy.published", name="sla", content=content)
    log.add(BERLIN, 2, "policy.published", name="sla", content={"wait_s": 1})
    log.add(BERLIN, 3, "policy.withdrawn")
    version = log.state()
    assert isinstance(version, PolicyVersion)
    assert (version.content, version.published_by, version.withdrawn_by) == (content, KLARA, JONAS)
    assert policy_version_id_of("sla", {"wait_s": 61}) != log.aggregate


def test_traces_are_bounded() -> None:
    event = opened().events[0]
    traces: list[dict[str, Any]] = []
    for n in range(TRACES_KEPT + 5):
        traces = also(traces, "status", event, status=str(n))
    assert len(traces) == TRACES_KEPT
    assert traces[-1]["status"] == str(TRACES_KEPT + 4)
