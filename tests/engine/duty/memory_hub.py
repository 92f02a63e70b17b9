"""A hub's lease and ledger in memory, by the rules of the port, on a clock that tests move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from crisisdesk.engine.duty.ports import Lease, LedgerRow
from crisisdesk.engine.exchange.ports import HubAway


class MemoryDutyHub:
    """Implements `engine.duty.ports.DutyHub`; ``away`` makes every question fail."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self.holder, self.token, self.expires = "", 0, 0
        self.ledger: dict[str, LedgerRow] = {}
        self.away = False
        self.loses_answers = False
        self.asked: list[str] = []

    def _ask(self, what: str) -> int:
        self.asked.append(what)
        if self.away:
            raise HubAway("no route to the hub")
        return self._now_ms()

    def _answered(self) -> None:
        if self.loses_answers:
            raise HubAway("the answer was lost")

    def _lease(self, now: int) -> Lease:
        return Lease(holder=self.holder, token=self.token, left_ms=max(0, self.expires - now))

    def renew(self, holder: str, ttl_ms: int, least_token: int) -> Lease:
        now = self._ask("renew")
        if self.expires <= now or self.holder == holder:
            lapsed = self.expires <= now or self.holder != holder
            self.token = max(self.token + lapsed, least_token)
            self.holder, self.expires = holder, now + ttl_ms
        self._answered()
        return self._lease(now)

    def depose(self, holder: str, token: int, ttl_ms: int) -> Lease:
        now = self._ask("depose")
        if self.token == token:
            self.holder, self.token, self.expires = holder, token + 1, now + ttl_ms
        return self._lease(now)

    def release(self, holder: str, token: int) -> None:
        now = self._ask("release")
        if (self.holder, self.token) == (holder, token):
            self.expires = now

    def claim(self, holder: str, token: int, keys: Sequence[str], claim_ms: int) -> dict[str, int]:
        now = self._ask("claim")
        if (self.holder, self.token) != (holder, token) or self.expires <= now:
            return {}
        granted = {}
        for key in keys:
            row = self.ledger.get(key)
            free = row is None or row.state == "failed" or row.deadline_ms <= now
            if not free or (row is not None and row.state == "sent"):
                continue
            attempt = 1 if row is None else row.attempt + 1
            self.ledger[key] = LedgerRow(
                key=key,
                token=token,
                holder=holder,
                state="claimed",
                attempt=attempt,
                deadline_ms=now + claim_ms,
            )
            granted[key] = attempt
        self._answered()
        return granted

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        self._ask("settle")
        row = self.ledger.get(key)
        if row is None or row.token > token or row.state == "sent":
            return False
        self.ledger[key] = replace(row, state=state, provider_id=provider_id)
        return True

    def settle_all(self, keys: Sequence[str], token: int, state: str, provider_id: str = "") -> int:
        return sum(self.settle(key, token, state, provider_id) for key in keys)

    def remember(self, rows: Sequence[LedgerRow]) -> None:
        self._ask("remember")
        for row in rows:
            known = self.ledger.get(row.key)
            if known is None or (known.state != "sent" and row.attempt > known.attempt):
                self.ledger[row.key] = row

    def look(self, keys: Sequence[str]) -> list[LedgerRow]:
        self._ask("look")
        return [self.ledger[key] for key in keys if key in self.ledger]
