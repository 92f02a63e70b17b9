"""Drafts are kept, checked as the engine checks them, and written as files."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.policies.content import Content, fresh
from crisisdesk.desk.planning.policies.drafts import (
    NAME_LIMIT,
    Draft,
    decoded,
    encoded,
    faults_of,
    from_yaml,
    is_missing,
    policy_of,
    to_yaml,
    yaml_fault,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.policy import read_policy
from crisisdesk.engine.handlers import policies as engine

from tests.desk.planning.policies.test_content import CONTENTS


def draft(name: str = "Night", content: Content | None = None, **more: str) -> Draft:
    return Draft("d", name, fresh() if content is None else content, **more)


@given(content=CONTENTS, name=st.text(), raw=st.text())
def test_what_was_kept_comes_back(content: Content, name: str, raw: str) -> None:
    kept = [Draft("a", name, content, "Night", "POL-1", raw), Draft("b", "", fresh())]
    assert decoded(json.loads(json.dumps(encoded(kept)))) == kept


def test_what_was_spoilt_is_no_draft() -> None:
    kept = [*encoded([draft()]), "{", "[]", '{"key": 1, "name": "x", "content": {}}', 7]
    assert decoded(kept) == [draft()]


def test_a_draft_is_refused_at_its_field() -> None:
    assert faults_of(draft()) == []
    long = draft("x" * (NAME_LIMIT + 1))
    step = fresh() | {"steps": [{"to": [{"everyone": True}], "wait_s": "soon"}]}
    other = fresh() | {"kind": "schedule"}
    for bad, field in (
        (draft("  "), "name"),
        (long, "name"),
        (draft(content=step), "steps[0].wait_s"),
        (draft(content=fresh() | {"for": "="}), "for"),
        (draft(content=fresh() | {"note": "x"}), "note"),
        (draft(content=other), "kind"),
        (draft(raw="name: ["), "content"),
    ):
        [fault] = faults_of(bad)
        assert (fault.field, bool(fault.remedy)) == (field, True)
        assert (policy_of(bad) is None) is (field != "name"), "a name is not needed to play it"
    assert policy_of(draft()) == read_policy("Night", fresh())


def test_name_and_content_are_told_apart_and_what_is_missing_from_what_is_wrong() -> None:
    empty = fresh() | {"steps": [{"to": [{"contact": ""}]}]}
    name, target = faults_of(draft("", empty))
    assert (name.field, target.field) == ("name", "steps[0].to[0].contact")
    assert is_missing(name)
    assert is_missing(target)
    [odd] = faults_of(draft(content=fresh() | {"place": "x"}))
    assert not is_missing(odd)


def test_names_are_as_long_as_the_engine_takes_them() -> None:
    assert engine.NAME_LIMIT == NAME_LIMIT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "is no YAML at line 1"),
        ("just words", "name and content"),
        ("name: 3\ncontent: {}", "is no text"),
        ("name: X\ncontent: []", "is no object"),
        ("name: X\ncontent: {}\nmore: 1", "name and content"),
        ("name: X\ncontent: {when: 2026-13-45}", "is no YAML"),
        ("name: " + "[" * 5_000, "nested too deeply"),
    ],
)
def test_what_is_no_such_file_says_what_is_wrong(text: str, words: str) -> None:
    assert words in str(yaml_fault(text))
    with pytest.raises(Malformed):
        from_yaml(text)


def test_what_json_has_no_word_for_becomes_text() -> None:
    name, content = from_yaml("name: X\ncontent: {for: 2026-01-05, 3: [2026-01-05], steps: []}")
    assert (name, content) == ("X", {"for": "2026-01-05", "3": ["2026-01-05"], "steps": []})
    json.dumps(content)


def test_a_file_can_be_read_again_as_it_was_written() -> None:
    text = to_yaml("Noční služba", fresh())
    assert "Noční" in text
    assert from_yaml(text) == ("Noční služba", fresh())
