"""The confirmer in a living engine: asks when it is due, over restarts, only with the duty."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crisisdesk.engine.duty.ports import Leave
from crisisdesk.engine.ports import Confirmation, Outcome, Outgoing
from crisisdesk.engine.workers.confirmer import ConfirmingWorker

from tests.engine.workers.live import Live
from tests.store.workload import AT_ONCE


class Texts:
    """A provider of text messages: takes them all, and answers what a test wrote down."""

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.answers: dict[str, Confirmation] = {}
        self.asked: list[str] = []
        self.breaks = False

    async def send(self, outgoing: Outgoing) -> Outcome:
        self.taken.append(outgoing)
        return Outcome(ok=True, words="202", provider_id=f"SM{len(self.taken)}")

    async def confirm(self, url: str, provider_id: str, deadline_s: float) -> Confirmation:
        assert url.startswith("twilio://")
        assert deadline_s > 0
        self.asked.append(provider_id)
        if self.breaks:
            raise RuntimeError("a bug")
        await asyncio.sleep(0)
        return self.answers.get(provider_id, Confirmation(state="pending", words="queued"))

    async def aclose(self) -> None: ...


class NoDuty:
    """A gate of a station that must not page now."""

    def leave(self) -> Leave | None:
        return None


@pytest.fixture
def texts(live: Live) -> Texts:
    made = Texts()
    live.stop()
    live.sender = made
    live.policy = replace(
        live.policy, confirm_channels=frozenset({"sms"}), page_wait_ms=AT_ONCE.page_wait_ms
    )
    live.start()
    live.contact("Ann", "twilio://AC1:t0ken@15551230000/15557650000", "webhook://127.0.0.1:9/")
    return made


def look(live: Live, texts: Texts) -> int:
    """One round of a confirmer on this engine."""
    worker = ConfirmingWorker(live.engine.submit, texts, live.secrets)
    return live.runner.run(worker.look())


def test_what_was_sent_is_asked_after_when_it_is_due(live: Live, texts: Texts) -> None:
    alert_id = live.fire()
    live.until_status(alert_id, "sent")
    assert look(live, texts) == 0
    live.clock.advance(15_000)
    assert look(live, texts) == 1
    assert look(live, texts) == 0
    texts.answers["SM1"] = Confirmation(state="delivered", words="delivered")
    live.clock.advance(45_000)
    assert look(live, texts) == 1
    [page] = live.until_status(alert_id, "delivered")
    assert page.confirmed_at is not None
    assert texts.asked == ["SM1", "SM1"]


def test_a_restart_goes_on_asking(live: Live, texts: Texts) -> None:
    alert_id = live.fire()
    live.until_status(alert_id, "sent")
    live.stop()
    live.clock.advance(15_000)
    live.start()
    assert look(live, texts) == 1
    assert texts.asked == ["SM1"]


def test_what_never_arrived_reaches_the_contact_otherwise(live: Live, texts: Texts) -> None:
    alert_id = live.fire()
    live.until_status(alert_id, "sent")
    texts.answers["SM1"] = Confirmation(state="failed", words="30003 unreachable")
    live.clock.advance(15_000)
    look(live, texts)
    first, second = live.until_status(alert_id, "failed", "sent")
    assert (first.words, second.method_id) == ("30003 unreachable", "ann-1")


def test_without_the_duty_nobody_is_asked(live: Live, texts: Texts) -> None:
    live.until_status(live.fire(), "sent")
    live.clock.advance(15_000)
    gate = NoDuty()
    worker = ConfirmingWorker(live.engine.submit, texts, live.secrets, gate)  # type: ignore[arg-type]
    assert live.runner.run(worker.look()) == 0
    assert texts.asked == []


@pytest.mark.expect_log("asking after delivery .* failed", "ERROR")
def test_a_bug_in_asking_is_told_and_asked_again(live: Live, texts: Texts) -> None:
    alert_id = live.fire()
    live.until_status(alert_id, "sent")
    texts.breaks = True
    live.clock.advance(15_000)
    assert look(live, texts) == 1
    [page] = live.pages(alert_id)
    assert (page.status, page.asked) == ("sent", 1)


def test_the_engine_asks_by_itself(live: Live) -> None:
    made = Texts()
    made.answers["SM1"] = Confirmation(state="read", words="read")
    live.stop()
    live.sender = live.confirmer = made
    live.policy = replace(
        live.policy, confirm_channels=frozenset({"sms"}), page_wait_ms=AT_ONCE.page_wait_ms
    )
    live.start()
    live.contact("Ann", "twilio://AC1:t0ken@15551230000/15557650000")
    alert_id = live.fire()
    live.until_status(alert_id, "sent")
    live.clock.advance(15_000)
    live.until_status(alert_id, "read")
