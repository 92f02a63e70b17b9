"""Images in incidents: stripped to the bare image, kept once."""

from __future__ import annotations

from crisisdesk.domain.errors import Conflict
from crisisdesk.domain.image import ADDED, image_body, image_name
from crisisdesk.domain.image_file import bare_image
from crisisdesk.engine.handlers.incident_parts import led_incident
from crisisdesk.engine.image_commands import AddImage
from crisisdesk.engine.workbench import Workbench


def add_image(command: AddImage, bench: Workbench) -> str:
    """Keep it, unless it is there; what is known already is told of on a full disk too."""
    incident = led_incident(bench, command.incident_id)
    image = bare_image(command.data)
    image_id = image_name(incident.incident_id, image)
    if bench.get(image_id) is None:
        if short := bench.journal.short_of_space:
            raise Conflict(
                "image", f"is not kept: {short}", "free some space, or write the note without it"
            )
        bench.emit(image_id, ADDED, image_body(incident.incident_id, image))
    return image_id
