"""Logs of one aggregate of each kind, drawn at random, for tests that fold them in any order."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.image import image_body, image_name
from crisisdesk.domain.image_file import bare_image

from tests.domain.image_bytes import png
from tests.domain.incident_bodies import DECISION_BODIES, INCIDENT_BODIES, NAMES, TASK_BODIES
from tests.domain.recovery.run_bodies import RUN_BODIES

STATIONS = ("a" * 32, "b" * 32, "c" * 32)
_IMAGE = bare_image(png())
EPOCHS = ("n1", "n2", "n3")
SEVERITIES = ("low", "medium", "high", "critical", "emergency")
PEOPLE = NAMES
AGGREGATES = {
    "alert": "A-1",
    "incident": "INC-1",
    "update": "U-1",
    "delivery": "D-1",
    "contact": "C-1",
    "station": "S-1",
    "silence": "SIL-1",
    "run": "RUN-1",
    "policy": "POL-1",
    "escalation": "ESC-1",
    "candidate": "CAN-1",
    "change": "CHG-1",
    "task": "TSK-1",
    "decision": "DEC-1",
    "image": image_name("INC-1", _IMAGE),
}

Body = Callable[[random.Random, list[str]], dict[str, Any]]


def _fired(pick: random.Random, _ids: list[str]) -> dict[str, Any]:
    return {
        "source": "alertmanager",
        "key": "k",
        "epoch": pick.choice(EPOCHS),
        "severity": pick.choice(SEVERITIES),
        "title": pick.choice(("Latency", "Žluťoučký kůň")),
        "labels": {"instance": str(pick.randint(1, 3))},
        "n": pick.randint(1, 3),
        "sla_deadline": pick.randint(1, 9),
        "sla_prealarm_at": pick.randint(1, 9),
    }


def _edited(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    name = pick.choice(("title", "severity", "description", "no_such_field"))
    value = pick.choice(SEVERITIES) if name == "severity" else f"text {pick.randint(1, 4)}"
    return {"field": name, "value": value, "base": pick.choice(ids)}


def _saved(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    fields = pick.sample(("name", "role", "methods"), k=pick.randint(1, 3))
    base = {name: pick.choice(ids) for name in fields}
    card: dict[str, Any] = {
        "name": pick.choice(PEOPLE),
        "role": pick.choice(("", "DBA")),
        "methods": [],
    }
    return card | pick.choice(({}, {"changed": fields, "base": base}))


def _life(pick: random.Random, _ids: list[str]) -> dict[str, Any]:
    return {
        "epoch": pick.choice(EPOCHS),
        "life": pick.randint(1, 3),
        "sla_deadline": 5,
        "sla_prealarm_at": 4,
        "deadline": 5,
        "reason": "restarted",
    }


def _holding(pick: random.Random, _ids: list[str]) -> dict[str, Any]:
    epoch, life, until = pick.choice(EPOCHS), pick.randint(1, 2), pick.randint(1, 9)
    hold = {"epoch": epoch, "life": life, "until": until}
    told = pick.choice(({}, {"ask_at": until - 1}))
    return {"epoch": epoch, "life": life, "until": until, "hold": {**hold, **told}}


def _ack_expired(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    body = {"ack_id": pick.choice(ids), "also": [pick.choice(ids)]}
    return body | pick.choice(({}, {"until": pick.randint(1, 9), "sla_deadline": 5}))


def _of_offer(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    return _holding(pick, ids) | {"offer": pick.choice(ids)}


def _repeated(pick: random.Random, _ids: list[str]) -> dict[str, Any]:
    changes = {"severity": pick.choice(SEVERITIES), "title": "again"}
    return {"epoch": pick.choice(EPOCHS), "n": pick.randint(1, 9), "set": changes}


def _ended_attempt(p: random.Random) -> dict[str, Any]:
    return {"attempt": p.randint(1, 4), "holder": p.choice(STATIONS)}


def _step(pick: random.Random) -> dict[str, Any]:
    return {
        "number": pick.randint(1, 4),
        "step": 1,
        "round": pick.randint(1, 2),
        "contacts": pick.choice((["C-1"], ["C-1", "C-2"], [])),
        "due": pick.randint(1, 9),
        **pick.choice(({}, {"all_hands": True}, {"words": "nobody is on call"})),
    }


def _members(pick: random.Random) -> dict[str, Any]:
    return {
        "alerts": [f"A-{pick.randint(0, 6)}" for _ in range(pick.randint(1, 4))],
        "services": pick.sample(("db", "shop", "mail"), k=pick.randint(0, 2)),
        "worst": pick.choice(SEVERITIES),
    }


BODIES: dict[str, dict[str, Body]] = {
    "alert": {
        "alert.fired": _fired,
        "alert.repeated": _repeated,
        "alert.acknowledged": lambda p, ids: p.choice((_life, _holding))(p, ids),
        "alert.unacknowledged": lambda p, ids: {"ack_id": p.choice(ids), "also": [p.choice(ids)]},
        "alert.ack_expired": _ack_expired,
        "alert.ack_renewed": _holding,
        "alert.ack_held": _holding,
        "alert.ack_asked": _holding,
        "alert.handoff_offered": lambda p, ids: (
            _holding(p, ids) | {"to": p.choice(PEOPLE), "until": p.randint(1, 9)}
        ),
        "alert.handoff_accepted": lambda p, ids: (
            _of_offer(p, ids) | {"generation": p.randint(1, 3)}
        ),
        "alert.handoff_declined": _of_offer,
        "alert.handoff_withdrawn": _of_offer,
        "alert.handoff_expired": _of_offer,
        "alert.investigating": lambda p, ids: _life(p, ids) | {"generation": p.randint(1, 3)},
        "alert.resolved": _life,
        "alert.closed": _life,
        "alert.reopened": _life,
        "alert.escalated": lambda p, _i: {"incident_id": p.choice(("INC-A", "INC-B"))},
        "alert.edited": _edited,
        "alert.related": lambda p, _i: {"alert_id": p.choice(("A-1", "A-2", "A-3"))},
        "alert.sla_prealarmed": _life,
        "alert.sla_breached": _life,
        "alert.noted": lambda _p, _i: {"text": "rang"},
        "alert.from_the_future": lambda _p, _i: {"what": 1},
        "alert.seldom_must_know!": lambda _p, _i: {"what": 1},
    },
    "incident": INCIDENT_BODIES,
    "update": {
        "update.posted": lambda p, _i: {
            "incident_id": "INC-A",
            "update_type": "note",
            "title": f"title {p.randint(1, 3)}",
            "happened_at": p.randint(1, 9),
        },
        "update.edited": lambda p, _i: {
            p.choice(("title", "description")): f"text {p.randint(1, 3)}",
            "hidden": p.choice((True, False)),
            **p.choice(({}, {"base": p.choice(_i)})),
        },
    },
    "delivery": {
        "delivery.queued": lambda _p, _i: {
            "alert_id": "A-1",
            "epoch": "n1",
            "contact_id": "C-1",
            "contact_name": "Zoë",
            "method_id": "m1",
            "channel": "mailto",
            "masked": "z***",
            "severity": "high",
            "title": "t",
            "text": "x",
        },
        "delivery.claimed": lambda p, _i: {
            "attempt": p.randint(1, 4),
            "unknown": p.randint(0, 1),
            "deadline": p.randint(1, 9),
            **p.choice(({}, {"token": p.randint(0, 3), "holder": p.choice(STATIONS)})),
            **p.choice(({}, {"code": p.randint(100, 102)})),
        },
        "delivery.sent": lambda p, _i: {
            "words": f"250 {p.randint(1, 3)}",
            **p.choice(({}, {"provider_id": "q1", "ask_at": 5}, {"into": "D-2"})),
        },
        "delivery.failed": lambda p, _i: {
            "words": "no",
            "retry_at": p.choice((None, 7)),
            **p.choice(({}, _ended_attempt(p))),
        },
        "delivery.released": lambda p, _i: _ended_attempt(p),
        "delivery.superseded": lambda _p, _i: {"reason": "resolved"},
        "delivery.expired": lambda _p, _i: {"reason": "too late"},
        "delivery.bundled": lambda p, _i: {
            "into": p.choice(("D-2", "D-3")),
            "attempt": p.randint(1, 4),
            "unknown": p.randint(0, 1),
            "deadline": p.randint(1, 9),
            "until": p.randint(1, 9),
            **p.choice(({}, {"token": p.randint(0, 3), "holder": p.choice(STATIONS)})),
        },
        "delivery.confirmed": lambda p, _i: {
            "state": p.choice(("delivered", "read", "failed")),
            "words": "said so",
            "provider_id": p.choice(("", "q1", "q2")),
        },
        "delivery.asked": lambda p, _i: {
            "ask_at": p.choice((None, 9)),
            "doubted": p.choice((True, False)),
        },
        "delivery.routed": lambda p, _i: {
            "missing": {"needs": p.choice(("dns", "aws")), "by": p.choice(PEOPLE)},
        },
        "delivery.answered": lambda p, _i: {
            "action": p.choice(("have", "next")),
            **p.choice(({}, {"way": "link"}, {"way": "mail", "ref": "m1"})),
        },
    },
    "contact": {
        "contact.saved": _saved,
        "contact.removed": lambda p, ids: p.choice(({}, {"base": p.choice(ids)})),
    },
    "station": {
        "station.named": lambda p, _i: {"name": f"Post {p.randint(1, 3)}"},
        "station.operator_changed": lambda p, _i: {"operator": p.choice(PEOPLE)},
        "station.sound_heard": lambda p, _i: {"severity": p.choice(SEVERITIES)},
        "station.heard": lambda p, _i: {
            "beats": {f"HB-{p.randint(1, 3)}": p.randint(1, 9) for _ in range(2)}
        },
        "station.rejoined": lambda p, _i: {"since_ms": p.randint(1, 9), "others": {}},
    },
    "silence": {
        "silence.set": lambda p, ids: {
            "match": {"service": "payments"},
            **p.choice(({}, {"matchers": ['env=~"prod|stage"'], "from": p.randint(1, 9)})),
            "until": p.randint(1, 9),
            "lifts": p.randint(0, 2),
            "base": p.choice(ids),
        },
        "silence.lifted": lambda _p, _i: {},
    },
    "run": RUN_BODIES,
    "policy": {
        "policy.published": lambda p, _i: {
            "name": "escalation",
            "content": {"wait_s": p.randint(1, 99)},
        },
        "policy.withdrawn": lambda _p, _i: {},
    },
    "escalation": {
        "escalation.started": lambda p, _i: {
            "alert_id": "A-1",
            "epoch": "n1",
            "life": 1,
            "due": p.randint(1, 9),
            **p.choice(({}, {"quiet_by": "wait"}, {"quiet_by": "A-2", "since": 3}, _step(p))),
            **p.choice(({}, {"paged_before": p.randint(1, 9)})),
        },
        "escalation.stepped": lambda p, _i: _step(p),
        "escalation.deferred": lambda p, _i: {
            "number": p.randint(0, 3),
            "due": p.randint(1, 9),
            **p.choice(({"by": "SIL-1"}, {"by": "A-2", "since": p.randint(1, 9)})),
        },
        "escalation.held": lambda p, _i: {"number": p.randint(0, 3)},
        "escalation.resumed": lambda p, _i: {"due": p.randint(1, 9), "why": "taken back"},
        "escalation.ended": lambda _p, _i: {"why": "the alert is resolved"},
    },
    "candidate": {
        "candidate.proposed": lambda p, _i: {
            "rule": "same service",
            "group": {"service": "db", "label env": "prod"},
            "name": "{count} on {service}",
            "opened_at": 5,
            "rest_ms": p.randint(1, 9),
            **_members(p),
            **p.choice(({}, {"severity_from": "major", "join": False, "at_once": True})),
        },
        "candidate.joined": lambda p, _i: _members(p) | p.choice(({}, {"attached": True})),
        "candidate.accepted": lambda p, _i: {
            "incident_id": p.choice(("INC-A", "INC-B")),
            "alerts": _members(p)["alerts"],
        },
        "candidate.dismissed": lambda p, _i: {"reason": "a test", "until": p.randint(1, 9)},
        "candidate.reopened": lambda p, ids: {"dismissal": p.choice(ids)},
        "candidate.expired": lambda p, _i: {"alerts": [f"A-{n}" for n in range(p.randint(2, 7))]},
        "candidate.merged": lambda p, _i: {"into": p.choice(("CAN-2", "CAN-3"))},
    },
    "task": TASK_BODIES,
    "decision": DECISION_BODIES,
    "image": {"image.added": lambda _p, _i: image_body("INC-1", _IMAGE)},
    "change": {
        "change.recorded": lambda p, _i: {
            "summary": p.choice(("shop deployed at v3", "Žluťoučký kůň")),
            "at": p.randint(1, 9),
            **p.choice(({}, {"service": "shop", "author": "Zoë", "details": {"sha": "ab"}})),
            **p.choice(({}, {"links": [{"url": "https://x.example/1", "text": ""}]})),
        },
    },
}


def make_log(kind: str, seed: int, length: int) -> list[Event]:
    """Events of one aggregate by three stations whose clocks differ and sometimes agree."""
    pick = random.Random(seed)
    bodies = BODIES[kind]
    first = next(iter(bodies))
    ids = [f"{n:032x}" for n in range(length)]
    seqs = dict.fromkeys(STATIONS, 0)
    hlc = dict.fromkeys(STATIONS, 1_000)
    events = []
    for n in range(length):
        origin = pick.choice(STATIONS)
        seqs[origin] += 1
        hlc[origin] += pick.randint(1, 3)
        name = first if n == 0 else pick.choice(list(bodies))
        events.append(
            Event(
                origin=origin,
                seq=seqs[origin],
                hlc=hlc[origin],
                id=ids[n],
                agg=AGGREGATES[kind],
                kind=name,
                actor=pick.choice(PEOPLE),
                wall_ms=pick.randint(1, 50),
                hub_offset_ms=pick.randint(-3, 3),
                dedup_id=pick.choice((None, None, "d1", "d2")),
                body=bodies[name](pick, ids),
            )
        )
    return events
