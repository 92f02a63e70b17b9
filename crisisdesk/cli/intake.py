"""``crisisdesk intake``: how to connect what raises alerts, with this station's own addresses."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crisisdesk.api.client import EngineAway
from crisisdesk.cli.station import REFUSED, DataDir, fail, in_words, places_of, read_door
from crisisdesk.settings.places import Places

# The name under which the engine keeps the token of its intake routes.
TOKEN_NAME = "token:intake"
HIDDEN = "TOKEN"
_PROMETHEUS = """\
Prometheus, straight (as if this were its Alertmanager), in prometheus.yml:

    alerting:
      alertmanagers:
        - scheme: http
          authorization:
            credentials_file: {token_file}
          static_configs:
            - targets: ["{target}"]
"""
_ALERTMANAGER = """\
Alertmanager, as a receiver, in alertmanager.yml:

    receivers:
      - name: crisisdesk
        webhook_configs:
          - url: {url}/intake/alertmanager
            send_resolved: true
            http_config:
              authorization:
                credentials_file: {token_file}
"""
_PAGERDUTY = """\
Senders for PagerDuty's Events API v2: the address, and the token as routing key:

    address       {url}/v2/enqueue
    routing_key   {token}
"""
_GENERIC = """\
Anything that posts JSON, with a mapping of the settings (generic, grafana, uptime-kuma are there):

    curl -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
         -d '{{"title": "Disk 91 % full, limit 85 %", "severity": "high", "key": "disk-1"}}' \\
         {url}/intake/generic/generic
"""
_CHANGES = """\
Deploys, told by PagerDuty's Change Events API v2 (the token as routing_key), GitHub, GitLab, JSON:

    {url}/v2/change/enqueue
    {url}/intake/changes/github
    {url}/intake/changes/gitlab
    curl -H "Authorization: Bearer {token}" -H "Content-Type: application/json" \\
         -d '{{"summary": "shop deployed at v3", "service": "shop"}}' {url}/intake/changes/generic

In other shapes, by a mapping that is published (kind change-mapping) under a name:

    {url}/intake/changes/by/NAME
"""
_SHELL = """\
A shell on this machine:

    crisisdesk alert raise "Disk 91 % full, limit 85 %" --severity high --service disk-1
"""


class Part(StrEnum):
    """What to print alone."""

    TOKEN = "token"


def intake(
    part: Annotated[
        Part | None, typer.Argument(help="Print the token and nothing else.", metavar="[token]")
    ] = None,
    show_token: Annotated[bool, typer.Option("--show-token", help="Write the token out.")] = False,
    token_file: Annotated[
        Path | None, typer.Option(help="Write the token to this file, mode 0600.", metavar="FILE")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """How to connect Prometheus, Alertmanager, PagerDuty senders and others to this station."""
    with in_words():
        places = places_of(data_dir)
        wanted = part is not None or show_token or token_file is not None
        token = _token(places) if wanted else HIDDEN
        url, running = _address(places)
    if token_file is not None:
        _write(token_file, token)
    if part is not None:
        print(token)
        return
    shown = {
        "url": url,
        "target": url.partition("://")[2],
        "token": token if show_token else HIDDEN,
        "token_file": str(token_file.absolute())
        if token_file
        else "/etc/prometheus/crisisdesk.token",
    }
    if not running:
        print("No engine runs now; these are the addresses it will have.\n")
    for text in (_PROMETHEUS, _ALERTMANAGER, _PAGERDUTY, _GENERIC, _CHANGES, _SHELL):
        print(text.format(**shown))
    if not show_token:
        print(
            "--show-token writes the token out; --token-file FILE puts it where a sender reads it."
        )


def _address(places: Places) -> tuple[str, bool]:
    """Where the engine is, or will be by its settings; and whether it runs."""
    try:
        return read_door(places)[0], True
    except EngineAway:
        from crisisdesk.settings.file import load_settings

        settings = load_settings(places.settings)
        return f"http://{settings.host}:{settings.port}", False


def _token(places: Places) -> str:
    from crisisdesk.settings.secrets import open_secrets

    token = open_secrets(places).get(TOKEN_NAME)
    if token is None:
        fail(
            REFUSED, "this station has no intake token yet; its engine makes it when it first runs"
        )
    return token


def _write(path: Path, token: str) -> None:
    from crisisdesk.settings.atomic import write_atomically

    try:
        write_atomically(path.absolute(), token.encode())
    except OSError as error:
        fail(REFUSED, f"{path} cannot be written ({error.strerror or error})")
