"""The fold of an escalation: numbers go up, quiet moves the moment, any order ends the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.escalation.running import HISTORY_KEPT, Escalation
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import fold, state_bytes

from tests.domain.escalation.people import START

ESC = "ESC-0123456789ABCDEF"


def event(kind: str, n: int, origin: str = "a", dedup: str | None = None, **body: Any) -> Event:
    return Event(
        origin=origin * 32,
        seq=n,
        hlc=(START + n) << 16,
        id=f"{n:032x}",
        dedup_id=dedup,
        agg=ESC,
        kind=f"escalation.{kind}",
        actor="engine",
        wall_ms=START + n,
        body=body,
    )


def started(n: int = 1, **more: Any) -> Event:
    body = {"alert_id": "A-1", "epoch": "n1", "life": 1, "due": START + 100, **more}
    return event("started", n, **body)


def step(n: int, number: int, origin: str = "a", **more: Any) -> Event:
    body = {"number": number, "step": number, "round": 1, "contacts": ["C-1"], "due": START + 900}
    return event("stepped", n, origin, f"step-{number}", **(body | more))


def folded(*events: Event) -> Escalation:
    state = fold(events)
    assert isinstance(state, Escalation)
    return state


def test_the_first_step_may_come_with_the_start() -> None:
    begun = folded(started(number=1, step=1, round=1, contacts=["C-1"], due=START + 300))
    assert (begun.number, begun.due_at, begun.contacts()) == (1, START + 300, {"C-1"})
    waiting = folded(started(quiet_by="wait"))
    assert (waiting.number, waiting.due_at, waiting.quiet_by) == (0, START + 100, "wait")
    assert waiting.history == []


def test_a_step_counts_once_and_never_goes_back() -> None:
    state = folded(started(), step(2, 1), step(3, 2), step(4, 1, "b", due=START + 5))
    assert (state.number, state.due_at) == (2, START + 900)
    assert [entry["number"] for entry in state.history] == [1, 2]


def test_quiet_moves_the_moment_and_a_step_ends_it() -> None:
    quiet = event("deferred", 2, number=0, due=START + 5_000, by="SIL-1")
    state = folded(started(), quiet)
    assert (state.due_at, state.quiet_by) == (START + 5_000, "SIL-1")
    assert folded(started(), quiet, step(3, 1)).quiet_by == ""
    stale = event("deferred", 3, number=0, due=START + 5_000, by="SIL-1")
    assert folded(started(), step(2, 1), stale).due_at == START + 900


def test_held_rests_until_it_is_resumed() -> None:
    held = event("held", 3, number=1)
    state = folded(started(), step(2, 1), held)
    assert (state.due_at, state.held_at) == (None, START + 3)
    woken = folded(started(), step(2, 1), held, event("resumed", 4, due=START + 4, why="x"))
    assert (woken.due_at, woken.held_at) == (START + 4, None)
    later = folded(started(), step(2, 1), event("resumed", 3, due=START + 99_999, why="x"))
    assert later.due_at == START + 900, "never later than it was"
    stale = folded(started(), step(2, 1), step(3, 2), event("held", 4, number=1))
    assert stale.due_at == START + 900


def test_what_has_ended_can_only_be_looked_at_again() -> None:
    over = [started(), step(2, 1), event("ended", 3, why="the alert is resolved")]
    state = folded(*over)
    assert (state.due_at, state.is_over, state.ended_why) == (None, True, "the alert is resolved")
    assert folded(*over, step(4, 2)) == state
    again = folded(*over, event("resumed", 4, due=START + 4, why="nobody has it"))
    assert (again.due_at, again.is_over) == (START + 4, False)


def test_the_history_is_bounded() -> None:
    state = folded(started(), *(step(n + 1, n) for n in range(1, HISTORY_KEPT + 11)))
    assert [entry["number"] for entry in state.history] == list(range(11, HISTORY_KEPT + 11))


KINDS = st.sampled_from(["stepped", "deferred", "held", "resumed", "ended"])


@given(st.data())
def test_any_order_of_arrival_ends_in_the_same_bytes(data: st.DataObject) -> None:
    told = [started()]
    for n in range(2, 2 + data.draw(st.integers(1, 12))):
        number, origin = data.draw(st.integers(0, 4)), data.draw(st.sampled_from("ab"))
        kind = data.draw(KINDS)
        if kind == "stepped":
            told.append(step(n, max(number, 1), origin, due=START + data.draw(st.integers(0, 99))))
        else:
            body: dict[str, Any] = {"number": number, "due": START + n, "by": "SIL-1", "why": "x"}
            told.append(event(kind, n, origin, **body))
    shuffled = data.draw(st.permutations(told))
    whole, again = fold(told), fold(shuffled)
    assert whole is not None
    assert again is not None
    assert state_bytes(whole) == state_bytes(again)
