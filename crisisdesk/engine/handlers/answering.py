"""Answers to pages: whoever was paged takes the alert, or passes it on, from where they read it."""

from __future__ import annotations

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.answering import (
    CODE_REST_MS,
    Action,
    Answered,
    Way,
    over_words,
    step_of,
)
from crisisdesk.domain.bundle import BUNDLE_STEP
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.delivery import REACHED_STATUSES, Delivery, DeliveryStatus
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.ids import decision_id, escalation_id_of
from crisisdesk.engine.answer_commands import AnswerByCode, AnswerPage, ListMethods
from crisisdesk.engine.commands import AcknowledgeAlerts
from crisisdesk.engine.handlers import alerts, escalating
from crisisdesk.engine.handlers.hands import is_awaited
from crisisdesk.engine.handlers.paging import unreachable
from crisisdesk.engine.workbench import Workbench

# Clocks of providers and telephones are not ours.
CLOCK_SLACK_MS = 5 * 60_000

Page = tuple[Delivery, Alert | None]


def answer_page(command: AnswerPage, bench: Workbench) -> Answered:
    """The first answer to a page counts, on every station; it is given in the contact's name."""
    _check(command.action, command.way)
    delivery = bench.need(Delivery, command.delivery_id, "delivery_id")
    if command.only_methods is not None and delivery.method_id not in command.only_methods:
        return Answered(outcome="refused", words="This page went to somebody else.")
    if delivery.answered_at is not None:
        return _already(delivery)
    if (why := unreachable(bench, delivery)) is not None:
        return Answered(outcome="refused", words=f"This page cannot be answered: {why}.")
    told = _told(bench, delivery)
    standing = [(d, a) for d, a in told if not over_words(d, a)]
    if not standing:
        words = over_words(*told[0])
        return Answered(outcome="over", words=f"There is nothing to answer: {words}.")
    # Who answers is whoever was paged; the door or the worker only passes it on.
    bench.actor = _name(bench, delivery)
    body = {"action": command.action, "way": command.way}
    body |= {"ref": command.ref[:200]} if command.ref else {}
    answered = decision_id(delivery.delivery_id, "answered")
    bench.emit(delivery.delivery_id, "delivery.answered", body, dedup_id=answered)
    does = _take if command.action == Action.HAVE else _pass_on
    words = does(bench, standing, command.way)
    return Answered(
        outcome="counted", words=words, by=bench.actor, at=bench.now, action=command.action
    )


def answer_by_code(command: AnswerByCode, bench: Workbench) -> Answered:
    """Of the pages with this code, the one that the answer can have meant."""
    _check(command.action, command.way)
    found = [
        d
        for _code, name in _codes(bench, bench.now - CODE_REST_MS, command.code)
        if isinstance(d := bench.get(name), Delivery) and d.method_id in command.method_ids
    ]
    if command.written_at is not None:
        latest = command.written_at + CLOCK_SLACK_MS
        found = [d for d in found if d.message_at is not None and d.message_at <= latest]
    if not found:
        words = f"No page to this number has the code {command.code}."
        return Answered(outcome="refused", words=words)
    fresh = [d for d in found if d.answered_at is None]
    if len(fresh) > 1:
        words = f"Two pages to this number have the code {command.code}; answer at the desk."
        return Answered(outcome="refused", words=words)
    meant = (fresh or found)[0]
    order = AnswerPage(
        delivery_id=meant.delivery_id,
        action=command.action,
        way=command.way,
        ref=command.ref,
    )
    return answer_page(order, bench)


def list_methods(command: ListMethods, bench: Workbench) -> list[str]:
    """Contact methods of this channel that are in use."""
    return [
        str(method["method_id"])
        for contact in bench.contacts()
        for method in contact.methods
        if method.get("channel") == command.channel and method.get("enabled", True)
    ]


def taken_codes(bench: Workbench) -> frozenset[int]:
    """The codes that stand in messages of the last week."""
    return frozenset(code for code, _name in _codes(bench, bench.now - CODE_REST_MS))


