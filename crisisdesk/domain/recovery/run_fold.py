"""What a run's log says beyond its checklist: attempts, approvals, decisions and the way back.

An attempt is claimed before it begins. One that ends is written down with what came of it; one of
which nobody can say is *unknown*, and only a person's word moves it on. Approvals count only for
the very run that was asked about: other hash, other number of the question, too late, or given by
who started the run, they are void and stand among the traces.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also
from crisisdesk.domain.recovery.run_steps import kind_of, same_person, step_of

if TYPE_CHECKING:
    from crisisdesk.domain.checklist import Run

# How much of an attempt's output the state holds; all of it stands in the events.
TAIL = 8_000
OUTCOMES = ("ok", "failed")
SETTLED = ("done", "failed", "again")
Entry = dict[str, Any]


def apply_more(state: Run, event: Event) -> Run:
    """The run after one more event of a kind in `MORE_KINDS`; others change nothing."""
    teller = _TELLERS.get(event.kind)
    if teller is None:
        return state
    if event.kind in _WITHOUT_STEP:
        return teller(state, event)
    step = step_of(state.steps, event.body["step_id"])
    return state if step is None else teller(state, event)


def _who(event: Event) -> Entry:
    return {"id": event.id, "by": event.actor, "at": event.at_ms}


# -------------------------------------------------------------------------------- attempts


def _claimed(state: Run, event: Event) -> Run:
    """Another one beside an attempt that may have had its effect is marked for good."""
    body = event.body
    step_id, claim = body["step_id"], str(body.get("claim", ""))
    before = state.attempts.get(step_id, [])
    attempt: Entry = {
        **_who(event),
        "origin": event.origin,
        "claim": claim,
        "deadline": int(body["deadline"]),
        "state": "running",
    }
    twice, unclaimed = state.executed_twice, state.unclaimed
    if state.is_done(step_id) or any(_may_have_happened(one) for one in before):
        twice = sorted({*twice, step_id})
    if state.is_exclusive(step_id) and not claim:
        unclaimed = sorted({*unclaimed, step_id})
    attempts = {**state.attempts, step_id: [*before, attempt]}
    return replace(state, attempts=attempts, executed_twice=twice, unclaimed=unclaimed)


def _may_have_happened(attempt: Entry) -> bool:
    """Whether doing it again would be doing it twice, as far as anybody has said."""
    settled = attempt.get("settled")
    if settled is not None:
        return bool(settled["outcome"] == "done")
    return attempt["state"] in ("running", "ok", "unknown")


def _changed(state: Run, event: Event, changes: Callable[[Entry], Entry | None]) -> Run:
    """The run with the event's attempt changed; the very same where it says nothing new."""
    step_id, name = event.body["step_id"], event.body["attempt"]
    found, is_changed = [], False
    for one in state.attempts.get(step_id, []):
        told = changes(one) if one["id"] == name else None
        is_changed = is_changed or told is not None
        found.append(one if told is None else {**one, **told})
    return replace(state, attempts={**state.attempts, step_id: found}) if is_changed else state


def _output(state: Run, event: Event) -> Run:
    text = str(event.body["text"])

    def more(one: Entry) -> Entry:
        return {
            "output": (one.get("output", "") + text)[-TAIL:],
            "pieces": one.get("pieces", 0) + 1,
        }

    return _changed(state, event, more)


def _finished(state: Run, event: Event) -> Run:
    body = event.body
    outcome = body["outcome"]
    if outcome not in OUTCOMES:
        return state

    def end(one: Entry) -> Entry | None:
        if one["state"] not in ("running", "unknown") or "settled" in one:
            return None
        return {"state": outcome, "words": str(body.get("words", "")), "ended_at": event.at_ms}

    after = _changed(state, event, end)
    if after is state:
        return replace(state, also_done=also(state.also_done, "finished", event, outcome=outcome))
    return _done(after, event) if outcome == "ok" else after


def _unknown(state: Run, event: Event) -> Run:
    def doubt(one: Entry) -> Entry | None:
        if one["state"] != "running":
            return None
        why = str(event.body.get("why", ""))
        return {"state": "unknown", "words": why, "ended_at": event.at_ms}

    return _changed(state, event, doubt)


def _settled(state: Run, event: Event) -> Run:
    """A person's word on what nobody could know, or on a failure; the first one stands."""
    outcome = event.body["outcome"]
    if outcome not in SETTLED:
        return state

    def settle(one: Entry) -> Entry | None:
        if one["state"] not in ("unknown", "failed") or "settled" in one:
            return None
        note = str(event.body.get("note", ""))
        return {"settled": {**_who(event), "outcome": outcome, "note": note}}

    after = _changed(state, event, settle)
    if after is state:
        return replace(state, also_done=also(state.also_done, "settled", event, outcome=outcome))
    return _done(after, event) if outcome == "done" else after


def _done(state: Run, event: Event, **more: Any) -> Run:
    """One more doing of the step, as the checklist keeps them."""
    step_id = event.body["step_id"]
    entry = {**_who(event), "origin": event.origin, "claim": "", **more}
    return replace(state, done={**state.done, step_id: [*state.done.get(step_id, []), entry]})


def _failed(state: Run, event: Event) -> Run:
    step_id = event.body["step_id"]
    if step_id in state.failures:
        return replace(state, also_done=also(state.also_done, "step_failed", event))
    failure = {**_who(event), "why": str(event.body.get("why", ""))}
    return replace(state, failures={**state.failures, step_id: failure})


def _released(state: Run, event: Event) -> Run:
    step_id = event.body["step_id"]
    before = state.released.get(step_id, _who(event))
    unclaimed = bool(before.get("unclaimed") or event.body.get("unclaimed"))
    told = {**before, "unclaimed": unclaimed}
    return replace(state, released={**state.released, step_id: told})


