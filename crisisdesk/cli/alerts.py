"""``crisisdesk alert``: raise one, list them, and do to them what the desk can."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    AsJson,
    By,
    DataDir,
    commanding,
    fail,
    reading,
)
from crisisdesk.cli.words import NOBODY, clock, facts, moment, now_ms, plain, span, table
from crisisdesk.domain.alert import OPEN_STATUSES, Alert, AlertStatus
from crisisdesk.domain.hold_words import clock as hour
from crisisdesk.domain.severity import IncidentSeverity, Severity
from crisisdesk.domain.signal import AlertType
from crisisdesk.store.queries import AlertFilter

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Ids = Annotated[list[str], typer.Argument(help="One or more alert ids.", metavar="ID...")]
Id = Annotated[str, typer.Argument(help="The alert's id.", metavar="ID")]
HISTORY_LINES = 20


@app.command("raise")
def raise_(
    title: Annotated[str, typer.Argument(help="What is wrong, with figures and limits.")],
    severity: Annotated[Severity, typer.Option(help="How bad it is.")],
    service: Annotated[str, typer.Option(help="What it hurts.")] = "",
    place: Annotated[str, typer.Option(help="Where.")] = "",
    key: Annotated[str, typer.Option(help="The same key means the same alert.")] = "",
    source: Annotated[str, typer.Option(help="Who reports; else manual.")] = "",
    description: Annotated[str, typer.Option(help="More words.")] = "",
    kind: Annotated[AlertType, typer.Option("--type", help="What kind.")] = AlertType.SERVICE,
    label: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, as often as needed.")] = None,
    url: Annotated[str, typer.Option(help="Where to look.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Raise an alert; prints its id once it is on disk."""
    fields: dict[str, Any] = {
        "service": service,
        "place": place,
        "key": key,
        "source_system": source,
        "description": description,
        "url": url,
        "labels": _labels(label or []),
    }
    given = {name: value for name, value in fields.items() if value}
    with commanding(data_dir, operator) as client:
        raised = client.raise_alert(title, severity.value, alert_type=kind.value, **given)
    print(raised["alert_id"])


def _labels(pairs: list[str]) -> dict[str, str]:
    labels = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            fail(USAGE, f"--label {pair!r} is no NAME=VALUE")
        labels[name.strip()] = value
    return labels


