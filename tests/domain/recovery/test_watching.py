"""What is watched of a run, and against what."""

from __future__ import annotations

from crisisdesk.domain.recovery.watching import limit_of, watched

from tests.domain.recovery.making import START, Log, made

ROWS = {
    "kind": "sql",
    "title": "Rows",
    "database": "orders",
    "query": "select 1",
    "expect": {"is": "<=", "value": 5},
}
ONE = made(
    {"id": "freeze"},
    {"id": "well", "kind": "wait", "source": "shop"},
    {"id": "page", "kind": "wait", "url": "https://h/x", "expect": [200, 204]},
    {"id": "get", "kind": "http", "url": "https://h/x"},
    success_criteria=["Orders", ROWS, {"kind": "http", "title": "Shop", "url": "https://h/"}],
)


def test_criteria_first_then_waits_until_they_are_over() -> None:
    log = Log(ONE)
    now = START + 60_000
    assert [one["step_id"] for one in watched(log.run, now)] == ["met-2", "met-3", "well", "page"]
    log.add("run.step_done", step_id="freeze", claim="")
    log.add("run.step_done", step_id="well", claim="")
    assert [one["step_id"] for one in watched(log.run, now)] == ["met-2", "met-3", "page"]
    log.add("run.ended", verdict="aborted")
    assert watched(log.run, now) == []


def test_limits_in_a_word() -> None:
    limits = {one["step_id"]: limit_of(one) for one in watched(Log(ONE).run, START)}
    assert limits == {"met-2": "<= 5", "met-3": "2xx", "well": "up", "page": "200 or 204"}
    assert limit_of({"kind": "postgres", "do": "writable"}) == ""
