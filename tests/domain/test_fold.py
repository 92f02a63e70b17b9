"""The fold gives the same bytes for the same events, in whatever order, doubling or batches."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.domain import fold as folding
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import State, absorb, fold, state_bytes

STATIONS = ("a" * 32, "b" * 32, "c" * 32)
EPOCHS = ("n1", "n2", "n3")
SEVERITIES = ("low", "medium", "high", "critical", "emergency")
PEOPLE = ("Klára Langová", "Jonas Weber", "Zoë")
# Shares of the 10,000 cases that tests/reliability runs at night; an alert has the most rules
# that could depend on order. Here a tenth of them.
CASES = {
    "alert": 3_500,
    "incident": 2_000,
    "update": 750,
    "delivery": 1_000,
    "contact": 750,
    "station": 500,
    "silence": 500,
    "run": 750,
    "policy": 250,
}

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


def _incident_edited(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    name = pick.choice(("title", "root_cause", "severity"))
    value = f"text {pick.randint(1, 4)}" if name != "severity" else pick.choice(("minor", "major"))
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


def _repeated(pick: random.Random, _ids: list[str]) -> dict[str, Any]:
    changes = {"severity": pick.choice(SEVERITIES), "title": "again"}
    return {"epoch": pick.choice(EPOCHS), "n": pick.randint(1, 9), "set": changes}


def _ended_attempt(p: random.Random) -> dict[str, Any]:
    return {"attempt": p.randint(1, 4), "holder": p.choice(STATIONS)}


BODIES: dict[str, dict[str, Body]] = {
    "alert": {
        "alert.fired": _fired,
        "alert.repeated": _repeated,
        "alert.acknowledged": _life,
        "alert.unacknowledged": lambda p, ids: {"ack_id": p.choice(ids), "also": [p.choice(ids)]},
        "alert.ack_expired": lambda p, ids: {"ack_id": p.choice(ids)},
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
    "incident": {
        "incident.opened": lambda p, _i: {
            "title": "Payments down",
            "severity": p.choice(("minor", "critical")),
            "commander": p.choice(PEOPLE),
            "response_team": [p.choice(PEOPLE)],
        },
        "incident.status_changed": lambda p, _i: {
            "status": p.choice(("investigating", "monitoring", "resolved", "closed")),
            "life": p.randint(1, 2),
        },
        "incident.reopened": lambda p, _i: {"life": p.randint(1, 3)},
        "incident.commander_named": lambda p, _i: {
            "commander": p.choice(PEOPLE),
            "generation": p.randint(1, 3),
            **p.choice(({}, {"rivals": [p.choice(PEOPLE)]})),
        },
        "incident.team_changed": lambda p, _i: {
            "add": [p.choice(PEOPLE)],
            "remove": [p.choice(PEOPLE)],
        },
        "incident.edited": _incident_edited,
        "incident.alert_linked": lambda p, _i: {"alert_id": p.choice(("A-1", "A-2"))},
        "incident.alert_unlinked": lambda p, _i: {"alert_id": p.choice(("A-1", "A-2"))},
        "incident.responded": lambda _p, _i: {},
    },
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
        },
        "delivery.sent": lambda p, _i: {"words": f"250 {p.randint(1, 3)}"},
        "delivery.failed": lambda p, _i: {
            "words": "no",
            "retry_at": p.choice((None, 7)),
            **p.choice(({}, _ended_attempt(p))),
        },
        "delivery.released": lambda p, _i: _ended_attempt(p),
        "delivery.superseded": lambda _p, _i: {"reason": "resolved"},
    },
    "contact": {
        "contact.saved": _saved,
        "contact.removed": lambda p, ids: p.choice(({}, {"base": p.choice(ids)})),
    },
    "station": {
        "station.named": lambda p, _i: {"name": f"Post {p.randint(1, 3)}"},
        "station.operator_changed": lambda p, _i: {"operator": p.choice(PEOPLE)},
        "station.sound_heard": lambda p, _i: {"severity": p.choice(SEVERITIES)},
        "station.rejoined": lambda p, _i: {"since_ms": p.randint(1, 9), "others": {}},
    },
    "silence": {
        "silence.set": lambda p, ids: {
            "match": {"service": "payments"},
            "until": p.randint(1, 9),
            "lifts": p.randint(0, 2),
            "base": p.choice(ids),
        },
        "silence.lifted": lambda _p, _i: {},
    },
    "run": {
        "run.started": lambda p, _i: {
            "title": "Fail over",
            "steps": [{"step_id": s, "title": s, "exclusive": s == "s1"} for s in ("s1", "s2")],
        },
        "run.step_done": lambda p, _i: {
            "step_id": p.choice(("s1", "s2")),
            "claim": p.choice(("", "7")),
        },
        "run.step_undone": lambda p, ids: {
            "step_id": p.choice(("s1", "s2")),
            "done_ids": [p.choice(ids)],
        },
        "run.ended": lambda _p, _i: {},
    },
    "policy": {
        "policy.published": lambda p, _i: {
            "name": "escalation",
            "content": {"wait_s": p.randint(1, 99)},
        },
        "policy.withdrawn": lambda _p, _i: {},
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


def bytes_of(state: State | None) -> bytes:
    return b"nothing" if state is None else state_bytes(state)


def split_over_stations(events: list[Event], pick: random.Random) -> list[State | None]:
    """Two stations that hold their own parts first and then each other's, in their own batches."""
    apart: tuple[list[Event], list[Event]] = ([], [])
    for event in events:
        apart[event.origin == STATIONS[0]].append(event)
    states = []
    for first, second in (apart, apart[::-1]):
        state: State | None = None
        known: list[Event] = []
        for part in (first, second, first):
            at = 0
            while at < len(part):
                size = pick.randint(1, 4)
                state, known = absorb(state, known, part[at : at + size])
                at += size
        states.append(state)
    return states


