"""Bands are reckoned a little at a time, to the same end as all at once; they go on with time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from crisisdesk.desk.health import bands
from crisisdesk.desk.health.bands import Bands
from crisisdesk.desk.health.over import Band, Stretch
from crisisdesk.domain.anomaly.expected import Expected
from crisisdesk.domain.detection.series import Sample
from crisisdesk.store.queries.samples import SampleReader

from tests.desk.health.conftest import EVERY_MS, Measured, web
from tests.desk.health.shown import ODD

HOUR_MS = 3_600_000


@pytest.fixture
def samples(measured: Measured) -> Iterator[SampleReader]:
    with closing(SampleReader(measured.desk.path.parent)) as reader:
        yield reader


def hour(measured: Measured, ago: int = 0) -> Stretch:
    now = measured.desk.now
    return Stretch(now - ago - HOUR_MS, now - ago, now)


def asked(book: Bands, samples: SampleReader, view: Stretch, times: int = 50) -> Band:
    """Asked again and again until it is whole."""
    for _ in range(times):
        book.begin()
        found = book.band(samples, web(1), ODD, view, EVERY_MS)
        if found.whole:
            return found
    raise AssertionError(found.words)


def test_a_little_at_a_time_comes_to_the_same_as_all_at_once(
    measured: Measured, samples: SampleReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured.measure([web(1)], looks=700)
    view = hour(measured)
    monkeypatch.setattr(bands, "AT_ONCE", 37)
    found = asked(Bands(), samples, view)
    plain = Expected(None, None)
    points = samples.columns(web(1), view.now - 700 * EVERY_MS, view.now + 1)
    for at, value in zip(points.at.tolist(), points.last.tolist(), strict=True):
        plain.follow(at, value)
    assert len(found.at) == 361
    assert found.at.tolist() == plain.columns.at[-361:].tolist()
    for ours, theirs in ((found.low, plain.columns.low), (found.score, plain.columns.score)):
        np.testing.assert_array_equal(ours, np.array(theirs[-361:]))
    assert found.words == ""


def test_until_it_is_whole_it_says_how_far_it_is(
    measured: Measured, samples: SampleReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured.measure([web(1)], looks=700)
    monkeypatch.setattr(bands, "AT_ONCE", 100)
    book, said = Bands(), []
    for _ in range(5):
        book.begin()
        said.append(book.band(samples, web(1), ODD, hour(measured), EVERY_MS).words)
    assert all(words.startswith("band is being reckoned: ") for words in said)
    assert len(set(said)) > 1
    assert asked(book, samples, hour(measured)).words == ""


def test_what_is_reckoned_in_one_question_is_bounded(
    measured: Measured, samples: SampleReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured.measure([web(n) for n in range(4)], looks=400)
    followed = []
    usual = Expected.follow

    def counted(one: Expected, at: int, value: float) -> None:
        followed.append(at)
        usual(one, at, value)

    monkeypatch.setattr(Expected, "follow", counted)
    monkeypatch.setattr(bands, "AT_ONCE", 50)
    book = Bands()
    book.begin()
    for number in range(4):
        book.band(samples, web(number), ODD, hour(measured), EVERY_MS)
    assert len(followed) == 50


def test_it_goes_on_with_what_came_since(measured: Measured, samples: SampleReader) -> None:
    measured.measure([web(1)], looks=400)
    book = Bands()
    before = asked(book, samples, hour(measured))
    measured.desk.now += 3 * EVERY_MS
    measured.clock.ms += 3 * EVERY_MS
    measured.measure([web(1)], looks=3)
    book.begin()
    after = book.band(samples, web(1), ODD, hour(measured), EVERY_MS)
    assert after.whole
    assert after.at[-1] == measured.desk.now
    np.testing.assert_array_equal(after.low[:-3], before.low[3:])


def test_an_earlier_view_is_reckoned_from_before_it(
    measured: Measured, samples: SampleReader
) -> None:
    measured.measure([web(1)], looks=1_200)
    book = Bands()
    asked(book, samples, hour(measured))
    earlier = asked(book, samples, hour(measured, ago=HOUR_MS))
    assert earlier.at[-1] <= measured.desk.now - HOUR_MS
    assert np.isfinite(earlier.low).all()


def test_without_a_rhythm_or_with_too_much_in_view_there_is_none(
    measured: Measured, samples: SampleReader
) -> None:
    measured.measure([web(1)], looks=60)
    book, view = Bands(), hour(measured)
    book.begin()
    assert book.band(samples, web(1), ODD, view, 0).words == "no band: too few samples"
    assert "zoom in" in book.band(samples, web(1), ODD, view, 100).words
    old = Stretch(view.since - 50 * HOUR_MS, view.until - 50 * HOUR_MS, view.now)
    assert "no single samples" in book.band(samples, web(1), ODD, old, EVERY_MS).words
    measured.store.write([Sample(web(2), measured.desk.now - n * EVERY_MS, 1.0) for n in range(9)])
    few = book.band(samples, web(2), ODD, view, EVERY_MS)
    assert few.words == "no band yet: fewer than 48 values are known"


def test_a_silent_series_is_no_work(measured: Measured, samples: SampleReader) -> None:
    measured.measure([web(1)], looks=400, until=5 * HOUR_MS)
    found = asked(Bands(), samples, hour(measured))
    assert len(found.at) == 0
    assert found.words == "no band yet: fewer than 48 values are known"
    assert math.isclose(found.rule.score, 0.6)