def _decided(state: Run, event: Event) -> Run:
    """Whoever answers first in canonical order decides; another answer is kept to be seen."""
    step_id, answer = event.body["step_id"], event.body["answer"]
    step = step_of(state.steps, step_id)
    if step is None or kind_of(step) != "decision" or answer not in step.get("answers", ()):
        return state
    standing = state.done.get(step_id, [])
    if standing and standing[0].get("answer") != answer:
        traces = also(state.also_done, "decided", event, step_id=step_id, answer=answer)
        state = replace(state, also_done=traces)
    return _done(state, event, answer=answer)


# -------------------------------------------------------------------------------- approvals


def _asked(state: Run, event: Event) -> Run:
    step_id, number = event.body["step_id"], int(event.body["number"])
    before = state.asks.get(step_id)
    if before is not None and ("passed_at" in before or number <= before["number"]):
        return state
    ask = {
        **_who(event),
        "number": number,
        "expires_at": event.at_ms + int(event.body["expires_ms"]),
        "given": [],
    }
    return replace(state, asks={**state.asks, step_id: ask})


def _given(state: Run, event: Event) -> Run:
    step_id = event.body["step_id"]
    ask, step = state.asks.get(step_id), step_of(state.steps, step_id)
    why = void_words(state, step_id, event)
    if why or ask is None or step is None:
        traces = also(state.also_done, "approval_void", event, step_id=step_id, why=why)
        return replace(state, also_done=traces)
    given = [*ask["given"], {**_who(event), "note": str(event.body.get("note", ""))}]
    told = {**ask, "given": given}
    if len(given) >= step.get("approvals", 1):
        told["passed_at"] = event.at_ms
    return replace(state, asks={**state.asks, step_id: told})


def void_words(state: Run, step_id: str, event: Event) -> str:
    """Why an approval does not count; "" when it does."""
    ask = state.asks.get(step_id)
    if ask is None or event.body.get("number") != ask["number"]:
        return "it answers another question"
    if event.body.get("binding") != state.binding:
        return "it was given for another procedure or other arguments"
    if same_person(event.actor, state.started_by):
        return "who started the run cannot approve it"
    if any(same_person(event.actor, one["by"]) for one in ask["given"]):
        return "the same person has approved already"
    if "refused" in ask:
        return "it was refused"
    if "passed_at" in ask:
        return "it was approved already"
    if ask.get("expired") or event.at_ms > ask["expires_at"]:
        return "it came too late"
    return ""


def _standing_ask(state: Run, event: Event) -> Entry | None:
    """The question that the event answers, while it is open."""
    ask = state.asks.get(event.body["step_id"])
    if ask is None or event.body.get("number") != ask["number"]:
        return None
    closed = "passed_at" in ask or "refused" in ask or ask.get("expired")
    return None if closed else ask


def _refused(state: Run, event: Event) -> Run:
    ask = _standing_ask(state, event)
    if ask is None:
        return replace(state, also_done=also(state.also_done, "approval_refused", event))
    refused = {**_who(event), "why": str(event.body.get("why", ""))}
    told = {**ask, "refused": refused}
    return replace(state, asks={**state.asks, event.body["step_id"]: told})


def _expired(state: Run, event: Event) -> Run:
    ask = _standing_ask(state, event)
    if ask is None:
        return state
    return replace(state, asks={**state.asks, event.body["step_id"]: {**ask, "expired": True}})


def _glass_broken(state: Run, event: Event) -> Run:
    """One person alone, with a reason that stands for good."""
    step_id = event.body["step_id"]
    before = state.asks.get(step_id) or {
        **_who(event),
        "number": 0,
        "expires_at": event.at_ms,
        "given": [],
    }
    if "glass" in before:
        return replace(state, also_done=also(state.also_done, "glass_broken", event))
    told = {**before, "glass": {**_who(event), "why": str(event.body["why"])}}
    told.setdefault("passed_at", event.at_ms)
    return replace(state, asks={**state.asks, step_id: told})


# -------------------------------------------------------------------------------- the whole run


def _rolling_back(state: Run, event: Event) -> Run:
    steps = [str(name) for name in event.body["steps"]]
    if not state.way_back:
        told = {**_who(event), "why": str(event.body.get("why", "")), "steps": steps}
        return replace(state, way_back=told)
    standing = state.way_back["steps"]
    more = [name for name in steps if name not in standing]
    traces = also(state.also_done, "rollback", event)
    way_back = {**state.way_back, "steps": [*standing, *more]}
    return replace(state, way_back=way_back, also_done=traces)


def _moved(state: Run, event: Event) -> Run:
    return replace(state, home=event.origin)


def _missed(state: Run, event: Event) -> Run:
    """Written down once; a run that had ended in time without its writer knowing stays in time."""
    if not state.objective or state.missed_at is not None:
        return state
    return replace(state, missed_at=event.at_ms)


_TELLERS: dict[str, Callable[[Run, Event], Run]] = {
    "run.step_claimed": _claimed,
    "run.step_output": _output,
    "run.step_finished": _finished,
    "run.step_unknown": _unknown,
    "run.step_settled": _settled,
    "run.step_failed": _failed,
    "run.step_released": _released,
    "run.decision_taken": _decided,
    "run.approval_asked": _asked,
    "run.approval_given": _given,
    "run.approval_refused": _refused,
    "run.approval_expired": _expired,
    "run.glass_broken": _glass_broken,
    "run.rollback_started": _rolling_back,
    "run.moved": _moved,
    "run.objective_missed": _missed,
}
_WITHOUT_STEP = frozenset({"run.rollback_started", "run.moved", "run.objective_missed"})
MORE_KINDS = frozenset(_TELLERS)
