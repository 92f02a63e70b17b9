"""Which peers this station hears, and since when both hear each other."""

from __future__ import annotations

from crisisdesk.domain.duty import PEER_S, Peer, Word


class PeerView:
    """Keeps the last word of every peer; used on one thread.

    Moments are seconds of `Clock.boottime`.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._peers: dict[str, Peer] = {}

    def hear(self, word: Word, now: float) -> None:
        """Take in a peer's heartbeat. Silence or deafness on either side begins its time anew."""
        if word.origin == self._origin:
            return
        before = self._peers.get(word.origin)
        since: float | None = None
        if self._origin in word.hears:
            since = now
            if before is not None and before.stable_since is not None:
                since = before.stable_since if now - before.heard <= PEER_S else now
        self._peers[word.origin] = Peer(word=word, heard=now, stable_since=since)

    def peers(self, now: float) -> tuple[Peer, ...]:
        """Those heard a short while ago, by origin; who went silent is forgotten."""
        for origin in [o for o, peer in self._peers.items() if now - peer.heard > PEER_S]:
            del self._peers[origin]
        return tuple(self._peers[origin] for origin in sorted(self._peers))
