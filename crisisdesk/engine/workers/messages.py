"""Messages: what was claimed to leave together, and what is told in it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.asking import titled
from crisisdesk.domain.bundle import Digest, Told, digest_of, is_stale
from crisisdesk.domain.delivery import Delivery

Claims = Sequence[tuple[Delivery, Alert | None]]


@dataclass(slots=True, kw_only=True)
class Message:
    """One message on its way: its carrier, and those that go with it (each with its alert).

    ``tells_carrier`` is False when the carrier's own alert is in somebody's hands meanwhile.
    ``left_out`` are the ids of those that were in it and are not wanted any more.
    """

    carrier: Delivery
    alert: Alert | None
    carried: list[tuple[Delivery, Alert | None]] = field(default_factory=list)
    tells_carrier: bool = True
    left_out: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """The ids of all deliveries in it, the carrier's first."""
        return [self.carrier.delivery_id, *self.carried_keys]

    @property
    def carried_keys(self) -> list[str]:
        """The ids of those that go with it."""
        return [delivery.delivery_id for delivery, _alert in self.carried]

    @property
    def is_possible_repeat(self) -> bool:
        """Whether any of them may have arrived before."""
        return self.carrier.unknown > 0 or any(d.unknown > 0 for d, _alert in self.carried)

    def keep(self, wanted: Container[str]) -> None:
        """Leave out what is not wanted any more; the carrier carries on."""
        self.tells_carrier = self.carrier.delivery_id in wanted
        self.left_out += [key for key in self.carried_keys if key not in wanted]
        self.carried = [pair for pair in self.carried if pair[0].delivery_id in wanted]

    def digest(self, ttl_ms: Mapping[str, int]) -> Digest | None:
        """What it says in all; None when it is a plain page of its carrier's alert."""
        own = [(self.carrier, self.alert)] if self.tells_carrier else []
        at = self.carrier.claimed_at or self.carrier.queued_at
        told = [
            _told(d, a, is_stale=is_stale(d, at, ttl_ms))
            for d, a in (*own, *self.carried)
            if a is not None
        ]
        is_plain = not told or (not self.carried and not told[0].is_stale)
        return None if is_plain else digest_of(told, is_possible_repeat=self.is_possible_repeat)


def _told(delivery: Delivery, alert: Alert, *, is_stale: bool) -> Told:
    return Told(
        delivery_id=delivery.delivery_id,
        severity=delivery.severity,
        title=titled(delivery.reason, alert.title),
        service=alert.service,
        since=alert.detected_at,
        is_stale=is_stale,
    )


def grouped(claims: Claims) -> list[Message]:
    """The messages of a claim's answer: behind each carrier come those bundled into it."""
    messages: list[Message] = []
    for delivery, alert in claims:
        if messages and delivery.into == messages[-1].carrier.delivery_id:
            messages[-1].carried.append((delivery, alert))
        else:
            messages.append(Message(carrier=delivery, alert=alert))
    return messages


def parts_of(keys: Iterable[str], size: int) -> list[list[str]]:
    """``keys`` in parts of at most ``size``; one empty part when there are none."""
    given = list(keys)
    return [given[at : at + size] for at in range(0, len(given), size)] or [[]]
