"""A bus for each test that speaks on one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desk.notices.notice_service import Bus, NoticeService, private_bus


@pytest.fixture
def bus() -> Iterator[Bus]:
    """A session bus without any service."""
    with private_bus() as found:
        yield found


@pytest.fixture
def service(bus: Bus) -> Iterator[NoticeService]:
    """A notification service as GNOME's is."""
    with NoticeService(bus) as found:
        yield found
