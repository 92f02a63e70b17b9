"""One message to 10,000: by push behind a gateway that takes 100 ms, and by mail (row 15)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import smtplib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crisisdesk.comms.bulk import send_many
from crisisdesk.comms.senders import Senders
from crisisdesk.engine.ports import Outcome, Outgoing

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale
from tests.benchmarks.processes import accepts, child, free_port, rss_mb, wait_until
from tests.benchmarks.subjects import scratch
from tests.benchmarks.wire import Wire

RECIPIENTS = 10_000
GATEWAY_S = 0.1
BY_PUSH = 200
BY_MAIL = 8
TITLE = "HIGH: Checkout fails in two regions"
TEXT = "We are working on it. The next word follows within 20 minutes.\n" * 4
SAMPLE_EVERY = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Sinks:
    """Where the far ends listen."""

    http: int
    mail: int

    def came(self) -> tuple[int, int]:
        """How many messages came whole, by push and by mail."""
        with Wire(f"http://127.0.0.1:{self.http}") as wire:
            _status, body = wire.request("GET", "/count")
        push, mail = body.split()
        return int(push), int(mail)


@contextlib.contextmanager
def sinks(delay_s: float) -> Iterator[Sinks]:
    """The far ends in a process of their own."""
    with scratch() as folder:
        http, mail, log = free_port(), free_port(), folder / "out"
        module = "tests.benchmarks.fanout_sinks"
        argv = [sys.executable, "-m", module, str(http), str(mail), str(delay_s)]
        with child(argv, log) as process:
            wait_until(lambda: accepts(http) and accepts(mail), process, log)
            yield Sinks(http=http, mail=mail)


def _pages(count: int, url: Callable[[int], str]) -> Iterator[Outgoing]:
    for number in range(count):
        yield Outgoing(
            key=f"bulk-{number}",
            url=url(number),
            title=TITLE,
            text=TEXT,
            severity="high",
            alert_id="01J9ZK",
            deadline_s=30.0,
        )


def _ours(name: str, count: int, places: int, url: Callable[[int], str]) -> Figures:
    """Seconds, CPU and memory above the start of sending to everyone."""

    async def run() -> Figures:
        senders = Senders()
        await senders.warm_up()
        before = most = rss_mb(os.getpid())
        ended = 0

        def on_outcome(_outgoing: Outgoing, _outcome: Outcome) -> None:
            nonlocal ended, most
            ended += 1
            if ended % SAMPLE_EVERY == 0:
                most = max(most, rss_mb(os.getpid()))

        began, cpu = time.perf_counter(), time.process_time()
        tally = await send_many(_pages(count, url), senders, places, on_outcome)
        took = time.perf_counter() - began
        cpu = time.process_time() - cpu
        await senders.aclose()
        return {
            f"{name}_s": took,
            f"{name}_rate": count / took,
            f"{name}_cpu_ms": cpu / count * 1e3,
            f"{name}_mb": max(most, rss_mb(os.getpid())) - before,
            f"{name}_not_sent": count - tally.sent,
        }

    return asyncio.run(run())


def _floor_push(port: int, count: int) -> float:
    """Seconds for bare requests over as many kept connections, none looked at."""
    body = f'{{"title":"{TITLE}"}}'.encode()
    request = b"POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def run() -> float:
        left = iter(range(count))

        async def work() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in left:
                writer.write(request)
                await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(2)
            writer.close()
            await writer.wait_closed()

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(min(BY_PUSH, count)):
                group.create_task(work())
        return time.perf_counter() - began

    return asyncio.run(run())


def _floor_mail(port: int, count: int) -> float:
    """Seconds for the standard library on one kept connection."""
    mail = f"Subject: {TITLE}\r\n\r\n{TEXT}".encode()
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as smtp:
        for number in range(count):
            smtp.sendmail("desk@example.org", [f"r{number}@example.org"], mail)
    return time.perf_counter() - began


def fanout(scale: Scale) -> Figures:
    """10,000 recipients by push through a gateway that answers after 100 ms, and by mail.

    The floors are a bare client over as many connections, and smtplib over one.
    """
    count = scale.of(RECIPIENTS, 50)
    with sinks(GATEWAY_S) as far:
        floor_push = _floor_push(far.http, count)
        figures = _ours(
            "push", count, BY_PUSH, lambda n: f"webhook://127.0.0.1:{far.http}/push/r{n}"
        )
        floor_mail = _floor_mail(far.mail, count)
        relay = f"mailto://127.0.0.1:{far.mail}?from=desk@example.org"
        figures |= _ours("mail", count, BY_MAIL, lambda n: f"{relay}&to=r{n}@example.org")
        push, mail = far.came()
    return {
        **figures,
        "floor_push_s": floor_push,
        "floor_mail_s": floor_mail,
        "push_off_by": abs(push - 2 * count),
        "mail_off_by": abs(mail - 2 * count),
    }


FANOUT = Benchmark(
    name="fanout",
    measure=fanout,
    goals=(
        Goal(row="15 10,000 by push behind 100 ms, s", ours="push_s", at_most=15.0),
        Goal(row="15 the same", ours="push_s", anchor="floor_push_s", at_most=2.0),
        Goal(row="15 its CPU ms a message", ours="push_cpu_ms", at_most=1.5),
        Goal(row="15 its memory, MiB", ours="push_mb", at_most=20.0),
        Goal(row="15 pushed twice or not at all", ours="push_off_by", at_most=0),
        Goal(row="15 10,000 by mail, s", ours="mail_s", at_most=60.0),
        Goal(row="15 the same", ours="mail_s", anchor="floor_mail_s", at_most=2.0),
        Goal(row="15 its CPU ms a mail", ours="mail_cpu_ms", at_most=1.5),
        Goal(row="15 its memory, MiB", ours="mail_mb", at_most=20.0),
        Goal(row="15 mailed twice or not at all", ours="mail_off_by", at_most=0),
    ),
)
