"""The real clock tells this machine's time; the manual one stands until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import localtime

from crisisdesk.engine.clock import ManualClock, SystemClock


def test_the_system_clock_tells_utc_milliseconds() -> None:
    before = localtime().astimezone(UTC)
    told = datetime.fromtimestamp(SystemClock().now_ms() / 1000, UTC)
    after = localtime().astimezone(UTC)
    assert before.replace(microsecond=0) <= told <= after.replace(microsecond=999_999)


def test_boottime_never_goes_back() -> None:
    clock = SystemClock()
    readings = [clock.boottime() for _ in range(100)]
    assert readings == sorted(readings)


def test_the_manual_clock_moves_only_by_hand() -> None:
    clock = ManualClock(1_000)
    assert (clock.now_ms(), clock.boottime()) == (1_000, 0.0)
    clock.advance(500)
    assert (clock.now_ms(), clock.boottime()) == (1_500, 0.5)
