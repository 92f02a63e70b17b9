"""Commands of every kind, drawn at random, so that stations meet at the same alerts and people."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.decision_commands import CheckDecision, LogDecision, RevertDecision
from crisisdesk.engine.escalation_commands import (
    MindEscalations,
    MindUnattended,
    PublishPolicy,
)
from crisisdesk.engine.hold_commands import (
    AcceptOffer,
    DeclineOffer,
    MindHolds,
    OfferAlert,
    RenewAlerts,
    WithdrawOffer,
)
from crisisdesk.engine.image_commands import AddImage
from crisisdesk.engine.incident_commands import (
    MergeIncident,
    MindRings,
    RemoveChannel,
    RestrictIncident,
    SetChannel,
    SplitIncident,
    UnmergeIncident,
)
from crisisdesk.engine.ports import Outcome
from crisisdesk.engine.role_commands import AssumeRole, RenounceRole
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence
from crisisdesk.engine.task_commands import (
    AddTask,
    AssignTask,
    EditTask,
    EndTask,
    MindTasks,
    ReopenTask,
    StartTask,
)

from tests.domain.image_bytes import png

SEVERITIES = ("low", "medium", "high", "critical", "emergency")
ROLES = ("scribe", "subject_expert", "communications_lead")
ACTORS = ("Klára Langová", "Jonas Weber", "Priya Nair", "Tom Okafor")
_KEPT = 12


@dataclass(slots=True)
class Known:
    """Names that answers have told; shared by all stations, so that some are unknown to a few."""

    alerts: int = 24
    incidents: deque[str] = field(default_factory=lambda: deque(["INC-NONE"], _KEPT))
    updates: deque[str] = field(default_factory=lambda: deque(["U-NONE"], _KEPT))
    contacts: deque[str] = field(default_factory=lambda: deque(["C-NONE"], _KEPT))
    silences: deque[str] = field(default_factory=lambda: deque(["SIL-NONE"], _KEPT))
    tasks: deque[str] = field(default_factory=lambda: deque(["TSK-NONE"], _KEPT))
    decisions: deque[str] = field(default_factory=lambda: deque(["DEC-NONE"], _KEPT))
    claims: deque[Delivery] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def learn(self, command: c.Command, result: object) -> None:
        """Keep the names in a command's answer."""
        if isinstance(command, c.OpenIncident | c.EscalateAlert | SplitIncident):
            self.incidents.append(str(result))
        elif isinstance(command, AddTask):
            self.tasks.append(str(result))
        elif isinstance(command, LogDecision):
            self.decisions.append(str(result))
        elif isinstance(command, c.PostUpdate):
            self.updates.append(str(result))
        elif isinstance(command, c.SaveContact):
            self.contacts.append(str(result))
        elif isinstance(command, SetSilence):
            self.silences.append(str(result))
        elif isinstance(command, c.ClaimDeliveries):
            assert isinstance(result, list)
            self.claims.extend(delivery for delivery, _alert in result)


def signal(chance: random.Random, number: int) -> Signal:
    """One of a few conditions, as a source reports it; sometimes over, sometimes with its start."""
    action = chance.choice((SignalAction.FIRE, SignalAction.FIRE, SignalAction.RESOLVE))
    starts = chance.choice((None, None, 1_770_000_000_000 + chance.randrange(4) * 60_000))
    return Signal(
        source="alertmanager",
        key=f"k{number}",
        action=action,
        severity=chance.choice(SEVERITIES),  # type: ignore[arg-type]
        title=f"Latence p99 na platbách {number}",
        service=f"payments-{number % 3}",
        starts_at=starts,
        ends_at=starts + 900_000 if starts and chance.random() < 0.3 else None,
    )


def _method(chance: random.Random, number: int) -> dict[str, object]:
    return {
        "method_id": f"m{number}",
        "channel": "mailto",
        "label": "Work",
        "masked": "j***@example.org",
        "min_severity": chance.choice(SEVERITIES),
    }


def draw(chance: random.Random, known: Known) -> c.Command:
    """The next command."""
    return chance.choices(_MAKERS, _WEIGHTS)[0](chance, known)


def _alert(chance: random.Random, known: Known, among: int = 10**9) -> str:
    return alert_id_of("alertmanager", f"k{chance.randrange(min(among, known.alerts))}")


def _settle(chance: random.Random, known: Known) -> c.Command:
    if not known.claims:
        return c.ClaimDeliveries(per_method=2)
    delivery = chance.choice(known.claims)
    return c.SettleDelivery(
        delivery_id=delivery.delivery_id,
        attempt=delivery.attempt,
        carried=[d.delivery_id for d in known.claims if d.into == delivery.delivery_id],
        outcome=Outcome(ok=chance.random() < 0.4, words="250 OK", retryable=chance.random() < 0.7),
    )


