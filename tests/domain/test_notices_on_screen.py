"""Whatever happens, few notices stand on the screen at once and what they say is true."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crisisdesk.domain.notice_words import Notice
from crisisdesk.domain.notices import (
    SLOTS,
    SUMMARY_GAP_MS,
    SUMMARY_KEY,
    NoticeBoard,
    NoticeStep,
)

from tests.domain.test_notices import HIGH, ME, MINUTE, NOW, Row, keys

ROWS = st.builds(
    Row,
    alert_id=st.sampled_from([f"A-{n}" for n in range(12)]),
    epoch=st.sampled_from(["1", "2"]),
    status=st.sampled_from(["active"] * 4 + ["acknowledged", "investigating", "resolved"]),
    severity=st.integers(1, 5),
    owner=st.sampled_from(["", "", "", ME, "Jack"]),
    sla_deadline=st.integers(NOW, NOW + MINUTE),
    sla_breached_at=st.sampled_from([None, None, NOW]),
)


class OnScreen(RuleBasedStateMachine):
    """A session that shows what it is told to and lets notices go when their time is over."""

    def __init__(self) -> None:
        super().__init__()
        self.board, self.now = NoticeBoard(), NOW
        self.rows: dict[str, Row] = {}
        self.screen: dict[str, tuple[Notice, int | None]] = {}
        self.last_summary = 0

    def carry_out(self, step: NoticeStep) -> None:
        for key in step.withdraw:
            self.screen.pop(key, None)
        assert len(set(keys(step))) == len(step.show)
        for notice in step.show:
            until = None if notice.lasts_ms is None else self.now + notice.lasts_ms
            self.screen[notice.key] = (notice, until)
            assert notice.grave is (notice.lasts_ms is None)
            if notice.key == SUMMARY_KEY:
                assert self.now - self.last_summary >= SUMMARY_GAP_MS
                self.last_summary = self.now
                self.check_summary(notice)
        gone = [key for key, (_, until) in self.screen.items() if until and until <= self.now]
        for key in gone:
            del self.screen[key]

    def check_summary(self, notice: Notice) -> None:
        total = int(notice.title.split()[0])
        alone = [key for key in self.screen if key != SUMMARY_KEY]
        assert total + len(alone) >= self.board.waiting() > 0
        assert total <= self.board.waiting()

    @rule(rows=st.lists(ROWS, max_size=8), passed=st.integers(0, 3000))
    def change(self, rows: list[Row], passed: int) -> None:
        self.now += passed
        self.rows.update((row.alert_id, row) for row in rows)
        self.carry_out(self.board.learn(rows, operator=ME, now_ms=self.now))

    @rule(passed=st.integers(0, 20_000))
    def wait(self, passed: int) -> None:
        self.now += passed
        self.carry_out(self.board.tick(self.now))

    @rule(data=st.data())
    def put_away(self, data: st.DataObject) -> None:
        if self.screen:
            key = data.draw(st.sampled_from(sorted(self.screen)))
            del self.screen[key]
            self.board.closed(key)

    @rule()
    def load_again(self) -> None:
        rows = list(self.rows.values())
        self.carry_out(self.board.learn(rows, operator=ME, now_ms=self.now, full=True))

    @invariant()
    def few_and_true(self) -> None:
        alone = [notice for key, (notice, _) in self.screen.items() if key != SUMMARY_KEY]
        assert len(alone) <= SLOTS
        for notice in alone:
            row = self.rows[notice.alert_id]
            assert (row.status, row.owner) == ("active", "")
            assert row.severity >= HIGH
        waiting = {
            row.alert_id
            for row in self.rows.values()
            if row.status == "active" and not row.owner and row.severity >= HIGH
        }
        assert self.board.waiting() <= len(waiting)


TestOnScreen = OnScreen.TestCase
