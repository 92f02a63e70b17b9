"""Where the hub is and how it is reached safely: checked before the first packet leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from crisisdesk.engine.exchange.ports import HubRefused

ALLOWED = frozenset({"host", "port", "user", "dbname"})
NEEDED = {"host": "host", "user": "login", "dbname": "database"}
SYSTEM_CAS = "system"
# A peer that fell silent is noticed by the kernel; a server that does not answer by the deadlines.
CALM = {
    "connect_timeout": "3",
    "keepalives": "1",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "8000",
    "target_session_attrs": "read-write",
    "gssencmode": "disable",
    "client_encoding": "UTF8",
    "options": "-c statement_timeout=10s -c lock_timeout=3s "
    "-c idle_in_transaction_session_timeout=15s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAddress:
    """libpq's parameters for the hub; the password is in none of them and never shown."""

    parameters: Mapping[str, str]
    password: str = field(default="", repr=False)


def hub_address(url: str, ca_file: str, password: str) -> HubAddress:
    """The way to the hub that ``settings.model.HubSettings`` names, with a password kept in memory.

    A hub on another machine is spoken to only over TLS, with a certificate that ``ca_file`` vouches
    for ("system": the system's authorities) and a password proof bound to that very channel. Raises
    HubRefused with a sentence that names the field.
    """
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value}
    except psycopg.ProgrammingError:
        # Without its text and cause: a password may have been written where none belongs.
        raise HubRefused(
            "hub.url is no address of a Postgres (postgresql://login@host/db)"
        ) from None
    if "password" in given:
        raise HubRefused("hub.url holds a password; it belongs with the secrets")
    if unknown := sorted(given.keys() - ALLOWED):
        raise HubRefused(f"hub.url sets {unknown[0]}, which this program decides itself")
    for name, words in NEEDED.items():
        if name not in given:
            raise HubRefused(f"hub.url names no {words}")
    given.setdefault("port", "5432")
    return HubAddress(parameters=given | _safety(given["host"], ca_file) | CALM, password=password)


def _safety(hosts: str, ca_file: str) -> dict[str, str]:
    """TLS that is verified, or none to this very machine."""
    if not ca_file:
        if foreign := [host for host in hosts.split(",") if not _is_here(host)]:
            raise HubRefused(
                f"hub.ca_file is empty, and {foreign[0]} is another machine: name the certificate "
                'of the authority that its TLS is checked against, or "system"'
            )
        return {"sslmode": "disable", "channel_binding": "disable"}
    if ca_file != SYSTEM_CAS and not Path(ca_file).is_file():
        raise HubRefused("hub.ca_file names no file that can be read")
    return {"sslmode": "verify-full", "sslrootcert": ca_file, "channel_binding": "require"}


def _is_here(host: str) -> bool:
    """Whether a host is this machine: a Unix socket or loopback."""
    if host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
