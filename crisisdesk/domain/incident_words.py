"""How it is told that an incident became part of another, was restricted, or follows a plan."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.incident_channels import channel_key, channel_words
from crisisdesk.domain.told import Segment, Told, plain, strong


def _id(name: str) -> Segment:
    return Segment(text=name, style="mono")


def _reason(event: Event) -> str:
    return str(event.body.get("reason", ""))


def _merged(after: Incident, event: Event) -> Told:
    into = event.body["into"]
    if into != after.merged_into:
        line = (plain("Also made part of "), _id(into), plain("; "), _id(after.merged_into))
        return Told(icon="git-merge", line=(*line, plain(" stands")), detail=_reason(event))
    return Told(icon="git-merge", line=(strong("Part of "), _id(into)), detail=_reason(event))


def _unmerged(_after: Incident, event: Event) -> Told:
    ring = ": two incidents had been made part of each other" if event.body.get("ring") else ""
    line = (strong("Stands for itself again"), plain(ring))
    return Told(icon="undo-2", line=line, detail=_reason(event))


def _absorbed(_after: Incident, event: Event) -> Told:
    title = event.body.get("title", "")
    named = (plain(f", {title}"),) if title else ()
    line = (_id(event.body["incident_id"]), *named, plain(" was made part of this incident"))
    return Told(icon="git-merge", line=line)


def _released(_after: Incident, event: Event) -> Told:
    line = (_id(event.body["incident_id"]), plain(" is no part of this incident any more"))
    return Told(icon="undo-2", line=line)


def _restricted(after: Incident, event: Event) -> Told:
    if not after.restricted:
        return Told(icon="lock", line=(strong("Open to all again"),), detail=_reason(event))
    who = ", ".join(after.readers) or "nobody else"
    line = (strong("Restricted"), plain(f" to those who work on it and {who}"))
    return Told(icon="lock", line=line, detail=_reason(event))


def _planned(_after: Incident, event: Event) -> Told:
    body, many = event.body, event.body["tasks"]
    count = "no new task" if not many else f"{many} task{'' if many == 1 else 's'}"
    name = str(body["crisis_type"]).replace("_", " ")
    line = (strong("Response plan: "), plain(f"{name}, {count} for severity {body['severity']}"))
    return Told(icon="clipboard", line=line)


def _channel_set(after: Incident, event: Event) -> Told:
    body = event.body
    told = channel_words({"address": "", **body, "use": ""})
    by_plan = " by the response plan" if body.get("plan") else ""
    line = (strong(f"Channel{by_plan}: "), plain(told))
    return Told(icon="phone", line=line, detail=str(body.get("use", "")))


def _channel_removed(after: Incident, event: Event) -> Told:
    name = event.body["name"]
    stays = " was to be taken away; it had been set anew" if _stands(after, name) else " taken away"
    return Told(icon="phone-off", line=(strong(f"Channel {name}"), plain(stays)))


def _stands(incident: Incident, name: str) -> bool:
    return channel_key(name) in incident.channels


BECOMING: dict[str, Callable[[Incident, Event], Told]] = {
    "incident.merged": _merged,
    "incident.unmerged": _unmerged,
    "incident.absorbed": _absorbed,
    "incident.released": _released,
    "incident.restricted": _restricted,
    "incident.planned": _planned,
    "incident.channel_set": _channel_set,
    "incident.channel_removed": _channel_removed,
}
