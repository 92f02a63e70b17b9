"""What happened to one delivery, event by event, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from crisisdesk.domain.answering import Action
from crisisdesk.domain.delivery import TEST_REASON, Delivery
from crisisdesk.domain.delivery_words import (
    FACES,
    FIRED,
    State,
    clock,
    reason_words,
    state_of,
    state_words,
    way,
)
from crisisdesk.domain.event import Event
from crisisdesk.domain.routing import routed_words
from crisisdesk.domain.station import Station

ALONE = ""


class Passage(NamedTuple):
    """One sentence of the story: when (UTC ms, 0 for no time of its own), its mark, its words.

    ``tone`` is "ok", "stale", "critical" or "".
    """

    at_ms: int
    mark: str
    words: str
    tone: str = ""


class Telling(NamedTuple):
    """What a sentence may need: station names by origin, the time (UTC ms), and the channel of the
    delivery that is told."""

    names: Mapping[str, str]
    now_ms: int
    channel: str = ""

    def station(self, origin: str) -> str:
        """A station by one of its origins; the origin's beginning where its name is not known."""
        known = self.names.get(origin) or self.names.get(ALONE)
        return known or (f"station {origin[:8]}" if origin else "this station")


def station_names(stations: Sequence[Station]) -> dict[str, str]:
    """The name of each station by every origin it has written under; by `ALONE` that of the only
    one there is, which before it meets others tells of no origin."""
    named = [station for station in stations if station.name]
    found = {origin: s.name for s in named for origin in s.incarnations}
    return found | {ALONE: named[0].name} if len(named) == 1 else found


def station_of(delivery: Delivery, names: Mapping[str, str]) -> str:
    """The name of the station whose claim stands or stood; "" where there was none, or no name."""
    if not delivery.attempt:
        return ""
    return names.get(delivery.holder) or names.get(ALONE, "")


def story(events: Sequence[Event], telling: Telling) -> list[Passage]:
    """The events of one delivery as sentences, the oldest first."""
    for event in events:
        if event.kind == "delivery.queued":
            telling = telling._replace(channel=str(event.body.get("channel", "")))
    return [_WORDS[e.kind](e, e.body, telling) for e in events if e.kind in _WORDS]


def sequel(
    delivery: Delivery, siblings: Sequence[Delivery], carried: int, telling: Telling
) -> list[Passage]:
    """What its other pages say: what went in its message, and by which method the contact was paged
    after it. ``siblings`` are the deliveries of the same alert, ``carried`` how many went with it.
    """
    told = []
    if carried:
        others = "1 other page" if carried == 1 else f"{carried} other pages"
        told.append(Passage(0, "layers", f"Its message told of {others} too"))
    if (following := next_method(delivery, siblings)) is not None:
        tone = FACES[state_of(following)].tone
        order = "Also" if "beside" in following.routed else "Then"
        words = f"{order} by {way(following)}: {state_words(following, telling.now_ms)}"
        told.append(Passage(following.queued_at, "arrow-right", words, tone))
    elif delivery.status == "failed" and not delivery.is_test:
        words = f"{delivery.contact_name} had no other method for this page"
        told.append(Passage(0, "phone-off", words, "critical"))
    return told


def next_method(delivery: Delivery, siblings: Sequence[Delivery]) -> Delivery | None:
    """The page to the same contact for the same reason that was queued after this one failed, or
    besides it."""
    after = delivery.failed_at or delivery.queued_at
    found = [
        one
        for one in siblings
        if (one.contact_id, one.reason, one.epoch)
        == (delivery.contact_id, delivery.reason, delivery.epoch)
        and one.method_id != delivery.method_id
        and (one.queued_at >= after or "beside" in one.routed)
    ]
    return min(found, key=lambda one: (one.queued_at, one.delivery_id), default=None)


# -- one kind of event each ----------------------------------------------------------------------

Body = Mapping[str, Any]


def _queued(event: Event, body: Body, telling: Telling) -> Passage:
    reason = str(body.get("reason", FIRED))
    probe = str(body.get("probe", ""))
    asked = reason == TEST_REASON and not probe
    who = f" ({event.actor.removeprefix('operator:')})" if asked else ""
    words = f"Queued for {body['contact_name']}: {reason_words(reason, probe)}{who}"
    return Passage(event.at_ms, "bell-ring", words)


