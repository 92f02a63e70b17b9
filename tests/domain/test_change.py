"""Changed copies: equal to what `dataclasses.replace` makes, the original untouched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.fold import _TYPES
from crisisdesk.domain.station import Station


def test_a_changed_copy_is_the_one_replace_makes() -> None:
    station = Station(station_id="S-1", name="Brno", sounds_heard={"high": 5})
    changed = with_changes(station, name="Praha", operator="Klára")
    assert changed == replace(station, name="Praha", operator="Klára")
    assert station.name == "Brno"


def test_a_field_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="nmae"):
        with_changes(Station(), nmae="x")


def test_every_state_can_be_copied_that_way() -> None:
    """No state checks anything when it is made, which a copy of slots would pass over."""
    for kind in _TYPES.values():
        assert not hasattr(kind, "__post_init__")
        assert hasattr(kind, "__slots__")
