"""Signed heads: what a station puts its name to, and which of these words contradict each other.

A station signs where its own log ends and where it saw every other one end. Whoever later shortens,
rewrites or splits a log contradicts what others have signed (witnessing, as in RFC 6962's gossip).
The bytes are the protocol: tag, line feed, then canonical JSON of the four fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from crisisdesk.domain.canonical import canonical_bytes, parse_canonical
from crisisdesk.domain.errors import Malformed

TAG = b"CrisisDesk head 1\n"
_ORIGIN = re.compile(r"[0-9a-f]{32}\Z")
_HASH_HEX = re.compile(r"[0-9a-f]{64}\Z")

Ends = Mapping[str, tuple[int, bytes]]
HashAt = Callable[[str, int], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one signature says: ``origin`` had ``seq`` events, the chain hash there was ``hash``.

    ``witnesses`` maps every other origin that the signer had seen to its (seq, hash) there.
    """

    origin: str
    seq: int
    hash: bytes
    witnesses: Ends = field(default_factory=dict)

    @property
    def ends(self) -> dict[str, tuple[int, bytes]]:
        """All logs' ends that it vouches for, the signer's own among them."""
        return {**self.witnesses, self.origin: (self.seq, self.hash)}


def witness_bytes(witnesses: Ends) -> bytes:
    """The canonical form in which witnessed heads are kept and sent."""
    return canonical_bytes({o: [seq, digest.hex()] for o, (seq, digest) in witnesses.items()})


def parse_witnesses(data: bytes) -> dict[str, tuple[int, bytes]]:
    """What `witness_bytes` made; Malformed for anything else, so that one claim has one form.

    No bytes at all say that nothing was witnessed.
    """
    if not data:
        return {}
    try:
        told = parse_canonical(data)
        found = {origin: _end(origin, end) for origin, end in told.items()}
        if witness_bytes(found) == data:
            return found
    except (ValueError, TypeError, AttributeError) as error:
        raise _malformed() from error
    raise _malformed()


def _end(origin: str, end: list[object]) -> tuple[int, bytes]:
    seq, digest = end
    # Not isinstance: True is an int too, and would be a second form of 1.
    if type(seq) is not int or not (isinstance(digest, str) and _HASH_HEX.match(digest)):
        raise ValueError(end)
    if seq < 1 or not _ORIGIN.match(origin):
        raise ValueError(origin)
    return (seq, bytes.fromhex(digest))


def _malformed() -> Malformed:
    return Malformed("witnesses", "are no canonical list of heads", "have the station sign anew")


def head_bytes(claim: Claim) -> bytes:
    """The exact bytes that are signed."""
    return TAG + canonical_bytes(
        {
            "hash": claim.hash.hex(),
            "origin": claim.origin,
            "seq": claim.seq,
            "witnesses": {o: [seq, digest.hex()] for o, (seq, digest) in claim.witnesses.items()},
        }
    )


# -- the rules ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A log that is not what was signed about it: ``after`` is the last place known to be good.

    ``first_bad`` is the first event that can be wrong; the first that must be wrong is at ``seq``.
    """

    origin: str
    seq: int
    after: int
    why: str

    @property
    def first_bad(self) -> int:
        """The seq behind the last one that signatures still agree on."""
        return self.after + 1


def between_claims(claims: Iterable[Claim]) -> list[Contradiction]:
    """Claims about the same place of one log that name different hashes: that log was split."""
    said: dict[tuple[str, int], bytes] = {}
    split: dict[str, int] = {}
    for claim in claims:
        for origin, (seq, digest) in claim.ends.items():
            if said.setdefault((origin, seq), digest) != digest:
                split[origin] = min(seq, split.get(origin, seq))
    found = []
    for origin, seq in sorted(split.items()):
        below = max((s for o, s in said if o == origin and s < seq), default=0)
        why = f"stations signed different events {seq}: the log was split"
        found.append(Contradiction(origin=origin, seq=seq, after=below, why=why))
    return found


def against_log(claims: Iterable[Claim], ends: Ends, hash_at: HashAt) -> list[Contradiction]:
    """Where a log is shorter than, or differs from, what was signed about it; one for each origin.

    ``ends`` is where the logs end, ``hash_at`` gives the chain hash at a place or None where it is
    not kept any more. Complete means: up to the last head anybody has witnessed.
    """
    said: dict[str, dict[int, bytes]] = {}
    for claim in claims:
        for origin, (seq, digest) in claim.ends.items():
            said.setdefault(origin, {})[seq] = digest
    found = []
    for origin, places in sorted(said.items()):
        contradiction = _of_one_log(origin, places, ends.get(origin, (0, b""))[0], hash_at)
        if contradiction is not None:
            found.append(contradiction)
    return found


def _of_one_log(
    origin: str, places: Mapping[int, bytes], end: int, hash_at: HashAt
) -> Contradiction | None:
    good = 0
    for seq in sorted(places):
        if seq > end:
            why = f"the log ends at {end}, but {seq} events of it were witnessed"
            return Contradiction(origin=origin, seq=end + 1, after=end, why=why)
        if (here := hash_at(origin, seq)) is None:
            # Compacted: what is kept begins later and chains on from there.
            continue
        if here != places[seq]:
            why = f"events between {good + 1} and {seq} are not those that were signed"
            return Contradiction(origin=origin, seq=seq, after=good, why=why)
        good = seq
    return None


def step_back(earlier: Claim, later: Claim) -> str:
    """Why ``later``, signed after ``earlier`` by the same origin, cannot follow; empty if it can.

    Continuity: a station's own head and every head it witnesses only ever grow. It may pass over an
    origin whose events it cannot exchange at the moment.
    """
    for origin, (seq, digest) in earlier.ends.items():
        now_seq, now_digest = later.ends.get(origin, (seq, digest))
        if now_seq < seq:
            return f"origin {origin[:8]} went back from {seq} to {now_seq}"
        if now_seq == seq and now_digest != digest:
            return f"origin {origin[:8]} has another event {seq} than before"
    return ""


@dataclass(slots=True)
class Keys:
    """Which public key signs for which origin, from what origins announced of themselves.

    The first word of an origin counts; a key that was some origin's before signs for no other, so
    an old key is of no use for a later incarnation.
    """

    of_origin: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def announce(self, origin: str, public_key: str) -> bool:
        """Note an announcement, in canonical order of events; False when it does not count."""
        if origin in self.of_origin or public_key in self._taken:
            return False
        self.of_origin[origin] = public_key
        self._taken.add(public_key)
        return True
