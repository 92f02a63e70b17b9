"""Duty: whether this station may page now, decided from what it knows of hub, lease and peers.

All moments here are seconds on a clock that runs through suspend (`Clock.boottime`). With the hub
in reach only who holds its lease pages. Without it the stations that see each other let the one
with the lowest duty rank page; one that sees nobody pages only if it has a rank.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["alone", "holds", "follows", "waiting", "acting", "not_paging"]

LEASE_S = 4.0
# How much earlier than the hub its holder stops to believe in a lease.
MARGIN_S = 0.5
# An unanswered question this old means that the hub is slow or gone, for those who look on.
SLOW_S = 1.5
# Without the hub nobody acts before its lease has run out for everyone.
WAIT_S = LEASE_S + 1.0
HEARTBEAT_S = 1.0
PEER_S = 3.0
STABLE_S = 3.0
INTENT_S = 1.0
# After the hub was away its new holder lets those who acted meanwhile hand over what they did.
HAND_OVER_S = 1.5
CATCH_UP_S = 5.0
RANK_S = 30.0
# Over how many roads it is passed on who acts. What is no longer true goes round until then.
MOST_HOPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLease:
    """This station's own lease. ``until`` is when it stops to believe in it."""

    token: int
    until: float


def valid_until(asked: float, left_s: float = LEASE_S) -> float:
    """Up to when a lease may be believed that was asked for at ``asked``, before the question left.

    The hub cannot have granted it earlier than that, so by its clock it ends later than here.
    """
    return asked + min(left_s, LEASE_S) - MARGIN_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a station tells its peers of itself, at every heartbeat and on every change.

    ``acts`` says that it pages without the hub, or is about to; ``hears_rank`` is the lowest rank
    among stations that say so to it, or of which others say so, and ``hears_hops`` over how many
    roads that came; ``hears`` are the origins whose heartbeats reach it.
    """

    origin: str
    name: str = ""
    rank: int | None = None
    sees_hub: bool = False
    claims_lease: bool = False
    token: int = 0
    acts: bool = False
    hears_rank: int | None = None
    hears_hops: int = 1
    hears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another station: its last word, when that was heard, and since when both hear each other."""

    word: Word
    heard: float
    stable_since: float | None

    def is_visible(self, now: float) -> bool:
        """Whether each hears the other now; a road one way only is none."""
        return self.stable_since is not None and now - self.heard <= PEER_S

    @property
    def name(self) -> str:
        """What to call it."""
        return self.word.name or self.word.origin[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What this station knows.

    ``unanswered`` is when the oldest question to the hub was asked that has no answer yet; None
    while it answers. ``awake_since`` is since when this station runs without a gap (start, suspend,
    freeze). ``holder`` is who had the lease when the hub last answered. ``hub_back`` is when the
    hub answered again after others may have acted without it, ``caught_up`` whether an exchange
    was completed since. ``better_ranked`` says that a station with a lower duty rank is registered.
    ``intent_since`` is since when this station tells its peers without a break that it is about to
    page. ``overdue_since`` is when it found that pages are long due and nobody acts.
    """

    hub_configured: bool
    origin: str = ""
    name: str = ""
    rank: int | None = None
    awake_since: float = 0.0
    unanswered: float | None = None
    lease: HeldLease | None = None
    holder: str = ""
    holder_name: str = ""
    holder_token: int = 0
    hub_back: float | None = None
    caught_up: bool = True
    peers: tuple[Peer, ...] = ()
    better_ranked: bool = False
    intent_since: float | None = None
    overdue_since: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether to page, why (not), and when to look again if nothing is heard before.

    ``token`` is the lease's. ``acts`` is to be told to the peers: this station pages without the
    hub or is about to. ``patience_s`` is how much longer pages wait that others may know too.
    """

    kind: Kind
    may_page: bool
    words: str
    look_again: float
    token: int = 0
    acts: bool = False
    patience_s: float = 0.0
    holder: str = ""
    holder_name: str = ""


def decide(k: Knowledge, now: float) -> Decision:
    """Whether this station pages now."""
    if not k.hub_configured:
        words = "no hub is set up; this station pages"
        return Decision(kind="alone", may_page=True, words=words, look_again=now + WAIT_S)
    if k.lease is not None and now < k.lease.until:
        return _holds(k, k.lease, now)
    away_since = _away_since(k)
    if away_since is None or now - away_since < SLOW_S:
        return _follows(k, now)
    if now - away_since < WAIT_S:
        words = "the hub does not answer; until its lease has run out nobody acts without it"
        return Decision(kind="waiting", may_page=False, words=words, look_again=away_since + WAIT_S)
    return _without_hub(k, now)


def speak(k: Knowledge, decision: Decision, now: float) -> Word:
    """What this station tells its peers after a decision."""
    hears_rank, hears_hops = _hears_of(visible(k.peers, now))
    away_since = _away_since(k)
    return Word(
        origin=k.origin,
        name=k.name,
        rank=k.rank,
        sees_hub=k.hub_configured and (away_since is None or now - away_since < SLOW_S),
        claims_lease=decision.kind == "holds",
        token=decision.token,
        acts=decision.acts,
        hears_rank=hears_rank,
        hears_hops=hears_hops,
        hears=tuple(p.word.origin for p in k.peers if now - p.heard <= PEER_S),
    )


def _hears_of(seen: list[Peer]) -> tuple[int | None, int]:
    """The lowest rank that acts, as peers say of themselves and of others; and its distance."""
    found: list[tuple[int, int]] = []
    for word in (peer.word for peer in seen):
        if word.acts and word.rank is not None:
            found.append((word.rank, 1))
        if word.hears_rank is not None and word.hears_hops < MOST_HOPS:
            found.append((word.hears_rank, word.hears_hops + 1))
    return min(found, default=(None, 1))


def visible(peers: Iterable[Peer], now: float) -> list[Peer]:
    """The peers that hear this station and are heard by it."""
    return [peer for peer in peers if peer.is_visible(now)]


def _away_since(k: Knowledge) -> float | None:
    """Since when the hub is away, as far as this station was awake to notice; None while not."""
    return None if k.unanswered is None else max(k.unanswered, k.awake_since)


def _holds(k: Knowledge, lease: HeldLease, now: float) -> Decision:
    words, may_page = "this station has the hub's lease and pages", True
    look_again = lease.until
    if k.hub_back is not None and _hands_over(k, k.hub_back, now):
        words = "this station has the hub's lease and first takes over what others did meanwhile"
        may_page, look_again = False, k.hub_back + HAND_OVER_S
    return Decision(
        kind="holds",
        may_page=may_page,
        words=words,
        look_again=max(now, look_again),
        token=lease.token,
        holder=k.origin,
        holder_name=k.name,
    )


def _hands_over(k: Knowledge, hub_back: float, now: float) -> bool:
    if now >= hub_back + CATCH_UP_S:
        return False
    acts = any(peer.word.acts for peer in visible(k.peers, now))
    return acts or not k.caught_up or now < hub_back + HAND_OVER_S


def _follows(k: Knowledge, now: float) -> Decision:
    if not k.holder or k.holder == k.origin:
        words = "nobody has the hub's lease yet; this station asks for it"
        return Decision(kind="waiting", may_page=False, words=words, look_again=now + SLOW_S)
    name = k.holder_name or k.holder[:8]
    return Decision(
        kind="follows",
        may_page=False,
        words=f"{name} has the hub's lease and pages",
        look_again=now + SLOW_S,
        holder=k.holder,
        holder_name=name,
    )


# -- without the hub -----------------------------------------------------------------------------


def _without_hub(k: Knowledge, now: float) -> Decision:
    seen = visible(k.peers, now)
    if k.overdue_since is None:
        for peer in seen:
            if peer.word.claims_lease:
                return _leaves_it_to(peer, f"{peer.name} has the hub's lease and pages", now)
        for peer in seen:
            if peer.word.sees_hub:
                words = f"{peer.name} reaches the hub, where the lease decides who pages"
                return _leaves_it_to(None, words, now)
    if k.rank is None:
        return _unranked(seen, now)
    return _ranked(k, k.rank, seen, now)


def _leaves_it_to(peer: Peer | None, words: str, now: float) -> Decision:
    return Decision(
        kind="waiting" if peer is None else "follows",
        may_page=False,
        words=words,
        look_again=now + HEARTBEAT_S,
        holder="" if peer is None else peer.word.origin,
        holder_name="" if peer is None else peer.name,
    )


def _unranked(seen: list[Peer], now: float) -> Decision:
    ranked = sorted((p for p in seen if p.word.rank is not None), key=_place)
    for peer in ranked:
        if peer.word.acts:
            return _leaves_it_to(peer, f"{peer.name} pages without the hub", now)
    if ranked:
        return _leaves_it_to(None, f"the hub is away; {ranked[0].name} is to page", now)
    if any(p.word.hears_rank is not None for p in seen):
        return _leaves_it_to(None, "the hub is away; a station that peers see pages", now)
    words = "NOT PAGING: the hub is away, this station has no duty rank and sees none that has"
    return Decision(kind="not_paging", may_page=False, words=words, look_again=now + HEARTBEAT_S)


def _ranked(k: Knowledge, rank: int, seen: list[Peer], now: float) -> Decision:
    mine = (rank, k.origin)
    before_me = sorted((p for p in seen if _place(p) < mine), key=_place)
    if (leader := _leader(k, rank, before_me, seen, now)) is not None:
        return leader
    since = k.intent_since
    if since is None or now - since < INTENT_S:
        words = "the hub is away; this station is about to page unless a better ranked one objects"
        return Decision(
            kind="waiting",
            may_page=False,
            words=words,
            look_again=(now if since is None else since) + INTENT_S,
            acts=True,
        )
    patience = rank * RANK_S if k.better_ranked or not seen else 0.0
    words = "the hub is away; this station pages without it"
    if not seen:
        words = "the hub is away and no other station is in sight; this station pages"
    if patience:
        words += f", {patience:.0f} s later what others may know too"
    return Decision(
        kind="acting",
        may_page=True,
        words=words,
        look_again=now + HEARTBEAT_S,
        acts=True,
        patience_s=patience,
        holder=k.origin,
        holder_name=k.name,
    )


def _leader(
    k: Knowledge, rank: int, before_me: list[Peer], seen: list[Peer], now: float
) -> Decision | None:
    """Why a better ranked station pages rather than this one; None when none does."""
    overdue = k.overdue_since is not None
    # Those whose turn it was did nothing: one more of the next may try every half minute.
    if k.overdue_since is not None and len(before_me) <= 1 + (now - k.overdue_since) // RANK_S:
        return None
    for peer in before_me:
        if peer.word.acts:
            return _leaves_it_to(peer, f"{peer.name} pages without the hub", now)
    for peer in before_me:
        if peer.stable_since is not None and now - peer.stable_since >= STABLE_S:
            return _leaves_it_to(None, f"the hub is away; {peer.name} is to page", now)
    heard_of = [p.word.hears_rank for p in seen if p.word.hears_rank is not None]
    if not overdue and min(heard_of, default=rank) < rank:
        return _leaves_it_to(None, "the hub is away; a station that peers see pages", now)
    return None


def _place(peer: Peer) -> tuple[float, str]:
    """Where it stands in the order of ranks; without a rank behind all."""
    rank = peer.word.rank
    return (float("inf") if rank is None else rank, peer.word.origin)
