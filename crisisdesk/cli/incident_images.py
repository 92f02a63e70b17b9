"""``incident update --image`` and ``incident image``: images into the timeline, and out of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.printing import PRINTING_S
from crisisdesk.cli.station import REFUSED, USAGE, By, DataDir, fail, reading
from crisisdesk.cli.words import plain
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import SOURCE_BYTES, bare_image
from crisisdesk.domain.image_reference import CAPTION_LIMIT, references, with_references

if TYPE_CHECKING:
    from crisisdesk.api.client import Client
    from crisisdesk.domain.update import IncidentUpdate


def drawn(path: Path) -> bytes:
    """The image of a file, small enough to be kept; ends the command where there is none.

    The desk's own program draws it anew, as the desk does, for this room has no Qt. Where none is
    installed the file is sent as it is, and the engine takes off what is no part of the image.
    """
    if find_spec("PySide6") is None:
        return _as_it_is(path)
    words = [sys.executable, "-m", "crisisdesk", "desk", "--draw-image", str(path.absolute())]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(  # noqa: S603 - our own program with fixed words
            words, env=environment, capture_output=True, timeout=PRINTING_S, check=False
        )
    except subprocess.TimeoutExpired:
        fail(REFUSED, f"--image {path} was not drawn within {PRINTING_S:.0f} s; give a smaller one")
    if done.returncode:
        why = plain(done.stderr.decode(errors="replace").strip().removeprefix("crisisdesk: "))
        fail(USAGE, f"--image {path}: {why[-500:] or 'the desk ended without a word'}")
    return done.stdout


def _as_it_is(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return bare_image(file.read(SOURCE_BYTES)).data
    except OSError as error:
        fail(USAGE, f"--image {path} cannot be read: {error.strerror or error}")
    except Malformed as error:
        fail(USAGE, f"--image {path}: {error}")


def described(
    client: Client, incident_id: str, description: str, images: Iterable[tuple[str, bytes]]
) -> str:
    """A description that shows these (caption, bytes); each is kept first."""
    shown = [(str(client.add_image(incident_id, data)["id"]), caption) for caption, data in images]
    return with_references(description, shown)


def caption_of(path: Path) -> str:
    """What a file is called, without its ending."""
    return path.stem[:CAPTION_LIMIT]


def image_lines(update: IncidentUpdate) -> list[str]:
    """The images that an entry shows, a line each."""
    return [
        f"    {shown.image_id}  {plain(shown.caption)}".rstrip()
        for shown in references(update.description)
    ]


def image(
    image_id: Annotated[str, typer.Argument(help="The image's id.", metavar="IMAGE")],
    out: Annotated[Path, typer.Argument(help="File to write it to.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Write an image of a timeline to a file; `incident show` has the ids. Works offline."""
    with reading(data_dir) as reader:
        known = reader.image(image_id)
        if known is None:
            fail(REFUSED, f"no image {image_id!r} here; another station's may not have arrived yet")
        readable(reader, known.incident_id, operator)
        data = reader.image_data(image_id)
    if data is None:
        fail(REFUSED, f"the bytes of {image_id} have left the log here; ask an older station")
    try:
        out.write_bytes(data)
    except OSError as error:
        fail(REFUSED, f"{out} cannot be written: {error.strerror or error}")
    print(f"{out} written, {known.media}, {known.width} x {known.height}")
