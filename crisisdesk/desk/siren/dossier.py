"""What the siren shows of one alert, read from the station's file: what was tried, whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.desk.siren.words import (
    NOT_ASKED,
    clock,
    message_words,
    tried_words,
    way_verdict,
    way_word,
)
from crisisdesk.domain.contact import PHONES
from crisisdesk.domain.reached import NO_ANSWER, is_of_life, read_call, unreached_since
from crisisdesk.domain.rota import Rota

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.domain.escalation.planning import TakenStep
    from crisisdesk.domain.escalation.running import Escalation
    from crisisdesk.domain.reached import Waiting
    from crisisdesk.store.queries import StationReader

CALLED_AT_MOST = 40
_NOTES = 500
_TRIED_LINES = 2
_REPEATED = "alert.repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """Somebody to call: ``tried`` are the lines on what was tried, newest last.

    ``in_vain`` says that a call was logged that nobody answered, ``is_you`` that it is the operator
    of this desk.
    """

    contact_id: str
    name: str
    role: str
    tried: tuple[str, ...]
    phones: tuple[str, ...]
    in_vain: bool = False
    is_you: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one way of reaching people did for this alert, in words and their ink."""

    word: str
    told: str
    ink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One unreached alert. ``since_ms`` (UTC) is when it became so, ``tried`` a sentence.

    ``more`` is how many contacts are left out of ``people``.
    """

    alert_id: str
    epoch: str
    severity: str
    service: str
    title: str
    since_ms: int
    tried: str
    people: tuple[Callee, ...]
    ways: tuple[Way, ...]
    more: int = 0

    @property
    def name(self) -> str:
        """The alert in a few words."""
        return f"{self.service}: {self.title}" if self.service else self.title


def read_dossier(
    reader: StationReader, waiting: Waiting, operator: str, now_ms: int
) -> Dossier | None:
    """The dossier of an alert; None when it has gone meanwhile."""
    alert = reader.alert(waiting.alert_id)
    since = unreached_since(waiting)
    if alert is None or since is None:
        return None
    deliveries = [d for d in reader.deliveries_of(alert.alert_id) if is_of_life(alert, d)]
    contacts = {contact.contact_id: contact for contact in reader.contacts()}
    state, upcoming = _escalation(reader, alert, contacts)
    order = call_order(contacts, state, deliveries, upcoming)
    calls = _calls(reader, alert)
    labels = {m["method_id"]: m["label"] for c in contacts.values() for m in c.methods}
    people = tuple(
        _callee(contacts[name], deliveries, labels, calls, upcoming, operator, now_ms)
        for name in order[:CALLED_AT_MOST]
    )
    return Dossier(
        alert_id=alert.alert_id,
        epoch=alert.epoch,
        severity=alert.severity,
        service=alert.service,
        title=alert.title,
        since_ms=since,
        tried=tried_words(deliveries, now_ms, lost=waiting.lost_at is not None),
        people=people,
        ways=_ways(deliveries, labels, now_ms),
        more=max(0, len(order) - CALLED_AT_MOST),
    )


def call_order(
    contacts: Mapping[str, Contact],
    state: Escalation | None,
    deliveries: Sequence[Delivery],
    upcoming: TakenStep | None,
) -> list[str]:
    """Contact ids in the order to call them.

    First who was paged, in the order of the steps; then who is paged next; then the others: those
    who take part before those switched off, with a number before without, by name.
    """
    paged = [name for entry in (state.history if state else ()) for name in entry["contacts"]]
    paged += [one.contact_id for one in deliveries]
    paged += upcoming.contacts if upcoming else ()
    rest = sorted(
        contacts.values(),
        key=lambda c: (not c.enabled, not c.emergency.get(PHONES), c.name, c.contact_id),
    )
    named = dict.fromkeys([*paged, *(contact.contact_id for contact in rest)])
    return [name for name in named if name in contacts]


def _escalation(
    reader: StationReader, alert: Alert, contacts: Mapping[str, Contact]
) -> tuple[Escalation | None, TakenStep | None]:
    """The one of the alert's present life, and its next step."""
    for state in reader.escalations_of(alert.alert_id):
        if (state.epoch, state.life) == (alert.epoch, alert.life):
            rota = Rota(reader.policies())
            return state, rota.next_step(state, alert.severity, rota.directory(contacts))
    return None, None


def _calls(reader: StationReader, alert: Alert) -> dict[str, tuple[str, int]]:
    """The last logged call of this life to each name: outcome, UTC ms."""
    calls = {}
    for entry in reader.log_entries([alert.alert_id], _NOTES, without_kind=_REPEATED):
        event = entry.event
        if event.kind == "alert.noted" and event.at_ms >= alert.detected_at:
            call = read_call(event.body["text"])
            if call is not None:
                calls[call[0]] = (call[1], event.at_ms)
    return calls


def _callee(
    contact: Contact,
    deliveries: Sequence[Delivery],
    labels: Mapping[str, str],
    calls: Mapping[str, tuple[str, int]],
    upcoming: TakenStep | None,
    operator: str,
    now_ms: int,
) -> Callee:
    tried = [
        message_words(one, way_word(one.channel, labels.get(one.method_id, "")), now_ms)
        for one in deliveries
        if one.contact_id == contact.contact_id
    ]
    if not tried:
        next_up = upcoming is not None and contact.contact_id in upcoming.contacts
        tried = [f"paged next, {clock(upcoming.at, now_ms)}" if next_up and upcoming else NOT_ASKED]
    outcome, at_ms = calls.get(contact.name, ("", 0))
    if outcome:
        tried.append(f"called {clock(at_ms, now_ms)}: {outcome}")
    return Callee(
        contact_id=contact.contact_id,
        name=contact.name,
        role=contact.role,
        tried=tuple(tried[-_TRIED_LINES:]),
        phones=tuple(contact.emergency.get(PHONES, ())),
        in_vain=outcome == NO_ANSWER,
        is_you=bool(operator) and contact.name == operator,
    )


def _ways(
    deliveries: Sequence[Delivery], labels: Mapping[str, str], now_ms: int
) -> tuple[Way, ...]:
    by_word: dict[str, list[Delivery]] = {}
    for one in deliveries:
        by_word.setdefault(way_word(one.channel, labels.get(one.method_id, "")), []).append(one)
    found = []
    for word, of_it in sorted(by_word.items()):
        told, ink = way_verdict(of_it, now_ms)
        found.append(Way(word=word, told=told, ink=ink))
    return tuple(found)
