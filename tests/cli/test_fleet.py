"""``crisisdesk fleet`` says how the station stands towards the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crisisdesk.cli.fleet import lines

from tests.cli.conftest import Cli, objects

AT = "2026-02-12T02:02:14.000Z"
SINCE = "2026-02-12T02:00:00.000Z"
TOLD: dict[str, Any] = {
    "at": AT,
    "origin": "aa" * 16,
    "hub": {
        "state": "away",
        "where": "hub.example:5432",
        "since": SINCE,
        "words": "no route to host",
        "to_push": 12,
        "to_pull": 0,
        "offset_ms": 3_400,
        "clock_suspect": True,
    },
    "duty": {
        "kind": "acting",
        "holder": "",
        "holder_name": "",
        "token": 4,
        "since": SINCE,
        "words": "",
    },
    "stations": [
        {
            "station_id": "S-1",
            "origin": "aa" * 16,
            "name": "BRNO-1",
            "version": "1.2",
            "is_self": True,
            "seen_at": SINCE,
            "behind": 0,
            "duty_rank": 0,
            "digest_agrees": True,
        },
        {
            "station_id": "S-2",
            "origin": "bb" * 16,
            "name": "Praha \x1b[2J",
            "version": "1.2",
            "is_self": False,
            "seen_at": SINCE,
            "behind": 7,
            "duty_rank": None,
            "digest_agrees": False,
        },
    ],
    "durability": {"disk": 30, "hub": 18, "other": 40},
    "held_back": ["BRNO-3 is held back"],
    "quarantined": 2,
    "problems": ["the backup is late"],
}


def test_a_station_alone_says_so(cli: Cli) -> None:
    said = cli("fleet").lines
    assert said[0] == "hub   not set up"
    assert said[1] == "duty  this station pages; there is no hub"
    assert said[2].startswith("safe  ")
    [told] = objects(cli("fleet", "--json"))
    assert told["duty"]["kind"] == "alone"


def test_hub_duty_and_what_is_wrong_stand_above_the_stations() -> None:
    said = lines(TOLD)
    assert said[:8] == [
        "hub          away for 02:14, hub.example:5432: no route to host; 12 wait here",
        "duty         this station pages without the hub's word for 02:14",
        "safe         30 own events on this disk, 18 on the hub, 30 on another station",
        "clock        3.4 s behind the hub's",
        "held back    BRNO-3 is held back",
        "quarantined  2 events that no state could use",
        "problem      the backup is late",
        "",
    ]
    rows = [line.split() for line in said[9:]]
    assert rows[0] == ["BRNO-1", "this", "one", "0", "0", "1.2", "agree", "S-1"]
    assert rows[1] == ["Praha", "?[2J", "02:14", "ago", "7", "-", "1.2", "DIFFER", "S-2"]


def test_every_kind_of_duty_has_its_words() -> None:
    for kind in ("alone", "holds", "follows", "waiting", "acting", "not_paging"):
        duty = {**TOLD["duty"], "kind": kind, "holder_name": "BRNO-2"}
        line = lines({**TOLD, "duty": duty})[1]
        assert ("NOT PAGING" in line) == (kind == "not_paging")
        assert ("BRNO-2" in line) == (kind == "follows")


def test_without_an_engine_it_ends_with_three(call: Cli, tmp_path: Path) -> None:
    said = call("fleet", folder=tmp_path)
    assert said.code == 3
    assert "no engine runs" in said.err
