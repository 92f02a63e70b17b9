"""``crisisdesk decision``: what was decided in incidents, at which risk, and when to look again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.moments import from_now
from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    AsJson,
    By,
    DataDir,
    commanding,
    fail,
    reading,
    viewer_of,
)
from crisisdesk.cli.words import clock, moment, now_ms, plain, table
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.decision_words import decision_facts
from crisisdesk.store.queries import StationReader

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(help="The decision's id.", metavar="DECISION")]
Incident = Annotated[str, typer.Argument(help="The incident's id.", metavar="INCIDENT")]
Check = Annotated[str, typer.Option("--check", help="Look again: 15m, 4h, 3d; or a moment.")]


@app.command("list")
def list_(
    incident_id: Incident,
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """List what was decided, oldest first; works without the engine too."""
    with reading(data_dir) as reader:
        incident = readable(reader, incident_id, operator)
        shown = reader.seen_ids(incident, viewer_of(reader, operator))
        found = [d for d in reader.decisions_of(incident_id) if d.incident_id in shown]
    if as_json:
        for decision in found:
            print(json.dumps(asdict(decision), ensure_ascii=False))
        return
    if not found:
        print("No decision.")
        return
    at = now_ms()
    heads = ("ID", "STATUS", "LOGGED", "CHECK", "BY", "WHAT")
    rows = [
        (d.decision_id, d.status, moment(d.logged_at), _check(d, at), d.decider, d.title)
        for d in found
    ]
    print("\n".join(table(heads, rows, {"WHAT": 60})))


def _check(decision: Decision, at: int) -> str:
    if not decision.stands or decision.check_at is None:
        return "-"
    return "now" if decision.rings else clock(decision.check_at, at)


def _decision(reader: StationReader, decision_id: str) -> Decision:
    decision = reader.decision(decision_id)
    if decision is None:
        fail(REFUSED, f"no decision {decision_id!r} here; `decision list INCIDENT` has the ids")
    return decision


@app.command()
def show(decision_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Show one decision; works without the engine too."""
    with reading(data_dir) as reader:
        decision = _decision(reader, decision_id)
        readable(reader, decision.incident_id, operator)
    print(f"{decision.decision_id}  {decision.status.upper()}  {plain(decision.title)}")
    facts = [("Incident", decision.incident_id), *decision_facts(decision)]
    facts += [("Objection", f"{one['id']} is not answered") for one in decision.unanswered]
    for word, text in facts:
        print(f"{word:<16}{plain(text)}")


@app.command()
def log(
    incident_id: Incident,
    title: Annotated[str, typer.Argument(help="What was decided.")],
    option: Annotated[list[str] | None, typer.Option(help="What else was on the table.")] = None,
    expected: Annotated[str, typer.Option(help="What it should bring about.")] = "",
    risk: Annotated[str, typer.Option(help="What it may cost.")] = "",
    decider: Annotated[str, typer.Option(help="Who decided; else whoever acts.")] = "",
    revert: Annotated[str, typer.Option(help="What will make it be taken back.")] = "",
    check: Check = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Write down what was decided; prints its id."""
    fields: dict[str, Any] = {"options": option or [], "expected": expected, "risk": risk}
    fields |= {"decider": decider, "revert_trigger": revert}
    if check:
        fields["check_at"] = from_now(check, "--check")
    with commanding(data_dir, operator) as client:
        print(client.log_decision(incident_id, title, **fields)["decision_id"])


@app.command()
def revise(
    decision_id: Id,
    title: Annotated[str, typer.Option(help="What was decided.")] = "",
    expected: Annotated[str, typer.Option(help="What it should bring about.")] = "",
    risk: Annotated[str, typer.Option(help="What it may cost.")] = "",
    decider: Annotated[str, typer.Option(help="Who decided.")] = "",
    revert: Annotated[str, typer.Option(help="What will make it be taken back.")] = "",
    check: Check = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Change what is named."""
    told = {"title": title, "expected": expected, "risk": risk, "decider": decider}
    told |= {"revert_trigger": revert, "check_at": from_now(check, "--check") if check else ""}
    changes = {name: value for name, value in told.items() if value}
    if not changes:
        fail(USAGE, "say at least one of --title, --expected, --risk, --decider, --revert, --check")
    _tell(decision_id, data_dir, operator, "edit_decision", **changes)


@app.command("object")
def object_(
    decision_id: Id,
    text: Annotated[str, typer.Argument(help="What stands against it.")],
    by: Annotated[str, typer.Option(help="Who objects; else whoever acts.")] = "",
    answer: Annotated[str, typer.Option(help="What was answered.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Keep an objection."""
    _tell(decision_id, data_dir, operator, "object_to_decision", text=text, by=by, answer=answer)


@app.command()
def answer(
    decision_id: Id,
    objection: Annotated[str, typer.Argument(help="The objection's id, as `show` has it.")],
    words: Annotated[str, typer.Argument(help="What is answered.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Answer an objection, once."""
    told = {"objection": objection, "answer": words}
    _tell(decision_id, data_dir, operator, "answer_objection", **told)


@app.command()
def check(
    decision_id: Id,
    result: Annotated[str, typer.Option(help="What you found.")] = "",
    next_check: Annotated[str, typer.Option("--next", help="Look again: 15m, 4h, 3d.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """You have looked whether it still holds."""
    told: dict[str, Any] = {"result": result}
    if next_check:
        told["check_at"] = from_now(next_check, "--next")
    _tell(decision_id, data_dir, operator, "check_decision", **told)


@app.command()
def revert(
    decision_id: Id,
    reason: Annotated[str, typer.Argument(help="Why it does not stand any more.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Take it back."""
    _tell(decision_id, data_dir, operator, "revert_decision", reason=reason)


def _tell(decision_id: str, data_dir: DataDir, operator: str, what: str, **told: Any) -> None:
    with reading(data_dir) as reader:
        incident_id = _decision(reader, decision_id).incident_id
    with commanding(data_dir, operator) as client:
        now = getattr(client, what)(incident_id, decision_id, **told)
    open_ones = sum(not one["answer"] for one in now["objections"])
    tail = f", {open_ones} unanswered" if open_ones else ""
    print(f"{decision_id} {now['status']}{tail}")
