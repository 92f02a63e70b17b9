"""What duty needs of the hub: a lease with a fencing token, and a ledger of claims before sends.

Only the hub's own clock judges a lease there. The holder counts its validity from before it asked,
on a clock that runs through suspend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The right to page, as it stood at ``asked`` (boottime).

    ``token`` is the lease's, 0 when the station acts without the hub; ``holder`` the origin it acts
    under. What is in ``shared`` (origin -> seq that others may know as well) then waits
    ``patience_ms`` longer.
    """

    holder: str
    token: int
    asked: float
    patience_ms: int = 0
    shared: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What the ledger said to claims: attempt by key, and those it knows to be sent already."""

    attempts: Mapping[str, int]
    sent: Sequence[LedgerRow] = ()


class PagerGate(Protocol):
    """What the pager asks before it pages, where several stations share the work."""

    def on_leave(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` on the loop when this station may page that could not before."""

    def leave(self) -> Leave | None:
        """The right to page now; None while this station must not."""

    def apart(self) -> frozenset[str]:
        """Deliveries that the ledger refused a moment ago and that are not worth a question yet."""

    async def claim(self, leave: Leave, keys: Sequence[str], claim_ms: int) -> Granted:
        """Ask the hub's ledger for deliveries; grants none when it cannot be asked."""

    def may_send(self, leave: Leave, within_s: float) -> bool:
        """Directly before the socket write: the right still stands and is at most so old."""

    def settle(self, leave: Leave, keys: Sequence[str], state: str, provider_id: str = "") -> None:
        """Tell the hub's ledger how one message ended, as soon as it can be told; ``keys`` are all
        deliveries in it."""


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

    def depose(self, holder: str, token: int, ttl_ms: int) -> Lease:
        """Take the lease from a holder that hangs, if it is still held under ``token``.

        A compare-and-set: of many who ask only one gets it, under the next token. Returns who holds
        it now.
        """

    def look(self, keys: Sequence[str]) -> list[LedgerRow]:
        """What the ledger says of these deliveries; nothing of those it does not know."""

    def claim(self, holder: str, token: int, keys: Sequence[str], claim_ms: int) -> dict[str, int]:
        """Claim deliveries before they are sent; returns key -> attempt for those granted.

        None is granted under a stale token; a claim of another holder is granted only after its
        deadline, one that was sent never again.
        """

    def settle(self, key: str, token: int, state: str, provider_id: str = "") -> bool:
        """Write down how an attempt ended; False when a newer token has claimed it since."""

    def settle_all(self, keys: Sequence[str], token: int, state: str, provider_id: str = "") -> int:
        """As `settle`, for all that went in one message; how many were written down."""

    def remember(self, rows: Sequence[LedgerRow]) -> None:
        """Put back what the hub has forgotten; never moves an entry backwards."""
