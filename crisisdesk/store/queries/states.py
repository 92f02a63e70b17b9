"""Stored states back into the domain's types, by the fastest JSON reader at hand."""

from __future__ import annotations

from typing import TypeVar

import orjson

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.incident import Incident, IncidentUpdate
from crisisdesk.domain.station import Station

T = TypeVar("T")
_KNOWN = frozenset({Alert, Contact, Delivery, Incident, IncidentUpdate, Station})


def decode(kind: type[T], data: bytes) -> T:
    """The state that `domain.fold.state_bytes` wrote.

    Canonical bytes hold 64 bit integers and no floats, so orjson reads exactly what json would.
    """
    assert kind in _KNOWN
    return kind(**orjson.loads(data))
