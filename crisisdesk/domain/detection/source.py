"""A source: something that this station looks at by itself at intervals.

What is declared is published content like a policy's (`PolicyVersion`, kind ``source``), told apart
by the source's own id, so that all stations know it and its versions are kept. What a look found
is no event: samples go to the station's sample store, and that something is down says its alert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KIND = "source"
# The source name of the alerts that a failing look raises; the key is the source's id.
ALERT_SOURCE = "probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One declared source. Spans are ms; ``since`` (UTC ms) is when it was declared, changed or
    resumed.

    ``type`` names the adapter ("http", "tcp", "prometheus", ...) and ``settings`` are its own, JSON
    without floats, checked by it; a secret stands there only as the name of an entry of the
    station's secrets. After ``failures`` looks in a row that found it down an alert of ``severity``
    is raised. ``where`` says which stations look: the one on duty ("duty"), or each for itself
    ("each").
    """

    source_id: str
    version_id: str
    name: str
    type: str
    settings: Mapping[str, Any]
    every_ms: int
    timeout_ms: int
    failures: int
    severity: str
    service: str
    where: str
    paused: bool
    since: int
    by: str
