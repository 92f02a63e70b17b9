"""A run's criteria as they stand now, at the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.recovering import RECOVERY, RecoveringStation
from tests.recovery.test_http_call import Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def station(tmp_path: Path, server: Server) -> Iterator[RecoveringStation]:
    made = RecoveringStation(tmp_path, {}, (server.base,))
    try:
        yield made
    finally:
        made.close()


def test_what_a_run_must_meet_is_looked_at_now_and_nothing_is_written(
    station: RecoveringStation, server: Server
) -> None:
    station.publish(
        "Restart",
        steps=[
            {"id": "freeze", "title": "Freeze writes"},
            {"id": "well", "kind": "wait", "title": "Well", "source": "shop"},
        ],
        success_criteria=[
            "Orders can be placed",
            {"kind": "http", "title": "Shop answers", "url": f"{server.base}health"},
        ],
    )
    run = station.begin("Restart")
    path = f"{RECOVERY}runs/{run['run_id']}/health/"
    station.until(run, lambda told: told["steps"][0]["state"] == "done")
    head = station.head()
    told = station.ask("GET", path).json()
    criterion, wait = told["results"]
    assert criterion == {
        "step_id": "met-2",
        "title": "Shop answers",
        "kind": "http",
        "phase": "after",
        "source": "",
        "now": "holds",
        "value": "200",
        "limit": "2xx",
        "words": "HTTP 200",
    }
    assert (wait["step_id"], wait["source"], wait["now"]) == ("well", "shop", "not_known")
    assert "is unknown here" in wait["words"]
    server.status = 503
    (criterion, _wait) = station.ask("GET", path).json()["results"]
    assert (criterion["now"], criterion["value"]) == ("does_not_hold", "503")
    assert station.head() == head
    end = {"do": "end", "verdict": "aborted", "why": "drill"}
    assert station.ask("POST", f"{RECOVERY}runs/{run['run_id']}/", json=end).status_code == 200
    assert station.ask("GET", path).json()["results"] == []
    assert station.ask("GET", f"{RECOVERY}runs/RUN-NONE/health/").status_code == 404
