"""Witnessing: this station signs where all logs end, and judges what the others have signed.

The key itself, and with it all cryptography, is behind the ports `Signer` and `Verifier`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.heads import (
    Claim,
    Keys,
    against_log,
    between_claims,
    head_bytes,
    parse_witnesses,
    step_back,
    witness_bytes,
)
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import Hub, SignedHead, SyncLog

log = logging.getLogger(__name__)

SIGN_EVERY_S = 60.0


class Signer(Protocol):
    """A private key at work. ``public_key`` is its other half in hex."""

    public_key: str

    def sign(self, data: bytes) -> bytes:
        """The signature over exactly these bytes."""


class Verifier(Protocol):
    """Judges signatures."""

    def verify(self, public_key: str, signature: bytes, data: bytes) -> bool:
        """Whether the owner of this key (hex) signed exactly these bytes; never raises."""


class KeyRing(Protocol):
    """Where this station's own key is."""

    def of(self, origin: str) -> Signer:
        """The key of this incarnation, made when there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessParts:
    """What a witness works with.

    ``announce`` makes (origin, public key) known to the fleet and says whether it took it; it may
    block. ``announced`` gives the keys that the log tells of. ``keep`` keeps signed heads that
    were found good. ``boottime`` is `engine.ports.Clock.boottime`.
    """

    keys: KeyRing
    verifier: Verifier
    announce: Callable[[str, str], bool]
    announced: Callable[[], Keys]
    keep: Callable[[Sequence[SignedHead]], None]
    boottime: Callable[[], float]


def read_head(head: SignedHead, keys: Keys, verifier: Verifier) -> tuple[Claim | None, str]:
    """What a signed head claims when the right key has signed it; else None and the reason."""
    key = keys.of_origin.get(head.origin)
    if key is None:
        return None, "its origin has announced no key"
    try:
        witnesses = parse_witnesses(head.witnesses)
    except Malformed as error:
        return None, f"its {error.field} {error.problem}"
    claim = Claim(origin=head.origin, seq=head.seq, hash=head.hash, witnesses=witnesses)
    if not verifier.verify(key, head.signature, head_bytes(claim)):
        return None, "its head is not signed with the key of its origin"
    return claim, ""


class Witness:
    """A chore of the exchange: signs after each batch handed over and every 60 s, then judges.

    A head that someone signed is judged one exchange after it was seen: until then it may tell of
    events that the hub got since this exchange asked it. ``problems`` maps origins to what is
    wrong with them, in words. Blocking; used by one thread.
    """

    name = "witnessing"

    def __init__(self, hub: Hub, log_here: SyncLog, parts: WitnessParts) -> None:
        self._hub = hub
        self._log = log_here
        self._parts = parts
        self._signer: Signer | None = None
        self._own = self._signs_as = ""
        self._sign_at = 0.0
        self._seen: list[SignedHead] = []
        self._kept: dict[str, SignedHead] = {}
        self._last: dict[str, Claim] = {}
        self.problems: dict[str, str] = {}

    def run(self, outcome: Outcome) -> None:
        """Sign what is due and judge the others; may raise HubAway and HubRefused."""
        self._own = self._log.own_origin()
        lost = self._become(self._own)
        if outcome.pushed or self._parts.boottime() >= self._sign_at:
            self._sign(outcome)
        problems = self._judge(self._seen, outcome)
        self._seen = self._hub.signed_heads()
        self._tell({self._own: lost, **problems} if lost else problems)

    # -- signing -----------------------------------------------------------------------------

    def _become(self, origin: str) -> str:
        """Have the key of the present incarnation, and have it known; why not, or empty."""
        if origin == self._signs_as:
            return ""
        signer = self._parts.keys.of(origin)
        if self._parts.announce(origin, signer.public_key):
            self._signer, self._signs_as, self._sign_at = signer, origin, 0.0
            return ""
        self._signer, self._signs_as = None, ""
        return "the fleet knows this station under another key; its log is signed no more"

    def _sign(self, outcome: Outcome) -> None:
        """Only what the hub holds too: nobody could hold the rest against anyone."""
        own = self._signs_as
        mine = outcome.hub.get(own)
        if self._signer is None or mine is None or mine.seq == 0:
            return
        here = outcome.here
        seen = {
            origin: (mark.seq, mark.hash)
            for origin, mark in here.items()
            if origin != own
            and origin not in outcome.held_back
            and (there := outcome.hub.get(origin)) is not None
            and there.seq >= mark.seq > 0
        }
        claim = Claim(origin=own, seq=mine.seq, hash=mine.hash, witnesses=seen)
        before = self._last.get(own)
        if before is not None and step_back(before, claim):
            # The hub went back to an older copy; it is whole again before anything new is signed.
            return
        signed = SignedHead(
            origin=own,
            seq=claim.seq,
            hash=claim.hash,
            signature=self._signer.sign(head_bytes(claim)),
            witnesses=witness_bytes(seen),
        )
        self._hub.sign_head(signed)
        self._parts.keep([signed])
        self._last[own] = claim
        self._sign_at = self._parts.boottime() + SIGN_EVERY_S

    # -- judging -----------------------------------------------------------------------------

    def _judge(self, heads: Sequence[SignedHead], outcome: Outcome) -> dict[str, str]:
        problems: dict[str, str] = {}
        good: list[tuple[SignedHead, Claim]] = []
        keys = self._parts.announced()
        for head in heads:
            claim, why = read_head(head, keys, self._parts.verifier)
            if claim is None:
                problems[head.origin] = why
                continue
            good.append((head, claim))
            if head.origin != self._own and (why := self._follows(claim)):
                problems[head.origin] = f"its station: {why}"
        problems.update(self._against_log([claim for _head, claim in good], outcome))
        borne_out = [
            head
            for head, claim in good
            if head.origin != self._own
            and not problems.keys() & claim.ends.keys()
            and self._kept.get(head.origin) != head
        ]
        if borne_out:
            self._parts.keep(borne_out)
            self._kept.update({head.origin: head for head in borne_out})
        return problems

    def _follows(self, claim: Claim) -> str:
        """Why it cannot follow the last claim of its origin; an older one again is no wonder."""
        before = self._last.get(claim.origin)
        if before is not None and claim.seq <= before.seq:
            return ""
        self._last[claim.origin] = claim
        return "" if before is None else step_back(before, claim)

    def _against_log(self, claims: list[Claim], outcome: Outcome) -> dict[str, str]:
        ends = {
            origin: (mark.seq, mark.hash)
            for origin, mark in outcome.here.items()
            if origin not in outcome.held_back
        }
        for origin in outcome.held_back:
            # Told already, with the reason; what was signed about it is judged once it goes on.
            ends[origin] = (2**63 - 1, b"")
        found = [*against_log(claims, ends, self._log.hash_at), *between_claims(claims)]
        return {one.origin: one.why for one in reversed(found)}

    def _tell(self, problems: dict[str, str]) -> None:
        for origin, why in problems.items():
            if self.problems.get(origin) != why:
                log.error("origin %s: %s", origin[:8], why)
        self.problems = problems