@app.command("list")
def list_(
    status: Annotated[list[AlertStatus] | None, typer.Option(help="Only these.")] = None,
    severity: Annotated[list[Severity] | None, typer.Option(help="Only these.")] = None,
    service: Annotated[str, typer.Option(help="Only of this one.")] = "",
    owner: Annotated[str, typer.Option(help="Only what this person has.")] = "",
    text: Annotated[str, typer.Option("--find", help="Only with this text.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Ended ones too.")] = False,
    sort: Annotated[str, typer.Option(help="detected_at, severity, sla_deadline, -…")] = (
        "-detected_at"
    ),
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List open alerts, newest first; works without the engine too."""
    statuses = tuple(s.value for s in status or ())
    if not statuses and not every:
        statuses = tuple(s.value for s in OPEN_STATUSES)
    asked = AlertFilter(
        status=statuses,
        severity=tuple(s.value for s in severity or ()),
        service=service,
        owner=owner,
        text=text,
    )
    with reading(data_dir) as reader:
        page = reader.page_alerts(asked, sort, None, limit)
    if as_json:
        for alert in page.items:
            print(json.dumps(asdict(alert), ensure_ascii=False))
        return
    if not page.items:
        print("No such alert.")
        return
    at = now_ms()
    heads = (
        "ID",
        "SEVERITY",
        "STATUS",
        "COUNT",
        "SERVICE",
        "WHAT IS WRONG",
        "OWNER",
        "AGE",
        "ACK DUE",
    )
    rows = [
        (
            a.alert_id,
            a.severity,
            a.status,
            f"×{a.count}",
            a.service,
            a.title,
            _owner(a),
            span(at - a.detected_at),
            clock(a.sla_deadline, at) if a.is_open and a.acknowledged_at is None else "",
        )
        for a in page.items
    ]
    print("\n".join(table(heads, rows, {"WHAT IS WRONG": 60, "SERVICE": 20})))
    if page.next is not None:
        print(f"More than {limit}; raise --limit or narrow with --severity, --service, --find.")


@app.command()
def show(alert_id: Id, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show one alert: facts, pages, history; works without the engine too."""
    with reading(data_dir) as reader:
        alert = reader.alert(alert_id)
        if alert is None:
            fail(REFUSED, f"no alert {alert_id!r} on this station; `alert list --all` has the ids")
        deliveries = reader.deliveries_of(alert_id)
        history = reader.history([alert_id], HISTORY_LINES)
    if as_json:
        print(json.dumps(asdict(alert), ensure_ascii=False))
        return
    print(f"{alert.alert_id}  {alert.severity.upper()}  {plain(alert.title)}")
    print("\n".join(_facts(alert, now_ms())))
    for delivery in deliveries:
        whom = f"{delivery.contact_name} by {delivery.channel} {delivery.masked}"
        status = f"{delivery.status} with {delivery.into}" if delivery.into else delivery.status
        told = (moment(delivery.queued_at), status, plain(whom), plain(delivery.words))
        print("  ".join(("page ", *told)).rstrip())
    for event in history:
        print(f"event  {moment(event.at_ms)}  {event.kind}  {plain(event.actor)}")


def _owner(a: Alert) -> str:
    """Who has it, and until when that holds."""
    if not a.is_open or a.hold_until is None:
        return a.owner or NOBODY
    return f"{a.owner} until {hour(a.hold_until)} UTC"


def _offer(a: Alert) -> str:
    if not a.is_open or not a.handoff_id or a.handoff_until is None:
        return ""
    return f"to {a.handoff_to} by {a.handoff_by}, until {moment(a.handoff_until)}"


def _lapses(a: Alert) -> str:
    """Acknowledgements of this life that ran out, and who was the first to take it."""
    if not a.lapsed:
        return ""
    last, first = a.lapsed[-1], a.lapsed[0]
    told = f"{last['owner']}'s acknowledgement, {moment(last['until'])}"
    return f"{told}; first taken by {first['by']} {moment(first['at'])}"


def _facts(a: Alert, at_ms: int) -> list[str]:
    waiting = a.is_open and a.acknowledged_at is None
    return facts(
        [
            ("status", a.status),
            ("owner", _owner(a)),
            ("offered", _offer(a)),
            ("ran out", _lapses(a)),
            ("acknowledge", clock(a.sla_deadline, at_ms) if waiting else ""),
            ("response", "" if a.response_ms is None else span(a.response_ms)),
            ("service", a.service),
            ("place", a.place),
            ("source", f"{a.source}, key {a.key}"),
            ("since", f"{moment(a.detected_at)}, ×{a.count}, last {moment(a.last_seen_at)}"),
            (
                "resolved",
                "" if a.resolved_at is None else f"{moment(a.resolved_at)} {a.resolution}",
            ),
            ("incident", a.incident_id),
            ("url", a.url),
            ("labels", ", ".join(f"{k}={v}" for k, v in sorted(a.labels.items()))),
            ("words", a.description),
        ]
    )


@app.command()
def ack(
    ids: Ids,
    note: Annotated[str, typer.Option(help="Why, or what next.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Take alerts in hand, all or none; those that are yours already hold anew."""
    with commanding(data_dir, operator) as client:
        changed = client.acknowledge(ids, note=note)
    for alert_id in ids:
        print(f"{alert_id} {'acknowledged' if alert_id in changed else 'was yours already'}")


@app.command()
def resolve(
    ids: Ids,
    reason: Annotated[str, typer.Option(help="What ended it.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say that conditions are gone, one after the other."""
    with commanding(data_dir, operator) as client:
        for alert_id in ids:
            client.resolve(alert_id, reason)
            print(f"{alert_id} resolved")


@app.command()
def note(
    alert_id: Id,
    text: Annotated[str, typer.Argument(help="What to remember.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Write into an alert's history."""
    with commanding(data_dir, operator) as client:
        client.note(alert_id, text)
    print(f"{alert_id} noted")


@app.command()
def escalate(
    alert_id: Id,
    commander: Annotated[str, typer.Option(help="Who leads; else who acts.")] = "",
    title: Annotated[str, typer.Option(help="Else the alert's.")] = "",
    severity: Annotated[IncidentSeverity | None, typer.Option(help="Else from the alert.")] = None,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Make an incident of an alert; prints the incident's id."""
    fields: dict[str, Any] = {"incident_commander": commander, "title": title}
    if severity is not None:
        fields["severity"] = severity.value
    with commanding(data_dir, operator) as client:
        incident = client.escalate(alert_id, **fields)
    print(incident["incident_id"])
