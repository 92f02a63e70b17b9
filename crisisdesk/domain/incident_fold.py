"""How an incident comes of its events: a pure fold, the same for any order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import (
    COMMANDER,
    COMMUNICATIONS_LEAD,
    DONE_STATUSES,
    EDITABLE_INCIDENT_FIELDS,
    INCIDENT_STATUS_RANK,
    Incident,
    IncidentStatus,
    plan_key,
)
from crisisdesk.domain.incident_channels import CHANNEL_STEPS
from crisisdesk.domain.merge import also, edited, overwritten
from crisisdesk.domain.priority import DERIVED, impact_of, priority_of
from crisisdesk.domain.seat_fold import SEAT_STEPS, seated, settled
from crisisdesk.domain.severity import IncidentSeverity

_SEVERITY_RANK: dict[str, int] = {name: IncidentSeverity(name).rank for name in IncidentSeverity}


def apply_incident(state: Incident | None, event: Event) -> Incident | None:
    """The state after one more event in canonical order; unknown kinds leave it as it is."""
    step = _STEPS.get(event.kind)
    if step is None:
        return state
    if state is None:
        return _opened(event) if event.kind == "incident.opened" else None
    return state if state.newer_needed else step(state, event)


def _opened(event: Event) -> Incident:
    body = event.body
    opened = derived(
        Incident(
            incident_id=event.agg,
            title=body["title"],
            description=body.get("description", ""),
            severity=body["severity"],
            category=body.get("category", "availability"),
            crisis_type=body.get("crisis_type", ""),
            detected_at=body.get("detected_at"),
            **_ranked(body),
            commander=body.get("commander", ""),
            commander_generation=1 if body.get("commander") else 0,
            response_team=sorted(body.get("response_team", [])),
            created_at=event.at_ms,
            created_by=event.actor,
            user_impact_count=body.get("user_impact_count", 0),
            business_impact=body.get("business_impact", ""),
            financial_impact_cents=body.get("financial_impact_cents"),
            alerts=list(body.get("alerts", [])),
            policies=dict(body.get("policies", {})),
            split_from=body.get("split_from", ""),
            restricted=body.get("restricted", False),
            readers=sorted(body.get("readers", [])),
        )
    )
    return seated(opened, event, COMMANDER, opened.commander)


def _ranked(body: dict[str, Any]) -> dict[str, Any]:
    """Impact and priority of an opening, and which of them were set by hand.

    An older program wrote both and no reasons: what differs from what follows was set by hand.
    """
    severity = body["severity"]
    given = {name: body[name] for name in DERIVED if name in body}
    if "by_hand" in body:
        return {**given, "by_hand": dict(body["by_hand"])}
    usual = {"impact": impact_of(severity), "priority": priority_of(severity, impact_of(severity))}
    return {**given, "by_hand": {name: "" for name in given if given[name] != usual[name]}}


def derived(state: Incident) -> Incident:
    """The state with impact and priority as they follow, unless somebody has set them by hand."""
    impact = state.impact if "impact" in state.by_hand else impact_of(state.severity)
    priority = state.priority
    if "priority" not in state.by_hand:
        priority = priority_of(state.severity, impact)
    if (impact, priority) == (state.impact, state.priority):
        return state
    return with_changes(state, impact=impact, priority=priority)


def _again(state: Incident, _event: Event) -> Incident:
    return state


def _status_changed(state: Incident, event: Event) -> Incident:
    """Climb the ladder: of two steps taken at the same moment the higher stands."""
    to = event.body["status"]
    rank = INCIDENT_STATUS_RANK[to]
    life = event.body.get("life", state.life)
    if life != state.life:
        trace = also(state.also_done, "status", event, status=to, life=life)
        return with_changes(state, also_done=trace)
    if rank <= INCIDENT_STATUS_RANK[state.status]:
        return _second_summary(
            with_changes(state, also_done=also(state.also_done, "status", event, status=to)), event
        )
    at = event.at_ms
    summary = event.body.get("resolution_summary")
    if summary:
        state = with_changes(state, editors={**state.editors, "resolution_summary": event.actor})
    return with_changes(
        state,
        status=to,
        first_response_at=state.first_response_at or at,
        resolved_at=state.resolved_at or (at if to in DONE_STATUSES else None),
        closed_at=at if to == IncidentStatus.CLOSED else None,
        resolution_summary=summary or state.resolution_summary,
    )


def _second_summary(state: Incident, event: Event) -> Incident:
    """Two people ended it at the same moment: the first one's summary stands, the other is kept."""
    name, value = "resolution_summary", event.body.get("resolution_summary")
    if not value or value == state.resolution_summary:
        return state
    if not state.resolution_summary:
        return with_changes(
            state, resolution_summary=value, editors={**state.editors, name: event.actor}
        )
    by = state.editors.get(name, "")
    lost = overwritten(state.overwritten, name, value, event, lost_by=event.actor, by=by)
    return with_changes(state, overwritten=lost)


def _reopened(state: Incident, event: Event) -> Incident:
    """Start the next life; a second station that did the same at the same moment adds its name."""
    if event.body["life"] != state.life + 1 or state.is_open:
        return with_changes(state, also_done=also(state.also_done, "reopened", event))
    return with_changes(
        state,
        status=IncidentStatus.INVESTIGATING,
        life=event.body["life"],
        resolved_at=None,
        closed_at=None,
    )


