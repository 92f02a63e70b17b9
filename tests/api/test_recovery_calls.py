"""The client's calls about procedures and runs, each against the route that it names."""

from __future__ import annotations

from typing import Any

from crisisdesk.api.calls import Calls, Json
from crisisdesk.api.recovery_calls import RecoveryCalls

from tests.api.station import Station


class OverTheDoor(RecoveryCalls):
    """The calls, made at a station of the test."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def _ask(self, method: str, path: str, query: Json | None = None) -> Json:
        return self._answer(method, path, params=query)

    def _tell(self, method: str, path: str, body: Json | None = None) -> Json:
        return self._answer(method, path, json=body)

    def _answer(self, method: str, path: str, **how: Any) -> Json:
        answer = self._station.ask(method, path, **how)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else {}


def test_every_call_is_served(station: Station) -> None:
    assert issubclass(RecoveryCalls, Calls)
    calls = OverTheDoor(station)
    content = {"steps": [{"id": "a", "title": "A"}]}
    assert calls.check_procedure("P & Q", content)
    calls.publish_procedure("P & Q", content)
    assert [one["name"] for one in calls.procedures()] == ["P & Q"]
    assert calls.dry_run("P & Q", {})["ok"]
    run = calls.start_run("P & Q", {})
    assert [one["run_id"] for one in calls.runs()] == [run["run_id"]]
    assert calls.do_run(run["run_id"], "take")["here"]
    assert calls.run_health(run["run_id"])["results"] == []
    assert calls.do_step(run["run_id"], "a", "done")["verdict"] == "succeeded"
    assert calls.get_run(run["run_id"])["verdict"] == "succeeded"
    assert calls.output_of(run["run_id"], "none") == ""
    assert calls.runs() == []
    assert len(calls.runs(with_past=True)) == 1
    assert calls.runs("INC-1", with_past=True) == []
    calls.withdraw_procedure("P & Q")
    assert calls.procedures() == []
