"""The pager where several stations share the work: leave, claim in the ledger, look, send, tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from crisisdesk.engine.commands import AcknowledgeAlerts
from crisisdesk.engine.duty.ports import Granted, Leave, LedgerRow
from crisisdesk.engine.workers.pager import Pager

from tests.comms.receivers import answer, receiving
from tests.engine.workers.live import Gate as Hanging
from tests.engine.workers.live import Live

YES = answer(200, "ok")
ME = "a" * 32


@dataclass
class Script:
    """Implements `PagerGate` by what a test wrote down."""

    token: int = 7
    may: bool = True
    grants: bool = True
    sent_elsewhere: bool = False
    before_send: Callable[[], bool] = lambda: True
    claimed: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    held: asyncio.Event | None = None
    listeners: list[Callable[[], None]] = field(default_factory=list)

    def on_leave(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)

    def leave(self) -> Leave | None:
        return Leave(holder=ME, token=self.token, asked=0.0) if self.may else None

    def apart(self) -> frozenset[str]:
        return frozenset()

    async def claim(self, _leave: Leave, keys: Sequence[str], claim_ms: int) -> Granted:
        assert claim_ms == 20_000
        await asyncio.sleep(0)
        if self.sent_elsewhere:
            rows = [
                LedgerRow(key=k, token=6, holder="b" * 32, state="sent", attempt=1, deadline_ms=0)
                for k in keys
            ]
            return Granted(attempts={}, sent=rows)
        self.claimed += keys
        if self.held is not None:
            await self.held.wait()
        return Granted(attempts=dict.fromkeys(keys, 1) if self.grants else {})

    def may_send(self, _leave: Leave, _within_s: float) -> bool:
        return self.before_send()

    def settle(
        self, _leave: Leave, keys: Sequence[str], state: str, _provider_id: str = ""
    ) -> None:
        self.told += [(key, state) for key in keys]


@pytest.fixture
def script(live: Live) -> Script:
    gate = Script()
    pager: Pager = live.engine._pager
    pager._gate = gate
    return gate


def test_with_a_lease_it_is_claimed_in_the_ledger_and_told_to_it(
    live: Live, script: Script
) -> None:
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        [page] = live.until_status(live.fire(), "sent")
    assert script.claimed == [page.delivery_id]
    assert script.told == [(page.delivery_id, "sent")]
    assert (page.token, page.holder) == (7, ME)
    assert live.kinds(page.delivery_id) == [
        "delivery.queued",
        "delivery.claimed",
        "delivery.sent",
    ]


def test_without_leave_nothing_is_claimed_until_it_is_given(live: Live, script: Script) -> None:
    script.may = False
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        alert_id = live.fire()
        live.fire("other")
        assert live.kinds(live.pages(alert_id)[0].delivery_id) == ["delivery.queued"]
        assert not receiver.requests
        script.may = True
        live.until_status(alert_id, "sent")


def test_what_the_ledger_refuses_is_not_sent(live: Live, script: Script) -> None:
    script.grants = False
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        alert_id = live.fire()
        live.until(lambda: len(script.claimed) > 1)
        assert live.pages(alert_id)[0].status == "queued"
        assert not receiver.requests


def test_what_the_ledger_knows_as_sent_is_sent(live: Live, script: Script) -> None:
    script.sent_elsewhere = True
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        [page] = live.until_status(live.fire(), "sent")
        assert not receiver.requests
    assert "hub's ledger" in page.words


def test_a_lease_lost_between_claim_and_send_gives_the_claim_back(
    live: Live, script: Script
) -> None:
    looks: list[int] = []

    def second_time() -> bool:
        looks.append(1)
        return len(looks) > 1

    script.before_send = second_time
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        [page] = live.until_status(live.fire(), "sent")
        assert len(receiver.requests) == 1
    assert "delivery.released" in live.kinds(page.delivery_id)
    assert (page.tries, page.unknown) == (1, 0)
    assert [state for _key, state in script.told] == ["failed", "sent"]


def test_an_acknowledgement_between_claim_and_send_stops_it(live: Live, script: Script) -> None:
    """Read again directly before the send, after the ledger was asked."""
    held = script.held = asyncio.Event()
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        alert_id = live.fire()
        live.until(lambda: script.claimed)
        live.do(AcknowledgeAlerts(alert_ids=[alert_id]), "Zoë")
        held.set()
        [page] = live.until_status(alert_id, "superseded")
        live.until(lambda: script.told)
        assert not receiver.requests
    assert script.told == [(page.delivery_id, "failed")]


def test_acting_without_the_hub_asks_no_ledger(live: Live, script: Script) -> None:
    script.token = 0
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        [page] = live.until_status(live.fire(), "sent")
    assert script.claimed == []
    assert (page.token, page.holder) == (0, ME)


def test_one_station_never_sends_a_page_twice_at_the_same_time(live: Live, script: Script) -> None:
    """Its claim has run out while the provider thinks, as after a freeze: not claimed anew."""
    gate = Hanging(YES)
    with receiving(gate) as receiver:
        live.contact("Ann", f"webhook://{receiver.host}/x")
        alert_id = live.fire()
        live.until(lambda: receiver.requests)
        live.clock.advance(live.policy.retry.claim_ms() + 1)
        live.fire("other")
        live.until(lambda: len(receiver.requests) == 2)
        gate.open()
        [page] = live.until_status(alert_id, "sent")
    assert len(script.claimed) == 2
    assert page.attempt == 1
