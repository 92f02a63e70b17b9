"""``crisisdesk alert context``: what helps whoever looks at an alert."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crisisdesk.cli.station import REFUSED, AsJson, DataDir, fail, reading
from crisisdesk.cli.words import now_ms, plain
from crisisdesk.domain.context.gathered import CHANGE_HOURS, MOST_HOURS
from crisisdesk.domain.context.words import parts_of

Hours = Annotated[int, typer.Option(min=1, max=MOST_HOURS, help="How far back changes are told.")]


def context(
    alert_id: Annotated[str, typer.Argument(help="The alert's id.", metavar="ID")],
    hours: Hours = CHANGE_HOURS,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Owner, runbook, changes, neighbours, similar, impact; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = reader.context_of(alert_id, at, hours)
    if found is None:
        fail(REFUSED, f"no alert {alert_id!r} on this station; `alert list --all` has the ids")
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    parts = parts_of(found, at)
    size = max(len(part.label) for part in parts)
    for part in parts:
        for number, line in enumerate(part.lines):
            label = "" if number else part.label.lower()
            print(f"{label.ljust(size)}  {plain(line)}")
