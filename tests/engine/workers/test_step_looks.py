"""Looks at steps: only at what changes nothing, each question once, all within their time."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.expanding import expanded
from crisisdesk.domain.recovery.step import Step
from crisisdesk.engine.recovery_ports import Done, Hands
from crisisdesk.engine.workers.step_looks import LATE, looked_at

from tests.domain.recovery.making import made
from tests.engine.recovering import TestHands

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


ROWS = {
    "kind": "sql",
    "title": "Rows",
    "database": "orders",
    "query": "select 1",
    "expect": {"value": 1},
}


def steps() -> list[Step]:
    one = made(
        {"id": "get", "kind": "http", "url": "https://h/x"},
        {"id": "post", "kind": "http", "url": "https://h/x", "method": "POST"},
        {
            "id": "go",
            "kind": "command",
            "command": "/bin/go",
            "rollback": {**ROWS, "title": "Back", "query": "select 2"},
        },
        {"id": "promote", "kind": "postgres", "do": "promote", "database": "a", "primary": "b"},
        {"id": "well", "kind": "wait", "source": "shop"},
        {"id": "by-hand"},
        success_criteria=[ROWS, "Orders"],
    )
    return expanded(one, {}, {one.name: one})[0]


async def test_only_what_changes_nothing_is_looked_at_and_the_same_question_once() -> None:
    own = TestHands(lambda name: Done(outcome="failed" if name == "well" else "ok", words=name))
    hands = Hands(executors=dict.fromkeys(("command", "http", "sql", "wait", "postgres"), own))
    found = await looked_at(steps(), hands, dict)
    assert sorted(found) == ["get", "met-1", "seen-1", "well"]
    assert (found["well"].outcome, found["met-1"]) == ("failed", found["seen-1"])
    assert len(own.looked) == 3
    assert own.begun == []


async def test_what_cannot_be_looked_at_is_not_known_and_says_why(expect_log: Any) -> None:
    expect_log("could not be looked at.*own fault", "ERROR")

    def does(name: str) -> Done:
        if name == "get":
            raise Malformed("url", "may not be called here", "allow it")
        raise RuntimeError("own fault")

    found = await looked_at(steps(), TestHands(does).hands(), dict)
    assert {done.outcome for done in found.values()} == {"unknown"}
    assert "may not be called here" in found["get"].words
    assert "RuntimeError" in found["well"].words
    bare = await looked_at(steps(), Hands(executors={}), dict)
    assert "cannot be done by this station" in bare["well"].words


async def test_what_never_answers_is_given_up() -> None:
    own = TestHands()
    own.may_end.clear()
    found = await looked_at(steps(), own.hands(), dict, all_s=0.05)
    assert {done.words for done in found.values()} == {LATE}
    assert len(found) == 4
