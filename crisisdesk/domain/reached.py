"""When nobody has been reached about an alert: a pure rule over it and the messages it caused.

A message has reached somebody once it was delivered or read; that a provider took it is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crisisdesk.domain.alert import NOBODY, Alert, AlertStatus
from crisisdesk.domain.delivery import URGENT_SEVERITIES, Delivery, DeliveryStatus
from crisisdesk.domain.severity import SEVERITY_RANK

LIMIT_MS = 120_000
# So soon where it is known that no message arrives: as long as another way needs to be tried.
LOST_MS = 15_000
ARRIVED = (DeliveryStatus.DELIVERED, DeliveryStatus.READ)
REACHED, NO_ANSWER = "reached", "no answer"
_CALL = re.compile(rf"Called (?P<name>.+): (?P<outcome>{REACHED}|{NO_ANSWER})", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the rule asks of a delivery; ``queued_at`` is UTC ms.

    ``carrier`` is the status of the delivery in whose message it went, "" where it had its own.
    ``lost_at`` is since when it is known that it arrives nowhere, None while it may.
    """

    epoch: str
    status: str
    queued_at: int
    carrier: str = ""
    lost_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the rule asks of an alert. Times are UTC ms.

    ``detected_at`` is when this life of its epoch opened, ``quiet_until`` when the last of the
    silences over it ends (None: none is). ``called`` says that somebody was reached by telephone.
    ``lost_at`` is since when it is known that none of its messages arrives (see `lost_since`).
    """

    alert_id: str
    severity: str
    epoch: str
    detected_at: int
    status: str = AlertStatus.ACTIVE
    owner: str = NOBODY
    life: int = 1
    quiet_until: int | None = None
    called: bool = False
    lost_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Those nobody has been reached about now, worst first, and when that may change by itself.

    ``next_ms`` (UTC) is when the next one becomes so; None when only an event can bring one.
    """

    unreached: tuple[Waiting, ...] = ()
    next_ms: int | None = None


def is_of_life(alert: Waiting | Alert, message: Message | Delivery) -> bool:
    """Whether a message is about this life of the alert.

    One of an earlier life has the same epoch and was queued before this one opened.
    """
    if message.epoch != alert.epoch:
        return False
    return alert.life == 1 or message.queued_at >= alert.detected_at


def has_arrived(alert: Waiting, message: Message) -> bool:
    """Whether a message told somebody of this life of the alert."""
    if not is_of_life(alert, message):
        return False
    if message.status in ARRIVED:
        return True
    return message.status == DeliveryStatus.SENT and message.carrier in ARRIVED


def lost_since(alert: Waiting, messages: Iterable[Message]) -> int | None:
    """Since when (UTC ms) it is known that no message of this life arrives; None while one may, and
    while there is none. What is not needed any more counts for nothing."""
    told = [
        one.lost_at
        for one in messages
        if one.status != DeliveryStatus.SUPERSEDED and is_of_life(alert, one)
    ]
    known = [at for at in told if at is not None]
    return max(known) if known and len(known) == len(told) else None


def unreached_since(alert: Waiting, messages: Iterable[Message] = ()) -> int | None:
    """When it counts as unreached from, past or to come (UTC ms); None when it does not.

    It does not while somebody has it, once a message arrived or a call was answered, and never
    below critical. Where no message can arrive it is so sooner. A silence puts the moment off.
    """
    messages = list(messages)
    if alert.severity not in URGENT_SEVERITIES or alert.called:
        return None
    if alert.status != AlertStatus.ACTIVE or alert.owner != NOBODY:
        return None
    if any(has_arrived(alert, message) for message in messages):
        return None
    since = alert.detected_at + LIMIT_MS
    lost = lost_since(alert, messages) if alert.lost_at is None else alert.lost_at
    if lost is not None:
        since = min(since, max(lost, alert.detected_at) + LOST_MS)
    return max(since, alert.quiet_until or 0)


def judge(alerts: Iterable[tuple[Waiting, Sequence[Message]]], now_ms: int) -> Verdict:
    """Who is unreached at ``now_ms`` (UTC ms): the worst severity first, then the longest."""
    now: list[tuple[int, int, str, Waiting]] = []
    coming: list[int] = []
    for alert, messages in alerts:
        since = unreached_since(alert, messages)
        if since is None:
            continue
        if since > now_ms:
            coming.append(since)
        else:
            now.append((-SEVERITY_RANK[alert.severity], since, alert.alert_id, alert))
    now.sort(key=lambda entry: entry[:3])
    return Verdict(
        unreached=tuple(alert for *_key, alert in now), next_ms=min(coming, default=None)
    )


def call_note(name: str, outcome: str) -> str:
    """What is written into an alert's history about a telephone call."""
    return f"Called {name}: {outcome}"


def read_call(text: str) -> tuple[str, str] | None:
    """Name and outcome of such a note; None for any other."""
    found = _CALL.fullmatch(text)
    return None if found is None else (found["name"], found["outcome"])
