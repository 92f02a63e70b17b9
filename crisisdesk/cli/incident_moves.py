"""``crisisdesk incident``: reopen, rank, merge, split, restrict."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crisisdesk.cli.incidents import Id
from crisisdesk.cli.station import USAGE, By, DataDir, commanding, fail
from crisisdesk.domain.priority import IMPACTS, PRIORITIES, matrix_lines
from crisisdesk.domain.severity import IncidentSeverity

Reason = Annotated[str, typer.Option(help="Why; it stands in the timeline.")]


def register(app: typer.Typer) -> None:
    """Put these commands beside the others about incidents."""
    app.command()(reopen)
    app.command()(rank)
    app.command()(matrix)
    app.command()(merge)
    app.command()(unmerge)
    app.command()(split)
    app.command()(restrict)
    app.command()(unrestrict)


def reopen(
    incident_id: Id,
    reason: Annotated[str, typer.Argument(help="What is back.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Bring a resolved or closed incident back."""
    with commanding(data_dir, operator) as client:
        moved = client.reopen_incident(incident_id, reason)
    print(f"{incident_id} {moved['status']}")


def rank(
    incident_id: Id,
    severity: Annotated[IncidentSeverity | None, typer.Option(help="How bad it is.")] = None,
    impact: Annotated[str, typer.Option(help=", ".join(IMPACTS))] = "",
    priority: Annotated[str, typer.Option(help=", ".join(PRIORITIES))] = "",
    crisis_type: Annotated[str, typer.Option("--type", help="Which response plan.")] = "",
    reason: Reason = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say how bad it is; what follows from it is set as well, see `incident matrix`."""
    told: dict[str, Any] = {
        "severity": "" if severity is None else severity.value,
        "impact": impact,
        "priority": priority,
        "crisis_type": crisis_type,
        "reason": reason,
    }
    changes = {name: value for name, value in told.items() if value}
    if not changes.keys() - {"reason"}:
        fail(USAGE, "say at least one of --severity, --impact, --priority, --type")
    with commanding(data_dir, operator) as client:
        now = client.edit_incident(incident_id, **changes)
    print(f"{incident_id} {now['severity']}, impact {now['impact']}, {now['priority']}")


def matrix(data_dir: DataDir = None) -> None:
    """Print which priority follows from which severity and impact, the same in every folder."""
    print("\n".join(matrix_lines()))


def merge(
    incident_id: Id,
    into: Annotated[str, typer.Argument(help="The incident it becomes a part of.")],
    reason: Reason = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Make an incident a part of another one; `unmerge` takes it back."""
    with commanding(data_dir, operator) as client:
        whole = client.merge_incident(incident_id, into, reason)
    print(f"{incident_id} is part of {whole['incident_id']}")


def unmerge(
    incident_id: Id, reason: Reason = "", data_dir: DataDir = None, operator: By = ""
) -> None:
    """Let an incident that is part of another one stand for itself again."""
    with commanding(data_dir, operator) as client:
        client.unmerge_incident(incident_id, reason)
    print(f"{incident_id} stands for itself")


def split(
    incident_id: Id,
    alerts: Annotated[list[str], typer.Argument(help="Its alerts that go.", metavar="ALERT...")],
    title: Annotated[str, typer.Option(help="What they are; else as before.")] = "",
    severity: Annotated[IncidentSeverity | None, typer.Option(help="Else as before.")] = None,
    commander: Annotated[str, typer.Option(help="Who leads; else as before.")] = "",
    reason: Reason = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Make an incident of its own of some alerts; prints its id."""
    fields: dict[str, Any] = {"title": title, "incident_commander": commander, "reason": reason}
    if severity is not None:
        fields["severity"] = severity.value
    with commanding(data_dir, operator) as client:
        made = client.split_incident(incident_id, alerts, **fields)
    print(made["incident_id"])


def restrict(
    incident_id: Id,
    readers: Annotated[
        list[str] | None, typer.Argument(help="Who else may read it.", metavar="NAME...")
    ] = None,
    reason: Reason = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Show what it is about to those who work on it and to these alone."""
    with commanding(data_dir, operator) as client:
        now = client.restrict_incident(incident_id, readers or [], reason)
    print(f"{incident_id} restricted, read also by {', '.join(now['readers'])}")


def unrestrict(incident_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Show it to all again."""
    with commanding(data_dir, operator) as client:
        client.unrestrict_incident(incident_id)
    print(f"{incident_id} open to all")
