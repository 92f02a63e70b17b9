"""A policy rehearsed before anybody needs it: played ahead and checked against what counts now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.checking import Finding, Surroundings, check
from crisisdesk.domain.escalation.detours import Detour, Gone, detour, lost_steps
from crisisdesk.domain.escalation.planning import TakenStep, plan
from crisisdesk.domain.escalation.policy import EscalationPolicy
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.severity import Severity

HOUR_MS = 3_600_000
HOURS_LIMIT = 30 * 24
NOTHING_OUT: Mapping[str, Gone] = {}


class Rehearsal(NamedTuple):
    """What would happen if nobody ever answered, and what is wrong, errors first.

    ``detours`` say of each step how it goes around what is out."""

    taken: list[TakenStep]
    findings: list[Finding]
    detours: list[Detour]

    def explained(self) -> list[TakenStep]:
        """The steps, with the words about their detours among their own."""
        return [
            replace(step, words="; ".join(words for words in (step.words, around.words) if words))
            for step, around in zip(self.taken, self.detours, strict=True)
        ]


def by_id(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """The contacts under their ids."""
    return {contact.contact_id: contact for contact in contacts}


def surroundings(
    policy: EscalationPolicy, rota: Rota, contacts: Mapping[str, Contact]
) -> Surroundings:
    """What a policy is held against: everything that counts but the versions of its own name."""
    others = [one for one in rota.escalations.values() if one.name != policy.name]
    return Surroundings(
        people=rota.directory(contacts),
        gaps=rota.gaps,
        others=others,
        dependencies=rota.dependencies,
    )


def rehearse(
    policy: EscalationPolicy,
    rota: Rota,
    contacts: Mapping[str, Contact],
    at_ms: int,
    *,
    severity: str = Severity.CRITICAL,
    hours: int = 24,
    out: Mapping[str, Gone] = NOTHING_OUT,
) -> Rehearsal:
    """Play an alert of ``severity`` from ``at_ms`` (UTC) on, ``hours`` ahead, and look for faults.
    ``out`` are the dependencies of channels that are out, or supposed to be.

    People, schedules and overrides are taken as ``rota`` and ``contacts`` have them, at every
    moment of the time ahead.
    """
    around = surroundings(policy, rota, contacts)
    taken = plan(policy, severity, around.people, at_ms, for_ms=hours * HOUR_MS)
    detours = [detour(one, contacts, rota.dependencies, out, severity) for one in taken]
    findings = [*lost_steps(taken, detours, out), *check(policy, around, at_ms, severity)]
    return Rehearsal(taken, sorted(findings, key=lambda one: one.level != "error"), detours)