def _claimed(event: Event, body: Body, telling: Telling) -> Passage:
    holder = str(body.get("holder", "")) or event.origin
    words = f"Attempt {body['attempt']} by {telling.station(holder)}: handed to the provider"
    if carries := body.get("carries", 0):
        words += f", with {carries} other page{'' if carries == 1 else 's'} in the message"
    if body.get("unknown"):
        words += "; an earlier attempt may have arrived"
    return Passage(event.at_ms, "loader", words)


def _bundled(event: Event, body: Body, telling: Telling) -> Passage:
    holder = str(body.get("holder", "")) or event.origin
    words = f"Goes in the message of another page, sent by {telling.station(holder)}"
    return Passage(event.at_ms, "layers", words)


def _sent(event: Event, body: Body, telling: Telling) -> Passage:
    words = "The provider took it"
    if body.get("into"):
        words = "The provider took the message it went in"
    return Passage(event.at_ms, "check", _quoting(words, body.get("words", "")), "ok")


def _failed(event: Event, body: Body, telling: Telling) -> Passage:
    retry_at = body.get("retry_at")
    if retry_at is None:
        return Passage(
            event.at_ms,
            "circle-x",
            _quoting("Failed for good", body.get("words", "")),
            "critical",
        )
    words = f"Failed, next try {clock(retry_at, telling.now_ms)} UTC"
    return Passage(event.at_ms, "refresh-cw", _quoting(words, body.get("words", "")), "stale")


def _released(event: Event, body: Body, telling: Telling) -> Passage:
    words = "Given back before anything was sent: due again at once"
    if body.get("unknown"):
        words = "Due again: an earlier message may have arrived with it, or not"
    return Passage(event.at_ms, "undo-2", words)


def _superseded(event: Event, body: Body, telling: Telling) -> Passage:
    return Passage(event.at_ms, "minus", _because("Not needed any more", body.get("reason", "")))


def _expired(event: Event, body: Body, telling: Telling) -> Passage:
    words = _because("Too late to send", body.get("reason", ""))
    return Passage(event.at_ms, "clock-alert", words, "critical")


def _confirmed(event: Event, body: Body, telling: Telling) -> Passage:
    state, said = body["state"], body.get("words", "")
    if state == "failed":
        words = _quoting("The provider says that it never arrived", said)
        return Passage(event.at_ms, "circle-x", words, "critical")
    word = "it was read" if state == "read" else "it arrived"
    mark = FACES[State.READ if state == "read" else State.DELIVERED].mark
    return Passage(event.at_ms, mark, _quoting(f"The provider says that {word}", said), "ok")


def _asked(event: Event, body: Body, telling: Telling) -> Passage:
    words = "Asked whether it arrived: the provider cannot say yet"
    if body.get("doubted"):
        words += "; the next method is used as well"
    return Passage(event.at_ms, "circle-help", words, "stale" if body.get("doubted") else "")


def _routed(event: Event, body: Body, telling: Telling) -> Passage:
    lost = "missing" in body
    mark, tone = ("phone-off", "critical") if lost else ("arrow-right", "")
    return Passage(event.at_ms, mark, routed_words(body, telling.channel), tone)


def _answered(event: Event, body: Body, telling: Telling) -> Passage:
    did = "took it" if body["action"] == Action.HAVE else "passed it on"
    mark = "user-check" if body["action"] == Action.HAVE else "arrow-right"
    words = f"{event.actor.removeprefix('operator:')} {did} by {body.get('way') or 'an answer'}"
    return Passage(event.at_ms, mark, words, "ok")


def _quoting(words: str, said: str) -> str:
    return f"{words}: “{said}”" if said else words


def _because(words: str, why: str) -> str:
    return f"{words}: {why}" if why else words


_WORDS: dict[str, Callable[[Event, Body, Telling], Passage]] = {
    "delivery.queued": _queued,
    "delivery.claimed": _claimed,
    "delivery.bundled": _bundled,
    "delivery.sent": _sent,
    "delivery.failed": _failed,
    "delivery.released": _released,
    "delivery.superseded": _superseded,
    "delivery.expired": _expired,
    "delivery.confirmed": _confirmed,
    "delivery.asked": _asked,
    "delivery.routed": _routed,
    "delivery.answered": _answered,
}
