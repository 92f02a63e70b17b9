"""Runs at the door: a real program, a second person, the way back, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.recovering import BEN, RECOVERY, RecoveringStation, states, step_of
from tests.api.station import OPERATOR

PROGRAMS = {
    "promote": 'echo "promoting $1"\necho "password=hunter2secret"\nexit 0\n',
    "demote": 'echo "back to $1"\n',
    "break": "echo no such standby >&2\nexit 3\n",
}


@pytest.fixture
def station(tmp_path: Path) -> Iterator[RecoveringStation]:
    made = RecoveringStation(tmp_path, PROGRAMS)
    try:
        yield made
    finally:
        made.close()


def failover(station: RecoveringStation, **more: Any) -> None:
    content: dict[str, Any] = {
        "parameters": {"target": {"type": "host"}},
        "is_automated": True,
        "steps": [
            {"id": "freeze", "title": "Freeze writes"},
            {
                "id": "promote",
                "kind": "command",
                "title": "Promote {target}",
                "command": station.paths["promote"],
                "args": ["{target}"],
                "rollback": {
                    "kind": "command",
                    "title": "Demote {target}",
                    "command": station.paths["demote"],
                    "args": ["{target}"],
                },
            },
        ],
        "success_criteria": ["Orders can be placed"],
    }
    station.publish("Fail over", **{**content, **more})


def test_from_a_published_procedure_to_a_run_that_has_succeeded(
    station: RecoveringStation,
) -> None:
    failover(station)
    run = station.begin("Fail over", target="db2.example.org")
    assert states(run) == {
        "approve": "waiting",
        "freeze": "open",
        "promote": "later",
        "met-1": "later",
    }
    assert run["here"] is True
    run = station.do(run, "freeze", "done", note="all of them")
    assert step_of(run, "promote")["words"] == "waits for: Approve Fail over"
    station.do(run, "approve", "approve", BEN, binding=run["binding"])
    run = station.until(run, lambda told: states(told)["promote"] == "done")
    attempt = step_of(run, "promote")["attempts"][0]
    assert (attempt["state"], attempt["words"]) == ("ok", "ended with exit code 0")
    assert attempt["output"] == "promoting db2.example.org\npassword=***\n"
    path = f"{RECOVERY}runs/{run['run_id']}/output/{attempt['attempt']}/"
    assert station.ask("GET", path).json()["text"] == attempt["output"]
    assert run["way_back"] == ["Demote db2.example.org"]
    run = station.do(run, "met-1", "done")
    assert (run["verdict"], run["done"], run["total"]) == ("succeeded", 4, 4)
    listed = station.ask("GET", f"{RECOVERY}runs/").json()["results"]
    assert listed == []
    past = station.ask("GET", f"{RECOVERY}runs/?with_past=true").json()["results"]
    assert [one["run_id"] for one in past] == [run["run_id"]]


def test_who_started_a_run_cannot_approve_it_nor_anybody_twice_or_another_one(
    station: RecoveringStation,
) -> None:
    failover(station)
    run = station.begin("Fail over", target="db2")
    path = f"{RECOVERY}runs/{run['run_id']}/steps/approve/"
    own = {"do": "approve", "binding": run["binding"]}
    for name in ("Zo%C3%AB%20Ng", "zo%C3%AB%20%20NG", "Zoe%CC%88%20Ng"):
        refused = station.ask("POST", path, json=own, headers={"X-CrisisDesk-Operator": name})
        assert refused.status_code == 409, name
        assert refused.json()["error"]["field"] == "operator"
    other = station.ask("POST", path, json={**own, "binding": "0" * 64}, headers=BEN)
    assert (other.status_code, other.json()["error"]["field"]) == (409, "binding")
    assert states(station.read(run))["approve"] == "waiting"


def test_a_refusal_stops_until_somebody_asks_again_and_glass_can_be_broken(
    station: RecoveringStation,
) -> None:
    failover(station)
    run = station.begin("Fail over", target="db2")
    run = station.do(run, "approve", "refuse", BEN, why="the lag is too large")
    one = step_of(run, "approve")
    assert (one["state"], one["words"]) == ("stopped", "refused: the lag is too large")
    run = station.do(run, "approve", "ask")
    assert step_of(run, "approve")["approval"]["number"] == 2
    run = station.do(run, "approve", "break_glass", why="nobody else can be reached")
    one = step_of(run, "approve")
    assert (one["state"], one["approval"]["broken_by"]) == ("done", "Zoë Ng")
    station.do(run, "freeze", "done")
    station.until(run, lambda told: states(told)["promote"] == "done")


def test_a_failure_goes_back_by_itself_where_the_procedure_says_so(
    station: RecoveringStation,
) -> None:
    failover(
        station,
        rollback="on_deviation",
        requires_approval=False,
        steps=[
            {
                "id": "switch",
                "kind": "command",
                "title": "Switch",
                "command": station.paths["promote"],
                "args": ["{target}"],
                "rollback": {
                    "kind": "command",
                    "title": "Switch back",
                    "command": station.paths["demote"],
                    "args": ["{target}"],
                },
            },
            {
                "id": "break",
                "kind": "command",
                "title": "Open writes",
                "command": station.paths["break"],
            },
        ],
    )
    run = station.begin("Fail over", target="db2")
    run = station.until(run, lambda told: bool(told["verdict"]))
    assert run["verdict"] == "rolled_back"
    assert states(run) == {
        "switch": "done",
        "break": "failed",
        "met-1": "closed",
        "switch~back": "done",
    }
    assert step_of(run, "break")["words"] == "exit code 3: no such standby"
    assert step_of(run, "switch~back")["attempts"][0]["output"] == "back to db2\n"


def test_going_back_by_hand_and_an_end_with_a_reason(station: RecoveringStation) -> None:
    failover(station, requires_approval=False)
    run = station.begin("Fail over", target="db2")
    path = f"{RECOVERY}runs/{run['run_id']}/"
    nothing = station.ask("POST", path, json={"do": "back", "why": "wrong one"})
    assert nothing.status_code == 409
    station.do(run, "freeze", "done")
    run = station.until(run, lambda told: states(told)["promote"] == "done")
    run = station.ask("POST", path, json={"do": "back", "why": "wrong one"}).json()
    assert run["going_back"]
    run = station.until(run, lambda told: told["verdict"] == "rolled_back")
    assert states(run)["promote~back"] == "done"
    again = station.ask("POST", path, json={"do": "end", "verdict": "failed", "why": "x"})
    assert again.status_code == 409


def test_what_cannot_be_is_refused_and_changes_nothing(station: RecoveringStation) -> None:
    failover(station)
    run = station.begin("Fail over", target="db2")
    path = f"{RECOVERY}runs/{run['run_id']}/"
    before = station.head()
    for body in (
        {"do": "end"},
        {"do": "end", "verdict": "aborted"},
        {"do": "end", "verdict": "succeeded"},
    ):
        assert station.ask("POST", path, json=body).status_code in (400, 409)
    for step, body in (
        ("promote", {"do": "done"}),
        ("promote", {"do": "start"}),
        ("freeze", {"do": "start"}),
        ("freeze", {"do": "approve", "binding": run["binding"]}),
        ("approve", {"do": "done"}),
        ("freeze", {"do": "answer", "answer": "yes"}),
        ("freeze", {"do": "settle", "attempt": "x", "outcome": "done"}),
        ("freeze", {"do": "settle"}),
        ("freeze", {"do": "failed"}),
        ("freeze", {"do": "undone"}),
        ("nowhere", {"do": "done"}),
        ("approve", {"do": "break_glass"}),
    ):
        answer = station.ask("POST", f"{path}steps/{step}/", json=body)
        assert answer.status_code in (400, 404, 409), (step, body)
        assert answer.json()["error"]["remedy"]
    twice = {"procedure": "Fail over", "arguments": {"target": "db3"}}
    assert station.ask("POST", f"{RECOVERY}execute/", json=twice).status_code == 409
    assert station.ask("GET", f"{RECOVERY}runs/RUN-NONE/").status_code == 404
    assert station.head() == before


def test_a_program_that_was_changed_or_is_not_allowed_is_not_run(
    station: RecoveringStation, tmp_path: Path
) -> None:
    failover(station, requires_approval=False)
    told = station.ask(
        "POST", f"{RECOVERY}Fail%20over/dry-run/", json={"arguments": {"target": "db2"}}
    ).json()
    assert told["ok"] is True
    mark = tmp_path / "mark"
    Path(station.paths["promote"]).write_text(f"#!/bin/sh\ntouch {mark}\n")
    told = station.ask(
        "POST", f"{RECOVERY}Fail%20over/dry-run/", json={"arguments": {"target": "db2"}}
    ).json()
    assert told["ok"] is False
    run = station.begin("Fail over", target="db2")
    station.do(run, "freeze", "done")
    run = station.until(run, lambda told: states(told)["promote"] == "failed")
    assert "is not the file that was allowed" in step_of(run, "promote")["words"]
    assert not mark.exists()


def test_a_step_waits_for_its_start_where_nothing_runs_by_itself(
    station: RecoveringStation,
) -> None:
    failover(station, is_automated=False, requires_approval=False)
    run = station.begin("Fail over", target="db2")
    run = station.do(run, "freeze", "done")
    one = step_of(run, "promote")
    assert (one["state"], one["words"]) == ("open", "waits until somebody starts it")
    run = station.do(run, "promote", "start", OPERATOR)
    station.until(run, lambda told: states(told)["promote"] == "done")
