"""``crisisdesk heartbeat``: what outside must say at intervals that it is well."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crisisdesk.api.client import Client
from crisisdesk.cli.declared import Declared
from crisisdesk.cli.spans import seconds_of
from crisisdesk.cli.station import (
    USAGE,
    AsJson,
    By,
    DataDir,
    commanding,
    fail,
    places_of,
    read_door,
)
from crisisdesk.cli.words import span, table
from crisisdesk.domain.heartbeat import State
from crisisdesk.domain.severity import Severity

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Which = Annotated[str, typer.Argument(help="Its id or its name.", metavar="HEARTBEAT")]
HEARTBEATS = Declared(
    "heartbeat", Client.heartbeats, Client.change_heartbeat, Client.remove_heartbeat
)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What beats, such as nightly-backup.")],
    every: Annotated[str, typer.Option(help="A beat is promised each: 30s to 9000h.")],
    grace: Annotated[str, typer.Option(help="How late it may be: 10s to 30d.")] = "1m",
    severity: Annotated[Severity, typer.Option(help="Of its alert.")] = Severity.CRITICAL,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Declare a heartbeat; prints its id and, only now, its address."""
    fields = {"grace_s": seconds_of("--grace", grace), "severity": str(severity)}
    with commanding(data_dir, operator) as client:
        made = client.declare_heartbeat(name, seconds_of("--every", every), **fields)
        url, _token = read_door(places_of(data_dir))
    print(made["heartbeat_id"])
    print(f"{url}{made['path']}")


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List heartbeats and how they stand, those that want somebody first."""
    found = HEARTBEATS.shown(_ORDER, data_dir, as_json=as_json)
    if not found:
        return
    heads = ("ID", "NAME", "STATE", "LAST BEAT", "EVERY", "GRACE", "SEVERITY")
    rows = [
        (
            one["heartbeat_id"],
            one["name"],
            one["state"],
            _when(one["last_beat_at"]),
            span(one["every_s"] * 1000),
            span(one["grace_s"] * 1000),
            one["severity"],
        )
        for one in found
    ]
    print("\n".join(table(heads, rows, {"NAME": 40})))


@app.command()
def change(
    which: Which,
    every: Annotated[str, typer.Option(help="A beat is promised each.")] = "",
    grace: Annotated[str, typer.Option(help="How late it may be.")] = "",
    severity: Annotated[Severity | None, typer.Option(help="Of its alert.")] = None,
    name: Annotated[str, typer.Option(help="Another name.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Give a heartbeat other spans; its address stays."""
    fields: dict[str, Any] = {"every_s": seconds_of("--every", every)} if every else {}
    fields |= {"grace_s": seconds_of("--grace", grace)} if grace else {}
    fields |= {"severity": str(severity)} if severity else {}
    fields |= {"name": name} if name else {}
    if not fields:
        fail(USAGE, "say what to change: --every, --grace, --severity or --name")
    print(HEARTBEATS.changed(which, fields, data_dir, operator))


@app.command()
def pause(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Miss it no more until `resume`; its alert ends."""
    print(HEARTBEATS.changed(which, {"paused": True}, data_dir, operator))


@app.command()
def resume(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Miss it again, a whole period from now at the earliest."""
    print(HEARTBEATS.changed(which, {"paused": False}, data_dir, operator))


@app.command()
def remove(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Take it away; its address leads nowhere afterwards."""
    print(HEARTBEATS.removed(which, data_dir, operator))


_ORDER = [str(s) for s in (State.MISSING, State.LATE, State.UNSURE, State.NEW, State.WELL)]
_ORDER.append(str(State.PAUSED))


def _when(told: str | None) -> str:
    return "-" if told is None else f"{told[:10]} {told[11:19]}Z"
