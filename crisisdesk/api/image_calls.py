"""What desk and command line ask about images: a part of `api.client.Client`."""

from __future__ import annotations

import base64
from urllib.parse import quote

from crisisdesk.api.calls import Calls, Json


class ImageCalls(Calls):
    """A part of `api.client.Client`."""

    def images(self, incident_id: str) -> list[Json]:
        """The images of an incident, oldest first, without their bytes."""
        found: list[Json] = self._ask("GET", _images(incident_id))["results"]
        return found

    def add_image(self, incident_id: str, data: bytes) -> Json:
        """Keep a PNG or JPEG; the same again is the one that is there."""
        return self._tell("POST", _images(incident_id), {"data": base64.b64encode(data).decode()})


def _images(incident_id: str) -> str:
    return f"/crisis/incidents/{quote(incident_id, safe='')}/images/"
