"""Hands: an executor for each kind that the station can do, words for the others."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.recovery_ports import Hands

from tests.engine.recovering import TestHands


@pytest.mark.anyio
async def test_an_executor_by_kind() -> None:
    own = TestHands()
    hands = Hands(executors={"command": own})
    assert hands.of({"kind": "command"}) is own
    with pytest.raises(Malformed, match="cannot be done by this station"):
        hands.of({"kind": "sql"})
    await hands.aclose()
