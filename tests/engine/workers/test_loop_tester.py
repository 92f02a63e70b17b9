"""Loop tests against real servers: those that deliver, those that refuse, those that lie."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.comms.senders import Senders
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.domain.loop_standing import loop_lines
from crisisdesk.domain.loop_test import SOURCE, Proof
from crisisdesk.engine.loop_commands import EndLoopTest, MindLoopTests, SetLoopTest
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.workers.confirmer import ConfirmingWorker
from crisisdesk.engine.workers.loop_tester import LoopTester

from tests.comms.direct import YES, ntfy, twilio
from tests.comms.receivers import Mailbox, Request, answer, mail_server, receiving
from tests.engine.workers.live import Live
from tests.store.workload import AT_ONCE

SECOND, MINUTE = 1_000, 60_000


class Loops:
    """A live engine whose loop tests, and questions to providers, the test brings about itself."""

    def __init__(self, live: Live) -> None:
        self.live = live
        live.stop()
        live.policy = replace(live.policy, page_wait_ms=AT_ONCE.page_wait_ms)
        live.start()
        self.senders: Senders | None = None

    def target(self, url: str, name: str = "Loop", **fields: Any) -> str:
        contact_id = self.live.contact(name, url, enabled=False)
        method_id = f"{name.lower()}-0"
        self.live.do(SetLoopTest(contact_id=contact_id, method_id=method_id, **fields))
        return method_id

    def mind(self) -> tuple[str, ...]:
        found: tuple[str, ...] = self.live.do(MindLoopTests(), "engine")
        return found

    def pages(self) -> list[Delivery]:
        found = self.live.read(lambda reader: reader.deliveries())
        return [one for one in found if one.is_loop]

    def sent(self, count: int) -> None:
        def look() -> bool:
            done = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
            found = self.pages()
            return len(found) == count and all(
                one.status not in done or one.failed_at is not None for one in found
            )

        self.live.until(look)

    def ask(self) -> None:
        """Ask the real providers about what is due to be asked, as the confirmer does."""

        async def look() -> None:
            senders = Senders(self.live.clock)
            try:
                await ConfirmingWorker(self.live.engine.submit, senders, self.live.secrets).look()
            finally:
                await senders.aclose()

        self.live.runner.run(look())

    def wait(self, ms: int, step: int = 5 * SECOND) -> None:
        for _ in range(ms // step):
            self.live.clock.advance(step)
            self.ask()
            self.mind()

    def alert(self, key: str) -> Alert | None:
        return self.live.read(lambda reader: reader.alert(alert_id_of(SOURCE, key)))

    def is_open(self, key: str) -> bool:
        found = self.alert(key)
        return found is not None and found.is_open

    def proof(self) -> Proof:
        (line,) = self.live.read(lambda reader: loop_lines(reader, self.live.clock.now_ms()))
        return line.proof


@pytest.fixture
def loops(live: Live) -> Loops:
    return Loops(live)


def topic(*, lies: bool) -> Callable[[Request], bytes]:
    """A server of ntfy: takes all; gives it out, or has lost it."""

    def serve(request: Request) -> bytes:
        if request.method == "POST":
            return answer(*YES["ntfy"])
        asked = request.path.partition("&id=")[2]
        told = json.dumps({"id": asked, "event": "message", "topic": "x"})
        return answer(200, "" if lies else told)

    return serve


def texts(status: str) -> Callable[[Request], bytes]:
    """Twilio: takes all, and then says this of it."""

    def serve(request: Request) -> bytes:
        if request.method == "POST":
            return answer(*YES["twilio"])
        return answer(200, json.dumps({"sid": "SM1", "status": status, "error_code": None}))

    return serve


def test_a_server_that_gives_it_out_is_proven(loops: Loops) -> None:
    with receiving(topic(lies=False)) as server:
        loops.target(ntfy(server))
        assert loops.proof() is Proof.NONE
        loops.mind()
        loops.sent(1)
        assert loops.proof() is Proof.WAITING
        loops.wait(30 * SECOND)
        assert loops.proof() is Proof.ARRIVED
        loops.wait(3 * MINUTE)
        assert not loops.is_open(f"push 127.0.0.1:{server.port}")
        asked = [r for r in server.requests if r.method == "GET"]
        assert len(asked) == 1
        assert asked[0].headers["authorization"] == "Bearer tk_s3crett0ken"


def test_a_server_that_takes_and_loses_is_an_alarm_after_two_minutes(loops: Loops) -> None:
    with receiving(topic(lies=True)) as server:
        loops.target(ntfy(server))
        key = f"push 127.0.0.1:{server.port}"
        loops.mind()
        loops.sent(1)
        loops.wait(115 * SECOND)
        assert not loops.is_open(key)
        loops.wait(10 * SECOND)
        alert = loops.alert(key)
        assert alert is not None
        assert alert.is_open
        assert (alert.severity, alert.source) == ("high", "loop-test")
        assert alert.title == f"Channel push at 127.0.0.1:{server.port} does not arrive"
        assert "nobody could confirm it within 2 min" in alert.description
        assert loops.proof() is Proof.BROKEN
        # The same test does not cry again, and the next good one ends it.
        loops.wait(2 * MINUTE)
        assert loops.live.kinds(alert.alert_id).count("alert.fired") == 1
        server.manner = topic(lies=False)
        loops.live.clock.advance(15 * MINUTE)
        loops.mind()
        loops.sent(2)
        loops.wait(30 * SECOND)
        assert not loops.is_open(key)
        assert loops.proof() is Proof.ARRIVED


@pytest.mark.parametrize(
    ("status", "proof"),
    [
        ("delivered", Proof.ARRIVED),
        ("undelivered", Proof.BROKEN),
        ("sent", Proof.BROKEN),
    ],
)
def test_what_twilio_says_of_it_counts(loops: Loops, status: str, proof: Proof) -> None:
    with receiving(texts(status)) as server:
        loops.target(twilio(server))
        loops.mind()
        loops.sent(1)
        loops.wait(130 * SECOND)
        assert loops.proof() is proof
        assert loops.is_open("sms twilio") is (proof is Proof.BROKEN)


def test_mail_that_was_taken_is_half_a_proof_and_refused_mail_an_alarm(loops: Loops) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        loops.target(f"mailto://127.0.0.1:{port}?to=loop@example.org&from=desk@example.org")
        loops.mind()
        loops.sent(1)
        loops.wait(130 * SECOND)
        assert loops.proof() is Proof.SENT
        assert not loops.is_open("email")
        assert "loop test" in mailbox.mails[0][1]
        mailbox.refuse = {"RCPT": "550 no such user"}
        loops.live.clock.advance(15 * MINUTE)
        loops.mind()
        loops.sent(2)
        loops.mind()
    assert loops.proof() is Proof.BROKEN
    alert = loops.alert("email")
    assert alert is not None
    assert alert.is_open
    assert "550" in alert.description


def test_nobody_is_paged_by_the_channel_that_does_not_arrive(loops: Loops) -> None:
    with receiving(topic(lies=True)) as server, receiving(lambda _: answer(200)) as other:
        loops.live.contact("Ann", ntfy(server), f"webhook://{other.host}/hook")
        loops.live.contact("Bob", ntfy(server))
        loops.target(ntfy(server))
        loops.mind()
        loops.sent(1)
        loops.wait(125 * SECOND)
        alert = loops.alert(f"push 127.0.0.1:{server.port}")
        assert alert is not None
        (page,) = loops.live.until_status(alert.alert_id, "sent")
        assert page.method_id == "ann-1"
        assert len([r for r in server.requests if r.method == "POST"]) == 1


def test_tests_come_each_quarter_of_an_hour_and_text_messages_four_times_a_day(
    loops: Loops,
) -> None:
    with receiving(texts("delivered")) as server, receiving(topic(lies=False)) as other:
        loops.target(twilio(server), "Text")
        loops.target(ntfy(other), "Push")
        # Not a whole day: whatever part of the first slots is over is tested as well.
        for _ in range(24 * 4):
            loops.mind()
            loops.sent(len(loops.pages()))
            loops.live.clock.advance(15 * MINUTE)
    by_method = {m: [p for p in loops.pages() if p.method_id == m] for m in ("text-0", "push-0")}
    assert len(by_method["push-0"]) == 96
    assert 4 <= len(by_method["text-0"]) <= 5


def test_the_same_minute_on_two_stations_is_one_test(loops: Loops) -> None:
    with receiving(topic(lies=False)) as server:
        loops.target(ntfy(server))
        for _ in range(3):
            loops.mind()
        loops.sent(1)
        loops.live.stop()
        loops.live.start()
        loops.mind()
        loops.sent(1)


def test_another_target_of_the_same_channel_takes_its_place(loops: Loops) -> None:
    with receiving(topic(lies=False)) as server:
        first = loops.target(ntfy(server), "First")
        second = loops.target(ntfy(server), "Second", every_ms=5 * MINUTE)
        loops.mind()
        loops.sent(1)
        assert [page.method_id for page in loops.pages()] == [second]
        with pytest.raises(NotFound):
            loops.live.do(EndLoopTest(method_id=first))


def test_ending_a_test_ends_its_alert_and_a_target_that_is_gone_is_told(loops: Loops) -> None:
    with receiving(topic(lies=True)) as server:
        method_id = loops.target(ntfy(server))
        key = f"push 127.0.0.1:{server.port}"
        loops.mind()
        loops.sent(1)
        loops.wait(130 * SECOND)
        assert loops.is_open(key)
        loops.live.do(EndLoopTest(method_id=method_id))
        assert not loops.is_open(key)
        assert loops.mind() == ()
        loops.target(ntfy(server), "Gone")
        loops.live.do(_removed(loops.live, "Gone"))
        (said,) = loops.mind()
        assert "gone-0" in said


def _removed(live: Live, name: str) -> Any:
    from crisisdesk.engine.commands import RemoveContact

    contacts = live.read(lambda reader: reader.contacts())
    return RemoveContact(contact_id=next(c.contact_id for c in contacts if c.name == name))


def test_a_station_without_duty_leaves_it_alone_and_a_full_disk_is_told(
    expect_log: Callable[..., None],
) -> None:
    asked: list[Any] = []
    duty = False

    def submit(command: Any, _actor: str) -> Any:
        asked.append(command)
        future = asyncio.get_running_loop().create_future()
        future.set_exception(StoreFailed("disk is full"))
        return future

    tester = LoopTester(submit, lambda: duty)

    async def look() -> None:
        nonlocal duty
        await tester.look()
        assert (asked, tester.problems) == ([], ())
        duty = True
        await tester.look()

    expect_log("loop tests could not be minded", "ERROR")
    asyncio.run(look())
    assert tester.problems == ("channels are not tested: disk is full",)
