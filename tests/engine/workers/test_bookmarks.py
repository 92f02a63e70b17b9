"""Where sources were left off, in mind and on disk."""

from __future__ import annotations

import asyncio

import pytest

from crisisdesk.engine.workers.bookmarks import SAVE_EACH_MS, BookmarkKeeper

from tests.engine.workers.looking_out import MemoryBookmarks


def test_what_changed_is_saved_now_and_then() -> None:
    async def work() -> None:
        kept = MemoryBookmarks()
        keeper = BookmarkKeeper(kept)
        await keeper.load()
        assert not keeper.is_due(0)
        keeper.put("a", {"n": 1})
        assert keeper.is_due(0)
        await keeper.save()
        assert kept.kept == {"a": {"n": 1}}
        keeper.put("a", {"n": 1})
        assert not keeper.is_due(SAVE_EACH_MS)
        keeper.put("a", {"n": 2})
        assert not keeper.is_due(SAVE_EACH_MS - 1)
        assert keeper.is_due(SAVE_EACH_MS)
        # A clock that was set back does not put it off for ever.
        assert keeper.is_due(0)

    asyncio.run(work())


def test_an_empty_one_leaves_what_was_and_what_is_gone_is_forgotten() -> None:
    async def work() -> None:
        kept = MemoryBookmarks()
        kept.kept = {"a": {"n": 1}, "b": {"n": 2}}
        keeper = BookmarkKeeper(kept)
        await keeper.load()
        keeper.put("a", {})
        assert keeper.of("a") == {"n": 1}
        assert keeper.of("none") == {}
        keeper.only({"a"})
        await keeper.save()
        assert kept.kept == {"a": {"n": 1}}

    asyncio.run(work())


@pytest.mark.expect_log("bookmarks of sources were not kept", "ERROR")
def test_a_disk_that_refuses_is_told_and_tried_again() -> None:
    async def work() -> None:
        kept = MemoryBookmarks()
        keeper = BookmarkKeeper(kept)
        keeper.put("a", {"n": 1})
        kept.refusing = "the disk is full"
        await keeper.save()
        assert "the disk is full" in keeper.problem
        kept.refusing = ""
        assert keeper.is_due(0)
        await keeper.save()
        assert (keeper.problem, kept.kept) == ("", {"a": {"n": 1}})

    asyncio.run(work())


def test_without_a_place_they_are_kept_in_mind() -> None:
    async def work() -> None:
        keeper = BookmarkKeeper(None)
        await keeper.load()
        keeper.put("a", {"n": 1})
        assert not keeper.is_due(0)
        await keeper.save()
        assert keeper.of("a") == {"n": 1}

    asyncio.run(work())
