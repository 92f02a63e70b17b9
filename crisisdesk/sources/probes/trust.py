"""Which certificates a look accepts: the system's, those of a file, or any."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crisisdesk.sources.probes import asked
from crisisdesk.sources.probes.finding import CannotLook

SETTINGS = ("verify", "ca_file", "tls_days")


def check(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings about TLS that http and tcp share; raises Malformed."""
    return {
        "verify": asked.yes(settings, "verify", True),
        "ca_file": asked.text(settings, "ca_file", ""),
        "tls_days": asked.whole(settings, "tls_days", 0, 0, 3650),
    }


class Trust:
    """Makes contexts once: reading the system's certificates takes a while."""

    def __init__(self) -> None:
        self._made: dict[tuple[bool, str, int], ssl.SSLContext] = {}

    def context(self, settings: Mapping[str, Any]) -> ssl.SSLContext:
        """The context for checked settings; raises CannotLook for a file that cannot be used."""
        verify, ca_file = settings["verify"], settings["ca_file"]
        try:
            changed = Path(ca_file).stat().st_mtime_ns if ca_file else 0
            key = (verify, ca_file, changed)
            if key not in self._made:
                self._made[key] = _made(verify, ca_file)
            return self._made[key]
        except (ssl.SSLError, ValueError) as error:
            raise CannotLook("settings.ca_file: holds no certificate") from error
        except OSError as error:
            raise CannotLook(f"settings.ca_file: {error.strerror or 'cannot be read'}") from error


def _made(verify: bool, ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file or None)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
