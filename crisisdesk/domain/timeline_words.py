"""How each fact of an incident is told on its timeline: icon, words and the longer text below."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.amounts import count_words, money_words, span_words
from crisisdesk.domain.event import Event
from crisisdesk.domain.hold_words import hold_words
from crisisdesk.domain.image_reference import without_references
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_words import BECOMING
from crisisdesk.domain.priority import DERIVED
from crisisdesk.domain.role_words import SEAT_TELLERS, tell_seats
from crisisdesk.domain.told import Segment, Told, plain, strong
from crisisdesk.domain.update import IncidentUpdate

FIELD_WORDS: dict[str, str] = {
    "title": "Title",
    "description": "Description",
    "severity": "Severity",
    "category": "Category",
    "crisis_type": "Type of crisis",
    "priority": "Priority",
    "impact": "Impact",
    "communication_lead": "Communication lead",
    "user_impact_count": "Users affected",
    "business_impact": "Business impact",
    "financial_impact_cents": "Money",
    "root_cause": "Root cause",
    "resolution_summary": "Resolution",
    "lessons_learned": "Lessons learned",
}
_LONG_TEXTS = (
    "description",
    "business_impact",
    "root_cause",
    "resolution_summary",
    "lessons_learned",
)
UPDATE_ICONS: dict[str, str] = {
    "note": "message-square-plus",
    "status": "flag",
    "investigation": "search",
    "communication": "megaphone",
    "decision": "gavel",
    "action": "square-check",
}


def value_words(field: str, value: Any) -> str:
    """A field's value as an operator reads it; "nothing" when it is empty."""
    if field == "user_impact_count":
        return count_words(value)
    if field == "financial_impact_cents":
        return money_words(value) or "nothing"
    return str(value).replace("_", " ") or "nothing"


# ------------------------------------------------------------------------------ the incident


def tell_incident(
    before: Incident | None, after: Incident, event: Event, names: Mapping[str, str]
) -> Told | None:
    """One event of the incident that changed it; None for what the timeline leaves out.

    ``names`` are what operators call the alerts, by id; one without a name is told by its id.
    """
    if before is None:
        return _opened(after, event)
    if after.newer_needed:
        return newer_told(after.newer_needed)
    if event.kind in _IN_VAIN and after.also_done != before.also_done:
        return _IN_VAIN[event.kind](after, event)
    if event.kind in _ATTACHING:
        icon, word = _ATTACHING[event.kind]
        named = _alert_named(event.body["alert_id"], names)
        rule = event.body.get("rule", "")
        by = (plain(f", related by rule {rule}"),) if rule else ()
        to = event.body.get("to", "")
        by = (*by, plain(f", now in {to}")) if to else by
        return Told(icon=icon, line=(strong(word), named, *by))
    if event.kind in SEAT_TELLERS:
        return tell_seats(before, after, event)
    if event.kind in BECOMING:
        return BECOMING[event.kind](after, event)
    teller = _INCIDENT_TELLERS.get(event.kind)
    return None if teller is None else teller(before, after, event)


def _opened(after: Incident, event: Event) -> Told:
    many = len(after.alerts)
    tail = f", {many} alert{'' if many == 1 else 's'} attached" if many else ""
    led = f", led by {after.commander}" if after.commander else ""
    rule = f", proposed by rule {event.body['rule']}" if event.body.get("rule") else ""
    split = f", split off {after.split_from}" if after.split_from else ""
    line = (strong("Incident declared"), plain(f" as {after.severity}{led}{tail}{rule}{split}"))
    reasons = [event.body.get("reason", "")]
    reasons += [
        f"{n} {getattr(after, n)}: {why}" for n, why in sorted(after.by_hand.items()) if why
    ]
    return Told(icon="siren", line=line, detail="\n".join(filter(None, reasons)))


def _status(before: Incident, after: Incident, _event: Event) -> Told:
    line = (strong("Status: "), plain(before.status), plain(" → "), strong(after.status))
    changed = after.resolution_summary != before.resolution_summary
    icon = "flag" if after.is_open else "circle-check"
    return Told(icon=icon, line=line, detail=after.resolution_summary if changed else "")


def _reopened(before: Incident, _after: Incident, event: Event) -> Told:
    line = (strong("Reopened"), plain(f", it had been {before.status}"))
    return Told(icon="rotate-ccw", line=line, detail=event.body.get("reason", ""))


