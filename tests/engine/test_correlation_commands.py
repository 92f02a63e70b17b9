"""Orders about candidates say what they mean when little is said."""

from __future__ import annotations

import pytest

from crisisdesk.engine.command import Command
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    MindCandidates,
    ReopenCandidate,
)
from crisisdesk.engine.handlers import HANDLERS


@pytest.mark.parametrize(
    "kind", [AcceptCandidate, DismissCandidate, MindCandidates, ReopenCandidate]
)
def test_each_is_an_order_that_somebody_serves(kind: type[Command]) -> None:
    assert kind in HANDLERS
    assert not kind.alone


def test_what_is_left_out_is_the_candidates_own() -> None:
    order = AcceptCandidate(candidate_id="CAN-1")
    assert (order.commander, order.title, order.severity) == ("", "", "")
    assert MindCandidates().late_ms == 0
