"""What is said on a link comes as it was meant, and nothing of another shape comes through."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.duty import Word
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.peers import speech
from crisisdesk.peers.frames import Garbled

from tests.peers.places import A, B, log_of

WORD = Word(
    origin=A,
    name="Žižkov",
    rank=2,
    sees_hub=True,
    claims_lease=True,
    token=7,
    acts=True,
    hears_rank=1,
    hears_hops=3,
    hears=(B,),
)


def over(told: Any) -> Any:
    """As it comes through JSON."""
    return json.loads(json.dumps(told))


def test_words_events_and_heads_come_as_they_were_said() -> None:
    assert speech.word_in(over(speech.word_out(WORD))) == WORD
    assert speech.word_in(over(speech.word_out(Word(origin=A)))) == Word(origin=A)
    older = {key: said for key, said in over(speech.word_out(WORD)).items() if key != "hears_hops"}
    assert speech.word_in(older) == replace(WORD, hears_hops=1)
    events = log_of(B, 3)
    assert speech.events_in(over(speech.events_out(events))) == events
    marks = {A: Mark(3, b"\x01\x02"), B: Mark(0, b"\x00")}
    assert speech.marks_in(over(speech.marks_out(marks))) == marks


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "../etc"},
        {"origin": 4},
        {"name": "x" * 81},
        {"name": None},
        {"rank": "1"},
        {"rank": 100},
        {"rank": True},
        {"sees_hub": 1},
        {"token": -1},
        {"token": 2**63},
        {"acts": "yes"},
        {"hears_hops": "far"},
        {"hears_hops": -1},
        {"hears": "all"},
        {"hears": [A] * 101},
        {"hears": [5]},
    ],
)
def test_a_word_with_something_else_in_it_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Garbled):
        speech.word_in(speech.word_out(WORD) | changed)


@pytest.mark.parametrize("told", [None, [], "word", {}])
def test_what_is_no_word_is_refused(told: Any) -> None:
    with pytest.raises(Garbled):
        speech.word_in(told)


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        [A, 1, "", "", ""],
        ["X", 1, "", "", "", ""],
        [A, "1", "", "", "", ""],
        [A, 1, "?", "", "", ""],
        [A, 1, "", 5, "", ""],
        [A, 1, "", "", "zz", ""],
        [A, 1, "", "", "", None],
    ],
)
def test_what_is_no_event_is_refused(event: Any) -> None:
    with pytest.raises(Garbled):
        speech.events_in([event])


def test_more_than_a_batch_is_refused() -> None:
    with pytest.raises(Garbled):
        speech.events_in([None] * 5_001)
    with pytest.raises(Garbled):
        speech.vector_in({f"{n:x}": 1 for n in range(10_001)})


@pytest.mark.parametrize("told", [{A: 3}, {A: [3]}, {A: [3, 4]}, {A: [-1, ""]}, {"?": [1, ""]}, []])
def test_what_are_no_heads_is_refused(told: Any) -> None:
    with pytest.raises(Garbled):
        speech.marks_in(told)
