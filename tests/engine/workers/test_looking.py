"""One look: secrets by name, own samples, and every way in which looking itself goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.source import Source
from crisisdesk.engine.workers import looking
from crisisdesk.engine.workers.looking import SECRETS_KEPT_MS, Looker, secret_name

from tests.domain.detection.test_source import source
from tests.engine.workers.looking_out import DOWN, UP, MemorySecrets, OneProber, ToldProber

NOW = 1_000_000


class Eye:
    """A looker with a clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.prober = ToldProber(lambda: self.now)
        self.secrets = MemorySecrets()
        self.looker = Looker(OneProber(self.prober), self.secrets, lambda: self.now)

    async def look(self, **settings: Any) -> Reading:
        return await self.looker.look(told(**settings), {"n": 1})


def told(**settings: Any) -> Source:
    return replace(source(), type="told", settings={"host": "a", **settings})


def looked(eye: Eye, **settings: Any) -> Reading:
    return asyncio.run(eye.look(**settings))


def test_a_prober_is_given_what_it_needs_and_every_look_leaves_two_samples() -> None:
    eye = Eye()
    eye.secrets.kept = {"source:door": "sesame", "door": "wrong"}
    reading = looked(eye, secret="door")
    (look,) = eye.prober.looks
    assert (look.now, look.deadline_s, look.bookmark) == (NOW, 5.0, {"n": 1})
    assert look.secrets == {"door": "sesame"}
    assert {s.series.metric: s.value for s in reading.samples} == {"up": 1.0, "took_seconds": 0.02}
    eye.prober.finds["a"] = (DOWN, "bad")
    assert looked(eye).samples[0].value == 0.0


def test_only_entries_for_sources_can_be_named() -> None:
    eye = Eye()
    eye.secrets.kept = {"watchdog:url": "https://x", "token:intake": "x"}
    for name in ("watchdog:url", "token:intake"):
        reading = looked(eye, secret=name)
        assert reading.verdict == Verdict.UNSURE
    assert eye.prober.looks == []
    assert secret_name("a") == "source:a"


def test_a_secret_that_was_changed_is_known_soon() -> None:
    eye = Eye()

    async def work() -> None:
        eye.secrets.kept["source:door"] = "old"
        await eye.look(secret="door")
        eye.secrets.kept["source:door"] = "new"
        eye.now += SECRETS_KEPT_MS
        await eye.look(secret="door")

    asyncio.run(work())
    assert [look.secrets["door"] for look in eye.prober.looks] == ["old", "new"]


def test_secrets_and_strange_characters_do_not_get_into_words() -> None:
    eye = Eye()
    eye.secrets.kept["source:door"] = "open/sesame"
    words = "he said open/sesame and open%2Fsesame\n\x1b[0m\u202e" + "x" * 400
    eye.prober.finds["a"] = (DOWN, words)
    reading = looked(eye, secret="door")
    assert "sesame" not in reading.words
    assert reading.words.startswith("he said *** and *** ")
    assert reading.words.isprintable()
    assert len(reading.words) <= 300


@pytest.mark.parametrize(
    ("finding", "settings", "words"),
    [
        (None, {"host": None}, "settings.host"),
        (None, {"secret": "none"}, "crisisdesk source secret none"),
        (RuntimeError("secret inside"), {}, "looking failed (RuntimeError); see the log"),
    ],
)
@pytest.mark.allow_log("looking at shop", "ERROR")
def test_what_the_station_could_not_do_says_nothing_of_what_was_looked_at(
    finding: BaseException | None, settings: dict[str, Any], words: str
) -> None:
    eye = Eye()
    if finding is not None:
        eye.prober.finds["a"] = finding
    asked = told(**settings)
    if "host" in settings:
        asked = replace(asked, settings={})
    reading = asyncio.run(eye.looker.look(asked, {}))
    assert (reading.verdict, reading.samples) == (Verdict.UNSURE, ())
    assert words in reading.words


def test_a_type_that_is_unknown_here_cannot_be_looked_at() -> None:
    reading = asyncio.run(Eye().looker.look(replace(told(), type="newer"), {}))
    assert reading.verdict == Verdict.UNSURE
    assert "newer" in reading.words


def test_a_prober_that_overruns_its_deadline_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "OVERTIME_S", 0.05)
    eye = Eye()

    async def work() -> Reading:
        eye.prober.hangs["a"] = asyncio.Event()
        asked = replace(told(), timeout_ms=100)
        return await eye.looker.look(asked, {})

    reading = asyncio.run(work())
    assert reading.verdict == Verdict.UNSURE
    assert "within its deadline" in reading.words


@pytest.mark.parametrize(
    ("slept", "verdict"),
    [(0, DOWN), (15_000, DOWN), (15_001, Verdict.UNSURE), (-1, Verdict.UNSURE)],
)
def test_a_failure_that_was_slept_through_is_none(slept: int, verdict: Verdict) -> None:
    eye = Eye()
    eye.prober.finds["a"] = (DOWN, "no answer in time")
    assert asleep(eye, slept).verdict == verdict


def test_a_good_answer_counts_even_so() -> None:
    assert asleep(Eye(), 3_600_000).verdict == UP


def asleep(eye: Eye, ms: int) -> Reading:
    look: Callable[..., Any] = eye.prober.look

    async def sleeping(asked: Any) -> Reading:
        eye.now += ms
        found: Reading = await look(asked)
        return found

    eye.prober.look = sleeping  # type: ignore[method-assign,assignment]
    return looked(eye)
