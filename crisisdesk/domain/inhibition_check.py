"""What is wrong with a rule about causes before anybody relies on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.inhibition import DEPENDENCIES, INHIBITION, Dependencies, Inhibition, Rule
from crisisdesk.domain.matchers import Matcher, is_broad
from crisisdesk.domain.severity import SEVERITY_RANK, Severity

_LOUD = SEVERITY_RANK[Severity.HIGH]


def check_rule(rule: Rule, services: Collection[str]) -> list[Finding]:
    """Everything found, errors first; ``services`` are those of which there ever was an alert.

    An error means that it keeps nothing quiet, ever.
    """
    found = _of_needs(rule, services) if isinstance(rule, Dependencies) else _of_matchers(rule)
    return sorted(found, key=lambda finding: finding.level != "error")


def can_be_checked(kind: object) -> bool:
    """Whether a kind of content is one of these."""
    return kind in (INHIBITION, DEPENDENCIES)


def _of_needs(rule: Dependencies, services: Collection[str]) -> list[Finding]:
    found = [
        _warning(
            f"services.{name}"[:200], "no alert of this service was ever seen; is it spelt so?"
        )
        for name in sorted(rule.named() - set(services))
    ]
    if SEVERITY_RANK[rule.from_severity] < _LOUD:
        words = f"{rule.from_severity} alerts page nobody, and would keep others quiet"
        found.append(_warning("from_severity", words))
    return found


def _of_matchers(rule: Inhibition) -> list[Finding]:
    causes = _severities(rule.when)
    kept = _severities(rule.keep_quiet) - {Severity.EMERGENCY}
    found = _contradictions(rule)
    if not causes:
        found.append(_error("when", "holds for no severity there is"))
    if not kept:
        found.append(_error("keep_quiet", "holds for emergencies at most, which always page"))
    if is_broad(rule.when):
        found.append(_warning("when", "would hold for nearly every alert: any of them is a cause"))
    elif not rule.equal and all(m.name == "severity" for m in rule.when):
        words = "says only how grave a cause is, wherever it is; name a service, or use equal"
        found.append(_warning("when", words))
    if is_broad(rule.keep_quiet):
        words = "would hold for nearly every alert: one cause keeps all of them quiet"
        found.append(_warning("keep_quiet", words))
    if causes and kept:
        least = min(causes, key=SEVERITY_RANK.__getitem__)
        most = max(kept, key=SEVERITY_RANK.__getitem__)
        if SEVERITY_RANK[least] < SEVERITY_RANK[most]:
            words = f"a {least} alert would keep {most} ones quiet; name a severity in when"
            found.append(_warning("when", words))
    return found


def _contradictions(rule: Inhibition) -> list[Finding]:
    """What must be equal and yet is told apart by the matchers."""
    found = []
    for i, name in enumerate(rule.equal):
        sides = [[m for m in side if m.name == name] for side in (rule.when, rule.keep_quiet)]
        wanted = [m.value for side in sides for m in side if m.op == "="]
        if any(not m.accepts(value) for value in wanted for side in sides for m in side):
            words = f"{name} can never be equal: when and keep_quiet want different values of it"
            found.append(_error(f"equal[{i}]", words))
    return found


def _severities(matchers: Iterable[Matcher]) -> set[str]:
    asked = [m for m in matchers if m.name == "severity"]
    return {str(name) for name in SEVERITY_RANK if all(m.accepts(str(name)) for m in asked)}


def _warning(field: str, words: str) -> Finding:
    return Finding(level="warning", field=field, words=words)


def _error(field: str, words: str) -> Finding:
    return Finding(level="error", field=field, words=words)
