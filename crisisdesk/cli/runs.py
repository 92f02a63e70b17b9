"""``crisisdesk run``: procedures under way, led step by step from a terminal."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from crisisdesk.cli.procedures import Given, Which, arguments_of
from crisisdesk.cli.station import USAGE, AsJson, By, DataDir, asking, commanding, fail
from crisisdesk.cli.words import facts, plain, table
from crisisdesk.domain.amounts import span_words

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Run = Annotated[str, typer.Argument(help="The run's id.", metavar="RUN")]
Step = Annotated[str, typer.Argument(help="The step's id.", metavar="STEP")]
Note = Annotated[str, typer.Option(help="A note for the timeline.")]
Why = Annotated[str, typer.Option(help="The reason; it stands in the log.")]
Incident = Annotated[str, typer.Option(help="The incident that it is for.")]
# So much of the hash has to be typed, that an approval is meant for what was read.
HASH_TYPED = 8


@app.command()
def start(
    which: Which,
    given: Given = None,
    incident: Incident = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Begin a run; prints its id. Automatic steps are done by this station."""
    with commanding(data_dir, operator) as client:
        print(client.start_run(which, arguments_of(given), incident)["run_id"])


@app.command("list")
def list_(
    incident: Incident = "",
    past: Annotated[bool, typer.Option("--past", help="Also those that have ended.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List runs under way."""
    with asking(data_dir) as client:
        found = client.runs(incident, with_past=past)
    if as_json:
        for run in found:
            print(json.dumps(run, ensure_ascii=False))
        return
    if not found:
        print("No run is under way.")
        return
    heads = ("ID", "PROCEDURE", "INCIDENT", "DONE", "HERE", "STARTED", "BY", "VERDICT")
    rows = [
        (
            run["run_id"],
            run["procedure"],
            run["incident_id"] or "-",
            f"{run['done']}/{run['total']}",
            "yes" if run["here"] else "no",
            _when(run["started_at"]),
            run["started_by"],
            run["verdict"] or "-",
        )
        for run in found
    ]
    print("\n".join(table(heads, rows, {"PROCEDURE": 40})))


@app.command()
def show(run: Run, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say how a run stands, step by step, and the hash that approvals are bound to."""
    with asking(data_dir) as client:
        told = client.get_run(run)
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    _tell(told)


@app.command()
def output(run: Run, step: Step, data_dir: DataDir = None) -> None:
    """Print what the last attempt of a step said."""
    with asking(data_dir) as client:
        attempts = _step(client.get_run(run), step)["attempts"]
        if not attempts:
            fail(USAGE, f"{step} was not begun")
        text = client.output_of(run, attempts[-1]["attempt"])
    for line in text.splitlines():
        print(plain(line))


@app.command()
def done(
    run: Run, step: Step, note: Note = "", data_dir: DataDir = None, operator: By = ""
) -> None:
    """Say that a step is done."""
    _do(run, step, data_dir, operator, "done", note=note)


@app.command()
def undone(run: Run, step: Step, data_dir: DataDir = None, operator: By = "") -> None:
    """Take that back, or an answer, while nothing that comes after it was begun."""
    _do(run, step, data_dir, operator, "undone")


@app.command("not-met")
def not_met(run: Run, step: Step, why: Why, data_dir: DataDir = None, operator: By = "") -> None:
    """Say that what is to be checked does not hold."""
    _do(run, step, data_dir, operator, "failed", why=why)


@app.command()
def answer(
    run: Run,
    step: Step,
    answer: Annotated[str, typer.Argument(help="One of its answers.")],
    note: Note = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Answer a decision."""
    _do(run, step, data_dir, operator, "answer", answer=answer, note=note)


@app.command()
def go(
    run: Run,
    step: Step,
    unclaimed: Annotated[
        bool, typer.Option("--unclaimed", help="An exclusive one without the hub's claim.")
    ] = False,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Let the station begin an automatic step that waits for it."""
    _do(run, step, data_dir, operator, "start", unclaimed=unclaimed)


@app.command()
def ask(run: Run, step: Step, data_dir: DataDir = None, operator: By = "") -> None:
    """Ask for an approval again, after it was refused or ran out."""
    _do(run, step, data_dir, operator, "ask")


@app.command()
def approve(
    run: Run,
    step: Step,
    digest: Annotated[
        str, typer.Option("--hash", help="The beginning of the run's hash, as `run show` tells it.")
    ],
    note: Note = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Approve what `run show` has told; not for who started the run."""
    with asking(data_dir) as client:
        binding = str(client.get_run(run)["binding"])
    if len(digest) < HASH_TYPED or not binding.startswith(digest.lower()):
        fail(USAGE, f"--hash must be the first {HASH_TYPED} or more characters of this run's")
    _do(run, step, data_dir, operator, "approve", binding=binding, note=note)


@app.command()
def refuse(run: Run, step: Step, why: Why, data_dir: DataDir = None, operator: By = "") -> None:
    """Refuse an approval."""
    _do(run, step, data_dir, operator, "refuse", why=why)


@app.command("break-glass")
def break_glass(
    run: Run, step: Step, why: Why, data_dir: DataDir = None, operator: By = ""
) -> None:
    """Go on without a second person; the reason stands in the log for good."""
    _do(run, step, data_dir, operator, "break_glass", why=why)


@app.command()
def settle(
    run: Run,
    step: Step,
    outcome: Annotated[str, typer.Argument(help="done, failed, or again.")],
    note: Note = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say what became of a step whose end nobody knows, or what follows a failure."""
    if outcome not in ("done", "failed", "again"):
        fail(USAGE, f"{outcome!r} is none; say done, failed or again")
    with asking(data_dir) as client:
        attempts = _step(client.get_run(run), step)["attempts"]
    if not attempts:
        fail(USAGE, f"{step} was not begun")
    attempt = attempts[-1]["attempt"]
    _do(run, step, data_dir, operator, "settle", attempt=attempt, outcome=outcome, note=note)


@app.command()
def back(run: Run, why: Why, data_dir: DataDir = None, operator: By = "") -> None:
    """Go back: the steps that were done or tried, the last first."""
    with commanding(data_dir, operator) as client:
        _tell(client.do_run(run, "back", why=why))


@app.command()
def end(
    run: Run,
    verdict: Annotated[str, typer.Argument(help="succeeded, rolled_back, failed, aborted.")],
    why: Annotated[str, typer.Option(help="The reason.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """End a run; what runs is stopped."""
    with commanding(data_dir, operator) as client:
        told = client.do_run(run, "end", verdict=verdict, why=why)
    print(f"{told['run_id']} {told['verdict']}")


@app.command()
def take(run: Run, data_dir: DataDir = None, operator: By = "") -> None:
    """Let this station do the automatic steps from now on."""
    with commanding(data_dir, operator) as client:
        client.do_run(run, "take")
    print(f"{run} is led from here")


def _do(run: str, step: str, data_dir: DataDir, operator: str, do: str, /, **more: Any) -> None:
    with commanding(data_dir, operator) as client:
        told = client.do_step(run, step, do, **more)
    found = _step(told, step)
    print(f"{step} {found['state']}")
    if told["verdict"]:
        print(f"{run} {told['verdict']}")


def _step(told: dict[str, Any], step_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [s for s in told["steps"] if s["step_id"] == step_id]
    if not found:
        fail(USAGE, f"{step_id!r} is no step of {told['run_id']}; see `crisisdesk run show`")
    return found[0]


def _tell(told: dict[str, Any]) -> None:
    arguments = ", ".join(f"{name} {value}" for name, value in told["arguments"].items())
    pairs = [
        ("Run", f"{told['run_id']} of {told['procedure'] or told['title']}"),
        ("Incident", told["incident_id"]),
        ("Arguments", arguments),
        ("Hash", told["binding"]),
        ("Started", f"{_when(told['started_at'])} by {told['started_by']}"),
        ("Led", "from this station" if told["here"] else "from another station"),
        ("Recovered by", _objective_words(told["objective"])),
        ("Twice", ", ".join(told["executed_twice"])),
        ("Without claim", ", ".join(told["unclaimed"])),
        ("Verdict", f"{told['verdict']} {told['ended_why']}".strip()),
    ]
    print("\n".join(facts(pairs)))
    heads = ("STEP", "STATE", "KIND", "TITLE", "BY", "SINCE", "WORDS")
    rows = [
        (
            step["step_id"],
            step["state"] + (" LATE" if step["is_late"] else ""),
            step["kind"],
            step["title"],
            ", ".join((step["by"], *step["also_by"])) if step["by"] else "-",
            "-" if step["since"] is None else _when(step["since"]),
            step["words"],
        )
        for step in told["steps"]
    ]
    print("\n".join(table(heads, rows, {"TITLE": 44, "WORDS": 70})))
    if told["way_back"] and not told["going_back"]:
        print(f"Going back from here: {plain('; '.join(told['way_back']))}")


def _objective_words(told: dict[str, Any] | None) -> str:
    if told is None:
        return ""
    words = {"open": "under way", "met": "met", "missed": "MISSED", "left": "ended without it"}
    over = f" by {span_words(told['over_s'] * 1000)}" if told["state"] == "missed" else ""
    return f"{_when(told['recover_by'])}, {words[told['state']]}{over}"


def _when(told: str) -> str:
    return f"{told[:10]} {told[11:19]}Z"
