"""Another station in the hub's place: the same vector protocol, over a line to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import (
    PULL_EVENTS,
    Fleet,
    HubAway,
    Mark,
    Report,
    SignedHead,
)
from crisisdesk.peers.frames import Garbled
from crisisdesk.peers.line import Line
from crisisdesk.peers.speech import events_in, events_out, marks_in, number_in

HEADS_S = 5.0
BATCH_S = 15.0


class PeerHub:
    """Implements `engine.exchange.ports.Hub` for the events alone.

    Registration and signed heads stay with the hub: a station that says it has others on its list
    must not be believed about who belongs to the fleet.
    """

    def __init__(self, line: Line) -> None:
        self._line = line

    def close(self) -> None:
        """Break off what is under way."""
        self._line.close()

    def heads(self) -> dict[str, Mark]:
        """How much of every origin's log the other station holds."""
        try:
            return marks_in(self._line.ask({"ask": "heads"}, HEADS_S).get("heads"))
        except Garbled as error:
            raise self._away(error) from None

    def push(self, origin: str, first_seq: int, events: Sequence[Stored]) -> int:
        """Hand over consecutive events; its head of that origin afterwards. Raises Forked."""
        question = {
            "ask": "push",
            "origin": origin,
            "first": first_seq,
            "events": events_out(events),
        }
        try:
            return number_in(self._line.ask(question, BATCH_S).get("head"))
        except Garbled as error:
            raise self._away(error) from None

    def pull(self, vector: Mapping[str, int], limit: int = PULL_EVENTS) -> list[Stored]:
        """Events behind ``vector``, not checked yet; the one writer does that."""
        question = {"ask": "pull", "vector": dict(vector), "limit": limit}
        try:
            return events_in(self._line.ask(question, BATCH_S).get("events"))
        except Garbled as error:
            raise self._away(error) from None

    def report(self, report: Report) -> Fleet:
        """Nobody keeps it here: what comes back is the report itself, and no other."""
        return Fleet(reports=(report,), hub_now_ms=report.seen_ms)

    def sign_head(self, head: SignedHead) -> None:
        """Nobody keeps it here; it is signed anew when the hub is back."""

    def signed_heads(self) -> list[SignedHead]:
        """None: heads are judged by what the hub hands out."""
        return []

    def _away(self, error: Garbled) -> HubAway:
        self._line.drop()
        return HubAway(f"what came is not of this protocol ({error})")
