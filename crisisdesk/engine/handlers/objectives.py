"""By when a run that starts is to have recovered: by its procedure, else by the catalogue."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.recovery.objective import objective
from crisisdesk.domain.recovery.procedure import Procedure
from crisisdesk.engine.workbench import Workbench

MINUTE_MS = 60_000


def objective_of(
    bench: Workbench, procedure: Procedure, incident: Incident | None
) -> dict[str, Any]:
    """The objective for the body of ``run.started``; {} where nobody stated one.

    It counts from when the incident was noticed, else declared; without an incident from now.
    """
    if incident is None:
        return objective(bench.now, procedure.objective_ms, {})
    since = incident.created_at if incident.detected_at is None else incident.detected_at
    stated = {} if procedure.objective_ms else _stated(bench, incident)
    return objective(since, procedure.objective_ms, stated)


def _stated(bench: Workbench, incident: Incident) -> dict[str, int]:
    """What the catalogue says of the services of the incident's alerts, in ms by name."""
    services = bench.at_hand.services()
    found = (bench.get(alert_id) for alert_id in incident.alerts)
    names = {name for one in found if isinstance(one, Alert) for name in services.of(one)}
    known = (services.catalogue.services.get(name) for name in names)
    return {
        one.name: one.recovery_minutes * MINUTE_MS
        for one in known
        if one is not None and one.recovery_minutes is not None
    }
