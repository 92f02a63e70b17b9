"""The plan says who is paged when and by what, and NOBODY where it is nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.policies.plan_rows import (
    PlanRow,
    after_words,
    finding_rows,
    plan_rows,
    reached_words,
    read_hours,
    read_start,
    spoken_finding,
    spoken_plan,
)
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.escalation.policy import EscalationPolicy
from crisisdesk.domain.rehearsal import by_id, rehearse
from crisisdesk.domain.rota import Rota

from tests.domain.escalation.people import EVERYBODY, START, contact, person, policy

DAY = 86_400_000
PEOPLE = by_id([person("Ann", "sms", "voice"), person("Bob", "sms")])


def played(
    told: EscalationPolicy, people: dict[str, Contact] = PEOPLE, hours: int = 1
) -> list[PlanRow]:
    taken = rehearse(told, Rota([]), people, START, hours=hours).taken
    return plan_rows(taken, told, people, "critical", START)


def test_rounds_head_their_steps() -> None:
    night = policy({"to": [contact("Ann")], "wait_s": 120}, [EVERYBODY], repeat=1)
    rows = played(night, PEOPLE, 1)
    assert [row.key for row in rows[:4]] == ["round 1", "step 1", "step 2", "round 2"]
    assert (rows[0].quiet, rows[1].after, rows[1].utc) == ("of 2", "+00:00", "02:05:02")
    assert (rows[1].who, rows[1].ways, rows[1].step) == ("Ann", "by sms and voice", "step 1")
    assert (rows[2].after, rows[2].who) == ("+02:00", "Ann, Bob")
    assert rows[2].ways == "Ann by sms and voice, Bob by sms"
    at = [row.key for row in rows].index("over")
    assert (rows[at].word, rows[at + 1].word) == ("Repeats are over", "Round 3")
    assert rows[at + 1].quiet == "", "there is no third of two"
    assert spoken_plan(rows[0]) == "Round 1 of 2"
    assert "pages Ann by sms and voice" in spoken_plan(rows[1])


def test_nobody_is_said_in_full_with_the_reason() -> None:
    told = policy([contact("Nemo")], otherwise=[contact("Nemo")])
    row = played(told, PEOPLE, 1)[0]
    assert row.is_nobody
    assert "C-Nemo cannot be paged" in row.why
    assert "NOBODY is paged" in spoken_plan(row)
    assert reached_words([row]) == "1 step, 1 of them NOBODY"
    assert reached_words([]) == "no step within this time"


def test_many_people_are_counted_and_all_hands_said() -> None:
    many = by_id(person(f"P{i}") for i in range(7))
    told = policy([EVERYBODY])
    row = played(told, many, 1)[0]
    assert row.who == "7 people: P0, P1, P2, P3 and 3 more"
    assert row.ways == "by sms"
    told = policy({"to": [EVERYBODY], "ack": "all"})
    row = played(told, PEOPLE, 1)[0]
    assert (row.who, row.ways.split(";")[0]) == ("Ann, Bob", "all must answer")


def test_those_who_are_paged_in_another_way_are_named() -> None:
    people = by_id([person("Ann", "sms", "voice"), person("Bob"), person("Cyd"), person("Dan")])
    row = played(policy([EVERYBODY]), people)[0]
    assert row.ways == "Ann by sms and voice, the others by sms"
    many = [person(f"P{i}", "sms", f"way{i}") for i in range(6)]
    row = played(policy([EVERYBODY]), by_id([*many, person("Y"), person("Z")]))[0]
    assert row.ways.endswith("P3 by sms and way3, 2 more by other ways, the others by sms")


def test_the_rounds_of_a_single_step_are_its_rows() -> None:
    rows = played(policy([EVERYBODY], repeat=1))
    assert [row.step or row.word for row in rows[:4]] == [
        "round 1",
        "round 2",
        "Repeats are over",
        "round 3",
    ]


def test_another_day_is_named() -> None:
    told = policy({"to": [EVERYBODY], "wait_s": 86_400})
    rows = played(told, PEOPLE, 30)
    assert [row.utc for row in rows if row.after] == ["02:05:02", "Fri 13 Feb 02:05:02"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "+00:00"), (75, "+01:15"), (3_900, "+1 h 05"), (100_000, "+1 d 03 h")],
)
def test_the_time_since_the_start(seconds: int, words: str) -> None:
    assert after_words(seconds * 1000) == words


def test_what_refuses_comes_first_and_names_its_remedy() -> None:
    fault = Malformed("steps[0].wait_s", "'x' is out of bounds", "write 30 to 604800")
    found = Finding(level="warning", field="steps[1].to[0]", words="nobody")
    rows = finding_rows([fault], [found, found])
    assert [(row.level, row.where) for row in rows] == [
        ("refused", "Step 1, delay"),
        ("warning", "Step 2, target 1"),
        ("warning", "Step 2, target 1"),
    ]
    assert "write 30\u00a0s to 7\u00a0d, such as 5\u00a0min" in rows[0].words
    assert len({row.key for row in rows}) == 3
    assert spoken_finding(rows[1]) == "warning, Step 2, target 1: nobody"
    assert finding_rows([], []) == []
    [row] = finding_rows([Malformed("name", "is empty", "write a name")], [])
    assert row.level == "missing"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("now", START),
        (" Now ", START),
        ("", START),
        ("2026-02-12 02:05:02", START),
        ("2026-02-12T03:05:02+01:00", START),
        ("02:06", START + 58_000),
        ("2:05", START - 2_000 + DAY),
        ("02:06 UTC", START + 58_000),
    ],
)
def test_a_start_is_read(text: str, at: int) -> None:
    assert read_start(text, START) == at


@pytest.mark.parametrize(("text", "hours"), [("12", 12), (" 720 h", 720), ("1h", 1)])
def test_hours_ahead_are_read(text: str, hours: int) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize("text", ["", "0", "721", "soon", "-3", "1.5", "99999"])
def test_impossible_hours_are_refused_by_name(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_hours(text)
    assert (refused.value.field, "1 to 720" in refused.value.remedy) == ("hours", True)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_moment_or_refused_by_name(text: str) -> None:
    at, refused = -1, None
    try:
        at = read_start(text, START)
    except Malformed as error:
        refused = error
    if refused is None:
        assert at >= 0
    else:
        assert (refused.field, bool(refused.remedy)) == ("start", True)
