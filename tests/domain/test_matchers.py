"""Matchers: read, written, held against alerts as Alertmanager would, and never too broad."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.matchers import (
    BUILT_IN,
    Matcher,
    check_kept,
    conditions,
    is_broad,
    matches,
    parse_matchers,
    split_equal,
)
from crisisdesk.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What matchers look at."""

    alert_id: str = "A-1"
    severity: str = "high"
    service: str = "db"
    place: str = "Brno"
    source: str = "alertmanager"
    title: str = "Replication stopped"
    group_key: str = "db/replication"
    labels: dict[str, str] = field(default_factory=dict)


def texts(*matchers: Matcher) -> list[str]:
    return [m.text for m in matchers]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("service=db", ['service="db"']),
        (' {service="db", env=~"prod|stage"} ', ['env=~"prod|stage"', 'service="db"']),
        ("env != test ,place!~B.*", ['env!="test"', 'place!~"B.*"']),
        ('"my label"="a, b"', ['"my label"="a, b"']),
        (r'path="C:\\logs\n\"x\""', ['path="C:\\\\logs\\n\\"x\\""']),
        (r'ip=~"10\.0\..*"', [r'ip=~"10\\.0\\..*"']),
        ("job=", ['job=""']),
        ("a=1,a=1,", ['a="1"']),
        ("", []),
    ],
)
def test_what_is_written_is_read_in_one_canonical_form(written: str, read: list[str]) -> None:
    found = parse_matchers(written)
    assert texts(*found) == read
    assert parse_matchers(", ".join(read)) == found == parse_matchers(read)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("service", "cannot be read at 'service'"),
        ("=db", "cannot be read"),
        ('service="db', "cannot be read"),
        ("service=db env=prod, x", "cannot be read"),
        ('""=x', "without a usable name"),
        ("service=a, service=b", "at once"),
        ("severity=warning", "no severity"),
        ('x=~"(a+)+"', "several ways"),
        (", ".join(f"l{i}=1" for i in range(21)), "21 matchers"),
        (f'x="{"y" * 513}"', "513 characters"),
        (f'x="{"y" * 4_001}"', "too long"),
        ('x="\0"', "NUL"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(written: str, words: str) -> None:
    with pytest.raises(Malformed, match=words) as refused:
        parse_matchers(written)
    assert refused.value.field == "matchers"
    assert refused.value.remedy


NAMES = st.sampled_from(["env", "job", "my label", 'q"x', "ünï", *BUILT_IN])
VALUES = st.text(st.sampled_from('ab,="{}\\ \n~ü'), max_size=6)
PATTERNS = st.sampled_from(["a|b", "", "a.*", ".+", "[^a]*", r"a\\.b"])
ONE = st.one_of(
    st.builds(Matcher, NAMES, st.sampled_from(["=", "!="]), VALUES),
    st.builds(Matcher, NAMES, st.sampled_from(["=~", "!~"]), PATTERNS),
)


def _readable(found: list[Matcher]) -> bool:
    equal = [m.name for m in found if m.op == "="]
    return len(equal) == len(set(equal)) and not any(
        m.name == "severity" and "~" not in m.op for m in found
    )


@given(st.lists(ONE, max_size=6).filter(_readable), st.randoms())
def test_written_and_read_again_they_are_the_same_in_any_order(
    found: list[Matcher], pick: object
) -> None:
    written = texts(*found)
    read = parse_matchers(", ".join(written))
    assert read == tuple(sorted(set(found)))
    pick.shuffle(written)  # type: ignore[attr-defined]
    assert parse_matchers(written) == read
    match, others = split_equal(read)
    check_kept(match, others)
    assert sorted(conditions(match, others)) == list(read)


def naive(matcher: Matcher, thing: Thing) -> bool:
    """The same said another way."""
    fields = {"group": "group_key"}
    name = matcher.name
    is_field = name in BUILT_IN
    value = getattr(thing, fields.get(name, name)) if is_field else thing.labels.get(name, "")
    if matcher.op in ("=", "!="):
        return (value == matcher.value) is (matcher.op == "=")
    found = re.search(f"\\A(?s:{matcher.value})\\Z", value)
    return (found is None) is (matcher.op == "!~")


@given(
    st.lists(ONE, max_size=4),
    st.dictionaries(st.sampled_from(["env", "job", "my label", "service"]), VALUES),
    st.sampled_from(["", "a", "b", "ab"]),
)
def test_all_must_hold_and_a_missing_label_is_empty(
    found: list[Matcher], labels: dict[str, str], service: str
) -> None:
    thing = Thing(labels=labels, service=service)
    assert matches(found, thing) == all(naive(m, thing) for m in found)


def test_a_field_goes_before_a_label_of_its_name() -> None:
    thing = Thing(labels={"severity": "warning", "service": "other"})
    assert matches(parse_matchers("severity=high, service=db"), thing)
    assert not matches(parse_matchers('service="other"'), thing)


def test_a_text_beyond_all_limits_is_never_kept_quiet_by_a_pattern() -> None:
    thing = Thing(title="x" * 513)
    assert not matches(parse_matchers('title=~".*"'), thing)
    assert not matches(parse_matchers('title!~"y"'), thing)


@pytest.mark.parametrize(
    ("written", "broad"),
    [
        ("", True),
        ("env!=prod", True),
        ('service=""', True),
        ('service=~".*"', True),
        ('service=~".+"', True),
        ('title!="x"', True),
        ('alert_id=~"A?.*"', True),
        ('severity=~".*"', True),
        ('severity!~"none"', True),
        ("env!=prod, place=Brno", False),
        ('severity=~"low|medium"', False),
        ("severity!=emergency", False),
        ("severity!=low", True),
        ('severity=~"high|critical|emergency"', True),
        ('severity=~"high|critical"', False),
        ("severity!=low, service=db", False),
        ('service=~"[a-z]+"', False),
        ("service=db", False),
    ],
)
def test_what_holds_for_nearly_everything_is_known_as_broad(written: str, broad: bool) -> None:
    assert is_broad(parse_matchers(written)) is broad


@given(st.lists(ONE, min_size=1, max_size=3), st.text("abZ7-", max_size=5))
def test_what_holds_for_all_alerts_is_broad(found: list[Matcher], value: str) -> None:
    assume(not is_broad(found))
    things = [
        Thing(
            labels=dict.fromkeys(("env", "job", "my label", 'q"x', "ünï"), text),
            **dict.fromkeys(("service", "place", "source", "title", "group_key"), text),
            severity=severity,
            alert_id=text or "A-1",
        )
        for text in ("", "a", "Z", "7", "-", "ž b/", "x" * 40, value)
        for severity in Severity
    ]
    assert not all(matches(found, thing) for thing in things)


@pytest.mark.parametrize(
    ("match", "others"),
    [
        (None, []),
        ({"service": 1}, []),
        ({}, "env"),
        ({}, [1]),
        ({}, ["env"]),
        ({}, ['x=~"(a+)+"']),
    ],
)
def test_what_another_station_cannot_have_meant_is_told(match: object, others: object) -> None:
    with pytest.raises(Malformed):
        check_kept(match, others)
