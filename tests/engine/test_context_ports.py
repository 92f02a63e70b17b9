"""Whoever implements a sample store can be read for the context of an alert."""

from __future__ import annotations

from inspect import signature

from crisisdesk.engine.context_ports import MeasuredReader
from crisisdesk.engine.detection_ports import SampleStore
from crisisdesk.store.queries.samples import SampleReader


def test_the_two_ports_ask_for_the_same() -> None:
    for name in ("known", "between"):
        assert signature(getattr(MeasuredReader, name)) == signature(getattr(SampleStore, name))


def test_the_reader_of_the_file_has_all_that_is_asked_for() -> None:
    for name in ("known", "between", "newest", "lines"):
        assert signature(getattr(MeasuredReader, name)) == signature(getattr(SampleReader, name))
