"""``crisisdesk incident``: list, show, open, write on the timeline, move along."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from crisisdesk.cli.incident_images import caption_of, described, drawn, image, image_lines
from crisisdesk.cli.incident_impact import alike, impact
from crisisdesk.cli.incident_messages import messages_
from crisisdesk.cli.incident_papers import export, form
from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.moments import read_moment
from crisisdesk.cli.station import (
    REFUSED,
    AsJson,
    By,
    DataDir,
    commanding,
    fail,
    reading,
    viewer_of,
)
from crisisdesk.cli.words import facts, moment, money, now_ms, plain, span, table
from crisisdesk.domain.incident import (
    DONE_STATUSES,
    RESTRICTED_TITLE,
    Incident,
    IncidentStatus,
)
from crisisdesk.domain.incident_parts import alerts_of, team_of
from crisisdesk.domain.priority import IMPACTS, PRIORITIES
from crisisdesk.domain.severity import IncidentSeverity
from crisisdesk.domain.update import IncidentUpdate
from crisisdesk.store.queries import IncidentFilter, StationReader
from crisisdesk.store.queries.record import read_record

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(help="The incident's id.", metavar="ID")]


_PRIORITIES, _IMPACTS = ", ".join(PRIORITIES), ", ".join(IMPACTS)


class UpdateType(StrEnum):
    """What an entry of the timeline is."""

    NOTE = "note"
    STATUS = "status"
    INVESTIGATION = "investigation"
    COMMUNICATION = "communication"
    DECISION = "decision"
    ACTION = "action"


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """List open incidents, newest first; works without the engine too."""
    open_ones = tuple(s.value for s in IncidentStatus if s not in DONE_STATUSES)
    asked = IncidentFilter(status=() if every else open_ones)
    with reading(data_dir) as reader:
        page = reader.page_incidents(asked, "-created_at", None, limit)
        viewer = viewer_of(reader, operator)
    if as_json:
        for incident in page.items:
            print(json.dumps(_told(incident, viewer), ensure_ascii=False))
        return
    if not page.items:
        print("No incident." if every else "No open incident.")
        return
    at = now_ms()
    heads = ("ID", "SEVERITY", "STATUS", "TITLE", "COMMANDER", "ALERTS", "OPEN FOR")
    rows = [
        (
            i.incident_id,
            i.severity,
            i.status,
            i.title if i.may_see(viewer) else RESTRICTED_TITLE,
            i.commander,
            f"in {i.merged_into}" if i.merged_into else str(len(i.alerts)),
            span((i.resolved_at or at) - i.created_at),
        )
        for i in page.items
    ]
    print("\n".join(table(heads, rows, {"TITLE": 60})))


def _told(incident: Incident, viewer: str) -> dict[str, Any]:
    """A state as JSON; of one that is not for who reads, what everybody may know."""
    whole = asdict(incident)
    if incident.may_see(viewer):
        return whole
    kept = ("incident_id", "severity", "status", "commander", "created_at", "restricted")
    return {**{name: whole[name] for name in kept}, "title": RESTRICTED_TITLE}


@app.command()
def show(
    incident_id: Id,
    at: Annotated[str, typer.Option(help="As it stood then: 2026-03-01T12:30:00Z.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """Show one incident with its timeline; works without the engine too."""
    then = read_moment("--at", at) if at else None
    with reading(data_dir) as reader:
        incident = reader.incident(incident_id)
        incident = readable(reader, incident_id, operator)
        updates = reader.updates_of(incident_id)
        parts = reader.parts([incident]).get(incident_id, [])
        whole_id = reader.whole_incident(incident).incident_id
        if then is not None:
            incident, updates = _as_it_stood(reader, incident, then, viewer_of(reader, operator))
    updates = [u for u in updates if not u.hidden]
    if as_json:
        whole = {**asdict(incident), "updates": [asdict(u) for u in updates]}
        print(json.dumps(whole, ensure_ascii=False))
        return
    print(f"{incident.incident_id}  {incident.severity.upper()}  {plain(incident.title)}")
    if whole_id != incident_id:
        print(f"is part of {whole_id}")
    print("\n".join(_facts(incident, parts)))
    for update in updates:
        marks = " ".join(
            m for m, on in (("public", update.is_public), ("pinned", update.is_pinned)) if on
        )
        print(
            f"{moment(update.happened_at)}  {update.update_type:<13}  {plain(update.title)}"
            f"  ({plain(update.author)}{', ' + marks if marks else ''})"
        )
        for line in image_lines(update):
            print(line)


def _as_it_stood(
    reader: StationReader, incident: Incident, then: int, viewer: str
) -> tuple[Incident, list[IncidentUpdate]]:
    record = read_record(reader, incident.incident_id, viewer)
    stood = None if record is None else record.at(then)
    if stood is None:
        declared = moment(incident.created_at)
        fail(REFUSED, f"{incident.incident_id} was declared at {declared}; ask for a later moment")
    return stood.incident, sorted(stood.updates.values(), key=lambda u: u.happened_at)


def _facts(i: Incident, parts: list[Incident]) -> list[str]:
    return facts(
        [
            ("status", i.status),
            ("priority", _with_reason(i, "priority")),
            ("impact", _with_reason(i, "impact")),
            ("kind", f"{i.category}, {i.crisis_type}" if i.crisis_type else i.category),
            ("commander", i.commander),
            ("team", ", ".join(team_of(i, parts))),
            ("parts", ", ".join(one.incident_id for one in parts)),
            ("split from", i.split_from),
            ("restricted to", ", ".join(i.knowing()) if i.restricted else ""),
            ("open since", moment(i.created_at)),
            ("resolved", "" if i.resolved_at is None else moment(i.resolved_at)),
            ("users hurt", str(i.user_impact_count) if i.user_impact_count else ""),
            ("money", "" if i.financial_impact_cents is None else money(i.financial_impact_cents)),
            ("business", i.business_impact),
            ("cause", i.root_cause),
            ("resolution", i.resolution_summary),
            ("alerts", ", ".join(alerts_of(i, parts))),
        ]
    )


def _with_reason(i: Incident, name: str) -> str:
    value = str(getattr(i, name))
    return f"{value}, by hand: {i.by_hand[name]}" if i.by_hand.get(name) else value


@app.command("open")
def open_(
    title: Annotated[str, typer.Argument(help="What it is about.")],
    severity: Annotated[IncidentSeverity, typer.Option(help="How bad it is.")],
    commander: Annotated[str, typer.Option(help="Who leads; else who acts.")] = "",
    description: Annotated[str, typer.Option(help="More words.")] = "",
    alert: Annotated[list[str] | None, typer.Option(help="An alert of it; as often.")] = None,
    category: Annotated[str, typer.Option(help="What kind of trouble it is.")] = "availability",
    crisis_type: Annotated[
        str | None, typer.Option("--type", help="Which response plan; else by category; '' none.")
    ] = None,
    priority: Annotated[str, typer.Option(help=f"Other than it follows: {_PRIORITIES}.")] = "",
    impact: Annotated[str, typer.Option(help=f"Other than it follows: {_IMPACTS}.")] = "",
    reason: Annotated[str, typer.Option(help="Why priority or impact are set by hand.")] = "",
    detected: Annotated[str, typer.Option(help="When noticed: 2026-03-01T12:30:00Z.")] = "",
    restricted: Annotated[bool, typer.Option("--restricted", help="Need to know.")] = False,
    reader: Annotated[list[str] | None, typer.Option(help="Who may read it; as often.")] = None,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Declare an incident; prints its id once it is on disk."""
    fields: dict[str, Any] = {
        "incident_commander": commander,
        "description": description,
        "alerts": alert or [],
        "category": category,
        "reason": reason,
        "restricted": restricted,
        "readers": reader or [],
    }
    fields |= {} if crisis_type is None else {"crisis_type": crisis_type}
    more = {"priority": priority, "impact": impact, "detected_at": detected}
    fields |= {name: value for name, value in more.items() if value}
    with commanding(data_dir, operator) as client:
        opened = client.open_incident(title, severity.value, **fields)
    print(opened["incident_id"])


