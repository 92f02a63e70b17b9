"""What the running engine says about the hub, for ``crisisdesk hub``."""

from __future__ import annotations

import json

from crisisdesk.api.client import Client, EngineAway, Json
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.places import Places

_DUTY = {
    "alone": "this station pages; no hub is set up",
    "holds": "this station pages",
    "follows": "another station pages",
    "waiting": "nobody in sight pages; this station waits for its turn",
    "acting": "this station pages without the hub's word",
    "not_paging": "NOT PAGING: nobody in sight pages and this station may not",
}


def fleet_of(places: Places) -> Json | None:
    """The answer of `GET /api/v1/fleet`; None when no engine runs on this folder."""
    try:
        door = json.loads(places.engine_door.read_text(encoding="utf-8"))
        url, token = str(door["url"]), str(door["token"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        words = f"{places.engine_door} cannot be read ({error}). Restart the engine."
        raise SettingsError(words) from error
    try:
        with Client(url, token, "") as client:
            return client.fleet()
    except EngineAway:
        return None


def told(fleet: Json) -> list[str]:
    """It as lines."""
    hub, duty, safe = fleet["hub"], fleet["duty"], fleet["durability"]
    where = f", {hub['where']}" if hub["where"] else ""
    why = f": {hub['words']}" if hub["words"] else ""
    own = f"{safe['disk']} on this disk, {safe['hub']} on the hub"
    lines = [
        f"hub      {hub['state']}{where}{why}",
        f"         {hub['to_push']} events to send, {hub['to_pull']} to fetch",
        f"duty     {_DUTY.get(duty['kind'], duty['kind'])} {duty['holder_name']}".rstrip(),
        f"safe     own events: {own}, {safe['other']} on another station",
    ]
    for one in fleet["stations"]:
        rank = "" if one["duty_rank"] is None else f", duty rank {one['duty_rank']}"
        mine = " (this one)" if one["is_self"] else ""
        lines.append(f"station  {one['name']} {one['station_id']}{mine}{rank}")
        lines.append(f"         {one['behind']} events behind, CrisisDesk {one['version']}")
    lines += [f"held     {words}" for words in fleet["held_back"]]
    return lines


def not_yet_on_the_hub(places: Places) -> str:
    """A warning, ended by a line feed, when events here are known or may be nowhere else."""
    fleet = fleet_of(places)
    if fleet is None:
        return "The engine does not run: whether all events are on the hub is not known.\n"
    lacking = fleet["durability"]["disk"] - fleet["durability"]["hub"]
    return f"{lacking} events of this station are NOT on the hub yet.\n" if lacking > 0 else ""
