"""A living engine for each test of a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.workers.live import Live
from tests.engine.workers.looking_out import Post, Story


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    made = Live(tmp_path)
    made.start()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story of a station that looks at sources."""

    def tell(story: Story) -> None:
        async def told() -> None:
            post = Post(tmp_path)
            try:
                await story(post)
            finally:
                await post.close()

        asyncio.run(told())

    return tell