def _policy(chance: random.Random) -> dict[str, object]:
    step = {
        "to": [{"everyone": True}],
        "wait_s": chance.choice((30, 300)),
        "ack": chance.choice(("one", "all")),
    }
    return {
        "kind": "escalation",
        "for": chance.choice(("", "service=payments-1")),
        "steps": [step] * chance.randrange(1, 4),
        "repeat": chance.randrange(10),
    }


def _rule(chance: random.Random) -> dict[str, object]:
    """What keeps consequences quiet; contradictions among them are meant."""
    one, other = chance.sample(range(3), 2)
    hours = chance.choice((1, 4))
    if chance.random() < 0.5:
        needs = {f"payments-{one}": [f"payments-{other}"]}
        least = chance.choice(SEVERITIES)
        return {
            "kind": "dependencies",
            "services": needs,
            "from_severity": least,
            "at_most_h": hours,
        }
    return {
        "kind": "inhibition",
        "when": f"service=payments-{one}",
        "keep_quiet": f'severity=~"high|critical", service!=payments-{one}',
        "equal": chance.choice(([], ["severity"])),
        "at_most_h": hours,
    }


def _silence(chance: random.Random, _known: Known) -> c.Command:
    return SetSilence(
        matchers=f"service=payments-{chance.randrange(3)}",
        duration_ms=chance.choice((60_000, 3_600_000)),
        reason="works",
    )


