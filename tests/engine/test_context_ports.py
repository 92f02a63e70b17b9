"""Whoever implements a sample store can be read for the context of an alert."""

from __future__ import annotations

from inspect import signature

from crisisdesk.engine.context_ports import MeasuredReader
from crisisdesk.engine.detection_ports import SampleStore


def test_the_two_ports_ask_for_the_same() -> None:
    for name in ("known", "between"):
        assert signature(getattr(MeasuredReader, name)) == signature(getattr(SampleStore, name))
