"""One split for all tests that only read it."""

from __future__ import annotations

import pytest

from crisisdesk.desk.splits.reading import Page, read_cuts, read_page
from crisisdesk.store.queries import StationReader

from tests.desk.splits.story import Story, tell


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story with collisions, told once."""
    return tell(tmp_path_factory.mktemp("collided"))


@pytest.fixture(scope="session")
def told_apart(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The story in which nothing collided."""
    return tell(tmp_path_factory.mktemp("apart"), collide=False)


CUT = pytest.mark.allow_log("the hub is away")


def page_of(story: Story) -> Page:
    """Its only split."""
    reader = StationReader(story.folder / "station.sqlite3")
    try:
        return read_page(reader, read_cuts(reader)[0])
    finally:
        reader.close()


@pytest.fixture
def page(told: Story) -> Page:
    return page_of(told)


@pytest.fixture
def calm(told_apart: Story) -> Page:
    return page_of(told_apart)
