"""The weekly audit of people: run when it is due, told by an alert that ends with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crisisdesk.domain.audit_outcome import KEY, SOURCE, Outcome, outcome
from crisisdesk.domain.audit_week import KIND, NAME, content_of, due_now, known_since, last_run
from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.reachability_reading import audit_people
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine.audit_commands import MindAudit
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.handlers.declaring import is_open_of
from crisisdesk.engine.handlers.intake import take_in
from crisisdesk.engine.workbench import Workbench


def mind_audit(command: MindAudit, bench: Workbench) -> bool:
    """One that was missed runs now; between two of them only its open alert is looked at."""
    versions = bench.at_hand.policies()
    ran, since = last_run(versions, bench.now), known_since(bench.contacts())
    due = due_now(command.weekly, ran, since, bench.now)
    version_id = "" if due is None else policy_version_id_of(NAME, content_of(due))
    # What was run and then taken back by hand was run all the same.
    runs = due is not None and bench.get(version_id) is None
    is_told = is_open_of(bench, SOURCE, KEY)
    if not runs and not is_told:
        return False
    found = judged(bench)
    if due is not None and runs:
        _note(bench, version_id, due)
        if found.unproven:
            _tell(bench, found, SignalAction.FIRE)
    if is_told and not found.unproven:
        _tell(bench, found, SignalAction.RESOLVE)
    return runs


def judged(bench: Workbench) -> Outcome:
    """What the audit finds at this moment."""
    audit = audit_people(_Bench(bench), bench.now)
    return outcome(audit, bench.at_hand.rota(), bench.contacts(), bench.now)


def _note(bench: Workbench, version_id: str, due: int) -> None:
    """Keep that it ran, in place of the one before."""
    bench.emit(version_id, "policy.published", {"name": NAME, "content": content_of(due)})
    for one in bench.at_hand.policies():
        if one.content.get("kind") == KIND and one.version_id != version_id:
            bench.emit(one.version_id, "policy.withdrawn", {})


def _tell(bench: Workbench, found: Outcome, action: SignalAction) -> None:
    signal = Signal(
        source=SOURCE,
        key=KEY,
        action=action,
        severity=found.severity,
        title=found.title,
        description=found.description,
        note=found.headline if action == SignalAction.RESOLVE else "",
    )
    take_in(TakeIn(signals=[signal]), bench)


class _Bench:
    """The workbench as a reader of what the audit asks."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def policies(self, *, declared: bool = False) -> Sequence[PolicyVersion]:
        return self._bench.at_hand.policies()

    def contacts(self) -> Sequence[Contact]:
        return self._bench.contacts()

    def board(self) -> _Bench:
        return self

    def uses(self, method_ids: Sequence[str], now_ms: int) -> Mapping[str, Use]:
        return self._bench.journal.uses(method_ids, now_ms)

    def some(self, delivery_ids: Iterable[str]) -> list[Delivery]:
        wanted = list(delivery_ids)
        self._bench.prefetch(wanted)
        found = (self._bench.get(delivery_id) for delivery_id in wanted)
        return [one for one in found if isinstance(one, Delivery)]
