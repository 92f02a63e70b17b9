"""Every action of the page has its key, each key one meaning."""

from __future__ import annotations

import pytest

from crisisdesk.desk.key_map import sequence

from tests.desk.planning.rules.conftest import RuleSeat

pytestmark = pytest.mark.serial


def test_keys_are_used_once_and_can_be_pressed(seat: RuleSeat) -> None:
    page = seat.page
    page.open("name:correlation same place")
    for choosing in (False, True):
        if choosing:
            page.choose()
        keys = [action.keys for action in page.actions() if action.keys]
        assert len(set(keys)) == len(keys)
        assert all(not sequence(one).isEmpty() for one in keys)
    assert {"N", "J", "K", "/", "F", "A", "C", "S", "M", "Esc"} <= set(keys)


def test_every_kind_stands_in_the_palette_and_what_cannot_be_done_says_why(seat: RuleSeat) -> None:
    page = seat.page
    page.open("name:correlation same place")
    told = {action.title: (action.enabled, action.detail) for action in page.actions()}
    assert told["Publish"] == (False, "it is published as it stands")
    assert "Withdraw" not in told, "what is built in cannot be withdrawn"
    assert sum(title.startswith("New rule: ") for title in told) == 4
    page.engine_changed(True)
    told = {action.title: (action.enabled, action.detail) for action in page.actions()}
    assert told["Publish"] == told["New rule"] == (False, "the engine is away")
