"""The fast bytes are the domain's canonical bytes, for any state and any text in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.fold import TYPES, fold, state_bytes, state_from_bytes
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.station import Station
from crisisdesk.store.states import decode, encode

from tests.domain.fold_bodies import make_log
from tests.domain.test_fold import CASES

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
ALERT = Alert(
    alert_id="A-1",
    source="s",
    key="k",
    epoch="n1",
    severity="low",
    title="t",
    detected_at=0,
    last_seen_at=0,
    sla_deadline=0,
    sla_prealarm_at=0,
)


@given(st.sampled_from(sorted(CASES)), st.integers(0, 2**32), st.integers(1, 14))
def test_any_folded_state_has_the_same_bytes_and_comes_back(
    kind: str, seed: int, length: int
) -> None:
    state = fold(make_log(kind, seed, length))
    if state is None:
        return
    data = encode(state)
    assert data == state_bytes(state)
    assert decode(TYPES[kind], data) == state == state_from_bytes(kind, data)


@given(TEXT, st.dictionaries(TEXT, JSON, max_size=5))
def test_any_storable_content_has_the_same_bytes(title: str, details: dict[str, Any]) -> None:
    alert = replace(ALERT, title=tidy(title), technical_details=tidy(details))
    assert encode(alert) == state_bytes(alert)
    assert decode(Alert, encode(alert)) == alert


def test_every_control_character_is_written_alike() -> None:
    alert = replace(ALERT, title="".join(map(chr, range(1, 0x3000))).replace("\u0958", ""))
    alert = replace(alert, title=tidy(alert.title))
    assert encode(alert) == state_bytes(alert)


@pytest.mark.parametrize("title", ["a\0b", "\ud800", "e\u0301"])
def test_what_cannot_be_stored_is_refused_alike(title: str) -> None:
    for write in (encode, state_bytes):
        with pytest.raises(Malformed):
            write(replace(ALERT, title=title))


def test_the_words_of_enums_are_written_as_words() -> None:
    for state in (
        replace(ALERT, severity=Severity.HIGH),
        Station(sounds_heard={Severity.HIGH: 5}),
        Contact(contact_id="C-1", name="Zoë", methods=[{"min_severity": Severity.LOW}]),
    ):
        assert encode(state) == state_bytes(state)
