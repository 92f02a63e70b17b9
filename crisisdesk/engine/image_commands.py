"""Commands about images in incidents."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AddImage(Command):
    """Keep an image (PNG or JPEG) that notes of an incident may show; the result is its id.

    The same image again is the one that is there.
    """

    incident_id: str
    data: bytes
