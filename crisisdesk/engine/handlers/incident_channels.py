"""By what the people of an incident speak to each other: said by hand, and by the response plan."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.ids import decision_id
from crisisdesk.domain.incident_channels import (
    CHANNEL_KINDS,
    CHANNEL_NAME_LIMIT,
    CHANNELS_LIMIT,
    USE_LIMIT,
    channel_key,
    checked_address,
    join_line,
)
from crisisdesk.domain.playbook.content import Playbook
from crisisdesk.engine.handlers.incident_parts import find_incident, led_incident, the_whole
from crisisdesk.engine.handlers.leases import work_goes_on
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.incident_commands import RemoveChannel, SetChannel
from crisisdesk.engine.workbench import Workbench


def set_channel(command: SetChannel, bench: Workbench) -> str:
    """Say where it is; the same again is enough. The result is its name."""
    incident = led_incident(bench, command.incident_id)
    name = " ".join(checked_text(command.name, "name", CHANNEL_NAME_LIMIT, required=True).split())
    if command.kind not in CHANNEL_KINDS:
        remedy = f"use one of {', '.join(CHANNEL_KINDS)}"
        raise Malformed("kind", f"{command.kind[:60]!r} is unknown", remedy)
    told = {
        "name": name,
        "kind": command.kind,
        "address": checked_address(command.address, "address"),
        "use": checked_text(command.use, "use", USE_LIMIT),
    }
    standing = incident.channels.get(channel_key(name))
    if standing is None and len(incident.channels) >= CHANNELS_LIMIT:
        problem = f"{incident.incident_id} has {len(incident.channels)} channels"
        raise Conflict("name", problem, "take one away first")
    if standing is not None and all(standing[key] == value for key, value in told.items()):
        return name
    body = {key: value for key, value in told.items() if value}
    body |= {} if standing is None else {"base": standing["set"]}
    bench.emit(incident.incident_id, "incident.channel_set", body)
    work_goes_on(bench, incident.incident_id)
    return name


def remove_channel(command: RemoveChannel, bench: Workbench) -> None:
    """Take it away."""
    incident = led_incident(bench, command.incident_id)
    standing = incident.channels.get(channel_key(command.name))
    if standing is None:
        known = ", ".join(one["name"] for one in incident.channels.values()) or "none"
        raise NotFound("name", f"no channel {command.name[:60]!r}", f"there are {known}")
    body = {"name": standing["name"], "base": standing["set"]}
    bench.emit(incident.incident_id, "incident.channel_removed", body)
    work_goes_on(bench, incident.incident_id)


def channels_of_plan(
    bench: Workbench, incident_id: str, playbook: Playbook, version_id: str
) -> None:
    """Take over what a plan says, when the incident first follows it; what people said stands."""
    incident = find_incident(bench, incident_id)
    known = set() if incident is None else set(incident.channels)
    for channel in playbook.channels:
        key = channel_key(channel.name)
        if key in known:
            continue
        known.add(key)
        told = {"kind": channel.kind, "address": channel.address, "use": channel.use}
        body = {"name": channel.name, "plan": version_id, **{k: v for k, v in told.items() if v}}
        dedup = decision_id(incident_id, "channel", playbook.name, key)
        bench.emit(incident_id, "incident.channel_set", body, dedup_id=dedup)


def joined(bench: Workbench, alert: Alert, note: str) -> str:
    """What a page notes, with where the people of its incident meet."""
    incident = find_incident(bench, alert.incident_id)
    if incident is None:
        return note
    whole = the_whole(bench, incident)
    line = "" if incident.restricted else join_line(whole)
    if not line or line in note:
        return note
    return f"{note} {line}".strip()
