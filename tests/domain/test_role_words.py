"""Roles on the timeline, in words."""

from __future__ import annotations

from crisisdesk.domain.role_words import SEAT_TELLERS, tell_seats
from crisisdesk.domain.seat_fold import SEAT_STEPS
from crisisdesk.domain.timeline import build_timeline

from tests.domain.events import JONAS, KLARA
from tests.domain.test_seat_fold import ZOE, IncidentLog


def told(log: IncidentLog) -> list[tuple[str, str]]:
    """The timeline after the declaration: the line, the longer text."""
    entries = build_timeline("INC-1", [], log.events)
    return [(entry.told.plain, entry.told.detail) for entry in entries[1:]]


def test_every_kind_has_its_words() -> None:
    assert SEAT_TELLERS.keys() == SEAT_STEPS.keys()
    log = IncidentLog()
    before = log.incident()
    other = log.add("incident.responded")
    assert tell_seats(before, before, other) is None


def test_taking_and_giving_up_are_told() -> None:
    log = IncidentLog()
    first = log.add("incident.role_assumed", role="scribe", who=ZOE)
    log.add("incident.role_assumed", role="scribe", who=JONAS, instead=[first.id], reason="ill")
    seat = log.incident().sitting("scribe")[0]["seat"]
    log.add("incident.role_renounced", role="scribe", seats=[seat], reason="asleep")
    log.add("incident.role_renounced", role="scribe", seats=[seat])
    assert told(log) == [
        (f"Scribe: {ZOE} has it", ""),
        (f"Scribe: {JONAS} has it, instead of {ZOE}", "ill"),
        (f"Scribe: {JONAS} gave it up; nobody has it", "asleep"),
        ("Scribe: also given up", ""),
    ]


def test_a_hand_over_is_told_with_its_brief_and_its_read_back() -> None:
    log = IncidentLog()
    log.accept(log.offer(decided="fail over"))
    [offered, accepted] = told(log)
    assert offered == (
        f"Hand-over offered: Incident commander to {JONAS}",
        "What is known:\ntwo writers\nWhat is decided:\nfail over",
    )
    assert accepted == (
        f"Handed over: Incident commander, {KLARA} → {JONAS}",
        "Read back: stop writes first",
    )


def test_what_came_of_an_offer_is_told() -> None:
    log = IncidentLog()
    for end in ("declined", "withdrawn", "expired"):
        offer = log.offer()
        log.add(f"incident.handover_{end}", offer=offer, role="commander", reason="at sea")
    log.add("incident.handover_declined", offer=offer, role="commander")
    log.accept(offer)
    lines = [line for line, _detail in told(log) if not line.startswith("Hand-over offered")]
    kept = f": Incident commander stays with {KLARA}; {JONAS} had been asked"
    assert lines == [
        f"Hand-over declined{kept}",
        f"Hand-over withdrawn{kept}",
        f"Hand-over unanswered{kept}",
        "Incident commander: an offer that was over was also declined",
        (
            f"Incident commander: {JONAS} accepted when the offer was over; "
            f"{KLARA} and {JONAS} both have it"
        ),
    ]
