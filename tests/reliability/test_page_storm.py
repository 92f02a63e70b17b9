"""A storm of alerts and the messages that come of it: few, complete, and cheap. A real engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import TakeIn

from tests.engine.workers.live import Live
from tests.engine.workers.test_bundler import Counting
from tests.reliability.tiers import record, scaled
from tests.store.workload import AT_ONCE

PER_S = 500
SECONDS = scaled(6, 56)
URLS = {
    "email": "mailto://127.0.0.1/?from=desk@example.org&to=ann@example.org",
    "sms": "twilio://AC1:t0ken@15551230000/15557650000",
    "webhook": "webhook://127.0.0.1:9/",
}
# What each may get at first: its critical pages fill the window of a quarter of an hour.
FIRST = {"email": 8, "sms": 5}
# The clock moves on in such steps once the log has been quiet for a moment. How much goes into one
# message is a matter of the machine's speed, and so is how many messages it takes.
STEP_S = 20
LIMIT_S = 3_600
QUIET_S = 0.5
SEVERITIES = ("high", "high", "high", "high", "critical")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    made = Live(tmp_path)
    made.sender = Counting()
    made.policy = AT_ONCE
    made.start()
    yield made
    made.close()


def storm(live: Live) -> float:
    """So many alerts in each second of the clock; returns the seconds it really took."""
    begun = perf_counter()
    for second in range(SECONDS):
        signals = [
            Signal(
                source="test",
                key=f"{second}/{n}",
                action=SignalAction.FIRE,
                severity=SEVERITIES[n % 5],  # type: ignore[arg-type]
                title=f"Latency above 2 s on host {n}",
                service=f"payments-{n % 7}",
            )
            for n in range(PER_S)
        ]
        for start in range(0, PER_S, 50):
            live.do(TakeIn(signals=signals[start : start + 50]), "source:test")
        live.clock.advance(1_000)
    return perf_counter() - begun


def allowed(channel: str, seconds: int) -> int:
    """How many messages may leave in that time: then comes one in each minute with all that waits;
    a machine gets 5 in every 5 s."""
    if channel in FIRST:
        return FIRST[channel] + seconds // 60 + 1
    return 5 * (seconds // 5 + 2)


def untold(live: Live) -> int:
    """How many alerts stand in no message that was sent."""
    sql = (
        "SELECT count(*) FROM alert AS a WHERE NOT EXISTS "
        "(SELECT 1 FROM delivery AS d WHERE d.alert_id = a.agg AND d.status = 'sent')"
    )
    return int(live.read(lambda reader: reader._rows(sql))[0][0])


def told(sender: Counting) -> int:
    """How many alerts stand in all messages together."""
    counted = 0
    for message in sender.taken:
        found = re.search(r"(\d+) alerts: ", message.title)
        counted += 1 if found is None else int(found.group(1))
    return counted


def settle_down(live: Live) -> int:
    """Let the clock run until all were told of; returns how many seconds of it passed."""
    for passed in range(0, LIMIT_S, STEP_S):
        live.runner.run(quiet(live))
        if untold(live) == 0:
            return passed
        live.clock.advance(STEP_S * 1_000)
    raise AssertionError(f"{untold(live)} alerts are untold after {LIMIT_S} s")


async def quiet(live: Live) -> None:
    """Once nothing was written for a moment and no message is on its way: the clock waits for the
    work, however slow the machine is."""
    pos = -1
    while pos != (pos := live.engine.health().last_pos) or leaving(live):
        await live.engine.wait_change(pos, QUIET_S)


def leaving(live: Live) -> bool:
    """Whether a message is on its way, with all that goes in it."""
    sql = "SELECT 1 FROM delivery WHERE status IN ('sending', 'bundled') LIMIT 1"
    return bool(live.read(lambda reader: reader._rows(sql)))


@pytest.mark.slow
@pytest.mark.serial
@pytest.mark.timeout(1_800)
# The clock runs far ahead of the work here.
@pytest.mark.allow_log("no station acts on them", level="ERROR")
@pytest.mark.parametrize("channel", sorted(URLS))
def test_a_storm_of_alerts_gives_few_messages_that_tell_of_all(live: Live, channel: str) -> None:
    sender = live.sender
    assert isinstance(sender, Counting)
    live.contact("Ann", URLS[channel])
    live.fire("before")
    bytes_before = size(live)
    seconds = storm(live)
    during = len(sender.taken)
    begun = perf_counter()
    passed_s = settle_down(live)
    after_s = perf_counter() - begun
    alerts = SECONDS * PER_S
    # More when it took a quarter of an hour: what nobody has is paged again.
    assert told(sender) >= alerts + 1
    assert during <= allowed(channel, SECONDS)
    assert len(sender.taken) <= allowed(channel, SECONDS + passed_s)
    record(
        "Page storm",
        channel=channel,
        alerts=alerts,
        messages=len(sender.taken),
        storm_s=round(seconds, 1),
        after_s=round(after_s, 1),
        us_per_alert=round((seconds + after_s) / alerts * 1e6),
        bytes_per_alert=round((size(live) - bytes_before) / alerts),
    )


def size(live: Live) -> int:
    """Bytes of the store, with what is still in its log."""
    return sum(path.stat().st_size for path in live.store.parent.glob(f"{live.store.name}*"))
