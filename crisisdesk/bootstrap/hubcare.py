"""``crisisdesk hub``: set a hub up, invite stations to it, join it, look at it, evict, leave."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from crisisdesk.bootstrap.hubkeeping import (
    ADMIN_LOGIN,
    FLEET_KEY_NAME,
    Kept,
    ca_text,
    forget_hub,
    keep_hub,
    kept_hub,
    with_certificate,
)
from crisisdesk.bootstrap.hubstatus import fleet_of, not_yet_on_the_hub, told
from crisisdesk.domain.errors import Conflict, DomainError, Malformed
from crisisdesk.engine.ports import Secrets
from crisisdesk.hub import joining
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.join_code import BadJoinCode, JoinCode, read_join_code
from crisisdesk.hub.sealing import BadFleetKey, fleet_key_bytes, new_fleet_key
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.file import load_settings
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places, default_data_dir
from crisisdesk.settings.secrets import open_secrets

ADMIN_PASSWORD = "CRISISDESK_HUB_ADMIN_PASSWORD"
REFUSED, AWAY = 1, 3
_CODE_CHARACTERS = 100_000
EVICTION = """\
Evicting {name} ({station_id}):
- its login {role} is closed, and the hub takes nothing from it any more;
- the others no longer wait for it, so old events may leave their logs;
- what it wrote and has not handed over yet stays on its disk alone;
- it still holds every event and every contact address it has seen: if it was lost or stolen, change
  the addresses and tokens of your contact methods.
To do it: crisisdesk hub evict {station_id} --yes
"""
LEAVING = """\
Leaving the hub {where}:
- this station exchanges nothing any more, and pages by itself as if it stood alone;
- its log, its contacts and their addresses stay; the hub's password and the fleet key go;
- the other stations wait for it until it is evicted there: crisisdesk hub evict NAME
To do it: crisisdesk hub leave --yes
"""


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 0 done, 1 refused with the reason on stderr, 3 when no engine runs."""
    # Taken away at once: no program that is started from here has any business with it.
    password = os.environ.pop(ADMIN_PASSWORD, "")
    try:
        return _ACTIONS[options.action](Care(password), options)
    except DomainError as error:
        return _refuse(str(error))
    except (SettingsError, BadJoinCode, BadFleetKey) as error:
        return _refuse(str(error))


class Care:
    """One station's files, and the administrator's password as far as it was given."""

    def __init__(self, password: str) -> None:
        self._password = password
        self.places = Places(default_data_dir())
        self.settings: Settings = load_settings(self.places.settings)
        self.places.prepare(allow_shared=self.settings.allow_shared_data_dir)
        self.secrets: Secrets = open_secrets(self.places)

    def admin(self, url: str, ca_file: str, field: str) -> HubAddress:
        """The administrator's way to a hub; asks for the password when nothing else gives one."""
        bare = joining.checked_address(url, ca_file, "", field)
        password = self._password
        if not password and sys.stdin.isatty() and not _in_pgpass():
            password = getpass.getpass(f"Password of {bare.parameters['user']} at the hub: ")
        return joining.checked_address(url, ca_file, password, field)

    def admin_again(self, login: str) -> HubAddress:
        """The administrator's way to the hub that this station has joined."""
        kept = kept_hub(self.settings, self.secrets)
        login = login or self.secrets.get(ADMIN_LOGIN) or ""
        if not login:
            remedy = "name the administrator's login with --admin"
            raise Malformed("--admin", "this station has not set the hub up", remedy)
        own = joining.checked_address(kept.url, kept.ca_file, "", "hub.url")
        return self.admin(joining.url_of(own, login), kept.ca_file, "--admin")


def init(care: Care, options: argparse.Namespace) -> int:
    """Make or upgrade the schema; at the first station also the fleet's key and its login."""
    rank = _rank(options.duty_rank)
    ca_file = _absolute(options.ca)
    admin = care.admin(options.url, ca_file, "URL")
    known = care.settings.hub.url
    if known and not _same_hub(known, admin, care.settings.hub.ca_file):
        raise Conflict(
            "URL",
            f"this station has joined {_where(known)}",
            "leave that first: crisisdesk hub leave",
        )
    ca_text(ca_file)
    joining.upgrade(admin)
    if known:
        _say(
            f"the hub {_where(known)} has this program's schema; this station has joined it already"
        )
        return 0
    login, password = joining.make_login(admin, care.settings.station_name, again=False, free=True)
    kept = Kept(
        url=joining.url_of(admin, login),
        ca_file=ca_file,
        password=password,
        fleet_key=care.secrets.get(FLEET_KEY_NAME) or new_fleet_key(),
        duty_rank=1 if rank is None else rank,
    )
    joining.check_door(joining.checked_address(kept.url, ca_file, password, "URL"))
    keep_hub(care.places, care.secrets, kept)
    care.secrets.set(ADMIN_LOGIN, admin.parameters["user"])
    _say(
        f"the hub {_where(kept.url)} is set up, and this station has joined it with duty rank "
        f"{kept.duty_rank}\nrestart the engine; invite others with: crisisdesk hub invite NAME"
    )
    return 0


