"""Short scenario texts, and the words in which one is refused."""

from __future__ import annotations

import pytest

from crisisdesk.drills.scenario import Scenario, ScenarioError, parse_scenario

HEAD = """
scenario: s
station: S
operator: Ann
services: {db: {place: fra1}}
"""
FIRE = '{at: "-00:10:00", fire: a, service: db, severity: high, title: "slow"}'


def parsed(*entries: str, live: tuple[str, ...] = (), head: str = HEAD) -> Scenario:
    lines = [head, *(["entries:"] if entries else []), *(f"  - {e}" for e in entries)]
    if live:
        lines += ["live:", *(f"  - {e}" for e in live)]
    return parse_scenario("\n".join(lines) + "\n", "s.yaml")


def fault(*entries: str, live: tuple[str, ...] = (), head: str = HEAD) -> str:
    with pytest.raises(ScenarioError) as caught:
        parsed(*entries, live=live, head=head)
    return str(caught.value)
