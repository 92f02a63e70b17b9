"""The contract of a page: what the room calls is there, with the shapes the room uses."""

from __future__ import annotations

import inspect

import pytest
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.planning.page import Page
from crisisdesk.desk.room import Room

CALLS = ("on_snapshot", "actions", "tick", "engine_changed", "focus_first")


@pytest.mark.parametrize("call", CALLS)
def test_a_page_is_asked_as_a_room_is(call: str) -> None:
    wanted = list(inspect.signature(getattr(Page, call)).parameters)
    assert wanted == list(inspect.signature(getattr(Room, call)).parameters)
    assert wanted == list(inspect.signature(getattr(OnCallPage, call)).parameters)


def test_a_page_is_a_widget_with_a_word() -> None:
    assert issubclass(OnCallPage, QWidget)
    assert OnCallPage.word == "On call"
