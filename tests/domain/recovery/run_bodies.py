"""Bodies of a run's events, drawn at random: a part of `tests.domain.fold_bodies`."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from crisisdesk.domain.recovery.expanding import binding_of

# A step of each kind that the fold tells apart.
STARTED: dict[str, Any] = {
    "title": "Fail over",
    "procedure": "Fail over",
    "objective": {"by": 5, "within_ms": 5, "of": "procedure"},
    "steps": [
        *({"step_id": s, "title": s, "exclusive": s == "s1"} for s in ("s1", "s2")),
        {"step_id": "d", "title": "d", "kind": "decision", "answers": ["a", "b"]},
        {"step_id": "g", "title": "g", "kind": "approval", "approvals": 2},
        {"step_id": "s1~back", "title": "back", "phase": "back"},
        {"step_id": "s2~back", "title": "back", "phase": "back"},
    ],
}
BINDING = binding_of(STARTED)


def _attempted(pick: random.Random, ids: list[str]) -> dict[str, Any]:
    return {"step_id": pick.choice(("s1", "s2")), "attempt": pick.choice(ids)}


RUN_BODIES: dict[str, Callable[[random.Random, list[str]], dict[str, Any]]] = {
    "run.started": lambda _p, _i: STARTED,
    "run.step_done": lambda p, _i: {
        "step_id": p.choice(("s1", "s2")),
        "claim": p.choice(("", "7")),
    },
    "run.step_undone": lambda p, ids: {
        "step_id": p.choice(("s1", "s2")),
        "done_ids": [p.choice(ids)],
    },
    "run.ended": lambda p, _i: {"verdict": p.choice(("succeeded", "aborted"))},
    "run.step_claimed": lambda p, _i: {
        "step_id": p.choice(("s1", "s2")),
        "claim": p.choice(("", "7")),
        "deadline": p.randint(1, 9),
    },
    "run.step_output": lambda p, ids: _attempted(p, ids) | {"n": 0, "text": "a line\n"},
    "run.step_finished": lambda p, ids: (
        _attempted(p, ids) | {"outcome": p.choice(("ok", "failed")), "words": "exit code"}
    ),
    "run.step_unknown": lambda p, ids: _attempted(p, ids) | {"why": "the engine ended"},
    "run.step_settled": lambda p, ids: (
        _attempted(p, ids) | {"outcome": p.choice(("done", "failed", "again"))}
    ),
    "run.step_failed": lambda p, _i: {"step_id": p.choice(("s1", "s2")), "why": "no"},
    "run.step_released": lambda p, _i: {
        "step_id": p.choice(("s1", "s2")),
        **p.choice(({}, {"unclaimed": True})),
    },
    "run.decision_taken": lambda p, _i: {"step_id": "d", "answer": p.choice("abc")},
    "run.approval_asked": lambda p, _i: {
        "step_id": "g",
        "number": p.randint(1, 3),
        "expires_ms": p.randint(0, 9_000),
    },
    "run.approval_given": lambda p, _i: {
        "step_id": "g",
        "number": p.randint(1, 2),
        "binding": p.choice((BINDING, BINDING, "other")),
    },
    "run.approval_refused": lambda p, _i: {"step_id": "g", "number": p.randint(1, 2)},
    "run.approval_expired": lambda p, _i: {"step_id": "g", "number": p.randint(1, 2)},
    "run.glass_broken": lambda _p, _i: {"step_id": "g", "why": "nobody is there"},
    "run.rollback_started": lambda p, _i: {
        "why": "it failed",
        "steps": p.choice((["s1~back"], ["s2~back", "s1~back"])),
    },
    "run.moved": lambda _p, _i: {},
    "run.objective_missed": lambda _p, _i: {"recover_by": 5},
}
