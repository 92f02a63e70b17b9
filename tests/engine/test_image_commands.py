"""The command about images has a handler."""

from __future__ import annotations

from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.image_commands import AddImage


def test_it_is_served() -> None:
    assert type(AddImage(incident_id="INC-1", data=b"")) in HANDLERS
