"""The channel map from what a station knows: what was published, open incidents, deliveries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.outages import Naming, TakenOut, taken_out
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.rota import Rota
from crisisdesk.domain.survivability import ChannelMap, channel_map


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a station knows that the map is made of.

    ``uses`` are by the id of the contact method, ``named`` what each open incident names, ``ended``
    the ids of incidents that are over.
    """

    contacts: Sequence[Contact] = ()
    versions: Sequence[PolicyVersion] = ()
    uses: Mapping[str, Use] = field(default_factory=dict)
    named: Sequence[Naming] = ()
    ended: frozenset[str] = frozenset()


def outages_of(known: Known, now_ms: int) -> dict[str, TakenOut]:
    """Everything that counts as gone at ``now_ms`` (UTC), by its name."""
    return _out(known, Rota(known.versions), now_ms)


def _out(known: Known, rota: Rota, now_ms: int) -> dict[str, TakenOut]:
    needed = rota.dependencies.of_contacts(known.contacts)
    return taken_out(rota.sayings, known.named, needed, now_ms, known.ended.__contains__)


def survey(known: Known, now_ms: int, without: Collection[str] = ()) -> ChannelMap:
    """The map at ``now_ms`` (UTC), with ``without`` supposed to be out as well."""
    rota = Rota(known.versions)
    out = _out(known, rota, now_ms)
    return channel_map(known.contacts, known.uses, rota.dependencies, out, now_ms, without)
