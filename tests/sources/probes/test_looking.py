"""What every look has in common: its sentence, its secrets, its bookmark."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources.probes.host_probe import HostProber
from crisisdesk.sources.probes.looking import (
    Sight,
    Unanswered,
    down,
    plain_words,
    text_at,
    unsure,
    whole_at,
)

from tests.sources.probes.looks import hold_to_the_rules, look_at, values


@given(st.text(max_size=400), st.lists(st.text(min_size=3, max_size=20), max_size=3))
def test_words_are_one_short_line(words: str, secrets: list[str]) -> None:
    told = plain_words(words, secrets)
    assert len(told) <= 300
    assert told.isprintable()
    assert plain_words(told, ()) == told


def test_secrets_are_masked_the_longer_one_first() -> None:
    assert plain_words("sent abcdef and abc", ["abc", "abcdef"]) == "sent *** and ***"
    assert plain_words("a b", ["", "a"]) == "a b"


def test_a_reading_keeps_the_bookmark_of_before_unless_there_is_a_new_one() -> None:
    look = look_at(HostProber(), {}, bookmark={"offset": 7})
    sight = Sight(look)
    assert sight.failed(unsure("no")).bookmark == {"offset": 7}
    assert sight.reading(Verdict.UP, "yes", bookmark={"offset": 8}).bookmark == {"offset": 8}
    assert sight.late("it").verdict is Verdict.DOWN
    assert 0 <= sight.left_s <= look.deadline_s


def test_a_secret_that_is_not_kept_is_named() -> None:
    sight = Sight(look_at(HostProber(), {}, secrets={"a": "value", "empty": ""}))
    assert sight.secret("a") == "value"
    assert sight.secret("") == ""
    for name in ("b", "empty"):
        with pytest.raises(Unanswered, match=name) as caught:
            sight.secret(name)
        assert caught.value.verdict is Verdict.UNSURE


def test_a_spoilt_bookmark_counts_as_none() -> None:
    spoilt = {"n": True, "t": 5}
    assert whole_at(spoilt, "n") == 0
    assert whole_at(spoilt, "missing", -1) == -1
    assert whole_at({"n": 5}, "n") == 5
    assert text_at(spoilt, "t") == ""
    assert text_at({"t": "x"}, "t") == "x"


def ended(end: BaseException | None, deadline_s: float = 30.0) -> Reading:
    """The reading of a look whose work ends so; None: not at all."""
    sight = Sight(look_at(HostProber(), {}, deadline_s=deadline_s))

    async def work() -> Reading:
        if end is not None:
            raise end
        await asyncio.Event().wait()
        return sight.reading(Verdict.UP, "never")

    reading = asyncio.run(sight.bounded(work(), "it"))
    hold_to_the_rules(reading, sight.look)
    return reading


@pytest.mark.parametrize(
    ("end", "verdict", "words"),
    [
        (down("bad", {"x": 2.0}), Verdict.DOWN, "bad"),
        (unsure("no server"), Verdict.UNSURE, "no server"),
        (ConnectionRefusedError(), Verdict.DOWN, "connection refused"),
        (down("x" * 500), Verdict.DOWN, "x" * 299 + "…"),
    ],
)
def test_each_end_has_its_verdict(end: BaseException, verdict: Verdict, words: str) -> None:
    reading = ended(end)
    assert (reading.verdict, reading.words) == (verdict, words)
    assert values(reading) == dict(getattr(end, "values", {}))


def test_what_does_not_end_is_down_at_the_deadline() -> None:
    reading = ended(None, deadline_s=0.05)
    assert (reading.verdict, reading.words) == (Verdict.DOWN, "it did not answer within 0.05 s")


def test_what_was_measured_has_the_time_of_the_reading() -> None:
    sight = Sight(look_at(HostProber(), {}))
    reading = sight.reading(Verdict.UP, "fine", values={"x": 1.0})
    assert values(reading) == {"x": 1.0}
    assert [sample.at for sample in reading.samples] == [reading.at]