def check(kind: str, seed: int, length: int, shuffle: int) -> None:
    """Fold and absorb the same events shuffled, doubled and in other batches."""
    events = make_log(kind, seed, length)
    expected = bytes_of(fold(sorted(events, key=lambda e: e.order)))
    pick = random.Random(shuffle)
    jumbled = events + pick.choices(events, k=pick.randint(0, length))
    pick.shuffle(jumbled)
    assert bytes_of(fold(jumbled)) == expected
    state: State | None = None
    known: list[Event] = []
    at = 0
    while at < len(jumbled):
        size = pick.randint(1, 5)
        state, known = absorb(state, known, jumbled[at : at + size])
        at += size
    assert bytes_of(state) == expected
    assert [e.order for e in known] == sorted({e.order for e in events})
    assert {bytes_of(s) for s in split_over_stations(events, pick)} == {expected}
    if expected != b"nothing":
        again = folding.state_from_bytes(kind, expected)
        assert state_bytes(again) == expected
        assert again == state


SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize("kind", list(CASES))
def test_any_order_doubling_and_batching_ends_in_the_same_bytes(kind: str) -> None:
    ran = 0

    @settings(max_examples=CASES[kind] // 10, deadline=None)
    @given(seed=SEEDS, length=st.integers(1, 14), shuffle=SEEDS)
    def run(seed: int, length: int, shuffle: int) -> None:
        nonlocal ran
        ran += 1
        check(kind, seed, length, shuffle)

    run()
    assert ran >= CASES[kind] // 10


def test_the_cases_are_ten_thousand_and_reach_every_kind() -> None:
    assert sum(CASES.values()) == 10_000
    assert set(CASES) == set(BODIES)
    for kind, bodies in BODIES.items():
        states = {bytes_of(fold(make_log(kind, seed, 14))) for seed in range(200)}
        # Logs must lead to many different states, or equal bytes would prove nothing.
        assert len(states) > 20, kind
        assert all(folding.aggregate_type(name) == kind for name in bodies)


def test_a_late_event_folds_anew_and_a_machine_decision_counts_once() -> None:
    events = make_log("alert", 3, 1)
    fired = events[0]
    decision = {"epoch": fired.body["epoch"], "life": 1, "deadline": 5, "reason": ""}

    def breached(origin: str, hlc: int, deadline: int) -> Event:
        return Event(
            origin=origin,
            seq=9,
            hlc=hlc,
            id="f" * 32,
            agg="A-1",
            kind="alert.sla_breached",
            actor="engine",
            wall_ms=9,
            dedup_id="the same decision",
            body=decision | {"deadline": deadline},
        )

    late, first = breached(STATIONS[1], 3_000, 7), breached(STATIONS[2], 2_000, 6)
    state, known = absorb(None, [], [fired, late])
    assert isinstance(state, Alert)
    assert state.sla_breached_at == 7
    state, known = absorb(state, known, [first])
    assert isinstance(state, Alert)
    assert state.sla_breached_at == 6
    assert absorb(state, known, [late])[0] == state


def test_a_decision_that_came_before_its_epoch_does_not_keep_it_from_being_made() -> None:
    """A wrong clock may put an end before the firing it ends: a trace, and no decision."""
    first = make_log("alert", 3, 1)[0]
    first.body |= {"epoch": "n1"}

    def event(seq: int, kind: str, **body: Any) -> Event:
        dedup = "the same decision" if kind == "alert.resolved" else None
        return replace(first, seq=seq, hlc=9_000 + seq, kind=kind, dedup_id=dedup, body=body)

    end = {"epoch": "n2", "life": 1, "reason": "its source stopped repeating it"}
    events = [
        first,
        event(2, "alert.resolved", **end),
        event(3, "alert.fired", **(first.body | {"epoch": "n2"})),
        event(4, "alert.resolved", **end),
    ]
    early = fold(events[:2])
    assert isinstance(early, Alert)
    assert early.also_done, "it left its trace"
    state = fold(events)
    assert isinstance(state, Alert)
    assert (state.epoch, state.status) == ("n2", "resolved")
    assert fold([*events, event(5, "alert.resolved", **end)]) == state, "once made it counts once"


def test_equal_states_have_equal_hashes() -> None:
    one, two = (fold(make_log("alert", 5, 9)) for _ in range(2))
    assert one is not None
    assert two is not None
    assert folding.state_hash(state_bytes(one)) == folding.state_hash(state_bytes(two))
    assert folding.state_hash(b"") != folding.state_hash(state_bytes(one))


def test_an_unknown_aggregate_has_no_state_and_breaks_nothing() -> None:
    event = make_log("alert", 1, 1)[0]
    event.kind = "procedure.started"
    assert fold([event]) is None


def test_a_zero_where_nothing_is_the_default_is_kept() -> None:
    fired = make_log("alert", 3, 1)[0]
    acked = make_log("alert", 3, 1)[0]
    acked.seq, acked.hlc, acked.kind = 2, 9_000, "alert.acknowledged"
    acked.dedup_id, acked.body = None, {"epoch": fired.body["epoch"]}
    state = fold([fired, acked])
    assert isinstance(state, Alert)
    assert state.response_ms == 0
    assert folding.state_from_bytes("alert", state_bytes(state)) == state
