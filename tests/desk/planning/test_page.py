"""The contract of a page: what the room calls is there, with the shapes the room uses."""

from __future__ import annotations

import inspect

import pytest
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.help.pages import help_root
from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.planning.page import Page
from crisisdesk.desk.planning.policies.page import PoliciesPage
from crisisdesk.desk.room import Room

CALLS = ("on_snapshot", "actions", "tick", "engine_changed", "focus_first")


@pytest.mark.parametrize("call", CALLS)
def test_a_page_is_asked_as_a_room_is(call: str) -> None:
    wanted = list(inspect.signature(getattr(Page, call)).parameters)
    for cls in (Room, OnCallPage, PoliciesPage):
        assert wanted == list(inspect.signature(getattr(cls, call)).parameters)


def test_a_page_is_a_widget_with_a_word_and_a_page_of_help() -> None:
    for cls in (OnCallPage, PoliciesPage):
        assert issubclass(cls, QWidget)
        assert cls.word
        assert (help_root() / f"{cls.help_page}.md").is_file()
