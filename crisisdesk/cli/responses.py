"""``crisisdesk responses``: how long alerts waited for whoever took them."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from crisisdesk.cli.station import AsJson, DataDir, reading
from crisisdesk.cli.words import now_ms, span, table
from crisisdesk.domain.response_times import Summary, by_person, by_team, summaries
from crisisdesk.domain.severity import Severity

DAY_MS = 86_400_000
HEADS = ("WHO", "TAKEN", "ON TIME", "HALF WITHIN", "9 IN 10 WITHIN", "LONGEST")


class By(StrEnum):
    """Whose times."""

    PERSON = "person"
    TEAM = "team"


def responses(
    by: Annotated[By, typer.Option(help="Whose times; a team is a contact's group.")] = By.PERSON,
    days: Annotated[int, typer.Option(min=1, max=3_660, help="How many days back.")] = 30,
    severity: Annotated[Severity | None, typer.Option(help="Of these alerts alone.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Say how long alerts waited for whoever took them; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = reader.responses(at - days * DAY_MS, at + 1)
        contacts = reader.contacts()
    if severity is not None:
        found = [one for one in found if one.severity == severity]
    told = summaries(found, by_person if by == By.PERSON else by_team(contacts))
    if as_json:
        for one in told:
            print(json.dumps(asdict(one), ensure_ascii=False))
        return
    if not told:
        print(f"Nobody took an alert in the last {days} days.")
        return
    print("\n".join(table(HEADS, [_row(one) for one in told], {"WHO": 40})))


def _row(one: Summary) -> tuple[str, ...]:
    late = f" ({one.late} late)" if one.late else ""
    return (
        one.who or "(no team)",
        str(one.taken),
        f"{one.on_time:.0%}{late}",
        span(one.median_ms),
        span(one.p90_ms),
        span(one.longest_ms),
    )
