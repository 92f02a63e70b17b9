"""How it is told on the timeline who took, left or handed over which role of an incident."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.domain.event import Event
from crisisdesk.domain.handover_brief import BRIEF_WORDS
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.roles import role_word
from crisisdesk.domain.seat_fold import BRIEF
from crisisdesk.domain.told import Told, plain, strong

_ICON = "arrow-left-right"


def _reason(event: Event) -> str:
    return str(event.body.get("reason", ""))


def _assumed(before: Incident, after: Incident, event: Event) -> Told:
    role, who = event.body["role"], event.body["who"]
    gone = [name for name in before.holders(role) if name not in after.holders(role)]
    instead = f", instead of {', '.join(gone)}" if gone else ""
    line = (strong(role_word(role)), plain(": "), strong(who), plain(f" has it{instead}"))
    return Told(icon="user", line=line, detail=_reason(event))


def _renounced(before: Incident, after: Incident, event: Event) -> Told:
    role = event.body["role"]
    gone = [name for name in before.holders(role) if name not in after.holders(role)]
    left = ", ".join(after.holders(role)) or "nobody"
    line = (strong(role_word(role)), plain(f": {', '.join(gone)} gave it up; {left} has it"))
    return Told(icon="user", line=line, detail=_reason(event))


def _offered(_before: Incident, _after: Incident, event: Event) -> Told:
    body = event.body
    brief = [f"{BRIEF_WORDS[name]}:\n{body[name]}" for name in BRIEF if body.get(name)]
    line = (strong("Hand-over offered: "), plain(f"{role_word(body['role'])} to {body['to']}"))
    return Told(icon=_ICON, line=line, detail="\n".join(brief))


def _accepted(before: Incident, after: Incident, event: Event) -> Told:
    role, read_back = event.body["role"], event.body["read_back"]
    word, said = role_word(role), f"Read back: {read_back}"
    offer = before.offer_of(role)
    if offer is None or offer["offer"] != event.body["offer"]:
        words = f": {event.actor} accepted when the offer was over"
        both = after.holders(role)
        tail = f"; {' and '.join(both)} both have it" if len(both) > 1 else ""
        return Told(icon=_ICON, line=(strong(word), plain(words + tail)), detail=said)
    line = (
        strong("Handed over: "),
        plain(f"{word}, {offer['by']} → "),
        strong(event.actor),
    )
    return Told(icon=_ICON, line=line, detail=said)


def _ended(what: str) -> Callable[[Incident, Incident, Event], Told]:
    def tell(before: Incident, _after: Incident, event: Event) -> Told:
        role = event.body["role"]
        offer = before.offer_of(role)
        if offer is None or offer["offer"] != event.body["offer"]:
            words = f": an offer that was over was also {what}"
            return Told(icon=_ICON, line=(strong(role_word(role)), plain(words)))
        kept = f": {role_word(role)} stays with {offer['by']}; {offer['to']} had been asked"
        line = (strong(f"Hand-over {what}"), plain(kept))
        return Told(icon=_ICON, line=line, detail=_reason(event))

    return tell


SEAT_TELLERS: dict[str, Callable[[Incident, Incident, Event], Told]] = {
    "incident.role_assumed": _assumed,
    "incident.role_renounced": _renounced,
    "incident.handover_offered": _offered,
    "incident.handover_accepted": _accepted,
    "incident.handover_declined": _ended("declined"),
    "incident.handover_withdrawn": _ended("withdrawn"),
    "incident.handover_expired": _ended("unanswered"),
}
_LATE: dict[str, str] = {
    "incident.role_assumed": "also taken by somebody who had it",
    "incident.role_renounced": "also given up",
    "incident.handover_offered": "also offered to somebody else",
}


def tell_seats(before: Incident, after: Incident, event: Event) -> Told | None:
    """One event about roles that changed the incident; None for other kinds."""
    teller = SEAT_TELLERS.get(event.kind)
    if teller is None:
        return None
    if event.kind in _LATE and after.also_done != before.also_done:
        words = f": {_LATE[event.kind]}"
        return Told(icon="history", line=(strong(role_word(event.body["role"])), plain(words)))
    return teller(before, after, event)
