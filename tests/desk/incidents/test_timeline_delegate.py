"""Entries are measured, told and read aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QStyleOptionViewItem

from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.timeline_delegate import TimelineDelegate, byline, spoken
from crisisdesk.desk.look.theme import Look
from crisisdesk.domain.timeline import TimelineEntry

pytestmark = pytest.mark.usefixtures("look")


def entry(dossier: Dossier, start: str) -> TimelineEntry:
    return next(e for e in dossier.entries if e.told.plain.startswith(start))


def test_the_second_line_says_who_and_when_it_was_seen(dossier: Dossier):
    assert byline(entry(dossier, "Lag on fra2")) == ("Priya Nair · seen 02:14:02, written 02:14:32")
    assert byline(entry(dossier, "Decision")) == "Klára Langová · edited once"
    assert byline(entry(dossier, "Status")) == "Klára Langová"


def test_an_entry_is_read_aloud_with_its_flags(dossier: Dossier):
    words = spoken(entry(dossier, "Communication"))
    assert words.startswith("02:20:02 UTC, Communication: ")
    assert words.endswith("Aiko Tanaka, public")


def height(delegate: TimelineDelegate, shown: TimelineEntry) -> int:
    model: PatchedList[TimelineEntry] = PatchedList(lambda e: e.key, spoken)
    model.show_rows([shown])
    return delegate.sizeHint(QStyleOptionViewItem(), model.index(0, 0)).height()


def test_rows_are_44_high_and_grow_with_their_words(dossier: Dossier, look: Look):
    delegate = TimelineDelegate()
    delegate.width = 700
    assert height(delegate, entry(dossier, "Status")) == 44
    tall = height(delegate, entry(dossier, "Communication"))
    assert tall > 44
    delegate.width = 330
    assert height(delegate, entry(dossier, "Communication")) > tall
    delegate.width = 1050
    look.switch(zoom=150)
    assert height(delegate, entry(dossier, "Status")) == 66


def test_what_stood_before_unfolds(dossier: Dossier):
    delegate = TimelineDelegate()
    delegate.width = 700
    edited = entry(dossier, "Decision")
    low = height(delegate, edited)
    delegate.expanded.add(edited.key)
    assert height(delegate, edited) > low


def test_a_changed_entry_is_measured_anew(dossier: Dossier):
    delegate = TimelineDelegate()
    delegate.width = 500
    first = entry(dossier, "Status")
    low = height(delegate, first)
    told = replace(first.told, detail="because " * 60)
    assert height(delegate, replace(first, told=told)) > low
