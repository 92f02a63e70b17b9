"""Images in an incident: what is known of each without its bytes, and the pure fold of its fact.

The bytes stay in the event and nowhere else: no state, base or snapshot carries them. An id is made
of the incident and the image, so that the same image twice is one, on every station.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Event
from crisisdesk.domain.ids import image_id_of
from crisisdesk.domain.image_file import ImageFile, bare_image

ADDED = "image.added"
IMAGE_KINDS = frozenset({ADDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteImage:
    """One image that notes of an incident may show. ``size`` is in bytes, ``sha256`` in hex."""

    image_id: str
    incident_id: str
    media: str
    width: int
    height: int
    size: int
    sha256: str
    author: str
    added_at: int
    newer_needed: str = ""


def image_body(incident_id: str, image: ImageFile) -> dict[str, Any]:
    """The body of the fact that an image was added; ``image`` is a bare one."""
    return {"incident_id": incident_id, "data": base64.b64encode(image.data).decode()}


def image_name(incident_id: str, image: ImageFile) -> str:
    """The id of a bare image in an incident."""
    return image_id_of(incident_id, hashlib.sha256(image.data).hexdigest())


def read_data(text: str, field: str = "data") -> bytes:
    """The bytes that base64 stands for; raises Malformed naming the field."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(field, "is no base64", "send the file's bytes in base64") from error


def image_in(event: Event) -> ImageFile:
    """The image that such a fact carries.

    Raises Malformed for one that is not what its id says, not bare, or not within the bounds: what
    a station that lies, or another program, may have written.
    """
    data = read_data(event.body["data"])
    image = bare_image(data)
    if image.data != data or image_name(event.body["incident_id"], image) != event.agg:
        raise Malformed("image", "is not the one that its id names", "add it anew")
    return image


def apply_image(state: NoteImage | None, event: Event) -> NoteImage | None:
    """The state after one more event: the first adding says all there is to say."""
    if state is not None or event.kind != ADDED:
        return state
    image = image_in(event)
    return NoteImage(
        image_id=event.agg,
        incident_id=event.body["incident_id"],
        media=image.media,
        width=image.width,
        height=image.height,
        size=len(image.data),
        sha256=hashlib.sha256(image.data).hexdigest(),
        author=event.actor,
        added_at=event.at_ms,
    )
