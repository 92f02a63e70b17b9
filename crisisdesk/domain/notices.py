"""Which desktop notices to show, replace or take back: a rule over alerts, time and what was shown.

The board is told of every change and of the time. It answers with steps; whoever shows notices
carries them out in order, and tells it of notices a person or the session has closed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from heapq import heappop, heappush, nsmallest
from typing import Protocol

from crisisdesk.domain.alert import AlertStatus
from crisisdesk.domain.notice_words import Notice, Stage, alert_notice, summary_notice
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

SLOTS = 3
LASTS_MS = 10_000
# News that finds every slot taken: the summary comes at most this often.
SUMMARY_GAP_MS = 2_000
# A summary that only became untrue is corrected, without calling attention, this often.
CORRECTION_GAP_MS = 10_000
SUMMARY_KEY = "more"
# Clocks looked at in one step; tens of thousands may run out together, the rest come next time.
DUE_AT_ONCE = 4_000
PAGING_RANKS = frozenset(
    SEVERITY_RANK[name] for name in (Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY)
)
WARN_PERCENT = 80
_GRAVE_RANK = SEVERITY_RANK[Severity.CRITICAL]
_OVER = (AlertStatus.RESOLVED, AlertStatus.CLOSED)


class NoticeRow(Protocol):
    """What the rule reads of an alert; times are UTC ms, ``severity`` the rank 1 to 5."""

    @property
    def alert_id(self) -> str: ...
    @property
    def epoch(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def severity(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def detected_at(self) -> int: ...
    @property
    def sla_deadline(self) -> int: ...
    @property
    def sla_breached_at(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeStep:
    """Take the notices of these keys back, then show these; one with a known key replaces it."""

    withdraw: tuple[str, ...] = ()
    show: tuple[Notice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.withdraw or self.show)


@dataclass(kw_only=True, slots=True)
class _Waiting:
    row: NoticeRow
    stage: Stage
    due_ms: int = 0
    said_stage: int = 0
    said_severity: int = 0

    def is_news(self) -> bool:
        return self.stage > self.said_stage or self.row.severity > self.said_severity


@dataclass(kw_only=True, slots=True)
class _Summary:
    notice: Notice | None = None
    counts: Counter[int] = field(default_factory=Counter)
    wanted: bool = False
    shown_ms: int | None = None
    until_ms: int | None = None


class NoticeBoard:
    """One notice per unowned alert of a paging severity, three at once, one summary of the rest.

    An alert is told when it comes, when it grows worse, when its time to be acknowledged is nearly
    over and when it is over; each once, and never again while this operator has had it in hand.
    Critical and emergency notices stand until they are taken back, others ``LASTS_MS``.
    """

    def __init__(self, paging: Set[int] = PAGING_RANKS) -> None:
        """``paging`` holds the severity ranks that call people."""
        self._paging = paging
        self._operator = ""
        self._mine: dict[str, str] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._counts: Counter[int] = Counter()
        self._news: dict[str, None] = {}
        self._due: list[tuple[int, str]] = []
        self._up: dict[str, int | None] = {}
        self._had: set[str] = set()
        self._ended: list[str] = []
        self._summary = _Summary()
        self._loading = False
        self._unseen: set[str] | None = None

    def waiting(self) -> int:
        """Alerts the rule is about now."""
        return len(self._waiting)

    def learn(
        self,
        rows: Iterable[NoticeRow],
        *,
        operator: str,
        now_ms: int,
        full: bool = False,
        loading: bool = False,
    ) -> NoticeStep:
        """Take newer rows. ``full`` begins anew: alerts that do not come again are over.

        While ``loading``, more rows of the same load follow and nothing new is shown.
        """
        if operator != self._operator:
            self._operator = operator
            self._mine.clear()
        if full:
            self._unseen = set(self._waiting)
        for row in rows:
            if self._unseen is not None:
                self._unseen.discard(row.alert_id)
            self._take(row, now_ms)
        self._loading = loading
        if not loading and self._unseen is not None:
            for name in self._unseen & self._waiting.keys():
                self._end(name)
            self._unseen = None
        return self._decide(now_ms)

    def tick(self, now_ms: int) -> NoticeStep:
        """Let time pass."""
        return self._decide(now_ms)

    def closed(self, key: str) -> None:
        """A person or the session has closed this notice; its place is free."""
        self._up.pop(key, None)
        if key == SUMMARY_KEY:
            self._summary.notice = None

    # -- what waits ------------------------------------------------------------------------

    def _take(self, row: NoticeRow, now_ms: int) -> None:
        name = row.alert_id
        if row.status in _OVER:
            self._mine.pop(name, None)
        elif row.owner and row.owner == self._operator:
            self._mine[name] = row.epoch
        waits = (
            row.status == AlertStatus.ACTIVE
            and not row.owner
            and row.severity in self._paging
            and self._mine.get(name) != row.epoch
        )
        known = self._waiting.get(name)
        if known is not None and (not waits or _life(known.row) != _life(row)):
            self._end(name)
            known = None
        if not waits:
            return
        if known is None:
            known = self._waiting[name] = _Waiting(row=row, stage=Stage.NEW)
        else:
            self._counts[known.row.severity] -= 1
        self._counts[row.severity] += 1
        known.row = row
        self._look_at(name, known, now_ms)

    def _look_at(self, name: str, one: _Waiting, now_ms: int) -> None:
        """Find its stage, plan the next one, and see whether there is news of it."""
        one.stage = max(one.stage, stage_of(one.row, now_ms))
        due_ms = 0
        if one.stage is Stage.NEW:
            due_ms = warn_ms(one.row)
        elif one.stage is Stage.SOON_LATE:
            due_ms = one.row.sla_deadline
        if due_ms and due_ms != one.due_ms:
            heappush(self._due, (due_ms, name))
        one.due_ms = due_ms
        if one.is_news():
            self._news[name] = None

    def _end(self, name: str) -> None:
        self._counts[self._waiting.pop(name).row.severity] -= 1
        self._news.pop(name, None)
        self._up.pop(name, None)
        if name in self._had:
            self._had.discard(name)
            self._ended.append(name)

    # -- what is shown ---------------------------------------------------------------------

    def _decide(self, now_ms: int) -> NoticeStep:
        withdraw, self._ended = self._ended, []
        if self._loading:
            return NoticeStep(withdraw=tuple(withdraw))
        self._let_clocks_run_out(now_ms)
        for name in [n for n, until in self._up.items() if until is not None and until <= now_ms]:
            del self._up[name]
        show: list[Notice] = []
        if self._news:
            self._tell(show, withdraw, now_ms)
        self._sum_up(show, withdraw, now_ms)
        return NoticeStep(withdraw=tuple(withdraw), show=tuple(show))

    def _let_clocks_run_out(self, now_ms: int) -> None:
        for _ in range(DUE_AT_ONCE):
            if not self._due or self._due[0][0] > now_ms:
                return
            due_ms, name = heappop(self._due)
            one = self._waiting.get(name)
            if one is not None and one.due_ms == due_ms:
                self._look_at(name, one, now_ms)

    def _tell(self, show: list[Notice], withdraw: list[str], now_ms: int) -> None:
        """Give the worst news a notice of its own, even the place of a milder one."""
        standing = [name for name in self._news if name in self._up]
        others = (name for name in self._news if name not in self._up)
        first = nsmallest(SLOTS, others, key=self._urgency)
        for name in sorted((*standing, *first), key=self._urgency):
            one = self._waiting[name]
            if name not in self._up and len(self._up) >= SLOTS:
                mildest = max(self._up, key=self._urgency)
                if self._waiting[mildest].row.severity >= one.row.severity:
                    continue
                del self._up[mildest]
                self._had.discard(mildest)
                withdraw.append(mildest)
                self._summary.wanted = True
            lasts_ms = _lasts_ms(one.row.severity)
            show.append(alert_notice(one.row, one.stage, lasts_ms, now_ms))
            self._up[name] = None if lasts_ms is None else now_ms + lasts_ms
            self._had.add(name)
            self._said(name)
        for name in list(self._news):
            self._summary.wanted = True
            self._said(name)

    def _urgency(self, name: str) -> tuple[int, int, int, str]:
        one = self._waiting[name]
        return (-one.row.severity, -one.stage, one.row.sla_deadline, name)

    def _said(self, name: str) -> None:
        one = self._waiting[name]
        one.said_stage, one.said_severity = one.stage, one.row.severity
        self._news.pop(name, None)

    def _sum_up(self, show: list[Notice], withdraw: list[str], now_ms: int) -> None:
        """Show, correct or take back the summary of what has no notice of its own."""
        last = self._summary
        if last.notice is not None and last.until_ms is not None and last.until_ms <= now_ms:
            last.notice = None
        if last.notice is None and not last.wanted:
            return
        counts = +(self._counts - Counter(self._waiting[name].row.severity for name in self._up))
        if not counts:
            last.wanted = False
            if last.notice is not None:
                last.notice = None
                withdraw.append(SUMMARY_KEY)
            return
        gap_ms = SUMMARY_GAP_MS if last.wanted else CORRECTION_GAP_MS
        soon = last.shown_ms is not None and last.shown_ms <= now_ms < last.shown_ms + gap_ms
        if soon or (not last.wanted and counts == last.counts):
            return
        lasts_ms = _lasts_ms(max(counts))
        notice = summary_notice(SUMMARY_KEY, counts, lasts_ms, quiet=not last.wanted)
        until_ms = None if lasts_ms is None else now_ms + lasts_ms
        self._summary = _Summary(notice=notice, counts=counts, shown_ms=now_ms, until_ms=until_ms)
        show.append(notice)


def warn_ms(row: NoticeRow) -> int:
    """UTC ms at which most of the time to acknowledge is gone."""
    return row.detected_at + (row.sla_deadline - row.detected_at) * WARN_PERCENT // 100


def stage_of(row: NoticeRow, now_ms: int) -> Stage:
    """How far an alert that nobody has is with its time."""
    if row.sla_breached_at is not None or now_ms >= row.sla_deadline:
        return Stage.LATE
    return Stage.SOON_LATE if now_ms >= warn_ms(row) else Stage.NEW


def _lasts_ms(severity: int) -> int | None:
    return None if severity >= _GRAVE_RANK else LASTS_MS


def _life(row: NoticeRow) -> tuple[str, int]:
    return row.epoch, row.detected_at
