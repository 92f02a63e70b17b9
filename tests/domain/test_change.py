"""Changed copies: equal to what `dataclasses.replace` makes, the original untouched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.change import made_of, with_changes
from crisisdesk.domain.fold import TYPES
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
    for kind in TYPES.values():
        assert not hasattr(kind, "__post_init__")
        assert hasattr(kind, "__slots__")


def test_made_of_a_mapping_is_what_the_class_itself_makes() -> None:
    values = {"station_id": "S-1", "name": "Brno"}
    made, whole = made_of(Station, values), Station(**values)  # type: ignore[arg-type]
    assert made == whole
    assert made.sounds_heard is not made_of(Station, values).sounds_heard


def test_made_of_too_little_or_too_much_is_refused() -> None:
    with pytest.raises(TypeError, match="alert_id"):
        made_of(Alert, {})
    with pytest.raises(TypeError, match="nmae"):
        made_of(Station, {"nmae": "x"})
