"""Whatever is edited, everything else stays as it was, and what is shown can be put back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.policies.content import (
    FIELD_DEFAULTS,
    OTHERWISE,
    STEP_DEFAULTS,
    Content,
    delay_words,
    fresh,
    read_delay,
    read_number,
    shape_fault,
    step_value,
    steps_of,
    targets_of,
    value_of,
    with_step_added,
    with_step_moved,
    with_step_value,
    with_target,
    with_targets,
    with_value,
    without_step,
    without_target,
)
from crisisdesk.desk.planning.policies.drafts import from_yaml, to_yaml
from crisisdesk.desk.planning.policies.targets import Labels, used_targets
from crisisdesk.domain.publishing import checked_content

from tests.domain.escalation.people import person

CONTACTS = {c.contact_id: c for c in (person("Ann"), person("Bob"), person("Everyone"))}
NAMES = st.text("abcČž 1_", min_size=1, max_size=8).filter(lambda text: text.strip() != "")
TARGETS = st.one_of(
    st.just({"everyone": True}),
    st.sampled_from([{"contact": "C-Ann"}, {"contact": "C-Everyone"}, {"group": "Ann"}]),
    st.builds(lambda kind, name: {kind: name}, st.sampled_from(["schedule", "group"]), NAMES),
)
SOME = st.lists(TARGETS, min_size=1, max_size=3)
WAITS = st.integers(30, 7 * 86_400)
STEPS = st.fixed_dictionaries(
    {"to": SOME}, optional={"wait_s": WAITS, "ack": st.sampled_from(["one", "all"])}
)
MATCHING = st.sampled_from(["", "service=db", 'severity=~"high|critical" ', " env!=test"])
CONTENTS = st.fixed_dictionaries(
    {"kind": st.just("escalation"), "steps": st.lists(STEPS, min_size=1, max_size=4)},
    optional={
        "for": MATCHING,
        "place": st.integers(0, 999),
        "repeat": st.integers(0, 9),
        "otherwise": st.lists(TARGETS, max_size=3),
    },
)
EDITS = st.sampled_from(
    ["wait", "ack", "for", "place", "repeat", "add", "drop", "move", "target", "untarget"]
)


def edited(content: Content, kind: str, data: st.DataObject) -> Content:
    """One editing operation, drawn so that the content stays one that can be published."""
    steps = len(steps_of(content))
    at = data.draw(st.integers(0, steps - 1))
    if kind == "wait":
        return with_step_value(content, at, "wait_s", data.draw(WAITS))
    if kind == "ack":
        return with_step_value(content, at, "ack", data.draw(st.sampled_from(["one", "all"])))
    if kind == "for":
        return with_value(content, "for", data.draw(MATCHING))
    if kind in ("place", "repeat"):
        return with_value(content, kind, data.draw(st.integers(0, 9)))
    if kind == "add":
        return with_step_added(content, at, data.draw(STEPS)) if steps < 20 else content
    if kind == "drop":
        return without_step(content, at) if steps > 1 else content
    if kind == "move":
        return with_step_moved(content, at, data.draw(st.integers(-3, 3)))
    where = data.draw(st.sampled_from([at, OTHERWISE]))
    targets = len(targets_of(content, where))
    if kind == "untarget":
        least = 0 if where == OTHERWISE else 1
        return without_target(content, where, 0) if targets > least else content
    place = data.draw(st.integers(0, targets))
    return with_target(content, where, place, data.draw(TARGETS)) if targets < 20 else content


def put_back(content: Content) -> Content:
    """Every field read as the form shows it and written back as it was read."""
    labels = Labels(CONTACTS, ["Database"], ["Managers"], used_targets(content))
    told = content
    for field in FIELD_DEFAULTS.keys() - {"otherwise"}:
        shown = str(value_of(content, field))
        told = with_value(told, field, shown if field == "for" else read_number(shown))
    for at in range(len(steps_of(content))):
        shown = delay_words(step_value(content, at, "wait_s"))
        told = with_step_value(told, at, "wait_s", read_delay(shown))
        told = with_step_value(told, at, "ack", step_value(content, at, "ack"))
    for where in (*range(len(steps_of(content))), OTHERWISE):
        targets = targets_of(content, where)
        read = [labels.read(labels.of(target)) for target in targets]
        told = with_targets(told, where, read)
    return told


@given(content=CONTENTS, kinds=st.lists(EDITS, max_size=8), data=st.data())
def test_no_editing_loses_anything_on_the_way_through_the_form(
    content: Content, kinds: list[str], data: st.DataObject
) -> None:
    checked_content("Night", content)
    for kind in kinds:
        content = edited(content, kind, data)
        assert checked_content("Night", content) == content
        assert put_back(content) == content
    assert from_yaml(to_yaml("Night", content)) == ("Night", content)


@given(content=CONTENTS, kind=EDITS, data=st.data())
def test_editing_leaves_what_it_began_with_untouched(
    content: Content, kind: str, data: st.DataObject
) -> None:
    before = to_yaml("Night", content)
    edited(content, kind, data)
    assert to_yaml("Night", content) == before


def test_what_was_left_out_stays_out_until_it_is_another() -> None:
    content = {"kind": "escalation", "steps": [{"to": [{"everyone": True}]}]}
    assert with_value(content, "repeat", 0) == content
    assert with_step_value(content, 0, "wait_s", 300) == content
    assert with_value(content, "repeat", 3)["repeat"] == 3
    assert with_step_value(content, 0, "ack", "all")["steps"][0]["ack"] == "all"
    assert with_value(with_value(content, "repeat", 3), "repeat", 0)["repeat"] == 0
    assert with_value(content, "repeat", "x")["repeat"] == "x"


def test_a_step_moves_no_further_than_the_ends() -> None:
    steps = [{"to": [{"contact": f"C-{name}"}]} for name in "abc"]
    content = {"kind": "escalation", "steps": steps}
    assert with_step_moved(content, 0, -1) == content
    assert with_step_moved(content, 2, 5) == content
    assert steps_of(with_step_moved(content, 0, 2)) == [steps[1], steps[2], steps[0]]
    assert steps_of(without_step(content, 1)) == [steps[0], steps[2]]


def test_a_fresh_policy_can_be_published() -> None:
    assert checked_content("Night", fresh()) == fresh()
    assert shape_fault(fresh()) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5 min", 300), ("90", 90), ("1 h 30 min", 5400), ("2d", 172_800), ("45s", 45), ("5m", 300)],
)
def test_delays_are_read_in_any_unit(text: str, seconds: int) -> None:
    assert read_delay(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 minutes ago", "-5 min", "5 min x", "1.5 h"])
def test_what_is_no_delay_stays_as_it_was_typed(text: str) -> None:
    assert read_delay(text) == text
    assert delay_words(read_delay(text)) == text


@given(st.integers(1, 10**9 - 1))
def test_every_delay_is_read_as_it_is_written(seconds: int) -> None:
    assert read_delay(delay_words(seconds)) == seconds


def test_the_defaults_are_those_of_the_domain() -> None:
    short: dict[str, Any] = {"kind": "escalation", "steps": [{"to": [{"everyone": True}]}]}
    full = short | FIELD_DEFAULTS
    full["steps"] = [short["steps"][0] | STEP_DEFAULTS]
    from crisisdesk.domain.escalation.policy import read_policy

    assert read_policy("Night", short) == read_policy("Night", full)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ([], "content"),
        ({"steps": {}}, "steps"),
        ({"steps": ["x"]}, "steps[0]"),
        ({"steps": [{"to": "x"}]}, "steps[0].to"),
        ({"steps": [{"to": [{}]}]}, "steps[0].to[0]"),
        ({"otherwise": [{"a": 1, "b": 2}]}, "otherwise[0]"),
    ],
)
def test_what_has_another_shape_is_named(content: Any, field: str) -> None:
    fault = shape_fault(content)
    assert fault is not None
    assert fault.field == field
