"""Offers to hand a role over: which concern whoever sits here, and what there is to say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.frame.clock_strip import ClockCell
from crisisdesk.desk.incidents.role_lines import is_me, left_words
from crisisdesk.domain.notice_words import BODY_LIMIT, TITLE_LIMIT, Notice, one_line
from crisisdesk.domain.notices import LASTS_MS
from crisisdesk.domain.roles import role_word
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.incident import Incident
    from crisisdesk.store.queries import StationReader


class Offered(NamedTuple):
    """An offer that stands, with the incident it is about. Times are UTC ms."""

    offer: str
    incident_id: str
    role: str
    by: str
    to: str
    at: int
    until: int


class Band(NamedTuple):
    """What a band says of an offer: its sentence, and the button with the order that it gives."""

    role: str
    words: str
    button: str
    key: str
    press: str


def offers_of(incident: Incident, operator: str) -> list[Offered]:
    """The offers of an incident that were made to whoever sits here or by them, oldest first."""
    return [
        Offered(
            offer=one["offer"],
            incident_id=incident.incident_id,
            role=one["role"],
            by=one["by"],
            to=one["to"],
            at=one["at"],
            until=one["until"],
        )
        for one in incident.handovers
        if is_me(one["to"], operator) or is_me(one["by"], operator)
    ]


def read_offers(reader: StationReader, operator: str) -> list[Offered]:
    """The same of all incidents."""
    return [one for found in reader.offering_incidents() for one in offers_of(found, operator)]


def band_of(one: Offered, operator: str, now_ms: int) -> Band:
    """What the page says of an offer above everything else."""
    word, left = role_word(one.role).lower(), left_words(one.until - now_ms)
    if is_me(one.to, operator):
        words = f"{one.by} hands {word} over to you: {left}."
        return Band(one.role, words, "Read and answer", "H", "hand")
    words = f"{role_word(one.role)} is offered to {one.to}: {left}. Until they accept it is yours."
    return Band(one.role, words, "Take back", "", "withdraw")


def offer_cells(offers: Iterable[Offered], operator: str) -> list[ClockCell]:
    """The clock of what waits for whoever sits here, one for an incident."""
    mine: dict[str, Offered] = {}
    for one in sorted(offers, key=lambda o: o.until):
        if is_me(one.to, operator):
            mine.setdefault(one.incident_id, one)
    return [
        ClockCell(
            key=one.incident_id,
            label=f"hand-over: {role_word(one.role).lower()}",
            icon="arrow-left-right",
            deadline_ms=one.until,
            total_ms=one.until - one.at,
        )
        for one in mine.values()
    ]


def over(before: Iterable[Offered], now: Iterable[Offered], operator: str) -> list[Offered]:
    """The offers of whoever sits here that stood before and are over, unless made anew."""
    standing = {(one.incident_id, one.role) for one in now}
    mine = (one for one in before if is_me(one.by, operator))
    return [one for one in mine if (one.incident_id, one.role) not in standing]


def outcome_words(one: Offered, incident: Incident) -> tuple[str, str]:
    """What became of an offer that is over, as a title and a body."""
    word = role_word(one.role)
    if any(is_me(name, one.to) for name in incident.holders(one.role)):
        return f"{one.to} has it: {word.lower()}", f"The read-back stands in {one.incident_id}."
    return f"Not handed over: {word.lower()}", f"It stays as it was in {one.incident_id}."


class OfferNews:
    """Knows which offers were told: each is heard once, and none that stood when one came in."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._begun = False

    def learn(self, offers: Iterable[Offered], operator: str) -> list[Offered]:
        """What was offered to this operator since the last call."""
        mine = [one for one in offers if is_me(one.to, operator)]
        news = [one for one in mine if one.offer not in self._known]
        self._known = {one.offer for one in offers}
        begun, self._begun = self._begun, True
        return news if begun else []


def offer_notice(one: Offered) -> Notice:
    """The desktop notice of an offer; pressing it leads to the incident."""
    return Notice(
        key=one.incident_id,
        alert_id="",
        title=one_line(f"{one.by} hands {role_word(one.role).lower()} over to you", TITLE_LIMIT),
        body=one_line(f"{one.incident_id}. Read the brief and answer.", BODY_LIMIT),
        severity=SEVERITY_RANK[Severity.HIGH],
        lasts_ms=LASTS_MS,
    )
