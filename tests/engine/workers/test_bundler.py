"""Bundles in a living engine: what a receiver gets, what is left out, what another method gets."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crisisdesk.domain.severity import Severity
from crisisdesk.engine.commands import AcknowledgeAlerts, TakeIn
from crisisdesk.engine.ports import Outcome, Outgoing
from crisisdesk.engine.workers import bundler

from tests.engine.workers.live import Live
from tests.engine.workers.test_pager_with_others import Script
from tests.store.workload import AT_ONCE, signal


class Counting:
    """A sender that counts; it fails or waits as a test says."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.refused: list[Outgoing] = []
        self.refuses = ""
        self.hold: asyncio.Event | None = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        if self.hold is not None:
            await self.hold.wait()
        if self.refuses and self.refuses in outgoing.url:
            self.refused.append(outgoing)
            return Outcome(ok=False, words="403 who?", retryable=False)
        self.taken.append(outgoing)
        return Outcome(ok=True, words="200 ok", provider_id=f"p{len(self.taken)}")

    async def aclose(self) -> None: ...


@pytest.fixture
def counting(live: Live) -> Counting:
    made = Counting()
    live.stop()
    live.sender = made
    live.policy = replace(live.policy, page_wait_ms=AT_ONCE.page_wait_ms)
    live.start()
    return made


def fire(live: Live, count: int, severity: str = "high", first: int = 0) -> list[str]:
    signals = [signal(first + n, severity=severity) for n in range(count)]
    ids: list[str] = live.do(TakeIn(signals=signals), "source:test")
    return ids


def all_sent(live: Live, alerts: list[str]) -> bool:
    return all(page.status == "sent" for alert in alerts for page in live.pages(alert))


def test_a_burst_leaves_as_one_message_that_counts_it(live: Live, counting: Counting) -> None:
    live.contact("Ann", "webhook://127.0.0.1:9/")
    alerts = fire(live, 25)
    live.until(lambda: all_sent(live, alerts))
    [page] = counting.taken
    assert page.title == "25 alerts: 25 high"
    assert "By service: payments-" in page.text
    assert page.severity == "high"
    into = {p.into for alert in alerts for p in live.pages(alert)}
    assert into == {"", page.key}


def test_a_text_message_stays_short_whatever_it_tells(live: Live, counting: Counting) -> None:
    live.contact("Ann", "twilio://AC1:t0ken@15551230000/15557650000")
    alerts = fire(live, 200)
    live.until(lambda: all_sent(live, alerts))
    [text] = counting.taken
    assert len(f"{text.title}\r\n{text.text}") <= 480


def test_what_a_method_refuses_goes_as_one_message_to_the_next(
    live: Live, counting: Counting
) -> None:
    counting.refuses = "/no"
    live.contact("Ann", "webhook://127.0.0.1:9/no", "webhook://127.0.0.1:9/yes")
    alerts = fire(live, 12)
    live.until(lambda: all(live.pages(a)[-1].status == "sent" for a in alerts))
    assert (len(counting.refused), len(counting.taken)) == (1, 1)
    assert counting.taken[0].title == "12 alerts: 12 high"


def test_critical_pages_go_by_themselves_and_high_ones_together(
    live: Live, counting: Counting
) -> None:
    live.contact("Ann", "webhook://127.0.0.1:9/")
    signals = [signal(n, severity="high") for n in range(9)]
    signals.append(signal(50, severity="critical"))
    alerts = live.do(TakeIn(signals=signals), "source:test")
    live.until(lambda: all_sent(live, alerts))
    titles = sorted(page.title for page in counting.taken)
    assert titles[0] == "9 alerts: 9 high"
    assert titles[1].startswith("CRITICAL: ")


def test_the_minute_between_two_mails_survives_a_restart(live: Live, counting: Counting) -> None:
    live.contact("Ann", "mailto://127.0.0.1/?from=desk@example.org&to=ann@example.org")
    live.until_status(live.fire("one", Severity.HIGH), "sent")
    live.stop()
    live.start()
    later = [live.fire(f"disk {n}", Severity.HIGH) for n in range(5)]
    assert live.claimable() == []
    live.clock.advance(60_000)
    live.until(lambda: all_sent(live, later))
    assert len(counting.taken) == 2
    assert counting.taken[1].title == "5 alerts: 5 high"