def _commander(before: Incident, after: Incident, event: Event) -> Told:
    name = event.body["commander"]
    line: tuple[Segment, ...]
    if after.commander != before.commander and not after.commander:
        line = (strong("Nobody commands"), plain(" any more"))
        return Told(icon="arrow-left-right", line=line, detail=event.body.get("reason", ""))
    if name in after.rivals:
        line = (
            strong("Two commanders: "),
            plain(f"{after.commander} and {name} were named at the same moment"),
        )
        return Told(icon="arrow-left-right", line=line)
    if not before.commander:
        return Told(icon="arrow-left-right", line=(strong(name), plain(" commands")))
    line = (strong("Command handed over: "), plain(f"{before.commander} → "), strong(name))
    return Told(icon="arrow-left-right", line=line, detail=event.body.get("reason", ""))


def _team(before: Incident, after: Incident, _event: Event) -> Told:
    joined = sorted(set(after.response_team) - set(before.response_team))
    left = sorted(set(before.response_team) - set(after.response_team))
    parts = [f"{', '.join(joined)} joined"] if joined else []
    parts += [f"{', '.join(left)} left"] if left else []
    return Told(icon="users", line=(strong("Team: "), plain("; ".join(parts))))


def _edited(before: Incident, after: Incident, event: Event) -> Told:
    field, value = event.body["field"], event.body["value"]
    old, word = getattr(before, field), FIELD_WORDS[field]
    lost = after.overwritten != before.overwritten
    tail = (Segment(text="  over a change made at the same time", style="worse"),) if lost else ()
    line: tuple[Segment, ...]
    if field in _LONG_TEXTS:
        verb = " taken out" if not value else (" rewritten" if old else " written")
        line = (strong(word), plain(verb), *tail)
        return Told(icon="pencil", line=line, detail=str(value))
    line = (
        strong(f"{word}: "),
        plain(f"{value_words(field, old)} → "),
        strong(value_words(field, getattr(after, field) if field in DERIVED else value)),
    )
    follows = _following(before, after, field)
    if field in DERIVED and not value:
        follows = (plain(", as it follows"), *follows)
    detail = event.body.get("reason", "")
    return Told(icon="pencil", line=(*line, *follows, *tail), detail=detail)


def _following(before: Incident, after: Incident, field: str) -> tuple[Segment, ...]:
    """The derived fields that changed with the one that was edited."""
    changed = [
        f"{name} {getattr(before, name)} → {getattr(after, name)}"
        for name in DERIVED
        if name != field and getattr(before, name) != getattr(after, name)
    ]
    return (plain(f"; {', '.join(changed)}"),) if changed else ()


def newer_told(kind: str) -> Told:
    """What only a newer program understands."""
    words = f"Newer version needed to read what follows ({kind})"
    return Told(icon="circle-help", line=(strong(words),))


def _status_in_vain(after: Incident, event: Event) -> Told:
    status = plain(f"Also set to {event.body['status']}; ")
    return Told(icon="flag", line=(status, strong(after.status), plain(" stands")))


def _commander_in_vain(after: Incident, event: Event) -> Told:
    if event.body["commander"] in after.rivals:
        return _commander(after, after, event)
    name = event.body["commander"] or "Nobody"
    line = (plain(f"{name} also named to command; "), strong(after.commander), plain(" stands"))
    return Told(icon="arrow-left-right", line=line)


# Facts that came from a station that had not seen what stands.
_IN_VAIN: dict[str, Callable[[Incident, Event], Told]] = {
    "incident.status_changed": _status_in_vain,
    "incident.commander_named": _commander_in_vain,
    "incident.reopened": lambda _after, _event: Told(
        icon="rotate-ccw", line=(plain("Also reopened by another station"),)
    ),
}
_ATTACHING: dict[str, tuple[str, str]] = {
    "incident.alert_linked": ("link", "Alert attached: "),
    "incident.alert_unlinked": ("unlink", "Alert taken off: "),
}


def _alert_named(alert_id: str, names: Mapping[str, str]) -> Segment:
    name = names.get(alert_id, "")
    return plain(name) if name else Segment(text=alert_id, style="mono")


_INCIDENT_TELLERS: dict[str, Callable[[Incident, Incident, Event], Told]] = {
    "incident.status_changed": _status,
    "incident.reopened": _reopened,
    "incident.commander_named": _commander,
    "incident.team_changed": _team,
    "incident.edited": _edited,
}

# -------------------------------------------------------------------------------- its alerts


def alert_name(alert: Alert) -> str:
    """What operators call an alert: its service and what is wrong."""
    return f"{alert.service}, {alert.title}" if alert.service else alert.title


