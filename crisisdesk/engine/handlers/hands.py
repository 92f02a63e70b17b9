"""All hands: who of those a step paged has not said yet that they have it."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.ids import escalation_id_of
from crisisdesk.engine.workbench import Workbench


def missing_hands(bench: Workbench, state: Escalation, alert: Alert) -> frozenset[str]:
    """Ids of those whose own acknowledgement is still awaited; none where one is enough."""
    if not state.all_hands:
        return frozenset()
    said = {alert.acknowledged_by, *alert.also_acknowledged_by}
    people = {c.contact_id: c.name for c in bench.contacts()}
    return frozenset(i for i in state.contacts() if i in people and people[i] not in said)


def is_awaited(bench: Workbench, alert: Alert, contact_id: str) -> bool:
    """Whether this contact is to say so too, although somebody else has the alert already."""
    state = bench.get(escalation_id_of(alert.alert_id, alert.epoch, alert.life))
    return isinstance(state, Escalation) and contact_id in missing_hands(bench, state, alert)
