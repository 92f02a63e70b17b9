"""What is wrong with a rule about causes is told before anybody relies on it."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.inhibition import READERS
from crisisdesk.domain.inhibition_check import can_be_checked, check_rule

SEEN = {"shop", "db"}


def found(kind: str, **content: Any) -> list[tuple[str, str]]:
    rule = READERS[kind]("X", {"kind": kind, **content})
    return [(one.level, one.field) for one in check_rule(rule, SEEN)]


def of(when: str, keep_quiet: str, *equal: str) -> list[tuple[str, str]]:
    return found("inhibition", when=when, keep_quiet=keep_quiet, equal=list(equal))


@pytest.mark.parametrize(
    ("when", "keep_quiet", "equal", "told"),
    [
        ("severity=critical, service=db", "service=shop", (), []),
        ("severity=critical", 'severity=~"high|medium"', ("place",), []),
        ("severity=critical", "severity=high", (), [("warning", "when")]),
        ('service=~".*"', "service=shop, severity=low", (), [("warning", "when")]),
        ("service=db", "service=shop", (), [("warning", "when")]),
        ("severity=critical, service=db", 'service!=""', (), [("warning", "keep_quiet")]),
        ("severity=critical, service=db", 'place=~".*"', (), [("warning", "keep_quiet")]),
        ("severity=critical, service=db", "severity=emergency", (), [("error", "keep_quiet")]),
        (
            "severity=critical, service=db",
            'service=shop, severity!~"low|medium|high|critical"',
            (),
            [("error", "keep_quiet")],
        ),
        ('severity=~"warn.*", service=db', "service=shop", (), [("error", "when")]),
        (
            "severity=critical, service=db",
            "service=shop",
            ("place", "service"),
            [("error", "equal[1]")],
        ),
        (
            "severity=critical, env=prod",
            'env=~"stage|test", service=shop',
            ("env",),
            [("error", "equal[0]")],
        ),
        ("severity=critical, env=prod", 'env=~"prod|test", service=shop', ("env",), []),
    ],
)
def test_a_rule_of_matchers(
    when: str, keep_quiet: str, equal: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    assert of(when, keep_quiet, *equal) == told


def test_errors_come_first() -> None:
    told = of('service=~".*", severity=low', "severity=emergency, service=db", "place")
    assert told == [("error", "keep_quiet")]
    told = of("severity=critical", "severity=emergency")
    assert [level for level, _field in told] == ["error", "warning"]


def test_services_that_nobody_ever_heard_of() -> None:
    told = found("dependencies", services={"shop": ["db", "cnd"]})
    assert told == [("warning", "services.cnd")]
    told = found("dependencies", services={"shop": ["db"]}, from_severity="medium")
    assert told == [("warning", "from_severity")]
    assert found("dependencies", services={"shop": ["db"]}, from_severity="high") == []


def test_other_kinds_are_not_its_business() -> None:
    assert can_be_checked("inhibition")
    assert can_be_checked("dependencies")
    assert not can_be_checked("escalation")
    assert not can_be_checked(None)
