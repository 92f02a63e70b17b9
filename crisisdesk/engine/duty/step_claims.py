"""Claims of exclusive steps in the hub's ledger, beside those of pages: under the same lease."""

from __future__ import annotations

from typing import Literal

from crisisdesk.engine.duty.ports import Leave, PagerGate


class HubClaims:
    """Implements `engine.recovery_ports.Claims`. Only the station that holds the hub's lease is
    granted any: of two that were apart, one at most."""

    def __init__(self, gate: PagerGate) -> None:
        self._gate = gate
        self._leaves: dict[str, Leave] = {}

    async def claim(self, key: str, claim_ms: int) -> str:
        """The lease's token and the number of the attempt; "" without the hub or its lease."""
        leave = self._gate.leave()
        if leave is None or not leave.token:
            return ""
        granted = await self._gate.claim(leave, [key], claim_ms)
        if key not in granted.attempts:
            return ""
        self._leaves[key] = leave
        return f"{leave.token}.{granted.attempts[key]}"

    def settle(self, key: str, claim: str, outcome: Literal["ok", "failed", "unknown"]) -> None:
        """A step that succeeded is never granted again."""
        leave = self._leaves.pop(key, None)
        if leave is not None and claim.startswith(f"{leave.token}."):
            self._gate.settle(leave, [key], "sent" if outcome == "ok" else outcome)
