"""Images are read when they are painted, few at once, and not kept for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.desk.incidents import image_cache
from crisisdesk.desk.incidents.image_cache import AT_ONCE, ImageCache
from crisisdesk.domain.image_file import bare_image

from tests.domain.image_bytes import chunk, png

pytestmark = pytest.mark.usefixtures("qapp")


class Asked:
    """The desk's question, answered when the test says so."""

    def __init__(self, images: dict[str, bytes]) -> None:
        self.images = images
        self.waiting: list[Callable[[], None]] = []
        self.asked = 0

    def image_data(self, image_id: str) -> bytes | None:
        return self.images.get(image_id)

    def ask(self, question: Callable[[Any], Any], answer: Callable[[Any], None]) -> None:
        self.asked += 1
        self.waiting.append(lambda: answer(question(self)))

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


def test_each_is_read_once_and_only_a_few_at_once() -> None:
    desk = Asked({str(n): png(40, 30, n) for n in range(9)})
    cache, told = ImageCache(desk.ask), list[str]()
    cache.arrived.connect(lambda: told.append("arrived"))
    for _ in range(2):
        assert [cache.pixmap(str(n), 20, 15) for n in range(9)] == [None] * 9
    assert desk.asked == AT_ONCE
    desk.answer()
    assert len(told) == AT_ONCE
    found = cache.pixmap("0", 20, 15)
    assert found is not None
    assert (found.width(), found.height()) == (20, 15)
    assert cache.pixmap("2", 20, 15) is None
    assert desk.asked == AT_ONCE + 1


def test_what_is_not_here_or_shows_nothing_is_asked_for_once() -> None:
    broken = png()[:33] + chunk(b"IDAT", b"no picture") + chunk(b"IEND", b"")
    assert bare_image(broken).data == broken
    desk = Asked({"form only": broken})
    cache = ImageCache(desk.ask)
    for name in ("missing", "form only"):
        assert cache.pixmap(name, 20, 15) is None
        desk.answer()
        found = cache.pixmap(name, 20, 15)
        assert found is not None
        assert found.isNull()
    assert desk.asked == 2


def test_the_oldest_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_cache, "KEPT_BYTES", 3 * 20 * 15 * 4)
    desk = Asked({str(n): png(40, 30, n) for n in range(5)})
    cache = ImageCache(desk.ask)
    for n in range(5):
        cache.pixmap(str(n), 20, 15)
        desk.answer()
    assert cache.pixmap("4", 20, 15) is not None
    assert cache.pixmap("0", 20, 15) is None
    assert desk.asked == 6
