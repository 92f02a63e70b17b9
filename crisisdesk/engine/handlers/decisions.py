"""Decisions: logged, objected to, looked at again, reverted; and the ring of a check-back."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.asking import CHECK, reason_of
from crisisdesk.domain.decision import EDITABLE_DECISION_FIELDS, Decision
from crisisdesk.domain.decision_words import decision_facts
from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.ids import decision_id, short_id
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import DESCRIPTION_LIMIT, TITLE_LIMIT, Signal, SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.decision_commands import (
    AnswerObjection,
    CheckDecision,
    LogDecision,
    MindDecisions,
    ObjectToDecision,
    RevertDecision,
    ReviseDecision,
)
from crisisdesk.engine.handlers.incident_fields import NAME_LIMIT
from crisisdesk.engine.handlers.incident_parts import (
    find_incident,
    known_incident,
    led_incident,
    the_whole,
)
from crisisdesk.engine.handlers.intake import take_in
from crisisdesk.engine.handlers.leases import people_named, work_goes_on
from crisisdesk.engine.handlers.paging import page_about
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

# What rings: an alert of this source, with the decision's id as its key.
SOURCE = "check-back"
# It is heard softly at every desk, and pages whom it is for as if it were this bad.
PAGE_SEVERITY = Severity.HIGH
LIST_LIMIT = 20
TEXT_LIMIT = 4_000
_TEXTS = {
    "title": TITLE_LIMIT,
    "expected": TEXT_LIMIT,
    "risk": TEXT_LIMIT,
    "decider": NAME_LIMIT,
    "revert_trigger": TEXT_LIMIT,
}


def log_decision(command: LogDecision, bench: Workbench) -> str:
    """Write it down with all that is known of it."""
    incident = led_incident(bench, command.incident_id)
    told = {
        name: _checked(bench, name, getattr(command, name)) for name in EDITABLE_DECISION_FIELDS
    }
    told["decider"] = told["decider"] or bench.actor
    told["objections"] = _objections(bench, command.objections)
    body = {key: value for key, value in told.items() if value not in ("", None, [])}
    made = short_id("DEC", bench.random_bytes(10), 12)
    bench.emit(made, "decision.logged", {"incident_id": incident.incident_id, **body})
    work_goes_on(bench, incident.incident_id)
    return made


def _objections(bench: Workbench, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    if len(rows) > LIST_LIMIT:
        raise Malformed("objections", f"are {len(rows)}", f"name at most {LIST_LIMIT}")
    found = []
    for at, row in enumerate(rows):
        field = f"objections[{at}]"
        one = {
            "by": checked_text(row.get("by", ""), f"{field}.by", NAME_LIMIT, required=True),
            "text": checked_text(row.get("text", ""), f"{field}.text", TEXT_LIMIT, required=True),
        }
        answer = checked_text(row.get("answer", ""), f"{field}.answer", TEXT_LIMIT)
        found.append(one | ({"answer": answer, "answered_by": bench.actor} if answer else {}))
    return found


def _checked(bench: Workbench, name: str, value: Any) -> Any:
    if name in _TEXTS:
        return checked_text(value, name, _TEXTS[name], required=name == "title")
    if name == "options":
        return _options(value)
    return _moment(bench, value)


def _options(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise Malformed("options", "is not a list", "send a list of texts")
    if len(value) > LIST_LIMIT:
        raise Malformed("options", f"are {len(value)}", f"name at most {LIST_LIMIT}")
    return [
        checked_text(v, f"options[{at}]", TITLE_LIMIT, required=True) for at, v in enumerate(value)
    ]


def _moment(bench: Workbench, value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value > bench.now + _FAR_MS:
        raise Malformed("check_at", f"{value!r} is out of range", "send UTC ms within 400 days")
    if value <= bench.now:
        raise Malformed("check_at", "has passed", "say a moment to come")
    return value


_FAR_MS = 400 * 86_400_000


def _decision(bench: Workbench, name: str) -> Decision:
    decision = bench.need(Decision, name, "decision_id")
    known_incident(bench, decision.incident_id, "decision_id")
    return decision


def _standing(bench: Workbench, name: str) -> Decision:
    decision = _decision(bench, name)
    if not decision.stands:
        problem = f"{name} was reverted by {decision.ended_by}"
        raise Conflict("decision_id", problem, "log a new decision")
    return decision


def revise_decision(command: ReviseDecision, bench: Workbench) -> None:
    """Change fields; every change is checked before the first is written."""
    decision = _standing(bench, command.decision_id)
    for name in command.changes:
        if name not in EDITABLE_DECISION_FIELDS:
            remedy = f"change one of {', '.join(EDITABLE_DECISION_FIELDS)}"
            raise Malformed(name, "cannot be changed so", remedy)
    changes = {
        name: value if value == getattr(decision, name) else _checked(bench, name, value)
        for name, value in command.changes.items()
    }
    for name, value in changes.items():
        if getattr(decision, name) != value:
            body = {"field": name, "value": value, "base": decision.set_by.get(name, "")}
            bench.emit(decision.decision_id, "decision.revised", body)
            if name == "check_at":
                _quiet(bench, decision, "its check-back was moved")
    _work(bench, decision)


def object_to_decision(command: ObjectToDecision, bench: Workbench) -> str:
    """Keep what somebody has against it."""
    decision = _standing(bench, command.decision_id)
    if len(decision.objections) >= LIST_LIMIT:
        problem = f"has {len(decision.objections)} objections"
        raise Conflict("decision_id", problem, "answer them, or revert it")
    body = {
        "by": checked_text(command.by or bench.actor, "by", NAME_LIMIT, required=True),
        "text": checked_text(command.text, "text", TEXT_LIMIT, required=True),
    }
    event = bench.emit(decision.decision_id, "decision.objected", body)
    _work(bench, decision)
    return event.id


def answer_objection(command: AnswerObjection, bench: Workbench) -> None:
    """Answer it, once."""
    decision = _standing(bench, command.decision_id)
    found = next((one for one in decision.objections if one["id"] == command.objection), None)
    if found is None:
        known = ", ".join(one["id"] for one in decision.unanswered) or "none"
        raise NotFound("objection", f"no {command.objection[:60]!r}", f"unanswered are {known}")
    if found.get("answer"):
        problem = f"{found['answered_by']} has answered it"
        raise Conflict("objection", problem, "object anew, if that is not enough")
    answer = checked_text(command.answer, "answer", TEXT_LIMIT, required=True)
    body = {"objection": command.objection, "answer": answer}
    bench.emit(decision.decision_id, "decision.answered", body)
    _work(bench, decision)


def check_decision(command: CheckDecision, bench: Workbench) -> None:
    """Keep that somebody looked; what rang is over."""
    decision = _standing(bench, command.decision_id)
    body: dict[str, Any] = {"of": decision.check_at}
    result = checked_text(command.result, "result", TEXT_LIMIT)
    body |= {"result": result} if result else {}
    check_at = _moment(bench, command.check_at)
    body |= {} if check_at is None else {"check_at": check_at}
    bench.emit(decision.decision_id, "decision.checked", body)
    _quiet(bench, decision, f"{bench.actor} has looked at it")
    _work(bench, decision)


def revert_decision(command: RevertDecision, bench: Workbench) -> None:
    """Take it back; once is enough."""
    decision = _decision(bench, command.decision_id)
    if not decision.stands:
        return
    reason = checked_text(command.reason, "reason", DESCRIPTION_LIMIT, required=True)
    bench.emit(decision.decision_id, "decision.reverted", {"reason": reason})
    _quiet(bench, decision, f"{bench.actor} has reverted it")
    _work(bench, decision)


def _work(bench: Workbench, decision: Decision) -> None:
    incident = known_incident(bench, decision.incident_id)
    work_goes_on(bench, the_whole(bench, incident).incident_id)


# ---------------------------------------------------------------------------- the check-back


def mind_decisions(command: MindDecisions, bench: Workbench) -> int:
    """Ring, once for each moment; of ended incidents nothing rings."""
    names = bench.journal.due_decisions(bench.now - command.late_ms, command.limit)
    bench.prefetch(names)
    minded = 0
    for name in names:
        decision = bench.get(name)
        if not isinstance(decision, Decision):
            continue
        if decision.next_due is None or decision.next_due > bench.now:
            continue
        incident = find_incident(bench, decision.incident_id)
        body: dict[str, Any] = {"check_at": decision.next_due}
        if incident is None or not incident.is_open:
            body["quiet"] = True
        dedup = decision_id(name, "due", str(decision.next_due))
        bench.emit(name, "decision.due", body, dedup_id=dedup)
        if incident is not None and incident.is_open:
            _ring(bench, decision, incident)
        minded += 1
    return minded


def _ring(bench: Workbench, decision: Decision, incident: Incident) -> None:
    """An alert that is heard at the desks, and a page to who decided and to who commands."""
    about = decision.title
    told = "\n".join(f"{word}: {text}" for word, text in decision_facts(decision))
    if incident.restricted:
        about, told = f"a decision of {incident.incident_id}", "What it is about is restricted."
    signal = _signal(decision, SignalAction.FIRE, f"Look again: {about}")
    signal.description = told[:DESCRIPTION_LIMIT]
    [alert_id] = take_in(TakeIn(signals=[signal]), bench)
    alert = bench.need(Alert, alert_id, "alert_id")
    people = people_named(bench, decision.decider, incident.commander)
    page_about(bench, alert, people, reason_of(CHECK, decision.next_due or 0), PAGE_SEVERITY)


def _signal(decision: Decision, action: SignalAction, title: str, note: str = "") -> Signal:
    return Signal(
        source=SOURCE,
        key=decision.decision_id,
        action=action,
        severity=Severity.MEDIUM,
        title=title[:TITLE_LIMIT],
        labels={"incident": decision.incident_id, "decision": decision.decision_id},
        starts_at=decision.check_at if action == SignalAction.FIRE else None,
        note=note,
    )


def _quiet(bench: Workbench, decision: Decision, why: str) -> None:
    """What rang is over."""
    signal = _signal(decision, SignalAction.RESOLVE, decision.title, note=why)
    take_in(TakeIn(signals=[signal]), bench)
