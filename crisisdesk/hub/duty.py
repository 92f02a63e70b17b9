"""The lease and the ledger of claims in Postgres, by its clock alone.

Lost answers: ``renew`` again finds the lease one's own and lengthens it; ``depose`` again finds
another token than the one it was to end; ``release``, ``settle`` and ``remember`` again set what is
set; ``claim`` again under the same token grants the same attempt, because whoever did not hear of
the grant did not send. A claim locks the lease for its own short time, so that one under a stale
token is never granted, however late its packets arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crisisdesk.engine.duty.ports import Lease, LedgerRow
from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.connection import HubLink

# A lease lasts four seconds: a question that takes longer is better asked anew.
ANSWER_S = 2.5
RENEW = "SELECT holder, token, left_ms FROM cd.renew(%s, %s, %s)"
DEPOSE = "SELECT holder, token, left_ms FROM cd.depose(%s, %s, %s)"
RELEASE = "SELECT cd.release(%s, %s)"
LOOK = """
SELECT key, token, holder, state, attempt, (extract(epoch FROM deadline) * 1000)::bigint,
       provider_id
FROM cd.delivery WHERE key = ANY(%s) ORDER BY key
"""
CLAIM = "SELECT key, attempt FROM cd.claim(%s, %s, %s::text[], %s)"
SETTLE = "SELECT cd.settle(%s, %s, %s, %s)"
SETTLE_ALL = """
SELECT count(*) FROM unnest(%s::text[]) AS one(key) WHERE cd.settle(one.key, %s, %s, %s)
"""
REMEMBER = """
SELECT cd.remember(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::integer[], %s::bigint[],
                   %s::text[])
"""


class PgDuty:
    """Implements `engine.duty.ports.DutyHub`; used by one thread, closed by any."""

    def __init__(self, address: HubAddress) -> None:
        self._link = HubLink(address, "duty", ANSWER_S)

    def close(self) -> None:
        """Break off what is under way and let go of the connection."""
        self._link.close()

    def renew(self, holder: str, ttl_ms: int, least_token: int) -> Lease:
        """Take or renew the lease; who holds it now.

        A token below ``least_token`` was in force before the hub was set back: whoever holds it, it
        is replaced by one above.
        """
        return self._lease(RENEW, (holder, ttl_ms, least_token))

    def depose(self, holder: str, token: int, ttl_ms: int) -> Lease:
        """Take the lease from a holder that hangs, if it is still held under ``token``.

        Raises HubAway when the hub knows of no lease at all: it was set back, renew instead.
        """
        return self._lease(DEPOSE, (holder, token, ttl_ms))

    def release(self, holder: str, token: int) -> None:
        """Let the lease end now and tell the others; nothing when it is another's."""
        self._link.ask(RELEASE, (holder, token))

    def look(self, keys: Sequence[str]) -> list[LedgerRow]:
        """What the ledger says of these deliveries; nothing of those it does not know."""
        return [_row(values) for values in self._link.ask(LOOK, (list(keys),))]

    def claim(self, holder: str, token: int, keys: Sequence[str], claim_ms: int) -> dict[str, int]:
        """Claim before the send, all in one statement; key -> attempt for those granted."""
        return dict(self._link.ask(CLAIM, (holder, token, list(keys), claim_ms)))

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        """Write down how an attempt ended; False when a newer token has claimed it."""
        settled: bool = self._link.ask(SETTLE, (key, token, state, provider_id))[0][0]
        return settled

    def settle_all(self, keys: Sequence[str], token: int, state: str, provider_id: str = "") -> int:
        """As `settle` for all that went in one message, in one statement; how many."""
        values = (list(keys), token, state, provider_id)
        settled: int = self._link.ask(SETTLE_ALL, values)[0][0]
        return settled

    def remember(self, rows: Sequence[LedgerRow]) -> None:
        """Put back what the hub has forgotten; never moves an entry backwards."""
        if rows:
            columns: list[list[Any]] = [
                [row.key for row in rows],
                [row.token for row in rows],
                [row.holder for row in rows],
                [row.state for row in rows],
                [row.attempt for row in rows],
                [row.deadline_ms for row in rows],
                [row.provider_id for row in rows],
            ]
            self._link.ask(REMEMBER, columns)

    def _lease(self, question: Any, values: tuple[str, int, int]) -> Lease:
        rows = self._link.ask(question, values)
        if not rows:
            raise HubAway("the hub knows of no lease; it is to be taken anew")
        holder, token, left_ms = rows[0]
        return Lease(holder=holder, token=token, left_ms=left_ms)


def _row(values: Sequence[Any]) -> LedgerRow:
    key, token, holder, state, attempt, deadline_ms, provider_id = values
    return LedgerRow(
        key=key,
        token=token,
        holder=holder,
        state=state,
        attempt=attempt,
        deadline_ms=deadline_ms,
        provider_id=provider_id,
    )