def test_after_a_long_outage_all_that_is_still_open_comes_as_one(
    live: Live, counting: Counting
) -> None:
    """The engine was down: what was taken in hand meanwhile is left out, the rest is no news."""
    live.contact("Ann", "webhook://127.0.0.1:9/")
    counting.hold = asyncio.Event()
    alerts = fire(live, 6, "critical")
    live.stop()
    live.clock.advance(7 * 3_600_000)
    counting.hold = None
    live.start()
    live.do(AcknowledgeAlerts(alert_ids=alerts[:1]), "Zoë")
    live.until(lambda: all_sent(live, alerts[1:]))
    told = [page.title for page in counting.taken]
    assert all(title.startswith(("[possible repeat]", "Still open since")) for title in told)


@pytest.fixture
def script(live: Live, counting: Counting) -> Script:
    gate = Script()
    live.engine._pager._gate = gate
    return gate


def test_all_that_goes_together_is_claimed_in_the_ledger_and_told_to_it(
    live: Live, counting: Counting, script: Script
) -> None:
    live.contact("Ann", "webhook://127.0.0.1:9/")
    alerts = fire(live, 8)
    live.until(lambda: all_sent(live, alerts))
    keys = {page.delivery_id for alert in alerts for page in live.pages(alert)}
    assert len(counting.taken) == 1
    assert sorted(script.claimed) == sorted(keys)
    assert sorted(script.told) == sorted((key, "sent") for key in keys)


def test_one_acknowledged_between_claim_and_send_is_not_told(
    live: Live, counting: Counting, script: Script
) -> None:
    held = script.held = asyncio.Event()
    live.contact("Ann", "webhook://127.0.0.1:9/")
    alerts = fire(live, 5)
    live.until(lambda: script.claimed)
    live.do(AcknowledgeAlerts(alert_ids=alerts[:2]), "Zoë")
    held.set()
    live.until(lambda: all_sent(live, alerts[2:]))
    assert [page.title for page in counting.taken] == ["3 alerts: 3 high"]
    assert {page.status for a in alerts[:2] for page in live.pages(a)} == {"superseded"}


def test_when_all_are_in_hand_nothing_is_sent(
    live: Live, counting: Counting, script: Script
) -> None:
    held = script.held = asyncio.Event()
    live.contact("Ann", "webhook://127.0.0.1:9/")
    alerts = fire(live, 5)
    live.until(lambda: script.claimed)
    live.do(AcknowledgeAlerts(alert_ids=alerts), "Zoë")
    held.set()
    live.until(lambda: {p.status for a in alerts for p in live.pages(a)} == {"superseded"})
    assert counting.taken == []


def test_a_lease_lost_before_the_send_gives_the_whole_bundle_back(
    live: Live, counting: Counting, script: Script
) -> None:
    looks: list[int] = []

    def second_time() -> bool:
        looks.append(1)
        return len(looks) > 1

    script.before_send = second_time
    live.contact("Ann", "webhook://127.0.0.1:9/")
    alerts = fire(live, 5)
    live.until(lambda: all_sent(live, alerts))
    [page] = counting.taken
    assert page.title == "5 alerts: 5 high"
    assert not page.possible_repeat
    assert [state for _key, state in script.told] == ["failed"] * 5 + ["sent"] * 5


def test_in_a_storm_what_comes_meanwhile_joins_before_the_send(
    live: Live, counting: Counting, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundler, "MORE_FROM", 2)
    held = script.held = asyncio.Event()
    live.contact("Ann", "mailto://127.0.0.1/?from=desk@example.org&to=ann@example.org")
    alerts = fire(live, 6)
    live.until(lambda: script.claimed)
    alerts += fire(live, 30, first=100)
    held.set()
    live.until(lambda: all_sent(live, alerts))
    assert [page.title for page in counting.taken] == ["36 alerts: 36 high"]
    assert len(set(script.claimed)) == 36
    assert {state for _key, state in script.told} == {"sent"}
