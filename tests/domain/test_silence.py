"""Silences: what they cover and when, and how they look in bytes with and without matchers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.fold import apply_foreign, fold, state_bytes
from crisisdesk.domain.ids import silence_id_of
from crisisdesk.domain.silence import Silence

from tests.domain.test_matchers import Thing
from tests.domain.test_merge import BERLIN, PRAGUE, Two
from tests.store.workload import START

MATCH = {"service": "db"}
ENV = ['env=~"prod|stage"']


def silence(**given_: Any) -> Silence:
    body: dict[str, Any] = {"silence_id": "SIL-1", "match": {}, "until": START + 100, "set_at": 1}
    return Silence(**(body | given_))


def test_one_of_the_first_form_keeps_its_id_and_its_bytes() -> None:
    log = Two(silence_id_of(MATCH))
    log.add(PRAGUE, 1, "silence.set", match=MATCH, until=START + 900, reason="works")
    state = log.state()
    assert isinstance(state, Silence)
    assert log.aggregate == "SIL-86835VPS9Z7Q"
    data = state_bytes(state)
    assert not any(word in data for word in (b"matchers", b"starts_at", b"everything"))


def test_matchers_and_the_planned_start_are_part_of_the_id() -> None:
    ids = {
        silence_id_of(MATCH),
        silence_id_of(MATCH, ENV),
        silence_id_of({}, ENV),
        silence_id_of(MATCH, [], START),
        silence_id_of(MATCH, [], START + 1),
        silence_id_of({}),
        silence_id_of({}, everything=True),
    }
    assert len(ids) == 7
    assert silence_id_of(MATCH, []) == silence_id_of(MATCH)


def test_it_covers_what_meets_both_the_values_and_the_matchers() -> None:
    both = silence(match=MATCH, matchers=ENV)
    assert both.covers(Thing(labels={"env": "stage"}))
    assert not both.covers(Thing(labels={"env": "test"}))
    assert not both.covers(Thing(service="web", labels={"env": "stage"}))
    assert both.in_text() == 'service="db", env=~"prod|stage"'


def test_only_one_that_says_so_covers_everything() -> None:
    assert not silence().covers(Thing())
    assert silence(everything=True).covers(Thing())
    assert silence(everything=True).in_text() == "everything"


@given(st.integers(0, 10), st.none() | st.integers(0, 10), st.integers(0, 10), st.booleans())
def test_it_keeps_quiet_from_its_start_up_to_its_end(
    now: int, start: int | None, until: int, active: bool
) -> None:
    one = silence(starts_at=start, until=until, active=active)
    assert one.silences(now) == (active and (start is None or start <= now) and now < until)
    assert one.standing(now) in ("active", "planned", "ended", "lifted")
    assert (one.standing(now) == "active") == one.silences(now)
    assert not silence(until=99, newer_needed="silence.x!").silences(1)


def test_a_planned_one_follows_the_same_rules_of_merging() -> None:
    given_ = {"match": MATCH, "matchers": ENV, "from": START + 1_000}
    log = Two(silence_id_of(MATCH, ENV, START + 1_000))
    first = log.add(PRAGUE, 1, "silence.set", **given_, until=START + 9_000)
    log.add(BERLIN, 2, "silence.set", **given_, until=START + 5_000, base="")
    state = log.state()
    assert (state.until, state.starts_at, state.matchers) == (START + 5_000, START + 1_000, ENV)
    log.add(PRAGUE, 3, "silence.set", **given_, until=START + 20_000, base=first.id)
    log.add(BERLIN, 3, "silence.lifted")
    assert not log.state().silences(START + 2_000)


@pytest.mark.parametrize(
    "body",
    [
        {"match": {"service": 7}},
        {"match": [1]},
        {"match": {}, "matchers": ['x=~"(a+)+"']},
        {"match": {}, "matchers": "env"},
        {"match": {}, "from": "soon"},
        {"match": {}, "everything": 1},
    ],
)
def test_what_cannot_be_read_is_put_aside_and_silences_nothing(body: dict[str, Any]) -> None:
    log = Two("SIL-1")
    event = log.add(PRAGUE, 1, "silence.set", until=START + 900, **body)
    state, why = apply_foreign(None, event)
    assert (state, fold(log.events)) == (None, None)
    assert "cannot be read" in why