def _commander_named(state: Incident, event: Event) -> Incident:
    """A register with a generation; ``rivals`` in the event are those its writer saw and settled.

    An event that does not say whom its writer saw settles all.
    """
    name, generation = event.body["commander"], event.body["generation"]
    if generation > state.commander_generation:
        seen = event.body.get("rivals", state.rivals)
        unsettled = [rival for rival in state.rivals if rival not in seen and rival != name]
        if name != state.commander:
            state = settled(state, event, COMMANDER, name)
        return with_changes(
            state, commander=name, commander_generation=generation, rivals=unsettled
        )
    if name == state.commander:
        return state
    trace = also(state.also_done, "commander", event, commander=name, generation=generation)
    if generation == state.commander_generation:
        return with_changes(state, rivals=sorted({*state.rivals, name}), also_done=trace)
    return with_changes(state, also_done=trace)


def _team_changed(state: Incident, event: Event) -> Incident:
    team = (set(state.response_team) | set(event.body.get("add", ()))) - set(
        event.body.get("remove", ())
    )
    return with_changes(state, response_team=sorted(team))


def _edited(state: Incident, event: Event) -> Incident:
    """Last writer wins by canonical order; of two severities at the same moment the worse.

    An empty impact or priority means: as it follows.
    """
    name, value = event.body["field"], event.body["value"]
    if name not in EDITABLE_INCIDENT_FIELDS:
        return state
    changes, _wins = edited(state, event, _SEVERITY_RANK)
    if name == "communication_lead" and value != state.communication_lead:
        state = settled(state, event, COMMUNICATIONS_LEAD, value)
    if name in DERIVED:
        by_hand = {key: why for key, why in state.by_hand.items() if key != name}
        changes["by_hand"] = {**by_hand, name: event.body.get("reason", "")} if value else by_hand
    after = with_changes(state, **changes)
    return derived(after) if name == "severity" or name in DERIVED else after


def _alert_linked(state: Incident, event: Event) -> Incident:
    alert_id = event.body["alert_id"]
    if alert_id in state.alerts:
        return state
    return with_changes(state, alerts=[*state.alerts, alert_id])


def _alert_unlinked(state: Incident, event: Event) -> Incident:
    return with_changes(state, alerts=[a for a in state.alerts if a != event.body["alert_id"]])


def _responded(state: Incident, event: Event) -> Incident:
    return with_changes(state, first_response_at=state.first_response_at or event.at_ms)


def _planned(state: Incident, event: Event) -> Incident:
    """It follows a response plan: of several for one crisis type the first, to its end."""
    crisis_type, key = event.body["crisis_type"], plan_key(event.body["crisis_type"])
    planned_for = sorted({*state.planned_for, f"{crisis_type} {event.body['severity']}"})
    policies = {key: event.body["version_id"], **state.policies}
    return with_changes(state, planned_for=planned_for, policies=policies)


def _merged(state: Incident, event: Event) -> Incident:
    """A register with a generation, as the commander is: of two at the same moment the first."""
    into, generation = event.body.get("into", ""), event.body["generation"]
    if generation > state.merge_generation:
        return with_changes(state, merged_into=into, merge_generation=generation)
    if into == state.merged_into:
        return state
    what = "merged" if into else "split"
    return with_changes(state, also_done=also(state.also_done, what, event, into=into))


def _absorbed(state: Incident, event: Event) -> Incident:
    other = event.body["incident_id"]
    if other in state.absorbed:
        return state
    return with_changes(state, absorbed=sorted({*state.absorbed, other}))


def _released(state: Incident, event: Event) -> Incident:
    absorbed = [one for one in state.absorbed if one != event.body["incident_id"]]
    return with_changes(state, absorbed=absorbed)


def _restricted(state: Incident, event: Event) -> Incident:
    """Of two words at the same moment the one that lets fewer see it: restricted beats open."""
    on, readers = event.body["restricted"], sorted(set(event.body.get("readers", ())))
    generation = event.body["generation"]
    if generation > state.restriction_generation:
        return with_changes(
            state, restricted=on, readers=readers, restriction_generation=generation
        )
    if generation == state.restriction_generation and on:
        both = sorted(set(readers) & set(state.readers)) if state.restricted else readers
        return with_changes(state, restricted=True, readers=both)
    return with_changes(state, also_done=also(state.also_done, "restricted", event, restricted=on))


_STEPS: dict[str, Callable[[Incident, Event], Incident]] = {
    "incident.opened": _again,
    "incident.status_changed": _status_changed,
    "incident.reopened": _reopened,
    "incident.commander_named": _commander_named,
    "incident.team_changed": _team_changed,
    "incident.edited": _edited,
    "incident.alert_linked": _alert_linked,
    "incident.alert_unlinked": _alert_unlinked,
    "incident.responded": _responded,
    "incident.planned": _planned,
    "incident.merged": _merged,
    "incident.unmerged": _merged,
    "incident.absorbed": _absorbed,
    "incident.released": _released,
    "incident.restricted": _restricted,
    **SEAT_STEPS,
    **CHANNEL_STEPS,
}


INCIDENT_KINDS = frozenset(_STEPS)
