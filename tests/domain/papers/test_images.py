"""Images on paper have one number each, in the order of the entries."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.domain.fold import fold
from crisisdesk.domain.image import NoteImage
from crisisdesk.domain.image_reference import Reference
from crisisdesk.domain.papers.document import Heading, Image
from crisisdesk.domain.papers.images import (
    FoundImage,
    image_blocks,
    image_data,
    images_said,
    numbers_of,
)
from crisisdesk.domain.timeline import EntryKind, TimelineEntry
from crisisdesk.domain.told import Told, plain

from tests.domain.image_bytes import png
from tests.domain.test_image import added

MISSING = "IMG-" + "0" * 20


def entry(at: int, *shown: Reference) -> TimelineEntry:
    return TimelineEntry(
        key=f"U-{at}",
        subject=f"U-{at}",
        happened_at=at * 1_000,
        logged_at=at * 1_000,
        author="Klára",
        kind=EntryKind.NOTE,
        told=Told(icon="pin", line=(plain("x"),)),
        images=shown,
    )


def test_each_is_numbered_once_and_told_by_its_first_entry() -> None:
    event = added(png())
    state = fold([event])
    assert isinstance(state, NoteImage)
    found = {event.agg: FoundImage(image=state, data=png())}
    one, gone = Reference(event.agg, "Row 4"), Reference(MISSING, "")
    entries = [entry(1), entry(2, gone, one), entry(3, Reference(event.agg, "again"))]
    numbers = numbers_of(entries)
    assert numbers == {MISSING: 1, event.agg: 2}
    assert images_said(entries[1], numbers) == "[image 1]\n[image 2: Row 4]"
    assert images_said(entries[2], {}) == "[image: again]"
    heading, first, second = image_blocks(entries, found)
    assert heading == Heading(text="Images")
    assert isinstance(first, Image)
    assert isinstance(second, Image)
    assert (first.data, first.caption) == (
        "", "Image 1 (Klára, 1970-01-01 00:00:02Z): not on this station",
    )  # fmt: skip
    assert second.caption == "Image 2: Row 4 (Klára, 1970-01-01 00:00:02Z)"
    assert second.name == f"{event.agg}.png"
    lost = image_blocks(entries, {event.agg: replace(found[event.agg], data=None)})[2]
    assert isinstance(lost, Image)
    assert lost.data == ""
    assert image_blocks([entry(1)], found) == []


def test_data_names_them_by_their_hash() -> None:
    event = added(png(40, 30))
    state = fold([event])
    assert isinstance(state, NoteImage)
    (told,) = image_data({event.agg: FoundImage(image=state, data=None)})
    assert (told["id"], told["sha256"], told["is_here"]) == (event.agg, state.sha256, False)
    assert "data" not in told
