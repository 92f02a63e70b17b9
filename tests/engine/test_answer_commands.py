"""What is asked of the engine about answers has its handlers."""

from __future__ import annotations

from crisisdesk.engine.answer_commands import AnswerByCode, AnswerPage, ListMethods
from crisisdesk.engine.handlers import HANDLERS


def test_each_has_its_handler() -> None:
    assert {AnswerPage, AnswerByCode, ListMethods} <= HANDLERS.keys()
