"""Orders: every action becomes a command with the ids behind its names."""

from __future__ import annotations

import pytest

from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.drills import actions as a
from crisisdesk.drills.entry import ScenarioError
from crisisdesk.drills.orders import Named, Order, orders_of
from crisisdesk.engine import commands as c
from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.recovery_commands import Decide, MarkStep, StartRun

NAMED = Named(alerts={"a": "A-1", "b": "A-2"}, incidents={"i": "INC-1"})
SIGNAL = Signal(source="s", key="k", action=SignalAction.FIRE, severity=Severity.LOW, title="t")


def orders(action: a.Action, named: Named = NAMED) -> list[Order]:
    step = a.Step(at_ms=-5, actor="B", action=action, entry="entries[4]")
    return orders_of(step, named, "s.yaml", 1_000_000)


@pytest.mark.parametrize(
    ("action", "command"),
    [
        (a.Report(name="a", signal=SIGNAL), c.TakeIn(signals=[SIGNAL])),
        (
            a.Acknowledge(alerts=("a", "b"), note="n"),
            c.AcknowledgeAlerts(alert_ids=["A-1", "A-2"], note="n"),
        ),
        (a.Investigate(alert="a"), c.InvestigateAlert(alert_id="A-1")),
        (a.Resolve(alert="b", reason="r"), c.ResolveAlert(alert_id="A-2", reason="r")),
        (a.Close(alert="a"), c.CloseAlert(alert_id="A-1")),
        (a.Note(alert="a", text="t"), c.NoteAlert(alert_id="A-1", text="t")),
        (a.Link(alert="a", incident="i"), c.LinkAlert(incident_id="INC-1", alert_id="A-1")),
        (
            a.Advance(incident="i", status="resolved", resolution_summary="s"),
            c.ChangeIncidentStatus(incident_id="INC-1", status="resolved", resolution_summary="s"),
        ),
        (
            a.Edit(incident="i", changes={"title": "t"}),
            c.EditIncident(incident_id="INC-1", changes={"title": "t"}),
        ),
        (
            a.Update(incident="i", title="t", seen_ms=-30_000, is_public=True),
            c.PostUpdate(incident_id="INC-1", title="t", happened_at=970_000, is_public=True),
        ),
        (
            a.Change(summary="s", service="db", source="deploys"),
            RecordChanges(
                changes=[ChangeReport(summary="s", service="db", source="deploys", at=1_000_000)]
            ),
        ),
    ],
)
def test_an_action_becomes_its_command(action: a.Action, command: c.Command) -> None:
    assert orders(action) == [Order(command=command)]


def test_an_escalation_gives_its_incident_the_name() -> None:
    [order] = orders(a.Escalate(alert="a", incident="new", commander="K", severity="major"))
    assert order.names == "new"
    assert order.command == c.EscalateAlert(alert_id="A-1", commander="K", severity="major")


def test_who_sits_down_hears_the_sounds() -> None:
    found = [o.command for o in orders(a.Seat(operator="K", sounds=("low", "high")))]
    assert found == [
        c.ChangeOperator(operator="K"),
        c.ConfirmSound(severity="low"),
        c.ConfirmSound(severity="high"),
    ]


def test_a_name_without_an_id_is_an_error_of_its_entry() -> None:
    with pytest.raises(ScenarioError, match=r"s.yaml: entries\[4\].alert: 'z' does not exist yet"):
        orders(a.Close(alert="z"))
    with pytest.raises(ScenarioError, match=r"entries\[4\].incident: 'i' does not exist yet"):
        orders(a.Advance(incident="i", status="closed"), Named(alerts={}, incidents={}))


def test_a_run_is_begun_for_an_incident_and_its_steps_are_done_by_its_id() -> None:
    named = Named(alerts={}, incidents={"i": "INC-1"}, runs={"r": "RUN-1"})
    begin = a.Begin(procedure="Restart", run="q", incident="i", arguments={"to": "x"})
    (order,) = orders(begin, named)
    assert order.names_run == "q"
    assert order.command == StartRun(
        procedure="Restart", incident_id="INC-1", arguments={"to": "x"}
    )
    (done,) = orders(a.DoStep(run="r", step="s", note="n"), named)
    assert done.command == MarkStep(run_id="RUN-1", step_id="s", note="n")
    (told,) = orders(a.DoStep(run="r", step="s", answer="yes"), named)
    assert told.command == Decide(run_id="RUN-1", step_id="s", answer="yes")
    with pytest.raises(ScenarioError, match="does not exist yet"):
        orders(a.DoStep(run="other", step="s"), named)
