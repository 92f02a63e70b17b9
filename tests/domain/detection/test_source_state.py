"""The words for how a source stands are those of the API."""

from __future__ import annotations

from typing import get_args, get_type_hints

from crisisdesk.api.sources import SourceOut
from crisisdesk.domain.detection.source_state import State


def test_the_api_knows_every_state() -> None:
    assert set(get_args(get_type_hints(SourceOut)["state"])) == set(State)
