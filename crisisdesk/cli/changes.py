"""``crisisdesk change``: record what was changed, and list it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.spans import moment_of
from crisisdesk.cli.station import AsJson, By, DataDir, commanding, reading
from crisisdesk.cli.words import moment, now_ms, table
from crisisdesk.domain.context.gathered import CHANGE_HOURS, HOUR_MS, MOST_HOURS

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    summary: Annotated[str, typer.Argument(help="What was changed: shop deployed at v3.")],
    service: Annotated[str, typer.Option(help="Of which service.")] = "",
    source: Annotated[str, typer.Option(help="Where, or by which tool.")] = "",
    at: Annotated[str, typer.Option(help="When; else now: 2026-03-01T12:30:00Z.")] = "",
    key: Annotated[str, typer.Option(help="The same key means the same change.")] = "",
    url: Annotated[str, typer.Option(help="Where to look.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Record a change; prints its id once it is on disk."""
    fields: dict[str, Any] = {"service": service, "source": source, "key": key}
    fields |= {"at": moment_of("--at", at)} if at else {}
    fields |= {"links": [{"url": url}]} if url else {}
    with commanding(data_dir, operator) as client:
        made = client.record_change(summary, **fields)
    print(made["change_id"])


@app.command("list")
def list_(
    hours: Annotated[int, typer.Option(min=1, max=MOST_HOURS, help="How far back.")] = CHANGE_HOURS,
    service: Annotated[str, typer.Option(help="Only of this one.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List recorded changes, newest first; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = reader.changes(at - hours * HOUR_MS, at, service)
    if as_json:
        for one in found:
            print(json.dumps(asdict(one), ensure_ascii=False))
        return
    if not found:
        print(f"No change in the last {hours} h.")
        return
    rows = [
        (one.change_id, moment(one.at), one.service, one.source, one.summary, one.author)
        for one in found
    ]
    heads = ("ID", "WHEN", "SERVICE", "SOURCE", "WHAT", "BY")
    print("\n".join(table(heads, rows, {"SERVICE": 24, "SOURCE": 24, "WHAT": 60})))
