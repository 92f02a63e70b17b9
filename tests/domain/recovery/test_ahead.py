"""A look ahead: the exact words of each step, who agrees, what is never looked at."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.recovery.ahead import Ahead, ahead, doing, longest_ms, masked_args
from crisisdesk.domain.recovery.expanding import expanded, is_changing
from crisisdesk.domain.recovery.procedure import Procedure
from crisisdesk.domain.recovery.step import AUTOMATIC

from tests.domain.recovery.making import made

SQL = {"kind": "sql", "database": "orders", "query": "select {n}", "expect": {"value": "{n}"}}
SEEN = {**SQL, "title": "Rows are there", "expect": {"is": ">", "value": 0}}
PASSWORD = "password=hunter2secret"


def ways(one: Procedure, *others: Procedure, **arguments: str) -> dict[str, Ahead]:
    known = {p.name: p for p in (one, *others)}
    steps, _given = expanded(one, arguments, known)
    return {way.step_id: way for way in ahead(steps, one.rollback)}


def whole(**more: Any) -> Procedure:
    return made(
        {"id": "lag", "kind": "decision", "answers": ["yes", "no"]},
        {
            "id": "promote",
            "kind": "command",
            "command": "/bin/promote",
            "args": ["--to", "{n} it", PASSWORD],
            "timeout": "2m",
            "when": {"lag": "yes"},
            "exclusive": True,
            "rollback": {"kind": "command", "title": "Demote", "command": "/bin/demote"},
        },
        {
            "id": "switch",
            "kind": "http",
            "url": "https://lb/{n}",
            "method": "POST",
            "body": {"to": "{n}"},
            "secret": "lb",
            "timeout": "1m",
        },
        {"id": "well", "kind": "wait", "source": "shop", "for": "30s", "timeout": "5m"},
        prerequisites=["A backup is there"],
        parameters={"n": {"type": "text"}},
        success_criteria=["Orders", SEEN],
        rollback="on_deviation",
        **more,
    )


def test_each_step_says_word_for_word_what_it_would_do() -> None:
    found = ways(whole(), n="db 2")
    assert found["promote"].does == ('argv ["/bin/promote", "--to", "db 2 it", "password=***"]',)
    assert found["switch"].does == (
        "POST https://lb/db%202",
        'body {"to": "db 2"}',
        "with what is kept as lb, not shown",
        "expects 2xx",
    )
    assert found["seen-2"].does == (
        "at orders, read-only: select {n}",
        'with {"n": "db 2"}',
        "expects its first value > 0",
    )
    assert found["well"].does == ("waits until source shop is up, for 30 s",)
    assert found["lag"].does == ("a person answers yes or no",)
    assert found["pre-1"].does == ("a person does it",)
    assert "hunter2" not in "".join(line for way in found.values() for line in way.does)


def test_a_secret_is_masked_also_where_its_option_is_another_argument() -> None:
    args = ["--password", "hunter2", "-v", "db2", "--token=abc", "--api-key", "k k", "--to", "x"]
    shown = ["--password", "***", "-v", "db2", "--token=***", "--api-key", "***", "--to", "x"]
    assert masked_args(args) == shown
    assert masked_args([]) == []


def test_who_begins_a_step_who_agrees_and_what_takes_it_back() -> None:
    found = ways(whole(), n="db2")
    gate = "another person, by “Approve Fail over”"
    # The gate holds up what changes something, and all that comes after it.
    assert {name for name, way in found.items() if way.approval == gate} == {
        *("promote", "switch", "well", "met-1", "met-2", "promote~back"),
    }
    assert not found["lag"].approval
    assert not found["approve"].approval
    assert found["promote"].begins == (
        "the station, once somebody starts it, under the hub's claim"
    )
    assert found["promote"].opens == "after “Lag”; only if “Lag” is yes"
    assert found["promote"].back is found["promote~back"].step
    assert found["promote~back"].opens.startswith("when something failed")
    assert (found["pre-1"].opens, found["pre-1"].begins) == ("at once", "a person")
    assert (found["seen-2"].opens, found["seen-2"].begins) == ("at once", "the station")
    automatic = ways(whole(is_automated=True), n="db2")
    assert automatic["switch"].begins == "the station"
    two = {"id": "two", "kind": "approval", "approvals": 2, "expires": "5m"}
    own = ways(made(two, {"id": "go", "kind": "command", "command": "/bin/go"}))
    assert own["go"].approval == "2 other persons, by “Two”"
    assert own["two"].does == ("2 other persons approve, within 5 min",)


def test_how_long_it_may_take_counts_what_stands_side_by_side_once() -> None:
    one = made(
        {"id": "a", "kind": "command", "command": "/bin/a", "timeout": "1m"},
        {"id": "b", "kind": "command", "command": "/bin/b", "timeout": "9m", "after": ["a"]},
        {"id": "c", "kind": "command", "command": "/bin/c", "timeout": "2m", "after": ["a"]},
        {"id": "d", "after": ["b", "c"], "within": "3m"},
        requires_approval=False,
    )
    steps, _ = expanded(one, {}, {one.name: one})
    assert longest_ms(steps) == (1 + 9 + 3) * 60_000
    assert {way.step_id: way.at_most_ms for way in ahead(steps, "never")}["c"] == 120_000


def test_every_kind_of_step_has_words() -> None:
    one = made(
        {"id": "p", "kind": "postgres", "do": "promote", "database": "db2", "primary": "db1"},
        {"id": "w", "kind": "wait", "url": "https://h/x", "expect": [200, 204]},
        {"id": "b", "kind": "backup", "dump": "/b/x.dump", "against": "orders"},
        {"id": "c", "description": "Look at the lamp"},
    )
    found = ways(one)
    assert found["p"].does == ("promote db2, beside db1, at most 60 s behind, accept_loss no",)
    assert found["w"].does == ("waits until GET https://h/x answers 200 or 204",)
    assert found["b"].does[1] == "compares it with database orders"
    assert found["c"].does == ("a person: Look at the lamp",)
    assert all(doing(way.step) for way in found.values())
    for way in found.values():
        changes = way.step["kind"] in AUTOMATIC and is_changing(way.step)
        assert changes is (way.step_id == "p")
