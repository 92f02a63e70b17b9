"""A notice for each alert nobody has, three at once, a summary of the rest, and none too many."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.notice_words import Notice, Stage
from crisisdesk.domain.notices import (
    CORRECTION_GAP_MS,
    DUE_AT_ONCE,
    LASTS_MS,
    SLOTS,
    SUMMARY_GAP_MS,
    SUMMARY_KEY,
    NoticeBoard,
    NoticeStep,
    stage_of,
    warn_ms,
)

MEDIUM, HIGH, CRITICAL, EMERGENCY = 2, 3, 4, 5
MINUTE = 60_000
NOW = 1_790_000_000_000
ME = "Klára"


class Row(NamedTuple):
    alert_id: str = "A-1"
    epoch: str = "1"
    status: str = "active"
    severity: int = CRITICAL
    title: str = "Replication stopped"
    service: str = "db-primary"
    owner: str = ""
    detected_at: int = NOW
    sla_deadline: int = NOW + 5 * MINUTE
    sla_breached_at: int | None = None


def alerts(count: int, severity: int = CRITICAL, first: int = 1) -> list[Row]:
    return [Row(alert_id=f"A-{first + n}", severity=severity) for n in range(count)]


def learn(board: NoticeBoard, *rows: Row, at: int = 0, **more: Any) -> NoticeStep:
    return board.learn(rows, operator=ME, now_ms=NOW + at, **more)


def keys(step: NoticeStep) -> list[str]:
    return [notice.key for notice in step.show]


def test_a_new_alert_gets_one_notice_and_only_one() -> None:
    board = NoticeBoard()
    (notice,) = learn(board, Row()).show
    assert notice == Notice(
        key="A-1",
        alert_id="A-1",
        title="Critical: Replication stopped",
        body="db-primary: nobody has it yet.",
        severity=CRITICAL,
        lasts_ms=None,
    )
    assert not learn(board, Row(), at=40)
    assert not board.tick(NOW + MINUTE)


@pytest.mark.parametrize("severity", [1, MEDIUM])
def test_a_severity_that_pages_nobody_gets_none(severity: int) -> None:
    assert not learn(NoticeBoard(), Row(severity=severity))
    assert keys(learn(NoticeBoard(paging={severity}), Row(severity=severity))) == ["A-1"]


@pytest.mark.parametrize(
    "row",
    [
        Row(owner=ME),
        Row(owner="Jack"),
        Row(status="acknowledged", owner="Jack"),
        Row(status="resolved"),
        Row(status="closed"),
    ],
)
def test_what_somebody_has_or_is_over_gets_none(row: Row) -> None:
    assert not learn(NoticeBoard(), row)


@pytest.mark.parametrize(
    ("severity", "lasts_ms"), [(HIGH, LASTS_MS), (CRITICAL, None), (EMERGENCY, None)]
)
def test_only_critical_and_emergency_stand(severity: int, lasts_ms: int | None) -> None:
    (notice,) = learn(NoticeBoard(), Row(severity=severity)).show
    assert notice.lasts_ms == lasts_ms
    assert notice.grave is (lasts_ms is None)


@pytest.mark.parametrize("status", ["acknowledged", "investigating", "resolved", "closed"])
def test_it_is_taken_back_when_somebody_has_it_or_it_is_over(status: str) -> None:
    board = NoticeBoard()
    learn(board, Row())
    step = learn(board, Row(status=status, owner="Jack"))
    assert step == NoticeStep(withdraw=("A-1",))
    assert board.waiting() == 0
    assert keys(learn(board, Row())) == ["A-1"], "given back by Jack: nobody has it again"


def test_a_notice_that_has_gone_by_itself_is_taken_back_from_the_list_too() -> None:
    board = NoticeBoard()
    learn(board, Row(severity=HIGH))
    assert not board.tick(NOW + LASTS_MS)
    step = learn(board, Row(severity=HIGH, status="resolved"), at=LASTS_MS + 1)
    assert step.withdraw == ("A-1",)


def test_what_this_operator_had_in_hand_is_never_told_again() -> None:
    board = NoticeBoard()
    learn(board, Row())
    learn(board, Row(status="acknowledged", owner=ME), at=1000)
    assert not learn(board, Row(), at=2000)
    assert not learn(board, Row(severity=EMERGENCY), at=3000)
    assert not board.tick(NOW + 60 * MINUTE)
    assert keys(learn(board, Row(epoch="2"), at=4000)) == ["A-1"], "another outbreak is news"


def test_another_operator_is_told_of_what_the_last_one_gave_back() -> None:
    board = NoticeBoard()
    learn(board, Row(status="acknowledged", owner=ME))
    assert not learn(board, Row())
    assert board.learn([Row()], operator="Jack", now_ms=NOW).show


def test_after_its_end_the_next_outbreak_is_told_even_within_one_change() -> None:
    board = NoticeBoard()
    learn(board, Row())
    step = learn(board, Row(epoch="2"), at=500)
    assert (step.withdraw, keys(step)) == (("A-1",), ["A-1"])


def test_growing_worse_is_told_once_and_growing_milder_is_not() -> None:
    board = NoticeBoard()
    learn(board, Row(severity=HIGH))
    step = learn(board, Row(severity=CRITICAL), at=20_000)
    assert step.show[0].title == "Critical: Replication stopped"
    assert not learn(board, Row(severity=HIGH), at=21_000)
    assert not learn(board, Row(severity=CRITICAL), at=22_000)


def test_the_pre_alarm_and_the_breach_are_each_told_once() -> None:
    board = NoticeBoard()
    learn(board, Row())
    assert not board.tick(NOW + 4 * MINUTE - 1)
    (soon,) = board.tick(NOW + 4 * MINUTE).show
    assert soon.key == "A-1", "it replaces the first"
    assert soon.title == "Critical, soon late: Replication stopped"
    assert soon.body == "db-primary: nobody has it, 1 min left."
    assert not board.tick(NOW + 5 * MINUTE - 1)
    (late,) = board.tick(NOW + 5 * MINUTE).show
    assert late.title == "Critical, late: Replication stopped"
    assert late.body == "db-primary: nobody has acknowledged it in time."
    assert not learn(board, Row(sla_breached_at=NOW + 5 * MINUTE), at=5 * MINUTE + 250)
    assert not board.tick(NOW + 500 * MINUTE)


def test_more_clocks_than_one_step_looks_at_are_told_in_the_next() -> None:
    board = NoticeBoard()
    learn(board, *alerts(DUE_AT_ONCE, HIGH))
    learn(board, Row(sla_deadline=NOW + 6 * MINUTE, alert_id="A-0"), at=60_000)
    at = NOW + 10 * MINUTE
    assert "A-0" not in keys(board.tick(at)), "its clock ran out last"
    assert "A-0" in keys(board.tick(at + 250))


def test_an_alert_that_comes_late_is_told_as_late() -> None:
    (notice,) = learn(NoticeBoard(), Row(), at=9 * MINUTE).show
    assert notice.title.startswith("Critical, late: ")
    assert stage_of(Row(sla_breached_at=NOW), NOW) is Stage.LATE
    assert stage_of(Row(), warn_ms(Row())) is Stage.SOON_LATE


def test_a_new_deadline_moves_the_warning() -> None:
    board = NoticeBoard()
    learn(board, Row())
    learn(board, Row(sla_deadline=NOW + 50 * MINUTE))
    assert not board.tick(NOW + 39 * MINUTE)
    assert keys(board.tick(NOW + 40 * MINUTE)) == ["A-1"]


def test_a_burst_is_three_notices_and_one_summary() -> None:
    board = NoticeBoard()
    burst = [*alerts(4, HIGH), *alerts(4, CRITICAL, 11)]
    step = learn(board, *burst)
    assert keys(step) == ["A-11", "A-12", "A-13", SUMMARY_KEY]
    more = step.show[-1]
    assert more.title == "5 more alerts wait: 1 critical, 4 high"
    assert (more.alert_id, more.severity, more.lasts_ms) == ("", CRITICAL, None)


def test_in_a_storm_the_summary_comes_at_most_every_two_seconds() -> None:
    board = NoticeBoard()
    learn(board, *alerts(4))
    shown = []
    for number in range(100):
        step = learn(board, *alerts(5, CRITICAL, 100 + number * 5), at=40 * (number + 1))
        shown += [(40 * (number + 1), notice.title) for notice in step.show]
    assert [at for at, _ in shown] == [SUMMARY_GAP_MS, 2 * SUMMARY_GAP_MS]
    assert shown[-1][1] == "501 more alerts wait: 501 critical"


def test_news_behind_a_summary_is_said_when_the_gap_is_over() -> None:
    board = NoticeBoard()
    learn(board, *alerts(4))
    assert not learn(board, *alerts(1, CRITICAL, 50), at=100)
    assert not board.tick(NOW + SUMMARY_GAP_MS - 1)
    (more,) = board.tick(NOW + SUMMARY_GAP_MS).show
    assert more.title == "2 more alerts wait: 2 critical"
    assert not more.quiet


def test_a_worse_alert_takes_the_place_of_the_mildest() -> None:
    board = NoticeBoard()
    learn(board, *alerts(3, HIGH))
    step = learn(board, Row(alert_id="A-9", severity=EMERGENCY), at=100)
    assert step.withdraw == ("A-3",)
    assert keys(step) == ["A-9", SUMMARY_KEY]
    assert step.show[1].title == "1 more alert waits: 1 high"
    assert step.show[1].body == "Nobody has it yet."
    same = learn(board, Row(alert_id="A-10", severity=HIGH), at=5000)
    assert keys(same) == [SUMMARY_KEY], "an equal takes nobody's place"


def test_a_free_place_is_for_the_next_alert_not_for_those_summed_up() -> None:
    board = NoticeBoard()
    learn(board, *alerts(5))
    step = learn(board, Row(status="acknowledged", owner="Jack"), at=3000)
    assert (step.withdraw, step.show) == (("A-1",), ())
    assert keys(learn(board, Row(alert_id="A-50"), at=3100)) == ["A-50"]


def test_a_closed_notice_frees_its_place_and_stays_away() -> None:
    board = NoticeBoard()
    learn(board, *alerts(3))
    board.closed("A-2")
    assert not board.tick(NOW + 1000)
    assert keys(learn(board, Row(alert_id="A-4"), at=1100)) == ["A-4"]


def test_the_summary_is_corrected_quietly_and_taken_back_with_the_last() -> None:
    board = NoticeBoard()
    learn(board, *alerts(6))
    taken = [row._replace(status="acknowledged", owner="Jack") for row in alerts(6)]
    assert not learn(board, taken[5], at=3000)
    assert not board.tick(NOW + CORRECTION_GAP_MS - 1)
    (more,) = board.tick(NOW + CORRECTION_GAP_MS).show
    assert (more.title, more.quiet) == ("2 more alerts wait: 2 critical", True)
    step = learn(board, *taken[3:5], at=10_001)
    assert step == NoticeStep(withdraw=(SUMMARY_KEY,))


def test_a_closed_summary_stays_away_until_there_is_news() -> None:
    board = NoticeBoard()
    learn(board, *alerts(6))
    board.closed(SUMMARY_KEY)
    assert not learn(board, Row(alert_id="A-6", status="resolved"), at=20_000)
    assert keys(learn(board, Row(alert_id="A-7"), at=21_000)) == [SUMMARY_KEY]


def test_a_summary_of_high_alerts_goes_by_itself() -> None:
    board = NoticeBoard()
    more = learn(board, *alerts(5, HIGH)).show[-1]
    assert more.lasts_ms == LASTS_MS
    assert not board.tick(NOW + LASTS_MS)
    assert not learn(board, Row(status="resolved", severity=HIGH, alert_id="A-5"), at=30_000)


def test_a_load_in_parts_is_one_burst() -> None:
    board = NoticeBoard()
    assert not learn(board, *alerts(10, HIGH), full=True, loading=True)
    assert not board.tick(NOW + 250)
    assert not learn(board, *alerts(10, CRITICAL, 50), loading=True)
    step = learn(board, at=300)
    assert keys(step) == ["A-50", "A-51", "A-52", SUMMARY_KEY]
    assert step.show[-1].title == "17 more alerts wait: 7 critical, 10 high"


def test_a_second_load_tells_only_what_is_new_and_takes_back_what_is_gone() -> None:
    board = NoticeBoard()
    learn(board, *alerts(2))
    step = learn(board, *alerts(2, CRITICAL, 2), full=True, at=60_000)
    assert (step.withdraw, keys(step)) == (("A-1",), ["A-3"])


def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    board = NoticeBoard()
    learn(board, *alerts(4), at=60 * MINUTE)
    assert keys(learn(board, Row(alert_id="A-90"), at=0)) == [SUMMARY_KEY]


@given(st.lists(st.integers(3, 5), min_size=1, max_size=60))
def test_every_alert_of_a_burst_is_counted_once(severities: list[int]) -> None:
    rows = [Row(alert_id=f"A-{n}", severity=s) for n, s in enumerate(severities)]
    step = learn(NoticeBoard(), *rows)
    alone = [notice for notice in step.show if notice.key != SUMMARY_KEY]
    more = [notice for notice in step.show if notice.key == SUMMARY_KEY]
    assert len(alone) == min(SLOTS, len(rows))
    assert len(more) == (len(rows) > SLOTS)
    counted = Counter(notice.severity for notice in alone)
    words = "low medium high critical emergency".split()
    for part in more[0].title.split(": ")[1].split(", ") if more else []:
        number, name = part.split()
        counted[words.index(name) + 1] += int(number)
    assert counted == Counter(severities)
    assert min(notice.severity for notice in alone) >= max([n.severity for n in more], default=0)
