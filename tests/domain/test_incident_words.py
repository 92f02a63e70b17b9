"""What becoming is told as."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.incident_words import BECOMING
from crisisdesk.domain.timeline import build_timeline

from tests.domain.test_incident import IncidentLog

ROOT = Path(__file__).resolve().parents[2]


def told(*facts: tuple[str, dict[str, Any]]) -> list[tuple[str, str]]:
    log = IncidentLog(crisis_type="outage")
    for kind, body in facts:
        log.add(kind, **body)
    entries = build_timeline("INC-1", (), log.events)
    return [(entry.told.plain, entry.told.detail) for entry in entries][1:]


MERGED: tuple[str, dict[str, Any]] = (
    "incident.merged",
    {"into": "INC-2", "generation": 1, "reason": "the same disk"},
)


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (MERGED, ("Part of INC-2", "the same disk")),
        (
            ("incident.absorbed", {"incident_id": "INC-3", "title": "Slow"}),
            ("INC-3, Slow was made part of this incident", ""),
        ),
        (
            ("incident.restricted", {"restricted": True, "readers": ["Zoë"], "generation": 1}),
            ("Restricted to those who work on it and Zoë", ""),
        ),
        (
            (
                "incident.planned",
                {"crisis_type": "data_breach", "version_id": "P", "severity": "major", "tasks": 1},
            ),
            ("Response plan: data breach, 1 task for severity major", ""),
        ),
        (
            (
                "incident.channel_set",
                {
                    "name": "War room",
                    "kind": "bridge",
                    "address": "tel:+1",
                    "use": "all",
                    "plan": "P",
                },
            ),
            ("Channel by the response plan: War room (bridge): tel:+1", "all"),
        ),
        (
            ("incident.channel_set", {"name": "Hall", "kind": "in_person"}),
            ("Channel: Hall (in person)", ""),
        ),
    ],
)
def test_each_has_its_line(fact: tuple[str, dict[str, Any]], line: tuple[str, str]) -> None:
    assert told(fact) == [line]


def test_what_came_too_late_says_what_stands() -> None:
    late = ("incident.merged", {"into": "INC-9", "generation": 1})
    assert told(MERGED, late)[-1] == ("Also made part of INC-9; INC-2 stands", "")


def test_the_way_back_is_told() -> None:
    back = ("incident.unmerged", {"into": "", "generation": 2, "ring": True})
    words = "Stands for itself again: two incidents had been made part of each other"
    assert told(MERGED, back)[-1] == (words, "")
    gone = ("incident.released", {"incident_id": "INC-3"})
    absorbed = ("incident.absorbed", {"incident_id": "INC-3"})
    assert told(absorbed, gone)[-1] == ("INC-3 is no part of this incident any more", "")
    on = ("incident.restricted", {"restricted": True, "readers": [], "generation": 1})
    off = ("incident.restricted", {"restricted": False, "readers": [], "generation": 2})
    assert told(on, off)[-1] == ("Open to all again", "")
    hall = ("incident.channel_set", {"name": "Hall", "kind": "in_person"})
    unseen = ("incident.channel_removed", {"name": "Hall", "base": "another"})
    stays = "Channel Hall was to be taken away; it had been set anew"
    assert told(hall, unseen)[-1] == (stays, "")
    assert set(BECOMING) >= {MERGED[0], back[0], gone[0], on[0]}


def test_every_icon_is_there() -> None:
    source = (ROOT / "crisisdesk" / "domain" / "incident_words.py").read_text(encoding="utf-8")
    names = set(re.findall(r'icon="([a-z0-9-]+)"', source))
    icons = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    assert names
    assert names <= icons
