"""``crisisdesk incident impact`` and ``alike``: whom it hurts, what looks like a part of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.station import AsJson, By, DataDir, reading, viewer_of
from crisisdesk.cli.words import facts, now_ms, table
from crisisdesk.domain.context.impact import figures, reasons
from crisisdesk.domain.context.sla_impact import sla_words
from crisisdesk.store.queries.incident_impact import read_impact

NOTHING_ALIKE = "Nothing: no open alert outside of incidents is alike to those attached."
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


def alike(
    incident_id: Annotated[str, typer.Argument(help="The incident's id.", metavar="ID")],
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """Open alerts that look as if they were part of it; works without the engine too."""
    with reading(data_dir) as reader:
        readable(reader, incident_id, operator)
        found = reader.alike_of(incident_id, viewer_of(reader, operator))
    if as_json:
        for one in found:
            told = {"alert_id": one.alert.alert_id, "points": one.points, "because": one.because}
            print(json.dumps(told, ensure_ascii=False))
        return
    heads = ("alert", "severity", "service", "title", "because")
    rows = [
        (one.alert.alert_id, one.alert.severity, one.alert.service, one.alert.title, one.because)
        for one in found
    ]
    print("\n".join(table(heads, rows, {"title": 48})) if rows else NOTHING_ALIKE)
