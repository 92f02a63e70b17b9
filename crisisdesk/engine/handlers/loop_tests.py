"""Loop tests: their targets, their pages, and the alert that a channel does not arrive."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.delivery import LOOP, TEST_REASON, Delivery, DeliveryStatus
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.loop_test import (
    COSTLY,
    KIND,
    SOURCE,
    LoopLine,
    LoopTarget,
    Proof,
    channel_of,
    content_of,
    key_of,
    loop_delivery_id,
    method_of,
    proof_of,
    slots,
    standing,
    targets,
)
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.declaring import is_open_of
from crisisdesk.engine.handlers.intake import take_in
from crisisdesk.engine.handlers.paging import address_of
from crisisdesk.engine.loop_commands import EndLoopTest, MindLoopTests, SetLoopTest
from crisisdesk.engine.workbench import Workbench

Found = tuple[LoopTarget, Contact, ContactMethod]


def set_loop_test(command: SetLoopTest, bench: Workbench) -> int:
    """Publish the target; another one of the same channel and provider is withdrawn."""
    contact = bench.need(Contact, command.contact_id, "contact_id")
    asked = LoopTarget(
        version_id="", contact_id=contact.contact_id, method_id=command.method_id, every_ms=0
    )
    method = method_of({contact.contact_id: contact}, asked)
    if method is None:
        raise NotFound("method_id", "this contact has no such method", "list its methods first")
    own = bench.policy.loop_costly_ms if method.channel in COSTLY else bench.policy.loop_every_ms
    every = command.every_ms or own
    content = content_of(contact.contact_id, method.method_id, every, bench.now)
    for target, _contact, other in _found(bench):
        if channel_of(other) == channel_of(method):
            _withdraw(bench, target.method_id)
    _withdraw(bench, method.method_id)
    version_id = policy_version_id_of(method.method_id, content)
    body = {"name": method.method_id, "content": content}
    bench.emit(version_id, "policy.published", body)
    return every


def end_loop_test(command: EndLoopTest, bench: Workbench) -> None:
    """Withdraw it; what it said of its channel is nobody's word any more."""
    known = [t for t in _targets(bench) if t.method_id == command.method_id]
    if not known:
        raise NotFound("method_id", "is tested by no loop test", "list them first")
    method = method_of({c.contact_id: c for c in bench.contacts()}, known[0])
    _withdraw(bench, command.method_id)
    if method is not None:
        _tell(bench, *channel_of(method), SignalAction.RESOLVE, "its loop test was ended")


def mind_loop_tests(_command: MindLoopTests, bench: Workbench) -> tuple[str, ...]:
    """Queue what is due, and judge what was sent."""
    known = _targets(bench)
    if not known:
        return ()
    found = _found(bench)
    here = {target.method_id for target, _, _ in found}
    lost = [
        f"the loop test of contact method {t.method_id} has no target any more: set it anew"
        for t in known
        if t.method_id not in here
    ]
    bench.prefetch([loop_delivery_id(t, s) for t, _, _ in found for s in slots(t, bench.now)])
    for target, contact, method in found:
        delivery_id = loop_delivery_id(target, slots(target, bench.now)[0])
        if bench.get(delivery_id) is None:
            _queue(bench, delivery_id, contact, method)
        _judge(bench, target, contact, method)
    return tuple(lost)


def _judge(bench: Workbench, target: LoopTarget, contact: Contact, method: ContactMethod) -> None:
    within = bench.policy.loop_within_ms
    tests: dict[str, Delivery] = {}
    for slot in slots(target, bench.now):
        one = bench.get(loop_delivery_id(target, slot))
        if isinstance(one, Delivery):
            tests[one.delivery_id] = _given_up(bench, one, within)
    line = standing(target, method, contact.name, tests, bench.now, within)
    if line.proof is Proof.BROKEN:
        _tell(bench, line.channel, line.provider, SignalAction.FIRE, _why(line))
    elif line.proof in (Proof.ARRIVED, Proof.SENT):
        _tell(bench, line.channel, line.provider, SignalAction.RESOLVE, "a loop test went through")


def _given_up(bench: Workbench, one: Delivery, within_ms: int) -> Delivery:
    """A test that was taken and that nobody could confirm in time counts as one that failed."""
    proof, words = proof_of(one, bench.now, within_ms)
    if proof is not Proof.BROKEN or one.status != DeliveryStatus.SENT:
        return one
    body = {"state": "failed", "words": words, "provider_id": one.provider_id}
    bench.emit(one.delivery_id, "delivery.confirmed", body)
    return bench.need(Delivery, one.delivery_id, "delivery_id")


def _queue(bench: Workbench, delivery_id: str, contact: Contact, method: ContactMethod) -> None:
    body: dict[str, Any] = {
        "alert_id": "",
        "epoch": "",
        "severity": "low",
        "title": "CrisisDesk loop test",
        "text": "It shows that this channel arrives. Nothing is wrong, nothing is to be done.",
        "reason": TEST_REASON,
        "probe": LOOP,
        **address_of(contact, method),
    }
    bench.emit(delivery_id, "delivery.queued", body)


def _why(line: LoopLine) -> str:
    return f"The loop test to {line.contact_name}, {line.masked}: {line.words or 'no reason told'}."


def _tell(bench: Workbench, channel: str, provider: str, action: SignalAction, words: str) -> None:
    key = key_of(channel, provider)
    if is_open_of(bench, SOURCE, key) is (action == SignalAction.FIRE):
        return
    where = f"{channel} at {provider}" if provider else channel
    signal = Signal(
        source=SOURCE,
        key=key,
        action=action,
        severity=Severity.HIGH,
        title=f"Channel {where} does not arrive",
        description=words,
        labels={"channel": channel, "provider": provider} if provider else {"channel": channel},
        note=words,
    )
    take_in(TakeIn(signals=[signal]), bench)


def _targets(bench: Workbench) -> list[LoopTarget]:
    return targets(bench.at_hand.policies())


def _found(bench: Workbench) -> list[Found]:
    contacts = {c.contact_id: c for c in bench.contacts()}
    pairs = ((target, method_of(contacts, target)) for target in _targets(bench))
    return [(t, contacts[t.contact_id], method) for t, method in pairs if method is not None]


def _withdraw(bench: Workbench, method_id: str) -> None:
    for version in bench.at_hand.policies():
        if version.content.get("kind") == KIND and version.content.get("method") == method_id:
            bench.emit(version.version_id, "policy.withdrawn", {})
