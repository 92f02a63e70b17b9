"""The images of an incident on paper: numbered in the order of the entries that show them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.image import NoteImage
from crisisdesk.domain.papers.document import Block, Heading, Image
from crisisdesk.domain.papers.times import stamp
from crisisdesk.domain.timeline import TimelineEntry

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundImage:
    """An image as a station has it; ``data`` is None where its bytes are not there."""

    image: NoteImage
    data: bytes | None


Found = Mapping[str, FoundImage]


def numbers_of(entries: Iterable[TimelineEntry]) -> dict[str, int]:
    """The number of each image that entries show, from 1."""
    names = dict.fromkeys(shown.image_id for entry in entries for shown in entry.images)
    return {name: number for number, name in enumerate(names, start=1)}


def images_said(entry: TimelineEntry, numbers: Mapping[str, int]) -> str:
    """The images of an entry in words, a line each; with numbers as they stand below."""
    lines = []
    for shown in entry.images:
        number = numbers.get(shown.image_id)
        name = "image" if number is None else f"image {number}"
        lines.append(f"[{name}: {shown.caption}]" if shown.caption else f"[{name}]")
    return "\n".join(lines)


def image_blocks(entries: Iterable[TimelineEntry], found: Found) -> list[Block]:
    """All images that entries show, each once; what is not here is told of as that."""
    shown_by = {s.image_id: (entry, s) for entry in reversed([*entries]) for s in entry.images}
    blocks: list[Block] = []
    for name, number in numbers_of(entries).items():
        entry, shown = shown_by[name]
        said = f"Image {number}" + (f": {shown.caption}" if shown.caption else "")
        words = f"{said} ({entry.author}, {stamp(entry.happened_at)})"
        one = found.get(name)
        blocks.append(_block(name, words, one))
    return [Heading(text="Images"), *blocks] if blocks else []


def _block(name: str, words: str, one: FoundImage | None) -> Image:
    if one is None or one.data is None:
        return Image(caption=f"{words}: not on this station", name=name)
    return Image(
        caption=words,
        name=name + _ENDINGS[one.image.media],
        media=one.image.media,
        width=one.image.width,
        height=one.image.height,
        data=base64.b64encode(one.data).decode(),
    )


def image_data(found: Found) -> list[dict[str, Any]]:
    """The same as plain data: by their hash, without their bytes."""
    return [
        {
            "id": one.image.image_id,
            "incident_id": one.image.incident_id,
            "media_type": one.image.media,
            "width": one.image.width,
            "height": one.image.height,
            "size": one.image.size,
            "sha256": one.image.sha256,
            "is_here": one.data is not None,
        }
        for one in found.values()
    ]
