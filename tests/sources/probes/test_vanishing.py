"""When an alert that is no longer told is over: never by a start of the system that tells it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.sources.probes.vanishing import ALERTS_LIMIT, REPEAT_MS, Judged, Seen, judge

SETTLE_MS = 300_000
STEP_MS = 30_000


def fires(key: str, *, start: int | None = 5, severity: Severity = Severity.HIGH) -> Signal:
    return Signal(
        source="alertmanager",
        key=key,
        action=SignalAction.FIRE,
        severity=severity,
        title=key,
        starts_at=start,
    )


def seen(*keys: str, run: str = "r1", quiet: str = "", start: int | None = 5) -> Seen:
    return Seen([fires(key, start=start) for key in keys], frozenset(quiet), run)


class Watcher:
    """Looks every half minute and keeps the bookmark."""

    def __init__(self) -> None:
        self.now = 1_000_000
        self.bookmark: dict[str, object] = {}

    def look(self, told: Seen, *, after_ms: int = STEP_MS) -> Judged:
        self.now += after_ms
        judged = judge(self.bookmark, told, now=self.now, settle_ms=SETTLE_MS)
        self.bookmark = judged.bookmark
        return judged

    def news(self, told: Seen, *, after_ms: int = STEP_MS) -> list[str]:
        signals = self.look(told, after_ms=after_ms).signals
        return [f"{signal.action}:{signal.key}" for signal in signals]


def test_what_fires_is_told_once_and_again_after_a_while() -> None:
    watcher = Watcher()
    assert watcher.news(seen("a", "b")) == ["fire:a", "fire:b"]
    assert watcher.news(seen("a", "b")) == []
    assert watcher.news(seen("a", "b", "c")) == ["fire:c"]
    assert watcher.news(seen("a", "b", "c"), after_ms=REPEAT_MS - STEP_MS * 2) == [
        "fire:a",
        "fire:b",
    ]


def test_what_gets_worse_is_told_at_once() -> None:
    watcher = Watcher()
    watcher.news(seen("a"))
    worse = Seen([fires("a", severity=Severity.CRITICAL)], frozenset(), "r1")
    assert watcher.news(worse) == ["fire:a"]


def test_what_is_missing_twice_is_over() -> None:
    watcher = Watcher()
    watcher.news(seen("a", "b"))
    judged = watcher.look(seen("b"))
    assert (judged.signals, judged.held) == ([], 1)
    assert watcher.news(seen("b")) == ["resolve:a"]
    assert watcher.news(seen("b")) == []


def test_missing_once_is_nothing() -> None:
    watcher = Watcher()
    watcher.news(seen("a"))
    for _ in range(3):
        assert watcher.news(seen()) == []
        assert watcher.news(seen("a")) == []


def test_a_system_that_was_started_ends_nothing_until_it_has_run_for_a_while() -> None:
    watcher = Watcher()
    watcher.news(seen("a", "b"))
    for _ in range(10):
        assert watcher.news(seen(run="r2")) == []
    assert watcher.news(seen("a", run="r2")) == ["fire:a", "resolve:b"]


def test_one_that_is_started_over_and_over_ends_nothing() -> None:
    watcher = Watcher()
    watcher.news(seen("a"))
    for number in range(200):
        assert watcher.news(seen(run=f"r{number + 2}")) == []
    assert len(watcher.bookmark["runs"]) == 8  # type: ignore[arg-type]


def test_two_that_answer_in_turn_are_told_apart() -> None:
    watcher = Watcher()
    watcher.news(seen("a", run="r1"))
    for _ in range(11):
        watcher.news(seen("a", run="r2"))
        watcher.news(seen("a", run="r1"))
    assert watcher.news(seen(run="r2")) == []
    assert watcher.news(seen(run="r1")) == ["resolve:a"]


def test_where_no_run_is_told_what_is_missing_waits_as_long() -> None:
    watcher = Watcher()
    watcher.news(seen("a", run=""))
    for _ in range(SETTLE_MS // STEP_MS):
        assert watcher.news(seen(run="")) == []
    assert watcher.news(seen(run="")) == ["resolve:a"]


def test_what_is_silenced_there_is_not_over() -> None:
    watcher = Watcher()
    watcher.news(seen("a"))
    for _ in range(5):
        assert watcher.news(seen(quiet="ab")) == []
    assert watcher.news(seen()) == []
    assert watcher.news(seen()) == ["resolve:a"]


def test_an_occurrence_that_was_held_to_be_over_and_goes_on_begins_anew() -> None:
    watcher = Watcher()
    watcher.news(seen("a"))
    watcher.news(seen())
    assert watcher.news(seen()) == ["resolve:a"]
    [again] = watcher.look(seen("a")).signals
    assert (again.action, again.starts_at) == (SignalAction.FIRE, None)
    [repeated] = watcher.look(seen("a"), after_ms=REPEAT_MS).signals
    assert repeated.starts_at is None
    [new] = watcher.look(seen("a", start=9)).signals
    assert new.starts_at == 9


def test_too_many_are_counted_and_none_that_is_known_is_lost() -> None:
    watcher = Watcher()
    watcher.news(seen("first"))
    keys = [f"k{number}" for number in range(ALERTS_LIMIT + 5)]
    judged = watcher.look(seen(*keys, "first"))
    assert judged.beyond == 6
    assert watcher.look(seen(*keys, "first")).signals == []


def test_a_spoilt_bookmark_counts_as_none() -> None:
    spoilt: dict[str, object] = {
        "alerts": {"a": ["high@5", "x", 0], "b": 7, "c": ["high", 1, 0]},
        "gone": [],
        "runs": {"r0": "yesterday"},
    }
    judged = judge(spoilt, seen("a"), now=50, settle_ms=SETTLE_MS)
    assert [signal.key for signal in judged.signals] == ["a"]


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from("abc")), st.sampled_from(["r1", "r2", ""])), max_size=30
    )
)
def test_an_end_is_told_only_of_what_was_told_to_fire_and_is_missing(
    looks: list[tuple[set[str], str]],
) -> None:
    watcher = Watcher()
    is_open: set[str] = set()
    for keys, run in looks:
        for signal in watcher.look(seen(*sorted(keys), run=run)).signals:
            if signal.action is SignalAction.FIRE:
                assert signal.key in keys
                is_open.add(signal.key)
            else:
                assert signal.key in is_open - keys
                is_open.remove(signal.key)
        assert keys <= is_open


def test_what_is_told_to_be_over_ends_at_once() -> None:
    watcher = Watcher()
    over = replace(fires("a"), action=SignalAction.RESOLVE)
    assert watcher.news(seen("a")) == ["fire:a"]
    assert watcher.news(Seen([], frozenset(), "r1", ended=[over])) == ["resolve:a"]
    assert watcher.news(Seen([], frozenset(), "r1", ended=[over])) == []
    # It goes on with the start that was ended: a new occurrence, or it would be taken for late.
    again = watcher.look(seen("a")).signals
    assert [(signal.action, signal.starts_at) for signal in again] == [(SignalAction.FIRE, None)]


def test_only_the_first_look_ends_what_it_has_not_seen_firing() -> None:
    over = [replace(fires(str(n)), action=SignalAction.RESOLVE) for n in range(ALERTS_LIMIT + 5)]
    watcher = Watcher()
    assert len(watcher.news(Seen([], frozenset(), "", ended=over))) == ALERTS_LIMIT
    assert watcher.news(Seen([], frozenset(), "", ended=over)) == []