def invite(care: Care, options: argparse.Namespace) -> int:
    """A login and its code, once, on stdout."""
    kept = kept_hub(care.settings, care.secrets)
    joining.login_name(options.name)
    ca_pem = ca_text(kept.ca_file)
    admin = care.admin_again(options.admin)
    login, password = joining.make_login(admin, options.name, again=options.again)
    code = JoinCode(
        url=joining.url_of(admin, login),
        role=login,
        password=password,
        fleet_key=kept.fleet_key,
        ca_pem=ca_pem,
    )
    sys.stderr.write(
        f"This code is a secret: with it anyone can join as {login} and open every contact address."
        "\nHand it over in person or by a channel you trust, for one station, and keep no copy."
        "\nIt is shown this once. At the other station: crisisdesk hub join\n\n"
    )
    _say(code.text())
    return 0


def join(care: Care, options: argparse.Namespace) -> int:
    """Keep what the code holds, once the hub has let this station in."""
    rank = _rank(options.duty_rank)
    code = read_join_code(_read_code())
    fleet_key_bytes(code.fleet_key)
    known = care.settings.hub.url
    with with_certificate(care.places, code.ca_pem) as ca_file:
        address = joining.checked_address(code.url, ca_file, code.password, "join code")
        if known and not _same_hub(known, address, care.settings.hub.ca_file):
            remedy = "leave that first: crisisdesk hub leave"
            raise Conflict("join code", f"this station has joined {_where(known)}", remedy)
        if (care.secrets.get(FLEET_KEY_NAME) or code.fleet_key) != code.fleet_key:
            remedy = "leave the hub first: crisisdesk hub leave"
            raise Conflict("join code", "its fleet is not the one of this station", remedy)
        joining.check_door(address)
    kept = Kept(
        url=code.url,
        ca_file="",
        password=code.password,
        fleet_key=code.fleet_key,
        duty_rank=care.settings.hub.duty_rank if rank is None else rank,
    )
    keep_hub(care.places, care.secrets, kept, code.ca_pem)
    _say(f"this station has joined {_where(code.url)} as {code.role}\nrestart the engine")
    if kept.duty_rank is None:
        _say(
            "it has no duty rank: while the hub is away it never pages; to let it, give it one, "
            "lower ones first: hub.duty_rank in settings.toml"
        )
    return 0


def status(care: Care, _options: argparse.Namespace) -> int:
    """What the running engine says; without one only what is set."""
    where = _where(care.settings.hub.url) if care.settings.hub.url else ""
    fleet = fleet_of(care.places)
    if fleet is None:
        _say(f"hub: {where or 'none is set up'}")
        sys.stderr.write(f"crisisdesk: no engine runs on {care.places.data_dir}; start it first\n")
        return AWAY
    _say("\n".join(told(fleet)))
    return 0


def evict(care: Care, options: argparse.Namespace) -> int:
    """Say what it means; with --yes do it."""
    admin = care.admin_again(options.admin)
    station = joining.find_station(joining.registered(admin), options.station)
    own = joining.checked_address(care.settings.hub.url, care.settings.hub.ca_file, "", "hub.url")
    if station.role == own.parameters["user"]:
        remedy = "use crisisdesk hub leave here, or evict it from another station"
        raise Conflict("STATION", "that is this station itself", remedy)
    if not options.yes:
        role = station.role or "(none)"
        sys.stderr.write(
            EVICTION.format(name=station.name, station_id=station.station_id, role=role)
        )
        return REFUSED
    done = joining.evict(admin, station)
    _say(f"{station.name} ({station.station_id}) {'is' if done else 'was already'} evicted")
    return 0


def leave(care: Care, options: argparse.Namespace) -> int:
    """Say what it means; with --yes do it."""
    url = care.settings.hub.url
    if not url:
        raise Conflict("hub", "this station has joined none", "nothing to leave")
    if not options.yes:
        sys.stderr.write(LEAVING.format(where=_where(url)))
        sys.stderr.write(not_yet_on_the_hub(care.places))
        return REFUSED
    forget_hub(care.places, care.secrets)
    _say(f"this station has left {_where(url)}; restart the engine")
    return 0


Action = Callable[[Care, argparse.Namespace], int]
_ACTIONS: dict[str, Action] = {
    "init": init,
    "invite": invite,
    "join": join,
    "status": status,
    "evict": evict,
    "leave": leave,
}


def _rank(given: int | None) -> int | None:
    if given is not None and not 1 <= given <= 99:
        raise Malformed("--duty-rank", f"{given} is out of range", "use 1 (first) to 99")
    return given


def _absolute(ca: str) -> str:
    return ca if ca in ("", "system") else str(Path(ca).expanduser().absolute())


def _where(url: str) -> str:
    """A hub's place without the login."""
    return url.rpartition("@")[2]


def _same_hub(known: str, address: HubAddress, ca_file: str) -> bool:
    own = joining.checked_address(known, ca_file, "", "hub.url")
    return joining.url_of(own, "x") == joining.url_of(address, "x")


def _in_pgpass() -> bool:
    """Whether libpq will look a password up by itself."""
    given = os.environ.get("PGPASSFILE")
    file = Path(given) if given else Path.home() / ".pgpass"
    return bool(os.environ.get("PGPASSWORD")) or file.is_file()


def _read_code() -> str:
    """The code from standard input, or typed in up to its end."""
    if not sys.stdin.isatty():
        return sys.stdin.read(_CODE_CHARACTERS)
    sys.stderr.write("Paste the join code, then press Enter:\n")
    lines: list[str] = []
    while (line := sys.stdin.readline()) and len(lines) < 1000:
        lines.append(line)
        if "".join("".join(lines).split()).endswith(".END") or not line.strip():
            break
    return "".join(lines)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _refuse(why: str) -> int:
    sys.stderr.write(f"crisisdesk: {why}\n")
    return REFUSED
