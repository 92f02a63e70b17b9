"""``crisisdesk incident channel``: by what the people of an incident speak to each other."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from crisisdesk.cli.incidents import Id
from crisisdesk.cli.station import AsJson, By, DataDir, commanding
from crisisdesk.cli.words import table
from crisisdesk.domain.incident_channels import CHANNEL_KINDS, SCHEMES, kind_word

app = typer.Typer(help="Bridges, chats, rooms and documents of an incident.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="What it is called; capitals do not matter.")]
HEADS = ("name", "kind", "address", "use", "set", "by")
WIDTHS = {"use": 40, "address": 60}


@app.command("list")
def list_(
    incident_id: Id, as_json: AsJson = False, data_dir: DataDir = None, operator: By = ""
) -> None:
    """What people speak by first."""
    with commanding(data_dir, operator) as client:
        found = client.incident_channels(incident_id)
    if as_json:
        print("\n".join(json.dumps(one) for one in found))
        return
    rows = [
        (one["name"], kind_word(one["kind"]), one["address"], one["use"], one["set_at"][:16],
         "the plan" if one["plan"] else one["set_by"])
        for one in found
    ]  # fmt: skip
    print("\n".join(table(HEADS, rows, WIDTHS)) if rows else "It has none.")


@app.command("set")
def set_(
    incident_id: Id,
    name: Name,
    kind: Annotated[str, typer.Option(help=", ".join(CHANNEL_KINDS))] = "bridge",
    address: Annotated[str, typer.Option(help=f"Where it is: {', '.join(SCHEMES)}.")] = "",
    use: Annotated[str, typer.Option(help="What it is for.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Set a channel, or change the one of that name; no passwords in its address."""
    with commanding(data_dir, operator) as client:
        client.set_incident_channel(incident_id, name, kind, address=address, use=use)
    print(f"{incident_id} {name}")


@app.command("remove")
def remove(incident_id: Id, name: Name, data_dir: DataDir = None, operator: By = "") -> None:
    """Take a channel away."""
    with commanding(data_dir, operator) as client:
        client.remove_incident_channel(incident_id, name)
    print(f"{incident_id} {name} taken away")
