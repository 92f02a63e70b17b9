"""Pages on their way to real receivers: claimed, retried, stopped, none in another's way."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any

import pytest

from crisisdesk.domain.answering import Offer
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.answer_links import AnswerLinks, AnswerWays
from crisisdesk.engine.commands import (
    AcknowledgeAlerts,
    RemoveContact,
    ResolveAlert,
    SaveContact,
    SendTestPage,
)
from crisisdesk.engine.ports import Outcome, Outgoing
from crisisdesk.engine.workers.pager import PER_METHOD, secret_name
from crisisdesk.store.files import reading_connection

from tests.comms.receivers import Mailbox, Receiver, Request, answer, mail_server, receiving
from tests.engine.workers.live import Gate, Live

YES = answer(200, "ok")


def hook(receiver: Receiver, path: str = "page") -> str:
    return f"webhook://{receiver.host}/{path}"


def closed_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_a_page_reaches_every_contact_by_its_first_method(live: Live) -> None:
    mailbox = Mailbox()
    with receiving(lambda _: YES) as first, mail_server(mailbox) as port:
        mail = f"mailto://127.0.0.1:{port}/?mode=insecure&from=desk@example.org&to=bob@example.org"
        live.contact("Ann", hook(first), mail)
        live.contact("Bob", mail)
        alert_id = live.fire()
        ann, bob = live.until_status(alert_id, "sent", "sent")
    assert (ann.method_id, bob.method_id) == ("ann-0", "bob-0")
    assert (ann.words, bob.provider_id) == ("200 Said: ok", "Q77")
    [request] = first.requests
    told = request.json()
    assert told["title"] == "CRITICAL: Trouble with disk"
    assert told["possible_repeat"] is False
    assert request.headers["idempotency-key"] == ann.delivery_id
    assert [to for to, _text in mailbox.mails] == [["bob@example.org"]]


def test_the_claim_is_on_disk_before_the_receiver_sees_anything(live: Live) -> None:
    seen: list[list[str]] = []

    def look(request: Request) -> bytes:
        sql = "SELECT kind FROM event WHERE agg = ? ORDER BY pos"
        with closing(reading_connection(live.store)) as raw:
            seen.append([kind for (kind,) in raw.execute(sql, (request.json()["key"],))])
        return YES

    with receiving(look) as receiver:
        live.contact("Ann", hook(receiver))
        [page] = live.until_status(live.fire(), "sent")
    assert seen == [["delivery.queued", "delivery.claimed"]]
    assert live.kinds(page.delivery_id) == [*seen[0], "delivery.sent"]


def test_a_failing_receiver_is_tried_again_after_the_pause(live: Live) -> None:
    answers = [answer(500, "no room"), YES]
    with receiving(lambda _: answers.pop(0)) as receiver:
        live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        [page] = live.until(lambda: [p for p in live.pages(alert_id) if p.failed_at])
        assert (page.status, page.attempt, page.words) == ("queued", 1, "500 Said: no room")
        pause = live.policy.retry.pause_ms(1, page.delivery_id, None)
        assert page.due_at == live.clock.now_ms() + pause
        live.clock.advance(pause - 1)
        assert live.claimable() == []
        live.clock.advance(1)
        [page] = live.until_status(alert_id, "sent")
    assert page.attempt == 2
    keys = [r.headers["idempotency-key"] for r in receiver.requests]
    assert keys == [page.delivery_id] * 2
    assert [r.json()["possible_repeat"] for r in receiver.requests] == [False, False]


def test_a_receivers_own_wish_is_kept(live: Live) -> None:
    answers = [answer(429, "slow down", Retry_After="90"), YES]
    with receiving(lambda _: answers.pop(0)) as receiver:
        live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        [page] = live.until(lambda: [p for p in live.pages(alert_id) if p.failed_at])
        assert page.due_at == live.clock.now_ms() + 90_000
        live.clock.advance(89_999)
        assert live.claimable() == []
        live.clock.advance(1)
        live.until_status(alert_id, "sent")


def test_a_refused_connection_ends_at_the_next_method(live: Live) -> None:
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", f"webhook://127.0.0.1:{closed_port()}/", hook(receiver))
        alert_id = live.fire()
        attempts = live.policy.retry.max_attempts
        for attempt in range(1, attempts):
            live.until(lambda n=attempt: waits_after(live.pages(alert_id)[0], n))  # type: ignore[misc]
            assert not receiver.requests
            live.clock.advance(2 * 60_000)  # past the pause, before the escalation's next round
        first, second = live.until_status(alert_id, "failed", "sent")
    assert (first.attempt, second.attempt) == (attempts, 1)
    assert "refused" in first.words
    assert len(receiver.requests) == 1


def waits_after(page: Delivery, attempt: int) -> bool:
    return (page.attempt, page.status) == (attempt, "queued")


def test_a_definite_refusal_is_not_repeated(live: Live) -> None:
    with receiving(lambda _: answer(403, "who?")) as no, receiving(lambda _: YES) as yes:
        live.contact("Ann", hook(no), hook(yes))
        first, _ = live.until_status(live.fire(), "failed", "sent")
    assert (first.attempt, first.words) == (1, "403 Said: who?")
    assert len(no.requests) == 1


def test_a_method_without_an_address_ends_at_the_next(live: Live) -> None:
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", hook(receiver), hook(receiver))
        live.secrets.delete(secret_name("ann-0"))
        first, _ = live.until_status(live.fire(), "failed", "sent")
    assert "enter it in Settings" in first.words


def test_a_hanging_method_delays_no_other(live: Live) -> None:
    """Ten pages pass it by, and it holds no more than its own places."""
    gate = Gate(YES)
    with receiving(gate) as slow, receiving(lambda _: YES) as quick:
        live.contact("Ann", hook(slow))
        live.contact("Bob", hook(quick))
        alerts = []
        for number in range(10):
            # Five at once is what a method may get; the others are not for this test to wait for.
            live.clock.advance(5_000 * (number == 5))
            alerts.append(live.fire(f"disk {number}"))
            live.until(lambda: live.pages(alerts[-1])[1].status == "sent", 2.0)
        live.until(lambda: len(slow.requests) == PER_METHOD)
        waiting = [live.pages(alert_id)[0].status for alert_id in alerts]
        assert sorted(waiting) == ["queued"] * (10 - PER_METHOD) + ["sending"] * PER_METHOD
        assert live.engine.health().deliveries_waiting == PER_METHOD
        live.clock.advance(5_000)
        gate.open()
        for alert_id in alerts:
            live.until_status(alert_id, "sent", "sent")


def test_an_acknowledged_alert_pages_no_more(live: Live) -> None:
    with receiving(lambda _: answer(500)) as receiver:
        live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        live.until(lambda: waits_after(live.pages(alert_id)[0], 1))
        live.do(AcknowledgeAlerts(alert_ids=[alert_id]), "Zoë")
        live.clock.advance(60_000)
        [page] = live.until_status(alert_id, "superseded")
    assert page.words == "Zoë has it"
    assert len(receiver.requests) == 1


def test_a_resolved_alert_pages_no_more(live: Live) -> None:
    with receiving(lambda _: answer(500)) as receiver:
        live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        live.until(lambda: waits_after(live.pages(alert_id)[0], 1))
        live.do(ResolveAlert(alert_id=alert_id))
        live.clock.advance(60_000)
        [page] = live.until_status(alert_id, "superseded")
    assert page.words == "the alert is resolved"


def test_a_removed_contact_is_paged_no_more(live: Live) -> None:
    with receiving(lambda _: answer(500)) as receiver:
        contact_id = live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        live.until(lambda: waits_after(live.pages(alert_id)[0], 1))
        live.do(RemoveContact(contact_id=contact_id))
        live.clock.advance(60_000)
        [page] = live.until_status(alert_id, "superseded")
        assert "Ann" in page.words
        assert live.pages(live.fire("next")) == []
    assert len(receiver.requests) == 1


def test_a_method_taken_away_hands_its_page_to_the_new_one(live: Live) -> None:
    with receiving(lambda _: answer(500)) as old, receiving(lambda _: YES) as new:
        contact_id = live.contact("Ann", hook(old))
        alert_id = live.fire()
        live.until(lambda: waits_after(live.pages(alert_id)[0], 1))
        live.secrets.set(secret_name("ann-9"), hook(new))
        method = {"method_id": "ann-9", "channel": "webhook"}
        live.do(SaveContact(contact_id=contact_id, name="Ann", methods=[method]))
        live.clock.advance(60_000)
        live.until_status(alert_id, "superseded", "sent")
    assert (len(old.requests), len(new.requests)) == (1, 1)


def test_an_attempt_cut_off_is_repeated_and_says_so(live: Live) -> None:
    """The engine ends while the provider thinks: nobody knows, so it is sent once more, marked."""
    gate = Gate(YES)
    with receiving(gate) as receiver:
        live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        live.until(lambda: receiver.requests)
        live.stop()
        assert live.pages(alert_id)[0].status == "sending"
        gate.open()
        live.start()
        live.clock.advance(live.policy.retry.claim_ms() - 1)
        assert live.claimable() == []
        live.clock.advance(1)
        [page] = live.until_status(alert_id, "sent")
    assert (page.attempt, page.unknown) == (2, 1)
    assert [r.json()["possible_repeat"] for r in receiver.requests] == [False, True]
    assert {r.headers["idempotency-key"] for r in receiver.requests} == {page.delivery_id}


def test_quiet_severities_page_nobody(live: Live) -> None:
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", hook(receiver))
        assert live.pages(live.fire("calm", Severity.MEDIUM)) == []
        live.until_status(live.fire("loud", Severity.CRITICAL), "sent")


def test_a_repeat_pages_nobody_again(live: Live) -> None:
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", hook(receiver))
        alert_id = live.fire()
        live.until_status(alert_id, "sent")
        live.fire()
        live.fire()
        assert live.claimable() == []
    assert live.alert(alert_id).count == 3
    assert len(receiver.requests) == 1


def test_a_test_page_says_that_it_is_one(live: Live) -> None:
    with receiving(lambda _: YES) as receiver:
        contact_id = live.contact("Ann", hook(receiver))
        delivery_id = live.do(SendTestPage(contact_id=contact_id, method_id="ann-0"))
        live.until(lambda: receiver.requests)
    told = receiver.requests[0].json()
    assert (told["key"], told["title"]) == (delivery_id, "Test page from CrisisDesk")
    assert "nothing is wrong" in told["text"]


class Broken:
    """A sender with a bug."""

    async def send(self, _outgoing: Outgoing) -> Outcome:
        raise RuntimeError("a bug")

    async def aclose(self) -> None: ...


@pytest.mark.expect_log("sending delivery .* failed", "ERROR")
def test_a_bug_in_a_sender_is_told_and_tried_again(live: Live) -> None:
    live.stop()
    live.sender = Broken()
    live.start()
    live.contact("Ann", "webhook://127.0.0.1:9/")
    alert_id = live.fire()
    live.until(lambda: waits_after(live.pages(alert_id)[0], 1))
    assert "RuntimeError" in live.pages(alert_id)[0].words
    assert live.engine.counters()["crisisdesk_delivery_attempts_failed_total"] == 1


def test_a_page_says_how_it_is_answered(live: Live) -> None:
    live.offers = AnswerLinks(live.secrets, live.clock, AnswerWays(url="https://desk.example.org"))
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", hook(receiver))
        live.stop()
        live.start()
        live.fire()
        live.until(lambda: receiver.requests)
    text = receiver.requests[0].json()["text"]
    have, other = text.splitlines()[-2:]
    assert have.startswith("I have it: https://desk.example.org/a/")
    assert other.startswith("Not me, next: https://desk.example.org/a/")


def test_a_page_goes_out_also_when_nobody_can_say_how_it_is_answered(
    live: Live, expect_log: Any
) -> None:
    class Broken:
        async def offer(self, _delivery: Delivery, _url: str) -> Offer | None:
            raise OSError("the keyring is locked")

    live.offers = Broken()
    expect_log("goes without ways to answer it", level="ERROR")
    with receiving(lambda _: YES) as receiver:
        live.contact("Ann", hook(receiver))
        live.stop()
        live.start()
        live.fire()
        live.until(lambda: receiver.requests)
    assert "/a/" not in receiver.requests[0].json()["text"]
