"""What a new rule begins with can be published as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.desk.planning.alert_rules.starters import (
    CHOOSE,
    FIELDS,
    KEYS,
    TYPE_WORDS,
    starter,
    starter_for,
)
from crisisdesk.domain.detection.conditions import TYPES, Threshold, selects
from crisisdesk.domain.detection.rule import checked_rule, trial_rule
from crisisdesk.domain.detection.series import series


@pytest.mark.parametrize("rule_type", TYPES)
def test_each_type_has_an_example_a_word_a_key_and_help(rule_type: str) -> None:
    assert checked_rule(starter(rule_type))["rule_type"] == rule_type
    assert TYPE_WORDS[rule_type]
    assert FIELDS[rule_type]
    assert KEYS[rule_type] in {card.keys for card in CHOOSE.cards}
    starter(rule_type)["conditions"]["metric"] = "another"
    assert starter(rule_type) == starter(rule_type)
    assert "another" not in str(starter(rule_type))


@given(
    labels=st.dictionaries(
        st.sampled_from(("host", "path", "q")), st.text(min_size=1, max_size=20), max_size=3
    ),
    value=st.none() | st.floats(),
)
def test_a_rule_for_a_series_is_about_that_series(
    labels: dict[str, str], value: float | None
) -> None:
    one = series("SRC-1", "latency", labels)
    name, written = starter_for(one, value)
    found = trial_rule(name, written)
    assert isinstance(found.conditions, Threshold)
    assert found.metric_source == "SRC-1"
    assert selects(found.conditions, dict(one.labels))
