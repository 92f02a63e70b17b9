"""Firings per minute."""

from __future__ import annotations

from crisisdesk.desk.alerts.rates import Rates

from tests.desk.alerts.rows import NOW, alert_row


def test_rates_count_what_was_added_and_forget_after_twelve_minutes() -> None:
    rates = Rates()
    for _ in range(2):
        rates.learn([alert_row("A-1", count=5, last_seen_at=NOW)], NOW)
    rates.learn([alert_row("A-1", count=9, last_seen_at=NOW + 60_000)], NOW + 60_000)
    assert rates.of("A-1", NOW + 60_000)[-2:] == [5, 4]
    assert rates.total(NOW + 60_000) == 5
    assert rates.of("A-9", NOW) == []
    late = NOW + 20 * 60_000
    assert rates.of("A-1", late) == []
    rates.sweep(late)
    assert rates.total(late) == 0
    rates.learn([alert_row("A-1", count=2, epoch="e2", last_seen_at=late)], late)
    assert rates.of("A-1", late)[-1] == 2
