"""``crisisdesk incident messages``: what the response plan has ready to be said."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.station import AsJson, By, DataDir, reading
from crisisdesk.cli.words import now_ms, plain
from crisisdesk.domain.playbook.messages import messages

NOTHING = "The response plan has no messages ready, or the incident follows none."


def messages_(
    incident_id: Annotated[str, typer.Argument(help="The incident's id.", metavar="ID")],
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """The plan's messages with what is known put in; fill in what stands in square brackets."""
    with reading(data_dir) as reader:
        incident = readable(reader, incident_id, operator)
        plan = reader.followed_plan(incident)
    ready = () if plan is None else messages(plan, incident, now_ms())
    if as_json:
        for one in ready:
            print(json.dumps(asdict(one), ensure_ascii=False))
        return
    told = [f"{plain(one.name)} (to {plain(one.audience)})\n{_told(one.text)}" for one in ready]
    print("\n\n".join(told) or NOTHING)


def _told(text: str) -> str:
    return "\n".join(f"  {plain(line)}" for line in text.splitlines())
