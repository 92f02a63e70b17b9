"""The routes of images in incidents: told of in lists, added in JSON, read as what they are."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from crisisdesk.api.documented import errors
from crisisdesk.api.incident_views import readable_in
from crisisdesk.api.orders import Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator, Viewer
from crisisdesk.api.schemas import Out, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.image import NoteImage, read_data
from crisisdesk.domain.image_file import KEPT_MEDIA
from crisisdesk.domain.image_reference import reference_to
from crisisdesk.engine.image_commands import AddImage

router = APIRouter(tags=["incidents"])
# Three times what is kept, in base64: what hangs on an image and is cut off may be larger than it.
DATA_LIMIT = 2 * 1024 * 1024
# Shown by a browser it runs nothing and is taken for nothing but an image.
_HEADERS = {
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}


class ImageNew(Order):
    """A PNG or JPEG in base64."""

    data: Annotated[str, Field(min_length=1, max_length=DATA_LIMIT)]


class ImageOut(Out):
    """An image without its bytes; ``markdown`` is what shows it in an entry."""

    id: str
    incident_id: str
    media_type: str
    width: int
    height: int
    size: int
    sha256: str
    author: str
    added_at: Time
    markdown: str


class ImagesOut(Out):
    """The images of an incident and its parts, oldest first."""

    results: list[ImageOut]


def image_out(i: NoteImage) -> ImageOut:
    """One image as the routes tell of it."""
    return ImageOut(
        id=i.image_id,
        incident_id=i.incident_id,
        media_type=i.media,
        width=i.width,
        height=i.height,
        size=i.size,
        sha256=i.sha256,
        author=i.author,
        added_at=iso(i.added_at),
        markdown=reference_to(i.image_id),
    )


@router.get("/crisis/incidents/{incident_id}/images/", responses=errors(404, 409))
async def list_images(room: InRoom, viewer: Viewer, incident_id: str) -> ImagesOut:
    """The images of an incident and of its parts, without their bytes."""

    def ask(reader: StationReader) -> ImagesOut:
        incident = readable_in(reader, incident_id, viewer)
        found = reader.images_of(reader.seen_ids(incident, viewer))
        return ImagesOut(results=[image_out(one) for one in found.values()])

    return await room.reads.ask(ask)


@router.post("/crisis/incidents/{incident_id}/images/", status_code=201, responses=errors(404, 409))
async def add_image(
    room: InRoom, operator: Operator, incident_id: str, order: ImageNew
) -> ImageOut:
    """Keep an image for the entries of an incident; the same again is the one that is there."""
    data = await room.apart(read_data, order.data)
    image_id = await room.do(AddImage(incident_id=incident_id, data=data), operator)
    return await room.reads.ask(lambda reader: image_out(_image_in(reader, image_id)))


@router.get(
    "/crisis/images/{image_id}/",
    response_class=Response,
    responses={
        **errors(404, 409),
        200: {
            "content": {media: {} for media in KEPT_MEDIA.values()},
            "description": "The image itself.",
        },
    },
)
async def get_image(room: InRoom, viewer: Viewer, image_id: str) -> Response:
    """One image, for those who may read its incident."""

    def ask(reader: StationReader) -> tuple[str, bytes]:
        image = _image_in(reader, image_id)
        readable_in(reader, image.incident_id, viewer)
        data = reader.image_data(image_id)
        if data is None:
            problem = f"the bytes of {image_id!r} have left the log of this station"
            raise NotFound("image_id", problem, "ask a station that was there then")
        return image.media, data

    media, data = await room.reads.ask(ask)
    return Response(data, media_type=media, headers=_HEADERS)


def _image_in(reader: StationReader, image_id: str) -> NoteImage:
    """What is known of it, or NotFound."""
    image = reader.image(image_id)
    if image is None:
        remedy = "check the id; another station's may not have arrived yet"
        raise NotFound("image_id", f"no image {image_id!r} on this station", remedy)
    return image
