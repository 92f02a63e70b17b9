"""From what somebody does in a scenario to the commands that ask the engine for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.drills.actions import (
    Acknowledge,
    Advance,
    Begin,
    Change,
    Close,
    DoStep,
    Edit,
    Escalate,
    Investigate,
    Link,
    Note,
    Report,
    Resolve,
    Seat,
    Step,
    Update,
)
from crisisdesk.drills.entry import ScenarioError
from crisisdesk.engine.commands import (
    AcknowledgeAlerts,
    ChangeIncidentStatus,
    ChangeOperator,
    CloseAlert,
    Command,
    ConfirmSound,
    EditIncident,
    EscalateAlert,
    InvestigateAlert,
    LinkAlert,
    NoteAlert,
    PostUpdate,
    ResolveAlert,
    TakeIn,
)
from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.recovery_commands import Decide, MarkStep, StartRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The ids behind the names that have been given so far."""

    alerts: dict[str, str]
    incidents: dict[str, str]
    runs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command; its result is the id of the incident called ``names``, or of the run called
    ``names_run``, when that is not empty."""

    command: Command
    names: str = ""
    names_run: str = ""


def orders_of(step: Step, named: Named, file: str, now_ms: int) -> list[Order]:
    """The commands of one step; raises ScenarioError for a name that has not come up yet."""
    look = _Look(step, named, file)
    action = step.action
    if isinstance(action, Report):
        return [Order(command=TakeIn(signals=[action.signal]))]
    if isinstance(action, Escalate):
        return [_escalation(action, look)]
    if isinstance(action, Seat):
        sounds = [Order(command=ConfirmSound(severity=s)) for s in action.sounds]
        return [Order(command=ChangeOperator(operator=action.operator)), *sounds]
    if isinstance(action, Change):
        report = ChangeReport(
            summary=action.summary, service=action.service, source=action.source, at=now_ms
        )
        return [Order(command=RecordChanges(changes=[report]))]
    if isinstance(action, Begin | DoStep):
        return [_of_run(action, look)]
    if isinstance(action, Update | Advance | Edit | Link):
        return [Order(command=_on_incident(action, look, now_ms))]
    return [Order(command=_on_alert(action, look))]


class _Look:
    """Looks names up on behalf of one step."""

    def __init__(self, step: Step, named: Named, file: str) -> None:
        self._step = step
        self._named = named
        self._file = file

    def alert(self, name: str) -> str:
        return self._id(self._named.alerts, name, "alert")

    def incident(self, name: str) -> str:
        return self._id(self._named.incidents, name, "incident")

    def run(self, name: str) -> str:
        return self._id(self._named.runs, name, "run")

    def _id(self, ids: dict[str, str], name: str, kind: str) -> str:
        if name not in ids:
            entry = self._step.entry
            remedy = "play what comes before it first"
            raise ScenarioError(self._file, entry, kind, f"{name!r} does not exist yet", remedy)
        return ids[name]


def _escalation(action: Escalate, look: _Look) -> Order:
    command = EscalateAlert(
        alert_id=look.alert(action.alert),
        commander=action.commander,
        title=action.title,
        severity=action.severity,
        category=action.category,
    )
    return Order(command=command, names=action.incident)


def _of_run(action: Begin | DoStep, look: _Look) -> Order:
    if isinstance(action, Begin):
        command: Command = StartRun(
            procedure=action.procedure,
            incident_id=look.incident(action.incident) if action.incident else "",
            arguments=action.arguments,
        )
        return Order(command=command, names_run=action.run)
    run_id, step_id, note = look.run(action.run), action.step, action.note
    if action.answer:
        command = Decide(run_id=run_id, step_id=step_id, answer=action.answer, note=note)
    else:
        command = MarkStep(run_id=run_id, step_id=step_id, note=note)
    return Order(command=command)


def _on_alert(action: Acknowledge | Investigate | Resolve | Close | Note, look: _Look) -> Command:
    if isinstance(action, Acknowledge):
        ids = [look.alert(name) for name in action.alerts]
        return AcknowledgeAlerts(alert_ids=ids, note=action.note)
    alert_id = look.alert(action.alert)
    if isinstance(action, Investigate):
        return InvestigateAlert(alert_id=alert_id)
    if isinstance(action, Resolve):
        return ResolveAlert(alert_id=alert_id, reason=action.reason)
    if isinstance(action, Close):
        return CloseAlert(alert_id=alert_id)
    return NoteAlert(alert_id=alert_id, text=action.text)


def _on_incident(action: Update | Advance | Edit | Link, look: _Look, now_ms: int) -> Command:
    incident_id = look.incident(action.incident)
    if isinstance(action, Advance):
        return ChangeIncidentStatus(
            incident_id=incident_id,
            status=action.status,
            resolution_summary=action.resolution_summary,
        )
    if isinstance(action, Edit):
        return EditIncident(incident_id=incident_id, changes=action.changes)
    if isinstance(action, Link):
        return LinkAlert(incident_id=incident_id, alert_id=look.alert(action.alert))
    return PostUpdate(
        incident_id=incident_id,
        title=action.title,
        description=action.description,
        update_type=action.update_type,
        happened_at=now_ms - abs(action.seen_ms),
        is_public=action.is_public,
        is_pinned=action.is_pinned,
    )
