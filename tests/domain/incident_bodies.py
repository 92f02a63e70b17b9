"""Bodies of the events of incidents and tasks, drawn at random, for logs that are folded."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

NAMES = ("Klára Langová", "Jonas Weber", "Zoë")
ROLES = ("commander", "communications_lead", "scribe", "subject_expert")
Body = Callable[[random.Random, list[str]], dict[str, Any]]


def _incident_edited(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    fields = ("title", "root_cause", "severity", "priority", "impact", "communication_lead")
    name = pick.choice(fields)
    values = {
        "severity": ("minor", "major"),
        "priority": ("", "p1", "p4"),
        "impact": ("", "low", "critical"),
    }
    value = pick.choice(values.get(name, ("text 1", "text 2", "text 3")))
    reason = pick.choice(("", "the board is in it"))
    return {"field": name, "value": value, "base": pick.choice(ids), "reason": reason}


def _task_edited(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    name, value = pick.choice((("title", "other"), ("due_at", pick.randint(1, 9)), ("role", "dba")))
    return {"field": name, "value": value, "base": pick.choice(ids)}


def _offer(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    return {
        "role": pick.choice(ROLES),
        "offer": pick.choice(ids),
        "read_back": "replication first",
        "generation": pick.randint(1, 3),
        **pick.choice(({}, {"instead": [pick.choice(ids)]}, {"rivals": [pick.choice(NAMES)]})),
    }


SEAT_BODIES: dict[str, Body] = {
    "incident.role_assumed": lambda p, ids: {
        "role": p.choice(ROLES),
        "who": p.choice(NAMES),
        **p.choice(({}, {"instead": [p.choice(ids)]})),
    },
    "incident.role_renounced": lambda p, ids: {
        "role": p.choice(ROLES),
        "seats": [p.choice(ids), p.choice(ids)],
    },
    "incident.handover_offered": lambda p, _i: {
        "role": p.choice(ROLES),
        "to": p.choice(NAMES),
        "until": p.randint(1, 9),
        "known": "two writers",
    },
    "incident.handover_accepted": _offer,
    "incident.handover_declined": _offer,
    "incident.handover_withdrawn": _offer,
    "incident.handover_expired": _offer,
}

INCIDENT_BODIES: dict[str, Body] = {
    "incident.opened": lambda p, _i: {
        "title": "Payments down",
        "severity": p.choice(("minor", "critical")),
        "commander": p.choice(NAMES),
        "response_team": [p.choice(NAMES)],
    },
    "incident.status_changed": lambda p, _i: {
        "status": p.choice(("investigating", "monitoring", "resolved", "closed")),
        "life": p.randint(1, 2),
    },
    "incident.reopened": lambda p, _i: {"life": p.randint(1, 3)},
    "incident.commander_named": lambda p, _i: {
        "commander": p.choice(NAMES),
        "generation": p.randint(1, 3),
        **p.choice(({}, {"rivals": [p.choice(NAMES)]})),
    },
    "incident.team_changed": lambda p, _i: {
        "add": [p.choice(NAMES)],
        "remove": [p.choice(NAMES)],
    },
    "incident.edited": _incident_edited,
    "incident.alert_linked": lambda p, _i: {"alert_id": p.choice(("A-1", "A-2"))},
    "incident.alert_unlinked": lambda p, _i: {"alert_id": p.choice(("A-1", "A-2"))},
    "incident.responded": lambda _p, _i: {},
    "incident.planned": lambda p, _i: {
        "crisis_type": p.choice(("outage", "ddos")),
        "version_id": p.choice(("POL-1", "POL-2")),
        "severity": p.choice(("minor", "critical")),
        "tasks": p.randint(0, 3),
    },
    "incident.merged": lambda p, _i: {
        "into": p.choice(("INC-2", "INC-3")),
        "generation": p.randint(1, 3),
    },
    "incident.unmerged": lambda p, _i: {"into": "", "generation": p.randint(1, 3)},
    "incident.absorbed": lambda p, _i: {"incident_id": p.choice(("INC-2", "INC-3"))},
    "incident.released": lambda p, _i: {"incident_id": p.choice(("INC-2", "INC-3"))},
    "incident.channel_set": lambda p, _i: {
        "name": p.choice(("War room", "war  ROOM", "Notes")),
        "kind": p.choice(("bridge", "chat")),
        **p.choice(({}, {"address": f"tel:+42022100000{p.randint(0, 9)}"})),
        **p.choice(({}, {"base": p.choice(("", "e1"))})),
    },
    "incident.channel_removed": lambda p, _i: {
        "name": p.choice(("War room", "Notes")),
        "base": p.choice(("", "e1")),
    },
    **SEAT_BODIES,
    "incident.restricted": lambda p, _i: {
        "restricted": p.choice((True, False)),
        "readers": p.sample(NAMES, k=p.randint(0, 2)),
        "generation": p.randint(1, 2),
    },
}

TASK_BODIES: dict[str, Body] = {
    "task.added": lambda p, _i: {
        "incident_id": "INC-1",
        "title": p.choice(("Isolate systems", "Žluťoučký kůň")),
        "phase": p.choice(("containment", "review")),
        **p.choice(({}, {"due_at": p.randint(1, 9), "owner": p.choice(NAMES)})),
    },
    "task.edited": _task_edited,
    "task.assigned": lambda p, _i: {
        "owner": p.choice(("", *NAMES)),
        "generation": p.randint(1, 3),
    },
    "task.started": lambda p, _i: {"life": p.randint(1, 2)},
    "task.done": lambda p, _i: {"life": p.randint(1, 2), "result": p.choice(("", "cut off"))},
    "task.dropped": lambda p, _i: {"life": p.randint(1, 2), "result": "not needed"},
    "task.reopened": lambda p, _i: {"life": p.randint(1, 3), "reason": "again"},
    "task.due_soon": lambda p, _i: {"life": p.randint(1, 2), "due_at": p.randint(1, 9)},
    "task.overdue": lambda p, _i: {"life": p.randint(1, 2), "due_at": p.randint(1, 9)},
}


def _decision_revised(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    changes = (("title", "other"), ("options", ["wait"]), ("check_at", pick.randint(1, 9)))
    name, value = pick.choice(changes)
    return {"field": name, "value": value, "base": pick.choice(ids)}


DECISION_BODIES: dict[str, Body] = {
    "decision.logged": lambda p, _i: {
        "incident_id": "INC-1",
        "title": p.choice(("Fail over", "Žluťoučký kůň")),
        "options": ["wait"],
        "objections": p.choice(([], [{"by": p.choice(NAMES), "text": "too early"}])),
        **p.choice(({}, {"check_at": p.randint(1, 9)})),
    },
    "decision.revised": _decision_revised,
    "decision.objected": lambda p, _i: {"by": p.choice(NAMES), "text": "the lag is 4 s"},
    "decision.answered": lambda p, ids: {"objection": p.choice(ids), "answer": "we take it"},
    "decision.checked": lambda p, _i: {
        "of": p.choice((None, p.randint(1, 9))),
        "result": p.choice(("", "it holds")),
        **p.choice(({}, {"check_at": p.randint(1, 9)})),
    },
    "decision.reverted": lambda _p, _i: {"reason": "it made it worse"},
    "decision.due": lambda p, _i: {"check_at": p.randint(1, 9)},
}
