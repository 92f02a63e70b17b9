"""``crisisdesk watchdog``: who outside is told every minute that this station lives."""

from __future__ import annotations

import sys
from getpass import getpass
from urllib.parse import SplitResult, urlsplit

import typer

from crisisdesk.cli.station import REFUSED, USAGE, DataDir, fail, in_words, places_of

# The name under which the engine looks for the address.
URL_NAME = "watchdog:url"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

app = typer.Typer(help="An outside watchdog that hears this station's beat.")


@app.command("show")
def show(data_dir: DataDir = None) -> None:
    """Say which host is told; the address itself is a secret."""
    url = _kept(data_dir)
    if url is None:
        print("No watchdog: nobody outside learns of it when this station dies.")
    else:
        print(f"{urlsplit(url).hostname} is told every minute")


@app.command("set")
def set_(data_dir: DataDir = None) -> None:
    """Tell an address, read from the terminal or stdin, that all is well; address/fail what not."""
    url = _read()
    parts = _checked(url)
    with in_words():
        from crisisdesk.settings.secrets import open_secrets

        open_secrets(places_of(data_dir)).set(URL_NAME, url)
    print(f"{parts.hostname} is told every minute, from the next beat of the engine on")


@app.command("off")
def off(data_dir: DataDir = None) -> None:
    """Tell nobody any more. Pause the check outside first, or it raises the alarm."""
    if _kept(data_dir) is None:
        fail(REFUSED, "there is no watchdog")
    with in_words():
        from crisisdesk.settings.secrets import open_secrets

        open_secrets(places_of(data_dir)).delete(URL_NAME)
    print("nobody outside is told any more")


def _kept(data_dir: DataDir) -> str | None:
    with in_words():
        from crisisdesk.settings.secrets import open_secrets

        return open_secrets(places_of(data_dir)).get(URL_NAME)


def _read() -> str:
    """The address, which is a secret: not shown while it is typed, and never an argument."""
    if sys.stdin.isatty():
        return getpass("Address of the check, https://…: ").strip()
    return sys.stdin.readline().strip()


def _checked(url: str) -> SplitResult:
    """The parts of an address that can be told; ends with a sentence otherwise."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        fail(USAGE, "url: is no address; write https://host/path as the watchdog shows it")
    if parts.scheme not in ("https", "http") or not host or any(c.isspace() for c in url):
        fail(USAGE, "url: must begin with https:// and name a host, as the watchdog shows it")
    if parts.scheme == "http" and host not in LOOPBACK:
        fail(USAGE, "url: would cross the network in the clear; write it with https://")
    if parts.fragment:
        fail(USAGE, "url: has a part behind #, which is never sent; leave it out")
    return parts
