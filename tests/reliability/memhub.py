"""A hub in memory: the same contract as the real one, and it can be set back to an older copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from crisisdesk.domain.event import GENESIS, Stored, chain_hash
from crisisdesk.engine.duty.ports import Lease, LedgerRow
from crisisdesk.engine.exchange.ports import (
    PULL_EVENTS,
    Fleet,
    Forked,
    Mark,
    Report,
    SignedHead,
)
from crisisdesk.engine.exchange.sharing import pull_evenly

_RANK = {"claimed": 0, "failed": 1, "unknown": 1, "sent": 2}
MOST_ATTEMPTS = 3


@dataclass(slots=True)
class _Duty:
    holder: str = ""
    token: int = 0
    expires_ms: int = 0


@dataclass(slots=True)
class Copy:
    """All that a backup of the hub holds."""

    events: dict[str, list[Stored]] = field(default_factory=dict)
    arrived: dict[bytes, int] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    signed: dict[str, SignedHead] = field(default_factory=dict)
    duty: _Duty = field(default_factory=_Duty)
    ledger: dict[str, LedgerRow] = field(default_factory=dict)


class MemHub:
    """Implements `engine.exchange.ports.Hub` and `engine.duty.ports.DutyHub`.

    ``now_ms`` is the hub's clock, the only one that judges a lease.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._has = Copy()

    # -- the shared log ----------------------------------------------------------------------

    def heads(self) -> dict[str, Mark]:
        """How much of every origin's log is here."""
        return {o: Mark(len(log), log[-1].hash) for o, log in self._has.events.items() if log}

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        """Take consecutive events; the head afterwards. Compares what is here already."""
        log = self._has.events.get(origin, [])
        if first_seq > len(log) + 1:
            return len(log)
        at = first_seq - 1
        previous = log[at - 1].hash if at else GENESIS
        taken: list[Stored] = []
        for event in events:
            digest = chain_hash(previous, event.raw)
            if digest != event.hash or (at < len(log) and log[at].hash != digest):
                raise Forked(origin, at + 1)
            if at >= len(log):
                taken.append(event)
            previous, at = digest, at + 1
        if taken:
            self._has.events.setdefault(origin, []).extend(taken)
            for event in taken:
                self._has.arrived[event.hash] = len(self._has.arrived) + 1
        return len(self._has.events.get(origin, ()))

    def pull(self, vector: Mapping[str, int], limit: int = PULL_EVENTS) -> list[Stored]:
        """Events behind ``vector``, by origin and seq."""
        return pull_evenly(vector, limit, self._read)

    def _read(self, origin: str, after: int, count: int, room: int) -> list[Stored]:
        events = self._has.events.get(origin, [])[after : after + count]
        sizes = accumulate(len(event.raw) + len(event.body) for event in events)
        fitting = sum(size <= room for size in sizes)
        return events[: max(1, fitting)]

    def place(self, event: Stored) -> int:
        """As which event of all origins it arrived: what a naive cursor would go by."""
        return self._has.arrived.get(event.hash, 0)

    def report(self, report: Report) -> Fleet:
        """Keep a station's word on itself; everybody's."""
        now = self._now_ms()
        self._has.reports[report.station_id] = replace(report, seen_ms=now)
        told = tuple(r for _id, r in sorted(self._has.reports.items()))
        return Fleet(reports=told, hub_now_ms=now)

    def sign_head(self, head: SignedHead) -> None:
        """Keep the newest signed head of its origin."""
        kept = self._has.signed.get(head.origin)
        if kept is None or kept.seq <= head.seq:
            self._has.signed[head.origin] = head

    def signed_heads(self) -> list[SignedHead]:
        """The newest of every origin."""
        return [head for _origin, head in sorted(self._has.signed.items())]

    def close(self) -> None:
        """Nothing to let go of."""

    # -- duty --------------------------------------------------------------------------------

    def renew(self, holder: str, ttl_ms: int, least_token: int) -> Lease:
        """Take or renew the lease; who holds it now."""
        duty, now = self._has.duty, self._now_ms()
        lapsed = duty.expires_ms <= now
        if duty.holder == holder or lapsed:
            step = duty.holder != holder or lapsed
            duty.token = max(duty.token, least_token) + step
            duty.holder, duty.expires_ms = holder, now + ttl_ms
        return Lease(holder=duty.holder, token=duty.token, left_ms=duty.expires_ms - now)

    def release(self, holder: str, token: int) -> None:
        """Give the lease back; nothing when it is another's."""
        duty = self._has.duty
        if (duty.holder, duty.token) == (holder, token):
            duty.expires_ms = self._now_ms()

    def depose(self, holder: str, token: int, ttl_ms: int) -> Lease:
        """Take the lease from who still holds it under ``token``; who holds it now."""
        duty, now = self._has.duty, self._now_ms()
        if duty.token == token:
            duty.holder, duty.token, duty.expires_ms = holder, token + 1, now + ttl_ms
        left = max(0, duty.expires_ms - now)
        return Lease(holder=duty.holder, token=duty.token, left_ms=left)

    def look(self, keys: Sequence[str]) -> list[LedgerRow]:
        """The ledger's rows of these deliveries."""
        return [self._has.ledger[key] for key in keys if key in self._has.ledger]

    def claim(self, holder: str, token: int, keys: Sequence[str], claim_ms: int) -> dict[str, int]:
        """Claim before the send; key -> attempt for those granted."""
        duty, now = self._has.duty, self._now_ms()
        if (duty.holder, duty.token) != (holder, token) or duty.expires_ms <= now:
            return {}
        granted: dict[str, int] = {}
        for key in keys:
            row = self._has.ledger.get(key)
            held = row is not None and (
                row.state == "sent"
                or row.attempt >= MOST_ATTEMPTS
                or (row.state == "claimed" and row.deadline_ms > now)
            )
            if held:
                continue
            attempt = 1 if row is None else row.attempt + 1
            self._has.ledger[key] = LedgerRow(
                key=key,
                token=token,
                holder=holder,
                state="claimed",
                attempt=attempt,
                deadline_ms=now + claim_ms,
            )
            granted[key] = attempt
        return granted

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        """Write down how an attempt ended; False when a newer token has claimed it."""
        row = self._has.ledger.get(key)
        if row is None or row.token > token:
            return False
        if row.state != "sent":
            self._has.ledger[key] = replace(row, state=state, provider_id=provider_id)
        return True

    def settle_all(self, keys: Sequence[str], token: int, state: str, provider_id: str = "") -> int:
        """As `settle`, for all that went in one message."""
        return sum(self.settle(key, token, state, provider_id) for key in keys)

    def remember(self, rows: Sequence[LedgerRow]) -> None:
        """Put back what was forgotten; never moves an entry backwards."""
        for row in rows:
            kept = self._has.ledger.get(row.key)
            if kept is None or _further(row) > _further(kept):
                self._has.ledger[row.key] = row

    # -- backups -----------------------------------------------------------------------------

    def copy(self) -> Copy:
        """A backup of this moment."""
        has = self._has
        return Copy(
            events={origin: list(log) for origin, log in has.events.items()},
            arrived=dict(has.arrived),
            reports=dict(has.reports),
            signed=dict(has.signed),
            duty=replace(has.duty),
            ledger=dict(has.ledger),
        )

    def set_back(self, copy: Copy) -> None:
        """Become what a backup holds; all that came later is forgotten."""
        self._has = copy
        self._has = self.copy()


def _further(row: LedgerRow) -> tuple[int, int, int]:
    return (int(row.state == "sent"), row.attempt, _RANK[row.state])