Maker = Callable[[random.Random, Known], c.Command]
_TABLE: tuple[tuple[int, Maker], ...] = (
    (12, lambda r, k: c.TakeIn(signals=[signal(r, r.randrange(k.alerts))])),
    (2, lambda r, _k: c.TakeIn(signals=[signal(r, n) for n in range(r.randrange(1, 8))])),
    (8, lambda r, k: c.AcknowledgeAlerts(alert_ids=[_alert(r, k)], note="mám to")),
    (4, lambda r, k: c.UnacknowledgeAlerts(alert_ids=[_alert(r, k), _alert(r, k)])),
    (4, lambda r, k: c.InvestigateAlert(alert_id=_alert(r, k))),
    (5, lambda r, k: c.ResolveAlert(alert_id=_alert(r, k), reason="restarted")),
    (2, lambda r, k: c.CloseAlert(alert_id=_alert(r, k))),
    (3, lambda r, k: c.ReopenAlert(alert_id=_alert(r, k), reason="back again")),
    (4, lambda r, k: c.NoteAlert(alert_id=_alert(r, k), text=f"note {r.random()}")),
    (
        5,
        lambda r, k: c.EditAlert(alert_id=_alert(r, k), changes={"severity": r.choice(SEVERITIES)}),
    ),
    (3, lambda r, k: c.EditAlert(alert_id=_alert(r, k), changes={"title": f"t{r.random()}"})),
    (2, lambda r, k: c.EscalateAlert(alert_id=_alert(r, k), commander=r.choice(ACTORS))),
    (1, lambda r, _k: c.OpenIncident(title="Payments down", severity="critical")),
    (1, lambda r, k: c.OpenIncident(title="Two", severity="major", alerts=[_alert(r, k)])),
    (
        4,
        lambda r, k: c.ChangeIncidentStatus(
            incident_id=r.choice(k.incidents),
            status=r.choice(("investigating", "identified", "monitoring", "resolved", "closed")),
        ),
    ),
    (2, lambda r, k: c.ReopenIncident(incident_id=r.choice(k.incidents), reason="again")),
    (
        4,
        lambda r, k: c.EditIncident(
            incident_id=r.choice(k.incidents),
            changes=r.choice(
                (
                    {"root_cause": f"cause {r.random()}"},
                    {"commander": r.choice(ACTORS)},
                    {"response_team": r.sample(ACTORS, 2)},
                    {"severity": "emergency"},
                    {"impact": "critical"},
                )
            ),
            reason="seen so",
        ),
    ),
    (
        5,
        lambda r, k: c.LinkAlert(
            incident_id=r.choice(k.incidents), alert_id=_alert(r, k, 6), linked=r.random() < 0.6
        ),
    ),
    (4, lambda r, k: c.PostUpdate(incident_id=r.choice(k.incidents), title="Failover begun")),
    (
        1,
        lambda r, k: AddImage(incident_id=r.choice(k.incidents), data=png(4, 3, r.choice((1, 2)))),
    ),
    (
        2,
        lambda r, k: MergeIncident(incident_id=r.choice(k.incidents), into=r.choice(k.incidents)),
    ),
    (4, lambda r, k: UnmergeIncident(incident_id=r.choice(k.incidents))),
    (1, lambda r, k: SplitIncident(incident_id=r.choice(k.incidents), alerts=[_alert(r, k, 6)])),
    (
        1,
        lambda r, k: RestrictIncident(
            incident_id=r.choice(k.incidents), restricted=True, readers=list(ACTORS)
        ),
    ),
    (1, lambda _r, _k: MindRings()),
    (
        3,
        lambda r, k: SetChannel(
            incident_id=r.choice(k.incidents),
            name=r.choice(("War room", "Notes")),
            kind="bridge",
            address=f"tel:+42022100000{r.randint(0, 9)}",
        ),
    ),
    (2, lambda r, k: RemoveChannel(incident_id=r.choice(k.incidents), name="War room")),
    (
        2,
        lambda r, k: AddTask(
            incident_id=r.choice(k.incidents), title="Cut off", due_at=1_770_000_000_000
        ),
    ),
    (1, lambda r, k: AssignTask(task_id=r.choice(k.tasks), owner=r.choice(ACTORS))),
    (1, lambda r, k: EditTask(task_id=r.choice(k.tasks), changes={"title": f"t{r.random()}"})),
    (1, lambda r, k: StartTask(task_id=r.choice(k.tasks))),
    (
        2,
        lambda r, k: EndTask(task_id=r.choice(k.tasks), result="so", dropped=r.random() < 0.5),
    ),
    (4, lambda r, k: ReopenTask(task_id=r.choice(k.tasks), reason="again")),
    (1, lambda _r, _k: MindTasks()),
    (
        5,
        lambda r, k: AssumeRole(
            incident_id=r.choice(k.incidents),
            role=r.choice(ROLES),
            who=r.choice(ACTORS[:2]),
            reason="here",
        ),
    ),
    (
        5,
        lambda r, k: RenounceRole(
            incident_id=r.choice(k.incidents), role=r.choice(ROLES[:2]), who=r.choice(ACTORS[:2])
        ),
    ),
    (2, lambda r, k: LogDecision(incident_id=r.choice(k.incidents), title="Fail over")),
    (1, lambda r, k: CheckDecision(decision_id=r.choice(k.decisions), result="it holds")),
    (1, lambda r, k: RevertDecision(decision_id=r.choice(k.decisions), reason="worse")),
    (
        3,
        lambda r, k: c.EditUpdate(
            update_id=r.choice(k.updates), changes={"title": f"u{r.random()}", "is_public": True}
        ),
    ),
    (
        3,
        lambda r, k: c.SaveContact(
            name=r.choice(ACTORS),
            contact_id=r.choice((*k.contacts, "")) if len(k.contacts) > 2 else "",
            methods=[_method(r, n) for n in range(r.randrange(3))],
        ),
    ),
    (1, lambda r, k: c.RemoveContact(contact_id=r.choice(k.contacts))),
    (1, lambda r, k: c.SendTestPage(contact_id=r.choice(k.contacts), method_id="m0")),
    (2, lambda r, _k: c.NameStation(name=f"Post {r.randrange(9)}")),
    (2, lambda r, _k: c.ChangeOperator(operator=r.choice(ACTORS))),
    (1, lambda r, _k: c.ConfirmSound(severity=r.choice(SEVERITIES))),
    (2, lambda r, k: RenewAlerts(alert_ids=[_alert(r, k, 6)])),
    (6, lambda r, k: OfferAlert(alert_id=_alert(r, k, 6), to=r.choice(ACTORS))),
    (6, lambda r, k: AcceptOffer(alert_id=_alert(r, k, 6))),
    (2, lambda r, k: DeclineOffer(alert_id=_alert(r, k, 6), reason="away")),
    (2, lambda r, k: WithdrawOffer(alert_id=_alert(r, k, 6))),
    (4, lambda r, _k: MindHolds(late_ms=r.choice((0, 5_000)), limit=20, look=r.random() < 0.5)),
    (6, lambda _r, _k: c.MindDueAlerts(limit=20)),
    (6, lambda r, _k: MindEscalations(late_ms=r.choice((0, 5_000)), limit=20)),
    (2, lambda _r, _k: MindUnattended(limit=20)),
    (2, lambda r, _k: PublishPolicy(name=r.choice(("Day", "Night")), content=_policy(r))),
    (2, lambda r, _k: PublishPolicy(name=r.choice(("Needs", "Rule")), content=_rule(r))),
    (2, _silence),
    (2, lambda r, k: LiftSilence(silence_id=r.choice(k.silences))),
    (6, lambda r, _k: c.ClaimDeliveries(per_method=r.randrange(1, 4))),
    (6, _settle),
)
_MAKERS = [maker for _weight, maker in _TABLE]
_WEIGHTS = [weight for weight, _maker in _TABLE]
