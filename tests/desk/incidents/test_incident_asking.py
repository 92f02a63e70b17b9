"""One question at a time about the incident in view, again after a while, anew for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.desk.incidents.incident_asking import ANSWER_WITHIN_MS, IncidentAsking

EVERY_MS = 10_000


class Slow:
    """A desk that answers when it is told to."""

    def __init__(self) -> None:
        self.now = 100_000
        self.waiting: list[Callable[[], None]] = []

    def now_ms(self) -> int:
        return self.now

    def operator(self) -> str:
        return "Ana"

    def ask(self, question: Any, answer: Any) -> None:
        self.waiting.append(lambda: answer(question("the store")))


@pytest.fixture
def desk() -> Slow:
    return Slow()


@pytest.fixture
def told() -> list[Any]:
    return []


@pytest.fixture
def asking(desk: Slow, told: list[Any]) -> IncidentAsking[Any]:
    return IncidentAsking(
        desk,  # type: ignore[arg-type]
        EVERY_MS,
        lambda *asked: asked,
        told.append,
        clear=lambda: told.append("clear"),
    )


def test_it_asks_again_after_a_while_and_at_once_when_told(
    desk: Slow, told: list[Any], asking: IncidentAsking[Any]
) -> None:
    asking.show("INC-A")
    asking.tick(desk.now + 1)
    assert len(desk.waiting) == 1
    desk.waiting.pop()()
    assert told == ["clear", ("the store", "INC-A", "Ana", desk.now)]
    asking.show("INC-A")
    asking.tick(desk.now + EVERY_MS - 1)
    assert desk.waiting == []
    asking.again()
    asking.tick(desk.now + 1)
    desk.waiting.pop()()
    asking.tick(desk.now + EVERY_MS + 1)
    assert len(desk.waiting) == 1


def test_an_answer_that_never_comes_and_one_about_another_change_nothing(
    desk: Slow, told: list[Any], asking: IncidentAsking[Any]
) -> None:
    asking.show("INC-A")
    asking.tick(desk.now + ANSWER_WITHIN_MS - 1)
    assert len(desk.waiting) == 1
    asking.tick(desk.now + ANSWER_WITHIN_MS)
    assert len(desk.waiting) == 2
    asking.show("INC-B")
    for answer in desk.waiting[:2]:
        answer()
    assert told == ["clear", "clear"]
    asking.show("")
    assert len(desk.waiting) == 3
