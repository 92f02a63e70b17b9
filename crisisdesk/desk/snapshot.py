"""What the reader thread hands to the window: one frozen change, everything coalesced in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crisisdesk.domain.station import Station
    from crisisdesk.store.queries import AlertRow, IncidentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed in the store since the last change, newest state of each row only.

    ``alerts`` and ``incidents`` hold whole rows to be put in place of older ones. ``full`` means
    that what was known before is void and these rows begin anew; large first loads come as one
    full change and more that are not full, ``loading`` being True on all but the last.
    ``deliveries_changed`` says that pages moved, ``updates_changed`` that timelines did and
    ``contacts_changed`` that contacts did. ``station`` is None when it did not change.
    ``touched`` names the aggregates whose events were read; it is empty for a load.
    ``head_pos`` and ``head_ms`` are the position and UTC ms of the last event read, ``seqs`` the
    number of the last one read of each origin.
    """

    alerts: Sequence[AlertRow] = ()
    incidents: Sequence[IncidentRow] = ()
    deliveries_changed: bool = False
    updates_changed: bool = False
    contacts_changed: bool = False
    station: Station | None = None
    head_pos: int = 0
    head_ms: int = 0
    full: bool = False
    loading: bool = False
    touched: frozenset[str] = field(default_factory=frozenset)
    seqs: Mapping[str, int] = field(default_factory=dict)
