"""One question at a time, again when something changed or an answer never came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.desk.incidents.one_asking import ANSWER_WITHIN_MS, OneAsking


class Slow:
    """A desk that answers when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000
        self.waiting: list[Callable[[], None]] = []

    def now_ms(self) -> int:
        return self.now

    def operator(self) -> str:
        return "Ana"

    def ask(self, question: Any, answer: Any) -> None:
        self.waiting.append(lambda: answer(question("the store")))


def test_nothing_is_asked_until_something_changed_and_then_once_at_a_time() -> None:
    desk, told = Slow(), list[tuple[str, str]]()
    asking = OneAsking(desk, lambda reader, who: (str(reader), who), told.append)  # type: ignore[arg-type]
    asking.read()
    assert desk.waiting == []
    asking.stale = True
    asking.read()
    asking.stale = True
    asking.read()
    assert len(desk.waiting) == 1
    desk.waiting.pop()()
    assert told == [("the store", "Ana")]
    asking.read()
    assert len(desk.waiting) == 1
    desk.waiting.pop()()
    asking.read()
    assert desk.waiting == []


def test_an_answer_that_does_not_come_is_asked_for_again() -> None:
    desk, told = Slow(), list[str]()
    asking = OneAsking(desk, lambda _reader, who: who, told.append)  # type: ignore[arg-type]
    asking.stale = True
    asking.read()
    desk.now += ANSWER_WITHIN_MS
    asking.read()
    assert len(desk.waiting) == 1
    desk.now += 1
    asking.read()
    assert len(desk.waiting) == 2
