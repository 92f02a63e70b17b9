"""A look ahead at the door: whole, true of this moment, and without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.recovering import RECOVERY, RecoveringStation
from tests.recovery.test_http_call import Server

TRACE = 'echo "$0 $*" >> {trace}\n'


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def station(tmp_path: Path, server: Server) -> Iterator[RecoveringStation]:
    trace = TRACE.format(trace=tmp_path / "trace")
    made = RecoveringStation(tmp_path, {"promote": trace, "demote": trace}, (server.base,))
    try:
        yield made
    finally:
        made.close()


def publish(station: RecoveringStation, server: Server, **more: Any) -> None:
    content: dict[str, Any] = {
        "parameters": {"target": {"type": "host"}},
        "estimated_time": "15m",
        "is_automated": True,
        "steps": [
            {
                "id": "promote",
                "kind": "command",
                "title": "Promote {target}",
                "command": station.paths["promote"],
                "args": ["{target}", "token=hunter2secret"],
                "rollback": {
                    "kind": "command",
                    "title": "Demote {target}",
                    "command": station.paths["demote"],
                },
            },
            {
                "id": "switch",
                "kind": "http",
                "title": "Switch",
                "method": "POST",
                "url": f"{server.base}switch/{{target}}",
                "secret": "lb",
                "rollback": {"kind": "http", "title": "Back", "url": f"{server.base}back"},
            },
            {"id": "well", "kind": "wait", "title": "Well", "source": "shop"},
        ],
        "success_criteria": [
            {"kind": "http", "title": "Shop answers", "url": f"{server.base}health"},
        ],
    }
    station.publish("Fail over", **{**content, **more})


def look(station: RecoveringStation, **arguments: str) -> dict[str, Any]:
    order = {"arguments": arguments or {"target": "db2"}}
    answer = station.ask("POST", f"{RECOVERY}Fail%20over/dry-run/", json=order)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_everything_is_told_and_nothing_is_done(
    station: RecoveringStation, server: Server, tmp_path: Path
) -> None:
    station.secrets.set("recovery:lb", "tokenOfTheBalancer1")
    publish(station, server, requires_approval=False)
    head = station.head()
    told = look(station)
    assert station.head() == head
    # Only what reads was called, once for both looks at the criterion, and never the way back.
    assert [(method, path) for method, path, _token, _body in server.asked] == [("GET", "/health")]
    assert not (tmp_path / "trace").exists()
    steps = {one["step_id"]: one for one in told["steps"]}
    assert list(steps) == [
        *("seen-1", "promote", "switch", "well", "met-1", "promote~back", "switch~back"),
    ]
    promote = steps["promote"]
    path = station.paths["promote"]
    assert promote["does"] == [f'argv ["{path}", "db2", "token=***"]']
    assert promote["entry"] == (f'recovery.commands "{path}" = "{station.settings.commands[path]}"')
    assert (promote["now"], promote["back"], promote["at_most_s"]) == (
        *("not_looked_at", "promote~back", 60),
    )
    assert steps["switch"]["entry"] == f'recovery.urls "{server.base}", secret lb'
    assert steps["met-1"]["now"] == steps["seen-1"]["now"] == "holds"
    assert steps["met-1"]["now_words"] == "HTTP 200"
    # This station has no such source, so nobody knows.
    assert (steps["well"]["now"], "is unknown here" in steps["well"]["now_words"]) == (
        *("not_known", True),
    )
    assert (told["ok"], told["estimated_s"], told["arguments"]) == (True, 900, {"target": "db2"})
    assert "hunter2" not in str(told)
    assert "tokenOfTheBalancer1" not in str(told)

    server.status = 503
    again = {one["step_id"]: one for one in look(station)["steps"]}
    assert (again["met-1"]["now"], again["met-1"]["now_words"]) == (
        *("does_not_hold", "HTTP 503, expected 2xx"),
    )


def test_the_same_procedure_leaves_a_trace_when_it_is_run(
    station: RecoveringStation, server: Server, tmp_path: Path
) -> None:
    """What the look ahead did not do would have been seen."""
    station.secrets.set("recovery:lb", "tokenOfTheBalancer1")
    publish(station, server, requires_approval=False)
    run = station.begin("Fail over", target="db2")
    station.until(run, lambda told: told["steps"][2]["state"] == "done")
    assert (tmp_path / "trace").read_text().endswith("db2 token=hunter2secret\n")
    assert ("POST", "/switch/db2", "Bearer tokenOfTheBalancer1", b"") in server.asked


def test_what_is_not_allowed_is_not_looked_at_either(
    station: RecoveringStation, server: Server, tmp_path: Path
) -> None:
    publish(station, server)
    promote = Path(station.paths["promote"])
    promote.write_text(promote.read_text() + "# changed\n")
    told = look(station)
    steps = {one["step_id"]: one for one in told["steps"]}
    assert told["ok"] is False
    assert "is not the file that was allowed: it now has " in steps["promote"]["words"]
    assert "procedure secret lb" in steps["switch"]["words"]
    assert steps["approve"]["words"] == "another person approves it"
    assert steps["promote"]["approval"] == "another person, by “Approve Fail over”"
    publish(
        station,
        server,
        success_criteria=[{"kind": "http", "title": "X", "url": "http://127.0.0.1:1/x"}],
    )
    server.asked.clear()
    steps = {one["step_id"]: one for one in look(station)["steps"]}
    assert (steps["met-1"]["ok"], steps["met-1"]["now"]) == (False, "not_looked_at")
    assert (server.asked, (tmp_path / "trace").exists()) == ([], False)
