"""Escalation policies are read whole, and what is wrong is named with its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.policy import EVERYONE, Step, Target, read_policy

from tests.domain.escalation.people import EVERYBODY, contact, content


def test_all_fields_are_read() -> None:
    told = content(
        {"to": [contact("A"), contact("A"), {"schedule": "Night"}], "wait_s": 90, "ack": "all"},
        {"to": [{"group": "DBA"}, EVERYBODY]},
        **{"for": " service=db ", "place": 3, "repeat": 2, "otherwise": [contact("B")]},
    )
    policy = read_policy("Night", told)
    first = (Target(kind="contact", name="C-A"), Target(kind="schedule", name="Night"))
    second = (Target(kind="group", name="DBA"), Target(kind="everyone"))
    assert policy.steps == (
        Step(targets=first, wait_ms=90_000, all_hands=True),
        Step(targets=second, wait_ms=300_000),
    )
    assert (policy.matching, policy.place, policy.repeat) == ("service=db", 3, 2)
    assert policy.otherwise == (Target(kind="contact", name="C-B"),)


def test_what_is_left_out_reaches_everyone_in_the_end() -> None:
    policy = read_policy("Night", content([contact("A")]))
    assert (policy.matching, policy.place, policy.repeat) == ("", 0, 0)
    assert policy.otherwise == EVERYONE.otherwise == (Target(kind="everyone"),)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "schedule"}, "kind"),
        ({"steps": []}, "steps"),
        ({"steps": "all"}, "steps"),
        ({"steps": [{"to": [EVERYBODY]}] * 21}, "steps"),
        ({"steps": [3]}, "steps[0]"),
        ({"steps": [{"to": []}]}, "steps[0].to"),
        ({"steps": [{}]}, "steps[0].to"),
        ({"steps": [{"to": [{"pigeon": "x"}]}]}, "steps[0].to[0]"),
        ({"steps": [{"to": [{"contact": ""}]}]}, "steps[0].to[0].contact"),
        ({"steps": [{"to": [{"everyone": False}]}]}, "steps[0].to[0].everyone"),
        ({"steps": [{"to": [{"contact": "a", "group": "b"}]}]}, "steps[0].to[0]"),
        ({"steps": [{"to": [EVERYBODY], "wait_s": 29}]}, "steps[0].wait_s"),
        ({"steps": [{"to": [EVERYBODY], "wait_s": True}]}, "steps[0].wait_s"),
        ({"steps": [{"to": [EVERYBODY], "ack": "some"}]}, "steps[0].ack"),
        ({"steps": [{"to": [EVERYBODY], "wiat_s": 60}]}, "steps[0].wiat_s"),
        ({"repeat": 10}, "repeat"),
        ({"place": -1}, "place"),
        ({"for": 3}, "for"),
        ({"otherwise": [{}]}, "otherwise[0]"),
        ({"esle": []}, "esle"),
    ],
)
def test_what_cannot_be_used_is_named(changed: dict[str, Any], field: str) -> None:
    told = content([EVERYBODY]) | changed
    with pytest.raises(Malformed) as refused:
        read_policy("Night", told)
    assert refused.value.field == field
    assert refused.value.remedy


@pytest.mark.parametrize(("word", "instead"), [("team", "group"), ("channel", "contact")])
def test_teams_and_channels_are_told_what_to_write(word: str, instead: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_policy("Night", content([{word: "x"}]))
    assert f'{{"{instead}": ' in refused.value.remedy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "steps", "to", "wait_s", "contact", "everyone", "ack", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["kind", "for", "steps", "repeat", "otherwise"]), JSON))
def test_anything_else_is_refused_in_words_and_never_fails(told: dict[str, Any]) -> None:
    refused = None
    try:
        policy = read_policy("Night", told)
    except Malformed as error:
        refused = error
    if refused is None:
        assert policy.steps
    else:
        assert all((refused.field, refused.problem, refused.remedy))
