"""What a station looks with: probers, its own network, a place for samples and for bookmarks."""

from __future__ import annotations

from crisisdesk.engine.collector_ports import Detection
from crisisdesk.settings.bookmarks import BookmarkFile
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places
from crisisdesk.sources.probes.own_network import Near, NearProbe
from crisisdesk.sources.probes.registry import Probers


def detection(places: Places, settings: Settings) -> Detection:
    """The parts of the collector."""
    told = settings.network
    near = Near(gateway=told.gateway, name_servers=told.name_servers, anchors=told.anchors)
    return Detection(
        probers=Probers(),
        network=NearProbe(near),
        bookmarks=BookmarkFile(places.bookmarks),
    )
