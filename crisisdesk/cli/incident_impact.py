"""``crisisdesk incident impact``: whom it hurts, what it costs, which promises it breaks."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.station import AsJson, By, DataDir, reading
from crisisdesk.cli.words import facts, now_ms
from crisisdesk.domain.context.impact import figures, reasons
from crisisdesk.domain.context.sla_impact import sla_words
from crisisdesk.store.queries.incident_impact import read_impact

NOTHING = "Nothing is known: no attached alert names a service, or no catalogue describes it."


def impact(
    incident_id: Annotated[str, typer.Argument(help="The incident's id.", metavar="ID")],
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """Services, users, regions, money and promised availability; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        readable(reader, incident_id, operator)
        found = read_impact(reader, incident_id, at)
    assert found is not None
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    reached = found.impact
    if not reached.services:
        print(NOTHING)
        return
    out = ", ".join(a.service for a in reached.services if not a.needs)
    pairs = [("out", out), ("known", "; ".join(figures(reached)))]
    pairs += [("reached", reason) for reason in reasons(reached)]
    pairs += [("promised", sla_words(one, at)) for one in found.promises]
    print("\n".join(facts(pairs)))