def _codes(bench: Workbench, since: int, code: int | None = None) -> list[tuple[int, str]]:
    """Each code given since then with its delivery, those of this group of commands included."""
    found = {name: number for number, name in bench.journal.codes(since)}
    for name, (state, _index) in bench.touched.items():
        if isinstance(state, Delivery) and state.code:
            found[name] = state.code
    return [(number, name) for name, number in found.items() if code in (None, number)]


def _check(action: str, way: str) -> None:
    if action not in list(Action):
        raise Malformed("action", f"{action!r} is no answer", f"use one of {', '.join(Action)}")
    if way not in list(Way):
        raise Malformed("way", f"{way!r} is unknown", f"use one of {', '.join(Way)}")


def _told(bench: Workbench, delivery: Delivery) -> list[Page]:
    """All that its message told of: its own alert first, then those that went with it."""
    names = [delivery.delivery_id]
    for status in (DeliveryStatus.BUNDLED, *REACHED_STATUSES):
        names += bench.journal.carried_by(delivery.delivery_id, status, BUNDLE_STEP)
    bench.prefetch(names)
    found = [bench.need(Delivery, name, "delivery_id") for name in dict.fromkeys(names)]
    bench.prefetch([d.alert_id for d in found if d.alert_id])
    alerts_of = ((d, bench.get(d.alert_id) if d.alert_id else None) for d in found)
    return [(d, a if isinstance(a, Alert) else None) for d, a in alerts_of]


def _name(bench: Workbench, delivery: Delivery) -> str:
    contact = bench.get(delivery.contact_id)
    return contact.name if isinstance(contact, Contact) else delivery.contact_name


def _take(bench: Workbench, pages: list[Page], way: str) -> str:
    """Acknowledge what the page told of; of several, those that nobody else has."""
    others: list[str] = []
    taken, who = 0, pages[0][0].contact_id
    for index, (_delivery, alert) in enumerate(pages):
        if alert is None:
            return "The test was answered: this way works."
        if index and alert.acknowledged_at is not None and not is_awaited(bench, alert, who):
            continue
        if index == 0 and alert.acknowledged_at is not None:
            others = [n for n in _holders(alert) if n != bench.actor]
        order = AcknowledgeAlerts(alert_ids=[alert.alert_id], epochs=[alert.epoch], way=way)
        alerts.acknowledge_alerts(order, bench)
        taken += 1
    what = (
        "it" if taken == 1 else f"all {taken} alerts" if taken == len(pages) else f"{taken} alerts"
    )
    also = f" {others[0]} had it before." if others else ""
    return f"You have {what}.{also}"


def _holders(alert: Alert) -> list[str]:
    return [alert.acknowledged_by, *alert.also_acknowledged_by]


def _pass_on(bench: Workbench, pages: list[Page], way: str) -> str:
    """Let whoever comes next be asked at once, unless somebody has it or was asked since."""
    asked = 0
    for delivery, alert in pages:
        if alert is None:
            return "The test was answered: this way works."
        text = f"passed the page on to whoever comes next, by {way}"
        bench.emit(alert.alert_id, "alert.noted", {"text": text, "epoch": alert.epoch})
        if alert.acknowledged_at is None and not _is_further(bench, delivery, alert):
            escalating.go_on(bench, alert.alert_id, f"{bench.actor} passed it on")
            asked += 1
    if asked:
        return "Passed on: whoever comes next is asked now."
    first = pages[0][1]
    if first is not None and first.acknowledged_at is not None:
        return f"Noted. {first.acknowledged_by} has it."
    return "Noted. Others have been asked since."


def _is_further(bench: Workbench, delivery: Delivery, alert: Alert) -> bool:
    """Whether the escalation has left the step that this page belongs to."""
    state = bench.get(escalation_id_of(alert.alert_id, alert.epoch, alert.life))
    return isinstance(state, Escalation) and state.number > step_of(delivery)


def _already(delivery: Delivery) -> Answered:
    return Answered(
        outcome="already",
        words="This page was answered already.",
        by=delivery.answered_by,
        at=delivery.answered_at,
        action=delivery.answer,
    )
