"""Response plans as they are written: read whole, refused with the field and the remedy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.playbook.content import (
    checked_crisis_type,
    read_playbook,
    span_ms,
    span_text,
)
from crisisdesk.domain.publishing import checked_content

ACTION: dict[str, Any] = {
    "id": "isolate",
    "title": "Isolate systems",
    "phase": "containment",
    "role": "operations_lead",
    "due": "15m",
}
PLAN: dict[str, Any] = {"kind": "playbook", "title": "Data breach", "actions": [ACTION]}


def test_a_whole_plan_is_read() -> None:
    plan = read_playbook(
        "data_breach",
        PLAN
        | {
            "roles": [{"role": "operations_lead", "duty": "cuts off"}],
            "channels": [{"name": "War room", "kind": "bridge"}],
            "templates": [{"name": "First", "audience": "staff", "text": "Hello"}],
            "procedures": ["Isolate a host"],
            "clocks": [{"name": "Authority", "within": "72h", "from": "detected"}],
            "actions": [ACTION | {"box": "30m", "severities": ["critical"]}],
        },
    )
    [action] = plan.actions
    assert (action.due_ms, action.box_ms) == (900_000, 1_800_000)
    assert (action.is_for("critical"), action.is_for("minor")) == (True, False)
    assert (plan.clocks[0].within_ms, plan.channels[0].kind) == (72 * 3_600_000, "bridge")
    assert (plan.edition, plan.shipped) == (1, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"actions": []}, "actions"),
        ({"actions": [ACTION, ACTION]}, "actions[1].id"),
        ({"actions": [ACTION | {"due": "soon"}]}, "actions[0].due"),
        ({"actions": [ACTION | {"due": "0m"}]}, "actions[0].due"),
        ({"actions": [ACTION | {"due": "999d"}]}, "actions[0].due"),
        ({"actions": [ACTION | {"phase": "panic"}]}, "actions[0].phase"),
        ({"actions": [ACTION | {"role": "The boss"}]}, "actions[0].role"),
        ({"actions": [ACTION | {"severities": ["bad"]}]}, "actions[0].severities[0]"),
        ({"actions": [ACTION | {"until": "15m"}]}, "actions[0].until"),
        ({"actions": [ACTION | {"box": 5}]}, "actions[0].box"),
        ({"clocks": [{"name": "x", "within": "1h", "from": "birth"}]}, "clocks[0].from"),
        ({"channels": [{"name": "x", "kind": "smoke"}]}, "channels[0].kind"),
        ({"shipped": "yes"}, "shipped"),
        ({"edition": 0}, "edition"),
        ({"title": ""}, "title"),
        ({"kind": "plan"}, "kind"),
        ({"verdict": 1}, "verdict"),
    ],
)
def test_what_cannot_be_used_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_playbook("data_breach", PLAN | changes)
    assert caught.value.field == field
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["", "Data breach", "9lives", "a" * 60, "x;y"])
def test_a_type_of_crisis_is_a_plain_word(name: str) -> None:
    with pytest.raises(Malformed) as caught:
        checked_crisis_type(name, "name")
    assert caught.value.field == "name"
    assert checked_crisis_type("lost_comms", "name") == "lost_comms"


def test_nobody_publishes_what_comes_with_the_program() -> None:
    assert checked_content("data_breach", PLAN) == PLAN
    with pytest.raises(Malformed) as caught:
        checked_content("data_breach", PLAN | {"shipped": True})
    assert caught.value.field == "shipped"


@given(st.integers(1, 400 * 24 * 60))
def test_a_span_written_and_read_is_the_same(minutes: int) -> None:
    assert span_ms(span_text(minutes * 60_000), "due") == minutes * 60_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.sampled_from(("actions", "roles", "channels", "templates", "clocks", "procedures")), JSON)
def test_whatever_stands_in_a_list_is_read_or_refused_in_words(name: str, value: Any) -> None:
    refusals = []
    try:
        read_playbook("x", PLAN | {name: value})
    except DomainError as error:
        refusals.append(error.field)
    assert all(field.startswith(name) for field in refusals)