@app.command()
def update(
    incident_id: Id,
    title: Annotated[str, typer.Argument(help="What happened.")],
    kind: Annotated[UpdateType, typer.Option("--type", help="What it is.")] = UpdateType.NOTE,
    description: Annotated[str, typer.Option(help="More words.")] = "",
    seen: Annotated[str, typer.Option(help="When, as 2026-03-01T12:30:00Z; else now.")] = "",
    public: Annotated[bool, typer.Option("--public", help="May be shown outside.")] = False,
    pinned: Annotated[bool, typer.Option("--pinned", help="Stays in sight.")] = False,
    images: Annotated[
        list[Path] | None, typer.Option("--image", help="A file it shows; as often.")
    ] = None,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Write an entry on the timeline; prints its id once it is on disk."""
    fields: dict[str, Any] = {
        "update_type": kind.value,
        "description": description,
        "is_public": public,
        "is_pinned": pinned,
    }
    if seen:
        fields["happened_at"] = seen
    ready = [(caption_of(path), drawn(path)) for path in images or ()]
    with commanding(data_dir, operator) as client:
        fields["description"] = described(client, incident_id, description, ready)
        posted = client.post_update(incident_id, title, **fields)
    print(posted["update_id"])


@app.command()
def status(
    incident_id: Id,
    to: Annotated[IncidentStatus, typer.Argument(help="Where it stands now.")],
    summary: Annotated[str, typer.Option(help="How it was resolved.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Move an incident along: investigating, identified, monitoring, resolved, closed."""
    with commanding(data_dir, operator) as client:
        moved = client.incident_status(incident_id, to.value, summary)
    print(f"{incident_id} {moved['status']}")


app.command("impact")(impact)
app.command("messages")(messages_)
app.command("alike")(alike)
app.command("export")(export)
app.command("form")(form)
app.command("image")(image)
