"""``crisisdesk silence``: keep pages quiet for a while, see what is quiet, end it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.spans import moment_of, seconds_of
from crisisdesk.cli.station import USAGE, AsJson, By, DataDir, commanding, fail, reading
from crisisdesk.cli.words import moment, now_ms, plain, span, table
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.matchers import is_broad, parse_matchers
from crisisdesk.domain.silence import Silence

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Matchers = Annotated[
    list[str] | None,
    typer.Argument(help="Such as service=db or 'env=~\"prod|stage\"'; all must hold."),
]
Id = Annotated[str, typer.Argument(help="The silence's id.", metavar="ID")]
PREVIEWED = 20


@app.command()
def add(
    reason: Annotated[str, typer.Option(help="Why; who looks at it later needs it.")],
    matchers: Matchers = None,
    lasts: Annotated[str, typer.Option("--for", help="How long: 30m, 2h, 1d.")] = "",
    until: Annotated[str, typer.Option(help="Or its end: 2026-03-01T12:30:00Z.")] = "",
    start: Annotated[str, typer.Option("--from", help="A start ahead, in the same form.")] = "",
    everything: Annotated[bool, typer.Option(help="All alerts, without matchers.")] = False,
    replaces: Annotated[str, typer.Option(help="Lift this one in the same moment.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Silence what matches; prints the silence's id once it is on disk."""
    if bool(lasts) is bool(until):
        fail(USAGE, "say how long with either --for or --until")
    fields: dict[str, Any] = {"duration_s": seconds_of("--for", lasts)} if lasts else {}
    fields |= {"until": moment_of("--until", until)} if until else {}
    fields |= {"starts_at": moment_of("--from", start)} if start else {}
    fields |= {"everything": True} if everything else {}
    fields |= {"replaces": replaces} if replaces else {}
    with commanding(data_dir, operator) as client:
        made = client.set_silence(matchers or [], reason, **fields)
    print(made["silence_id"])


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List active, planned and lately ended silences; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = [(silence, len(reader.hidden_by(silence))) for silence in reader.silences(at)]
    if as_json:
        for silence, hides in found:
            told = asdict(silence) | {"state": silence.standing(at), "hides": hides}
            print(json.dumps(told, ensure_ascii=False))
        return
    if not found:
        print("Nothing is silenced.")
        return
    heads = ("ID", "STATE", "WHEN", "COVERS", "WHAT", "REASON", "BY")
    rows = [
        (s.silence_id, s.standing(at), _when(s, at), str(hides), s.in_text(), s.reason, s.set_by)
        for s, hides in found
    ]
    print("\n".join(table(heads, rows, {"WHAT": 50, "REASON": 40})))


def _when(silence: Silence, at_ms: int) -> str:
    standing = silence.standing(at_ms)
    if standing == "active":
        return f"{span(silence.until - at_ms)} left"
    if standing == "planned":
        return f"{moment(silence.starts_at)} for {span(silence.until - (silence.starts_at or 0))}"
    return moment(silence.until if standing == "ended" else silence.lifted_at)


@app.command()
def lift(
    silence_id: Id,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Take a silence away: pages go on at once."""
    with commanding(data_dir, operator) as client:
        client.lift_silence(silence_id)
    print(f"{silence_id} lifted")


@app.command()
def preview(matchers: Matchers = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say how many open alerts matchers would keep quiet; works without the engine too."""
    try:
        found = parse_matchers(matchers or [])
    except DomainError as error:
        fail(USAGE, str(error))
    with reading(data_dir) as reader:
        count, alerts = reader.would_hide(found, PREVIEWED)
    if as_json:
        told = {
            "hides": count,
            "broad": is_broad(found),
            "alerts": [alert.alert_id for alert in alerts],
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    broad = "; too broad to be silenced without --everything" if is_broad(found) else ""
    print(f"Covers {count} open alert{'' if count == 1 else 's'}{broad}.")
    for alert in alerts:
        print(f"{alert.alert_id}  {alert.severity}  {plain(alert.service)}  {plain(alert.title)}")
    if count > len(alerts):
        print(f"… and {count - len(alerts)} more")
