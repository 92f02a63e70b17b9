"""What duty needs of the hub: a lease with a fencing token, and a ledger of claims before sends.

Only the hub's own clock judges a lease there. The holder counts its validity from before it asked,
on a clock that runs through suspend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

LEASE_MS = 4_000
RENEW_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who pages by the hub's word. ``holder`` is the origin of a station; ``token`` grows with each
    change of holder and each lapse; ``left_ms`` is what was left of it when the hub answered."""

    holder: str
    token: int
    left_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One delivery in the ledger. ``state`` is claimed, sent, failed or unknown; ``attempt`` counts
    claims from 1; ``deadline_ms`` (hub's clock, UTC ms) is when a claim's outcome turns unknown."""

    key: str
    token: int
    holder: str
    state: str
    attempt: int
    deadline_ms: int
    provider_id: str = ""


class DutyHub(Protocol):
    """The hub's lease and ledger. Blocking, used by one thread; every method may raise
    `engine.exchange.ports.HubAway` or `HubRefused`, and may have been done although it did."""

    def renew(self, holder: str, ttl_ms: int, least_token: int) -> Lease:
        """Take the lease when it is free or lapsed, or renew one's own; returns who holds it now.

        The token is never below ``least_token``, the highest one in the asker's log: a hub restored
        from a backup must not go back to tokens that were used.
        """

    def release(self, holder: str, token: int) -> None:
        """Give the lease back at once (graceful hand-over); nothing when it is no longer held."""

    def claim(self, holder: str, token: int, keys: Sequence[str], claim_ms: int) -> dict[str, int]:
        """Claim deliveries before they are sent; returns key -> attempt for those granted.

        None is granted under a stale token; a claim of another holder is granted only after its
        deadline, one that was sent never again.
        """

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        """Write down how an attempt ended; False when a newer token has claimed it since."""

    def remember(self, rows: Sequence[LedgerRow]) -> None:
        """Put back what the hub has forgotten; never moves an entry backwards."""
