"""Which certificates a look accepts: the system's, those of a file, or any."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import down, unsure

DAY_S = 86_400
SETTINGS = ("verify", "ca_file", "tls_days")


def check(fields: Fields) -> dict[str, Any]:
    """The settings about TLS that http and tcp share; raises Malformed."""
    return {
        "verify": fields.yes("verify", default=True),
        "ca_file": fields.text("ca_file", ""),
        "tls_days": fields.whole("tls_days", 0, 3650, 0),
    }


def days_left(certificate: Mapping[str, Any], now_ms: int) -> float | None:
    """How many days a certificate (as `ssl` tells it) is still good; None when it does not say."""
    until = certificate.get("notAfter")
    if not isinstance(until, str):
        return None
    return (ssl.cert_time_to_seconds(until) - now_ms / 1000) / DAY_S


def assert_days(left: float | None, least: int, values: dict[str, float]) -> None:
    """Note how long the certificate is good; raises Unanswered when that is less than ``least``
    days."""
    if left is None:
        return
    values["tls_days"] = left
    if least and left < least:
        raise down(f"the certificate ends in {left:.1f} days; {least} are wanted", values)


class Trust:
    """Makes contexts once: reading the system's certificates takes a while."""

    def __init__(self) -> None:
        self._made: dict[tuple[bool, str, int], ssl.SSLContext] = {}

    def context(self, settings: Mapping[str, Any]) -> ssl.SSLContext:
        """The context for checked settings; raises Unanswered for a file that cannot be used."""
        verify, ca_file = settings["verify"], settings["ca_file"]
        try:
            changed = Path(ca_file).stat().st_mtime_ns if ca_file else 0
            key = (verify, ca_file, changed)
            if key not in self._made:
                self._made[key] = _made(verify, ca_file)
            return self._made[key]
        except (ssl.SSLError, ValueError) as error:
            raise unsure("settings.ca_file: holds no certificate") from error
        except OSError as error:
            raise unsure(f"settings.ca_file: {error.strerror or 'cannot be read'}") from error


def _made(verify: bool, ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or None)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