def tell_alert(before: Alert | None, after: Alert, event: Event) -> Told | None:
    """One event of an attached alert; None for repeats and what the incident tells itself."""
    who = strong(after.service or after.title)
    what = f": {after.title}" if after.service else ""
    if before is None or after.epoch != before.epoch:
        again = "" if before is None else " again"
        icon = "bell-ring"
        return Told(icon=icon, line=(who, plain(f" fired{again} ({after.severity}){what}")))
    if event.kind == "alert.edited" and event.body["field"] != "severity":
        return None
    if after.newer_needed:
        return newer_told(after.newer_needed)
    if after.also_done != before.also_done:
        return _alert_in_vain(who, after, event)
    if (told := hold_words(event.kind, event.body)) is not None:
        said = f": {event.actor} {told.words}" if told.by_person else f": {told.words}"
        return Told(icon=told.icon, line=(who, plain(said)), detail=told.detail)
    teller = _ALERT_TELLERS.get(event.kind)
    return None if teller is None else teller(who, after, event)


_ALSO_WORDS: dict[str, str] = {
    "alert.fired": "was opened by another station too",
    "alert.acknowledged": "acknowledged as well",
    "alert.investigating": "taken over as well",
    "alert.ack_renewed": "still in hand, said for an older occurrence",
    "alert.ack_expired": "had run out at another station; it was answered",
    "alert.handoff_offered": "also offered to somebody else",
    "alert.handoff_accepted": "also accepted, after the offer was over",
    "alert.handoff_declined": "also declined, after the offer was over",
    "alert.handoff_withdrawn": "offer also taken back, after it was over",
    "alert.handoff_expired": "the offer was over already",
    "alert.resolved": "also resolved by another station",
    "alert.closed": "also closed by another station",
    "alert.reopened": "also reopened by another station",
    "alert.escalated": "also made another incident",
}


def _alert_in_vain(who: Segment, after: Alert, event: Event) -> Told:
    """A fact that came from a station that had not seen what stands, or of an older epoch."""
    words = _ALSO_WORDS.get(event.kind, event.kind)
    if event.body.get("epoch", after.epoch) != after.epoch:
        words = f"an older epoch {words.removeprefix('also ')}"
        return Told(icon="history", line=(who, plain(f": {words}; this one stands")))
    return Told(icon="history", line=(who, plain(f" {words}")))


def _acknowledged(who: Segment, after: Alert, event: Event) -> Told:
    note = event.body.get("note", "")
    if event.actor in after.also_acknowledged_by:
        return Told(icon="user-check", line=(who, plain(" acknowledged as well")), detail=note)
    if after.lapsed:
        again = f" again, {after.lapsed[-1]['owner']} had let it run out"
        return Told(icon="user-check", line=(who, plain(f" acknowledged{again}")), detail=note)
    after_words = "" if after.response_ms is None else f" after {span_words(after.response_ms)}"
    after_words += f" by {way}" if (way := event.body.get("way", "")) else ""
    return Told(icon="user-check", line=(who, plain(f" acknowledged{after_words}")), detail=note)


def _breached(who: Segment, _after: Alert, _event: Event) -> Told:
    worse = Segment(text="nobody acknowledged in time", style="worse")
    return Told(icon="clock-alert", line=(who, plain(": "), worse))


def _alert_edited(who: Segment, _after: Alert, event: Event) -> Told:
    line = (who, plain(": severity is now "), strong(str(event.body["value"])))
    return Told(icon="pencil", line=line)


_ALERT_TELLERS: dict[str, Callable[[Segment, Alert, Event], Told]] = {
    "alert.acknowledged": _acknowledged,
    "alert.unacknowledged": lambda who, _a, _e: Told(
        icon="undo-2", line=(who, plain(": acknowledgement taken back"))
    ),
    "alert.resolved": lambda who, a, _e: Told(
        icon="circle-check", line=(who, plain(" resolved")), detail=a.resolution
    ),
    "alert.closed": lambda who, _a, _e: Told(icon="circle-check", line=(who, plain(" closed"))),
    "alert.reopened": lambda who, _a, e: Told(
        icon="rotate-ccw", line=(who, plain(" reopened")), detail=e.body.get("reason", "")
    ),
    "alert.edited": _alert_edited,
    "alert.sla_breached": _breached,
    "alert.noted": lambda who, _a, e: Told(
        icon="message-square", line=(who, plain(f": {e.body['text']}"))
    ),
}

# ------------------------------------------------------------------------------- its updates


def tell_update(update: IncidentUpdate) -> Told:
    """What a person wrote; a withdrawn one keeps its place and says so."""
    icon = UPDATE_ICONS.get(update.update_type, "message-square-plus")
    if update.hidden:
        return Told(icon=icon, line=(plain("Entry withdrawn"),), withdrawn=True)
    lead = update.update_type not in ("note", "status")
    word = (strong(f"{update.update_type.capitalize()}: "),) if lead else ()
    return Told(
        icon=icon,
        line=(*word, plain(update.title)),
        detail=without_references(update.description),
        is_markdown=True,
    )
