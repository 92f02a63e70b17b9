"""Every action of the page has its key, each key one meaning."""

from __future__ import annotations

import pytest

from crisisdesk.desk.key_map import sequence

from tests.desk.planning.alert_rules.cases import DISK
from tests.desk.planning.alert_rules.conftest import AlertRuleSeat

pytestmark = pytest.mark.serial


def test_keys_are_used_once_and_can_be_pressed(seat: AlertRuleSeat) -> None:
    page = seat.page
    assert "Publish" not in seat.titles(), "nothing is open"
    page.open(f"name:{seat.declare('Disk', DISK)}")
    page.open_tab("history")
    page.bench.running = True
    for choosing in (False, True):
        if choosing:
            page.choose()
        keys = [action.keys for action in page.actions() if action.keys]
        assert len(set(keys)) == len(keys)
        assert all(not sequence(one).isEmpty() for one in keys)
    assert {"N", "J", "K", "/", "T", "P", "A", "C", "Esc"} <= set(keys)


def test_every_type_stands_in_the_palette_and_what_cannot_be_done_says_why(
    seat: AlertRuleSeat,
) -> None:
    page = seat.page
    page.open(f"name:{seat.declare('Disk', DISK)}")
    told = seat.titles()
    assert told["Publish"] == (False, "it is published as it stands")
    assert told["Switch it off"] == told["Remove"] == told["Try it"] == (True, "")
    assert sum(title.startswith("New alert rule: ") for title in told) == 4
    page.choose()
    page.choose_nothing()
    assert not page.editor.is_empty()
    page.engine_changed(True)
    told = seat.titles()
    assert told["Publish"] == told["Switch it off"] == (False, "the engine is away")
    assert told["Try it"] == (True, ""), "trying needs no engine"
