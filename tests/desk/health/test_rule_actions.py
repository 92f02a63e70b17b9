"""A rule is begun for a series that is drawn."""

from __future__ import annotations

import math

import numpy as np

from crisisdesk.desk.health.reading import Charted
from crisisdesk.desk.health.room import HealthRoom
from crisisdesk.desk.health.rule_actions import rule_actions
from crisisdesk.domain.detection.series import Series

from tests.desk.health.conftest import Measured, web

NONE = np.zeros(0)


def charted(number: int) -> Charted:
    return Charted(web(number), NONE, NONE, NONE, None, float(number), 0)


def test_each_series_has_its_own_and_the_first_a_key() -> None:
    begun: list[tuple[Series, float]] = []
    actions = rule_actions(
        [charted(1), charted(2)], lambda series, value: begun.append((series, value)), away=False
    )
    assert [one.keys for one in actions] == ["N", ""]
    assert len({one.key for one in actions}) == 2
    actions[1].run()
    assert begun == [(web(2), 2.0)]
    assert "instance=" in actions[1].title


def test_nothing_is_begun_while_the_engine_is_away() -> None:
    [one] = rule_actions([charted(1)], lambda _series, _value: None, away=True)
    assert (one.enabled, one.detail) == (False, "the engine is away")


def test_the_room_asks_for_it(room: HealthRoom, measured: Measured) -> None:
    begun: list[tuple[Series, float]] = []
    room.rule_wanted.connect(lambda series, value: begun.append((series, value)))
    assert "N" not in [one.keys for one in room.actions()]
    measured.measure([web(1)], looks=5)
    room.tick(measured.desk.now)
    next(one for one in room.actions() if one.keys == "N").run()
    [(series, value)] = begun
    assert series == web(1)
    assert math.isfinite(value)
