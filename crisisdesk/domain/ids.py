"""Identities: time-ordered random ones, and deterministic ones for what many may decide."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes

_NAMESPACE = uuid.UUID("6f0d3c1e-5c1b-5f0e-9a6b-0c7d1e5a2b44")
# No I, L, O, U: ids are read aloud and typed (Crockford's alphabet in RFC 4648's place).
_TO_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)


def uuid7_hex(wall_ms: int, random_bits: int) -> str:
    """A UUID version 7 (RFC 9562) as 32 hex digits, from UTC milliseconds and 74 random bits."""
    value = (wall_ms & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76 | ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62 | (random_bits & 0x3FFFFFFFFFFFFFFF)
    return f"{value:032x}"


def made_at(event_id: str) -> int:
    """When such an id was made, UTC milliseconds; 0 for what is none."""
    try:
        return int(event_id[:12], 16) if len(event_id) == 32 else 0
    except ValueError:
        return 0


def decision_id(*parts: str) -> str:
    """The same id on every station that makes the same machine decision (UUID version 5, hex)."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join(parts)).hex


def alert_id_of(source: str, key: str) -> str:
    """The alert's id: 60 bits of SHA-256 over source and key, so all stations name it alike."""
    return "A-" + _base32(hashlib.sha256(f"{source}\0{key}".encode()).digest(), 12)


def delivery_id_of(alert_id: str, epoch: str, reason: str, method_id: str) -> str:
    """The delivery's id and provider key: one per alert epoch, reason and contact method."""
    digest = hashlib.sha256("\0".join((alert_id, epoch, reason, method_id)).encode()).digest()
    return "D-" + _base32(digest, 16)


def silence_id_of(
    match: dict[str, str],
    matchers: list[str] | None = None,
    starts_at: int | None = None,
    *,
    everything: bool = False,
) -> str:
    """The silence's id: the same for the same matchers and planned start, on every station."""
    what: dict[str, Any] = {"match": match}
    what |= {"matchers": matchers} if matchers else {}
    what |= {} if starts_at is None else {"from": starts_at}
    what |= {"everything": True} if everything else {}
    digest = hashlib.sha256(canonical_bytes(what)).digest()
    return "SIL-" + _base32(digest, 12)


def policy_version_id_of(name: str, content: dict[str, Any]) -> str:
    """A policy version's id: the same for the same name and content, on every station."""
    digest = hashlib.sha256(canonical_bytes({"name": name, "content": content})).digest()
    return "POL-" + _base32(digest, 16)


def escalation_id_of(alert_id: str, epoch: str, life: int) -> str:
    """The escalation's id: one for each life of each epoch of an alert, on every station."""
    digest = hashlib.sha256("\0".join((alert_id, epoch, str(life))).encode()).digest()
    return "ESC-" + _base32(digest, 16)


def candidate_id_of(rule: str, group: Mapping[str, str], opened_at: int) -> str:
    """The candidate's id: one for a rule, a group and the opening of its window, everywhere."""
    what = {"rule": rule, "group": dict(group), "opened_at": opened_at}
    return "CAN-" + _base32(hashlib.sha256(canonical_bytes(what)).digest(), 12)


def incident_id_of(candidate_id: str) -> str:
    """The id of the incident that a candidate becomes, whichever stations accept it."""
    return "INC-" + _base32(hashlib.sha256(candidate_id.encode()).digest(), 8)


def change_id_of(digest: bytes) -> str:
    """The id of a recorded change, from the hash of what was said: the same on every station."""
    return "CHG-" + _base32(digest, 12)


def task_id_of(incident_id: str, action_id: str) -> str:
    """The id of the task that an action of a plan becomes in an incident, on every station."""
    digest = hashlib.sha256("\0".join((incident_id, action_id)).encode()).digest()
    return "TSK-" + _base32(digest, 12)


def image_id_of(incident_id: str, sha256: str) -> str:
    """The id of an image of this hash (hex) in an incident, on every station."""
    digest = hashlib.sha256("\0".join((incident_id, sha256)).encode()).digest()
    return "IMG-" + _base32(digest, 20)


def split_id_of(incident_id: str, alert_ids: Iterable[str]) -> str:
    """The id of the incident that these alerts become when they are split off, everywhere."""
    digest = hashlib.sha256("\0".join((incident_id, *sorted(alert_ids))).encode()).digest()
    return "INC-" + _base32(digest, 8)


def short_id(prefix: str, random_bytes: bytes, length: int = 8) -> str:
    """A readable random id such as ``INC-7K3QX2M9`` from at least ``length`` * 5 bits."""
    return f"{prefix}-{_base32(random_bytes, length)}"


def _base32(data: bytes, length: int) -> str:
    """The first ``length`` * 5 bits of ``data`` in Crockford's base 32."""
    return (
        base64.b32encode(data[: (length * 5 + 7) // 8]).translate(_TO_CROCKFORD)[:length].decode()
    )
