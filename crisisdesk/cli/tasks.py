"""``crisisdesk task``: what is to be done in incidents, by whom, until when."""

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
    in_words,
    reading,
    viewer_of,
)
from crisisdesk.cli.words import clock, moment, now_ms, plain, table
from crisisdesk.domain.playbook.content import span_ms
from crisisdesk.domain.task import PHASE_WORDS, PHASES, Task
from crisisdesk.store.queries import StationReader

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Id = Annotated[str, typer.Argument(help="The task's id.", metavar="TASK")]
Incident = Annotated[str, typer.Argument(help="The incident's id.", metavar="INCIDENT")]


@app.command("list")
def list_(
    incident_id: Annotated[
        str, typer.Argument(help="Of this incident; else of all that are led.", metavar="INCIDENT")
    ] = "",
    owner: Annotated[str, typer.Option(help="Only what this person has.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Ended ones too, of an incident.")] = False,
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """List what is to be done, what ends soonest first; works without the engine too."""
    with reading(data_dir) as reader:
        if incident_id:
            readable(reader, incident_id, operator)
            found = [t for t in reader.tasks_of(incident_id) if every or t.is_open]
            found = [t for t in found if not owner or t.owner == owner]
        else:
            found = reader.open_tasks(owner)
        found = _for_viewer(reader, found, viewer_of(reader, operator))
    if as_json:
        for task in found:
            print(json.dumps(asdict(task), ensure_ascii=False))
        return
    if not found:
        print("No task." if every else "No open task.")
        return
    print("\n".join(_lines(found)))


def _lines(found: list[Task]) -> list[str]:
    at = now_ms()
    heads = ("ID", "STATUS", "DUE", "PHASE", "TITLE", "OWNER", "INCIDENT")
    rows = [
        (
            t.task_id,
            t.status,
            _due(t, at),
            PHASE_WORDS[t.phase],
            t.title,
            t.owner or (f"({t.role})" if t.role else "nobody"),
            t.incident_id,
        )
        for t in found
    ]
    return table(heads, rows, {"TITLE": 60, "PHASE": 28})


def _due(task: Task, at: int) -> str:
    if not task.is_open:
        return moment(task.ended_at)
    return "-" if task.ends_at is None else clock(task.ends_at, at)


def _for_viewer(reader: StationReader, found: list[Task], viewer: str) -> list[Task]:
    seen: dict[str, bool] = {}
    for task in found:
        if task.incident_id not in seen:
            incident = reader.incident(task.incident_id)
            seen[task.incident_id] = incident is None or incident.may_see(viewer)
    return [task for task in found if seen[task.incident_id]]


@app.command()
def show(task_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Show one task; works without the engine too."""
    with reading(data_dir) as reader:
        task = _task(reader, task_id)
        readable(reader, task.incident_id, operator)
    print(f"{task.task_id}  {task.status.upper()}  {plain(task.title)}")
    told = [
        ("incident", task.incident_id),
        ("phase", PHASE_WORDS[task.phase]),
        ("role", task.role),
        ("owner", task.owner),
        ("ends", "" if task.ends_at is None else moment(task.ends_at)),
        ("overdue", "" if task.overdue_at is None else f"told {moment(task.overdue_at)}"),
        ("procedure", task.procedure),
        ("plan", f"{task.source} of {task.plan}" if task.source else ""),
        ("result", plain(task.result)),
        ("words", plain(task.description)),
    ]
    for name, value in told:
        if value:
            print(f"{name:<10}{value}")


def _task(reader: StationReader, task_id: str) -> Task:
    task = reader.task(task_id)
    if task is None:
        fail(REFUSED, f"no task {task_id!r} here; `task list` has the ids")
    return task


@app.command()
def add(
    incident_id: Incident,
    title: Annotated[str, typer.Argument(help="What is to be done.")],
    phase: Annotated[str, typer.Option(help=", ".join(PHASES))] = "initial_response",
    owner: Annotated[str, typer.Option(help="Who has it.")] = "",
    role: Annotated[str, typer.Option(help="Whose it is.")] = "",
    due: Annotated[str, typer.Option(help="From now: 15m, 4h, 3d; or a moment.")] = "",
    box: Annotated[str, typer.Option(help="How long it may take: 30m.")] = "",
    description: Annotated[str, typer.Option(help="More words.")] = "",
    procedure: Annotated[str, typer.Option(help="The procedure it is done by.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Write down what is to be done; prints its id."""
    fields: dict[str, Any] = {"phase": phase, "owner": owner, "role": role}
    fields |= {"description": description, "procedure": procedure}
    if due:
        fields["due_at"] = from_now(due, "--due")
    if box:
        with in_words():
            fields["box_s"] = span_ms(box, "--box") // 1000
    with commanding(data_dir, operator) as client:
        print(client.add_task(incident_id, title, **fields)["task_id"])


@app.command()
def change(
    task_id: Id,
    title: Annotated[str, typer.Option(help="What is to be done.")] = "",
    phase: Annotated[str, typer.Option(help=", ".join(PHASES))] = "",
    role: Annotated[str, typer.Option(help="Whose it is.")] = "",
    due: Annotated[str, typer.Option(help="From now: 15m, 4h, 3d; or a moment.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Change what is named."""
    told = {
        "title": title,
        "phase": phase,
        "role": role,
        "due_at": from_now(due, "--due") if due else "",
    }
    changes = {name: value for name, value in told.items() if value}
    if not changes:
        fail(USAGE, "say at least one of --title, --phase, --role, --due")
    _tell(task_id, data_dir, operator, "edit_task", **changes)


@app.command()
def assign(
    task_id: Id,
    owner: Annotated[str, typer.Argument(help="Who has it; '' for nobody.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Give it to somebody."""
    _tell(task_id, data_dir, operator, "edit_task", owner=owner)


@app.command()
def start(task_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Begin; what nobody has becomes yours."""
    _tell(task_id, data_dir, operator, "start_task")


@app.command()
def done(
    task_id: Id,
    result: Annotated[str, typer.Option(help="What came of it.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """It is done."""
    _tell(task_id, data_dir, operator, "finish_task", result=result)


@app.command()
def drop(
    task_id: Id,
    reason: Annotated[str, typer.Argument(help="Why it will not be done.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """It will not be done."""
    _tell(task_id, data_dir, operator, "drop_task", reason=reason)


@app.command()
def reopen(
    task_id: Id,
    reason: Annotated[str, typer.Argument(help="Why it is to be done after all.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """It is to be done after all."""
    _tell(task_id, data_dir, operator, "reopen_task", reason=reason)


def _tell(task_id: str, data_dir: DataDir, operator: str, what: str, **told: Any) -> None:
    with reading(data_dir) as reader:
        incident_id = _task(reader, task_id).incident_id
    with commanding(data_dir, operator) as client:
        now = getattr(client, what)(incident_id, task_id, **told)
    print(f"{task_id} {now['status']}, {now['owner'] or 'nobody'} has it")
