"""The hands of a station, from its settings."""

from __future__ import annotations

import pytest

from crisisdesk.bootstrap.recovering import hands
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.step import AUTOMATIC
from crisisdesk.settings.recovery import RecoverySettings

from tests.api.station import MemorySecrets


def test_every_automatic_kind_has_its_executor_within_the_settings() -> None:
    settings = RecoverySettings(commands={"/bin/x": "0" * 64})
    made = hands(settings, MemorySecrets())
    assert set(made.executors) == AUTOMATIC
    assert made.executables == {"/bin/x"}
    for step in (
        {"kind": "command", "command": "/bin/sh"},
        {"kind": "http", "url": "https://h/"},
        {"kind": "sql", "database": "x", "query": "select 1"},
        {"kind": "wait", "url": "https://h/"},
    ):
        with pytest.raises(Malformed):
            made.of(step).check(step)
