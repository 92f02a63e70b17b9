"""The parts of a direct provider's address, as typed: case kept, a plus sign kept a plus sign."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from crisisdesk.comms.channels import AddressError, is_link_local

TOP_PORT = 65535


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """All of it unquoted. ``details`` are the parameters whose names began with a plus sign."""

    scheme: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    host: str = field(repr=False)
    port: int | None
    path: tuple[str, ...] = field(repr=False)
    given: Mapping[str, str] = field(repr=False)
    details: Mapping[str, str] = field(repr=False)


def parts_of(url: str) -> Parts:
    """Take an address apart; AddressError when that cannot be done."""
    try:
        split = urlsplit(url.strip())
    except ValueError as error:
        raise AddressError("The address is malformed. Check its host and port.") from error
    place = split.netloc.rpartition("@")[2]
    host, _, port = place.rpartition(":")
    # A sender such as w:15551230000 has a colon and no port.
    number = int(port) if host and port.isdecimal() and int(port) <= TOP_PORT else None
    pairs = [pair.partition("=") for pair in split.query.split("&") if pair]
    query = {unquote(name): unquote(value) for name, _, value in pairs}
    return Parts(
        scheme=split.scheme.lower(),
        user=unquote(split.username or ""),
        password=unquote(split.password or ""),
        host=unquote(place if number is None else host),
        port=number,
        path=tuple(unquote(part) for part in split.path.split("/") if part),
        given={name.lower(): value for name, value in query.items() if name[:1] != "+"},
        details={name[1:]: value for name, value in query.items() if name[:1] == "+"},
    )


def base_of(parts: Parts, usual: str) -> str:
    """``https://`` and the provider's host, or the one that ``host=`` names instead.

    Without TLS only on this machine: ``host=http://127.0.0.1:8080``.
    """
    wanted = parts.given.get("host", "")
    if not wanted:
        return f"https://{usual}"
    scheme, marked, place = wanted.rpartition("://")
    try:
        split = urlsplit(f"//{place}")
        host, number = split.hostname or "", split.port
    except ValueError as error:
        raise AddressError("The parameter “host” is malformed. Write host:port.") from error
    if not host or split.path or split.query or "@" in place:
        raise AddressError(
            "The parameter “host” takes a host and a port only, such as events.example.org:8443."
        )
    if (scheme or "https") not in {"http", "https"}:
        raise AddressError("The parameter “host” goes over https. Leave its scheme out.")
    if marked and scheme == "http" and not _is_here(host):
        raise AddressError(
            "The parameter “host” may do without TLS only on this machine (127.0.0.1). Write "
            "https:// or leave the scheme out."
        )
    if is_link_local(host):
        raise AddressError(
            "The parameter “host” takes no link-local address (169.254.x.x, fe80::)."
        )
    name = f"[{host}]" if ":" in host else host
    return f"{scheme or 'https'}://{name}{'' if number is None else f':{number}'}"


def one_recipient(count: int) -> None:
    """Refuse an address that names several: every one needs its own state and retries."""
    if count > 1:
        raise AddressError(
            f"The address names {count} recipients. Make one contact method for each, so that "
            "every one has its own state and retries."
        )


def check_parameters(parts: Parts, known: frozenset[str]) -> None:
    """Refuse what would be typed in vain, and what would switch off the check of certificates."""
    if parts.given.get("verify", "yes").lower() not in {"yes", "true", "1"}:
        raise AddressError(
            "Certificates are always checked here. Remove “verify”, and trust a certificate of "
            "your own by the environment variable SSL_CERT_FILE."
        )
    unknown = sorted(set(parts.given) - known - {"verify"})
    if unknown:
        raise AddressError(
            f"{parts.scheme}:// knows no parameter “{unknown[0][:40]}”. "
            f"Known: {', '.join(sorted(known))}."
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
