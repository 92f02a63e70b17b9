"""Claims of exclusive steps in the ledger: under the lease, once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from crisisdesk.engine.duty.ports import Granted, Leave
from crisisdesk.engine.duty.step_claims import HubClaims


class Ledger:
    """A gate as the pager sees it, with a ledger in memory."""

    def __init__(self, token: int | None) -> None:
        self.token = token
        self.rows: dict[str, int] = {}
        self.settled: list[tuple[str, str]] = []

    def on_leave(self, listener: Callable[[], None]) -> None: ...

    def leave(self) -> Leave | None:
        return None if self.token is None else Leave(holder="a", token=self.token, asked=0.0)

    def apart(self) -> frozenset[str]:
        return frozenset()

    async def claim(self, leave: Leave, keys: Sequence[str], claim_ms: int) -> Granted:
        fresh = [key for key in keys if key not in self.rows]
        self.rows |= dict.fromkeys(fresh, 1)
        return Granted(attempts=dict.fromkeys(fresh, 1))

    def may_send(self, leave: Leave, within_s: float) -> bool:
        return True

    def settle(self, leave: Leave, keys: Sequence[str], state: str, provider_id: str = "") -> None:
        self.settled += [(key, state) for key in keys]


@pytest.mark.anyio
async def test_one_claim_is_granted_under_the_lease() -> None:
    ledger = Ledger(7)
    claims = HubClaims(ledger)
    assert await claims.claim("RUN-1/a", 1_000) == "7.1"
    assert await claims.claim("RUN-1/a", 1_000) == ""
    claims.settle("RUN-1/a", "7.1", "ok")
    claims.settle("RUN-1/a", "7.1", "ok")
    assert ledger.settled == [("RUN-1/a", "sent")]


@pytest.mark.anyio
@pytest.mark.parametrize("token", [None, 0])
async def test_without_the_hubs_lease_there_is_none(token: int | None) -> None:
    ledger = Ledger(token)
    assert await HubClaims(ledger).claim("RUN-1/a", 1_000) == ""
    assert ledger.rows == {}
