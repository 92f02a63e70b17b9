"""How each fact of a decision is told on its incident's timeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.domain.decision import Decision
from crisisdesk.domain.event import Event
from crisisdesk.domain.papers.times import stamp
from crisisdesk.domain.told import Segment, Told, plain, strong

DECISION_FIELD_WORDS: dict[str, str] = {
    "title": "decision",
    "options": "options",
    "expected": "expected effect",
    "risk": "risk",
    "decider": "decider",
    "revert_trigger": "revert trigger",
    "check_at": "check-back",
}
_ALSO: dict[str, str] = {
    "decision.checked": "also checked, after it was reverted",
    "decision.reverted": "also reverted by another station",
    "decision.answered": "an objection was answered twice",
}


def decision_facts(decision: Decision) -> list[tuple[str, str]]:
    """What is known of it, as (word, text); what nobody said is left out."""
    objections = [_objection(one) for one in decision.objections]
    pairs = (
        ("Instead of", "; ".join(decision.options)),
        ("Expected", decision.expected),
        ("Risk", decision.risk),
        ("Objections", "\n".join(objections)),
        ("Decided by", decision.decider),
        ("Taken back if", decision.revert_trigger),
        ("Look again", stamp(decision.check_at)),
        ("Looked", "\n".join(_check(one) for one in decision.checks)),
        ("Reverted", _reverted_words(decision)),
    )
    return [(word, text) for word, text in pairs if text]


def _objection(one: dict[str, Any]) -> str:
    answer = one.get("answer") or "not answered"
    return f"{one['by']}: {one['text']} – {answer}"


def _check(one: dict[str, Any]) -> str:
    return f"{stamp(one['at'])} {one['by']}: {one['result'] or 'it holds'}"


def _reverted_words(decision: Decision) -> str:
    if decision.stands:
        return ""
    return f"{stamp(decision.ended_at)} by {decision.ended_by}: {decision.reason}"


def tell_decision(before: Decision | None, after: Decision, event: Event) -> Told | None:
    """One event of a decision that changed it; None for what the timeline leaves out."""
    if before is None:
        detail = "\n".join(f"{word}: {text}" for word, text in decision_facts(after))
        by = f" ({after.decider})" if after.decider else ""
        line = (strong("Decided: "), plain(f"{after.title}{by}"))
        return Told(icon="gavel", line=line, detail=detail)
    name = strong(f"Decision {after.title}")
    if after.also_done != before.also_done:
        words = _ALSO.get(event.kind, "also changed by another station")
        return Told(icon="history", line=(name, plain(f": {words}")))
    teller = _TELLERS.get(event.kind)
    return None if teller is None else teller(name, after, event)


def _answered(name: Segment, _after: Decision, event: Event) -> Told:
    return Told(
        icon="gavel", line=(name, plain(": an objection answered")), detail=event.body["answer"]
    )


def _checked(name: Segment, after: Decision, event: Event) -> Told:
    then = f"; next look {stamp(after.check_at)}" if after.check_at is not None else ""
    line = (name, plain(f" looked at again{then}"))
    return Told(icon="search", line=line, detail=event.body.get("result", ""))


def _due(name: Segment, _after: Decision, event: Event) -> Told | None:
    if event.body.get("quiet"):
        return None
    late = Segment(text="due to be looked at again", style="worse")
    return Told(icon="clock-alert", line=(name, plain(" is "), late))


_TELLERS: dict[str, Callable[[Segment, Decision, Event], Told | None]] = {
    "decision.revised": lambda name, _after, e: Told(
        icon="pencil",
        line=(name, plain(f": {DECISION_FIELD_WORDS[e.body['field']]} changed")),
    ),
    "decision.objected": lambda name, _after, e: Told(
        icon="gavel",
        line=(name, plain(f": {e.body['by']} objects")),
        detail=e.body["text"],
    ),
    "decision.answered": _answered,
    "decision.checked": _checked,
    "decision.reverted": lambda name, after, _e: Told(
        icon="undo-2", line=(name, strong(" reverted")), detail=after.reason
    ),
    "decision.due": _due,
}
