"""The words of the view of a split: what was done, and by which rule it stands as it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.context.change_record import RecordedChange
from crisisdesk.domain.correlation.candidate import Candidate, CandidateStatus
from crisisdesk.domain.decision import Decision
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State
from crisisdesk.domain.image import NoteImage
from crisisdesk.domain.incident import COMMANDER, Incident
from crisisdesk.domain.outages import KIND as OUTAGE
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.quiet_hours import quiet_words
from crisisdesk.domain.recovery.split_words import RUN_DEEDS, run_findings
from crisisdesk.domain.roles import role_seats, role_word
from crisisdesk.domain.silence import Silence
from crisisdesk.domain.task import Task
from crisisdesk.domain.timeline_words import FIELD_WORDS, alert_name, value_words
from crisisdesk.domain.upcast import NEWER_VERSION_NEEDED
from crisisdesk.domain.update import IncidentUpdate

# A sentence, and whether it wants a decision.
Words = tuple[str, bool]

# ------------------------------------------------------------------------------- what was done

_DEEDS: dict[str, str] = {
    "alert.fired": "fired",
    "alert.acknowledged": "acknowledged",
    "alert.unacknowledged": "acknowledgement taken back",
    "alert.ack_expired": "acknowledgement ran out",
    "alert.investigating": "taken over",
    "alert.ack_renewed": "still on it",
    "alert.ack_asked": "asked whether somebody is still on it",
    "alert.ack_held": "acknowledgement given an end",
    "alert.handoff_accepted": "hand-over accepted",
    "alert.handoff_declined": "hand-over declined",
    "alert.handoff_withdrawn": "offer to hand it over taken back",
    "alert.handoff_expired": "offer to hand it over unanswered",
    "alert.resolved": "resolved",
    "alert.closed": "closed",
    "alert.reopened": "reopened",
    "alert.escalated": "made an incident",
    "alert.sla_breached": "nobody had acknowledged in time",
    "incident.opened": "declared",
    "incident.reopened": "reopened",
    "incident.alert_linked": "alert attached",
    "incident.alert_unlinked": "alert taken off",
    "incident.merged": "made part of another incident",
    "incident.unmerged": "stands for itself again",
    "incident.restricted": "said who may read it",
    "incident.channel_set": "channel named",
    "incident.channel_removed": "channel taken away",
    "task.added": "task written",
    "task.assigned": "task given to somebody",
    "task.edited": "task changed",
    "task.started": "task begun",
    "task.done": "task done",
    "task.dropped": "task dropped",
    "task.reopened": "task reopened",
    "incident.handover_declined": "hand-over declined",
    "incident.handover_withdrawn": "offer to hand over taken back",
    "incident.handover_expired": "offer to hand over unanswered",
    "decision.revised": "decision changed",
    "decision.objected": "objection to a decision",
    "decision.answered": "objection answered",
    "decision.checked": "decision looked at again",
    "decision.reverted": "decision reverted",
    "update.edited": "entry edited",
    "image.added": "image added",
    "contact.saved": "card saved",
    "contact.removed": "taken out of the contact list",
    "silence.set": "silenced",
    "silence.lifted": "silence lifted",
    "run.started": "started",
    "run.ended": "ended",
    "run.moved": "led from here on",
    "run.objective_missed": "recovery time objective missed",
    "policy.withdrawn": "withdrawn",
    "candidate.accepted": "accepted as an incident",
    "candidate.reopened": "dismissal taken back",
}


def deed(event: Event) -> str:
    """What one event did, in a few words; its kind where this program has no words for it."""
    told = _DEEDS.get(event.kind)
    if told is not None:
        return told
    teller = _TOLD_BY_BODY.get(event.kind)
    try:
        return event.kind if teller is None else teller(event.body)
    except (KeyError, TypeError):
        # A body that no state could use either.
        return event.kind


def _edit(body: Mapping[str, Any]) -> str:
    return f"{field_word(body['field'])} set to {value_words(body['field'], body['value'])}"


def _team(body: Mapping[str, Any]) -> str:
    parts = [f"{name} joined" for name in body.get("add", ())]
    parts += [f"{name} left" for name in body.get("remove", ())]
    return "team: " + ", ".join(parts)


def _published(body: Mapping[str, Any]) -> str:
    content = body["content"]
    if content.get("kind") != OUTAGE:
        return "published"
    return f"said to be out: {content['reason']}" if content["out"] else "said not to be out"


_TOLD_BY_BODY: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "alert.edited": _edit,
    "alert.noted": lambda body: f"note: {body['text']}",
    "alert.handoff_offered": lambda body: f"offered to {body['to']}",
    "incident.edited": _edit,
    "incident.status_changed": lambda body: f"status: {body['status']}",
    "incident.commander_named": lambda body: (
        f"commander: {body['commander']}" if body["commander"] else "commander taken off"
    ),
    "incident.team_changed": _team,
    "incident.role_assumed": lambda body: f"{role_word(body['role'])}: {body['who']}",
    "incident.role_renounced": lambda body: f"{role_word(body['role'])} given up",
    "incident.handover_offered": lambda body: f"{role_word(body['role'])} offered to {body['to']}",
    "incident.handover_accepted": lambda body: f"{role_word(body['role'])} taken over",
    "decision.logged": lambda body: f"decided: {body['title']}",
    "policy.published": _published,
    "update.posted": lambda body: f"wrote: {body['title']}",
    "change.recorded": lambda body: f"recorded: {body['summary']}",
    "candidate.dismissed": lambda body: (
        f"dismissed: {body['reason']}" if body.get("reason") else "dismissed"
    ),
    **RUN_DEEDS,
}


def field_word(field: str) -> str:
    """A field as an operator calls it."""
    return FIELD_WORDS.get(field, field.replace("_", " ").capitalize())


def title_of(state: State | None) -> str:
    """What operators call it; empty when there is no state."""
    if isinstance(state, Alert):
        return alert_name(state)
    if isinstance(state, Incident | IncidentUpdate | Run | Candidate | Task | Decision):
        return state.title
    if isinstance(state, NoteImage):
        return f"Image in {state.incident_id}"
    if isinstance(state, RecordedChange):
        return f"Change of {state.service or state.source or 'something'}"
    if isinstance(state, PolicyVersion) and state.content.get("kind") == OUTAGE:
        return f"Outage of {state.name}"
    if isinstance(state, Contact | PolicyVersion):
        return state.name
    if isinstance(state, Silence):
        equal = (f"{name} {value}" for name, value in sorted(state.match.items()))
        return "Silence of " + (", ".join((*equal, *state.matchers)) or "everything")
    return ""


# ------------------------------------------------------------------------ what stands, and why


def attentions(
    state: State | None, event_ids: Set[str], stations: Mapping[str, str]
) -> Iterator[Words]:
    """Each trace that these events left in a state, in a sentence that names the rule.

    ``stations`` are names by origin. A rivalry that still stands is told whatever its age.
    """
    if state is None:
        yield f"{NEWER_VERSION_NEEDED} to show this", True
        return
    if newer := getattr(state, "newer_needed", ""):
        yield f"{NEWER_VERSION_NEEDED} from {newer} on; it stands still until then", True
    for trace in getattr(state, "also_done", ()):
        if trace["event"] in event_ids:
            yield from _also_words(state, trace, stations)
    for lost in getattr(state, "overwritten", ()):
        if lost["by_event"] in event_ids:
            # One that somebody has put back since wants no decision any more.
            gone = lost["value"] != getattr(state, lost["field"], None)
            yield _lost_words(lost), lost["field"] == "severity" and gone
    teller = _STANDING.get(type(state))
    if teller is not None:
        yield from teller(state, event_ids)


def _lost_words(lost: Mapping[str, Any]) -> str:
    word, value = field_word(lost["field"]), _short(lost["field"], lost["value"])
    whose = f" by {lost['lost_by']}" if lost["lost_by"] else ""
    over = f"; what {lost['by']} wrote stands" if lost["by"] else ""
    worse = " (of two at once the worse stands)" if lost["field"] == "severity" else ""
    return f"overwritten: {word} “{value}”{whose}{over}{worse}"


def _short(field: str, value: Any) -> str:
    if field == "methods":
        return f"{len(value)} contact method{'' if len(value) == 1 else 's'}"
    words = _LISTED[field](value) or "nothing" if field in _LISTED else value_words(field, value)
    return words if len(words) <= 120 else words[:119] + "…"


# Of a contact's card: what is no plain text.
_LISTED: dict[str, Callable[[Any], str]] = {
    "quiet": quiet_words,
    "groups": ", ".join,
    "emergency": lambda value: ", ".join(text for texts in value.values() for text in texts),
}

_ALSO: dict[str, str] = {
    "acknowledged": "acknowledged by {by} when it had ended already",
    "investigating": "taken over by {by} when it had ended already",
    "resolved": "also resolved by {by}",
    "closed": "also closed by {by}",
    "reopened": "also reopened by {by}",
    "renewed": "still on it, said by {by} when it had ended already",
    "ack_expired": "run out at one side, answered at the other: the answer stands",
    "handoff_offered": "also offered by {by}: one offer stands at a time",
    "handoff_accepted": "also accepted by {by}, when the offer was over",
    "handoff_declined": "also declined by {by}, when the offer was over",
    "handoff_withdrawn": "also taken back by {by}, when the offer was over",
    "handoff_unanswered": "run out unanswered too: what came first stands",
    "role_assumed": "a role taken twice by {by}: once counts",
    "role_left": "a role given up by {by} that was given up already",
    "handover_offered": "a role also offered by {by}: one offer stands at a time",
    "handover_accepted": "a role also taken over by {by}, when the offer was over",
    "handover_declined": "also declined by {by}, when the offer was over",
    "handover_withdrawn": "also taken back by {by}, when the offer was over",
    "handover_unanswered": "run out unanswered too: what came first stands",
    "checked": "also looked at by {by}, after it was reverted",
    "reverted": "also reverted by {by}",
    "answered": "an objection also answered by {by}: the first answer stands",
    "ended": "also ended by {by}",
    "published": "also published by {by}",
    "lifted": "also lifted by {by}",
    "silenced": "silenced by {by} too: the lifted or earlier end stands",
}


def trace_words(what: str, by: str) -> str:
    """What somebody did that another had done already, or too late to count; its code where this
    program has no words for it."""
    return _ALSO.get(what, f"{what} by {{by}}").format(by=by)


def _also_words(
    state: State, trace: Mapping[str, Any], stations: Mapping[str, str]
) -> Iterator[Words]:
    what, by = trace["what"], trace["by"]
    if isinstance(state, Candidate):
        yield _candidate_words(state, trace), False
    elif what == "fired":
        where = stations.get(trace["origin"], trace["origin"][:8])
        yield f"{where} opened the same occurrence: counted as one", False
    elif isinstance(state, Alert) and trace.get("epoch", state.epoch) != state.epoch:
        yield f"{what} by {by} for an older epoch: does not touch the new one", False
    elif what == "escalated":
        yield f"{by} made another incident of it, {trace['incident_id']}: join the two", True
    elif what == "status":
        life = " of an earlier life" if "life" in trace else ""
        yield f"{by} set the status {trace['status']}{life}: the higher one stands", False
    elif what == "commander" and isinstance(state, Incident):
        if trace["commander"] not in state.rivals:
            yield f"{by} had named {trace['commander']} to command: a later word stands", False
    elif what == "merged":
        yield f"{by} also made it part of {trace['into']}: the first stands, choose", True
    elif what in _ALSO:
        yield trace_words(what, by), False


def _candidate_words(state: Candidate, trace: Mapping[str, Any]) -> str:
    by = trace["by"]
    if trace["what"] == "accepted":
        return f"also accepted by {by}: one incident, say there who commands"
    why = f" ({trace['reason']})" if trace.get("reason") else ""
    if state.status == CandidateStatus.ACCEPTED:
        return f"dismissed by {by}{why}: the acceptance stands"
    return f"also dismissed by {by}{why}"


def _of_alert(state: Alert, event_ids: Set[str]) -> Iterator[Words]:
    for ack in state.also_acks:
        if ack["id"] in event_ids and ack["by"] != state.acknowledged_by:
            yield f"also acknowledged by {ack['by']}; {state.acknowledged_by} was first", False
    if state.rival_owners:
        names = ", ".join([state.owner, *state.rival_owners])
        yield f"{len(state.rival_owners) + 1} took it over at once: {names}: choose", True
    if state.fired_after_end_at is not None and not state.is_open:
        yield "fired at one station after another had ended it: look whether it is over", True


def _of_incident(state: Incident, _event_ids: Set[str]) -> Iterator[Words]:
    if state.rivals:
        names = ", ".join(
            [state.commander or "nobody", *(name or "nobody" for name in state.rivals)]
        )
        count = "two" if len(state.rivals) == 1 else str(len(state.rivals) + 1)
        yield f"{count} commanders named: {names}: choose; the first acts meanwhile", True
    for one in role_seats(state):
        if one.rivals and one.role != COMMANDER:
            held = ", ".join(holder.who for holder in one.holders)
            yield f"{one.word}: {held} took it at once: choose; the first acts meanwhile", True


def _of_contact(state: Contact, _event_ids: Set[str]) -> Iterator[Words]:
    if state.removed_by and not state.removed:
        words = f"{state.removed_by} took this contact out while it was saved elsewhere"
        yield f"{words}: it stays reachable; remove it again if that was meant", True


_STANDING: dict[type[Any], Callable[[Any, Set[str]], Iterator[Words]]] = {
    Alert: _of_alert,
    Incident: _of_incident,
    Run: run_findings,
    Contact: _of_contact,
}
