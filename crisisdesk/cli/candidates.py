"""``crisisdesk candidate``: alerts that belong together, to make an incident of or not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.station import REFUSED, AsJson, By, DataDir, commanding, fail, reading
from crisisdesk.cli.words import facts, moment, now_ms, plain, span, table
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.correlation.candidate_words import standing_words, trace_words
from crisisdesk.domain.correlation.rule import active_rules
from crisisdesk.domain.severity import IncidentSeverity

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(help="The candidate's id.", metavar="ID")]


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Answered and ended ones too.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List candidates that wait for an answer, newest first; works without the engine too."""
    with reading(data_dir) as reader:
        found = reader.candidates(every=every)
    if as_json:
        for candidate in found:
            print(json.dumps(_told(candidate), ensure_ascii=False))
        return
    if not found:
        print("No candidate." if every else "No candidate waits for an answer.")
        return
    at = now_ms()
    heads = ("ID", "SEVERITY", "STATUS", "TITLE", "RULE", "ALERTS", "SINCE")
    rows = [
        (
            c.candidate_id,
            c.severity,
            c.status,
            c.title,
            c.rule,
            str(len(c.alerts)),
            span(at - c.opened_at),
        )
        for c in found
    ]
    print("\n".join(table(heads, rows, {"TITLE": 60, "RULE": 30})))


@app.command()
def show(candidate_id: Id, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show one candidate, why its alerts belong together, and them; works without the engine."""
    with reading(data_dir) as reader:
        candidate = reader.candidate(candidate_id)
        if candidate is None:
            fail(REFUSED, f"no candidate {candidate_id!r} here; `candidate list --all` has the ids")
        alerts = reader.members(candidate)
    if as_json:
        print(json.dumps(_told(candidate), ensure_ascii=False))
        return
    print(f"{candidate.candidate_id}  {candidate.severity.upper()}  {plain(candidate.title)}")
    group = ", ".join(f"{name} {value}" for name, value in candidate.group.items())
    lines = [
        ("status", plain(standing_words(candidate))),
        ("rule", plain(candidate.rule)),
        ("why", plain(candidate.why)),
        ("in common", "" if candidate.is_storm else plain(group)),
        ("began", moment(candidate.opened_at)),
        ("proposed", moment(candidate.proposed_at)),
        ("category", candidate.category),
    ]
    print("\n".join(facts(lines)))
    for trace in candidate.also_done:
        print(f"{moment(trace['at'])}  {plain(trace_words(trace))}")
    for alert in alerts:
        print(
            f"{moment(alert.detected_at)}  {alert.alert_id}  {alert.severity:<9}  "
            f"{alert.status:<13}  {plain(alert.service)}  {plain(alert.title)}"
        )


def _told(candidate: Candidate) -> dict[str, Any]:
    return asdict(candidate) | {"title": candidate.title, "severity": candidate.severity}


@app.command()
def accept(
    candidate_id: Id,
    commander: Annotated[str, typer.Option(help="Who leads; else who acts.")] = "",
    title: Annotated[str, typer.Option(help="Another title.")] = "",
    severity: Annotated[IncidentSeverity | None, typer.Option(help="Another severity.")] = None,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Open its incident; prints the incident's id once it is on disk."""
    fields: dict[str, Any] = {"incident_commander": commander} if commander else {}
    fields |= {"title": title} if title else {}
    fields |= {"severity": severity.value} if severity else {}
    with commanding(data_dir, operator) as client:
        incident = client.accept_candidate(candidate_id, **fields)
    print(incident["incident_id"])


@app.command()
def dismiss(
    candidate_id: Id,
    reason: Annotated[str, typer.Option(help="Why; who looks at it later needs it.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say that it makes no incident; the same group is not proposed again for a while."""
    with commanding(data_dir, operator) as client:
        dismissed = client.dismiss_candidate(candidate_id, reason)
    print(f"{dismissed['candidate_id']} {dismissed['status']}")


@app.command()
def reopen(candidate_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Take a dismissal back."""
    with commanding(data_dir, operator) as client:
        client.reopen_candidate(candidate_id)
    print(f"{candidate_id} open")


@app.command()
def rules(data_dir: DataDir = None) -> None:
    """List the rules that count now, the built-in ones too; works without the engine too."""
    with reading(data_dir) as reader:
        found, problems = active_rules(reader.policies())
    for rule in found:
        by = "built in" if not rule.version_id else rule.version_id
        print(f"{plain(rule.name)}  ({by})\n    {plain(rule.words())}")
    for problem in problems:
        print(plain(problem))
    if not found:
        print("No rule counts: no alerts are proposed as an incident.")
