"""``crisisdesk who`` says who sits at which desk."""

from __future__ import annotations

from typing import Any

from crisisdesk.cli.presence import lines

from tests.cli.conftest import Cli, objects


def one(minute: str, **more: Any) -> dict[str, Any]:
    at = f"2026-02-12T02:{minute}:00.000Z"
    base = {"station": "BRNO-1", "incident": "INC-A", "since": at, "opened_at": at}
    return {**base, "touched_at": at, "seen_at": at, **more}


def test_each_is_told_with_how_it_stands() -> None:
    told = {
        "at": "2026-02-12T02:20:00.000Z",
        "results": [
            one("08", operator="Zoë Ng", standing="here", seen_at="2026-02-12T02:19:58.000Z"),
            one("10", operator="Bo", standing="idle", incident=None, station=""),
            one("16", operator="Ann\x1b[2J", standing="away"),
        ],
    }
    head, here, idle, away = lines(told)
    assert head.split()[:2] == ["who", "standing"]
    assert "here now" in here
    assert "INC-A for 12 min" in here
    assert here.endswith("2 s ago")
    assert "untouched for 10 min" in idle
    assert "a station without a name" in idle
    assert "away" in away
    assert "INC-A" not in away
    assert away.endswith("4 min ago")
    assert "\x1b" not in away


def test_the_engine_tells_it(cli: Cli) -> None:
    [told] = objects(cli("who", "--json"))
    assert told["results"] == []
    assert "No desk was open" in cli("who").lines[0]
