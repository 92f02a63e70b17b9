"""Addresses and logins of stations, in every form a hub's address can have."""

from __future__ import annotations

import secrets

import psycopg
import pytest

from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.hub import joining
from crisisdesk.hub.address import HubAddress
from crisisdesk.hub.joining import Registered

from tests.postgres.fixtures import HubPlace
from tests.postgres.server import PostgresServer


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("postgresql://adm@127.0.0.1/d", "postgresql://me@127.0.0.1:5432/d"),
        ("postgresql://adm@127.0.0.1:1,127.0.0.2:2/d", "postgresql://me@127.0.0.1:1,127.0.0.2:2/d"),
        ("postgresql://adm@[::1]:6432/d", "postgresql://me@[::1]:6432/d"),
        ("postgresql://adm@%2Frun%2Fpg/d%20e", "postgresql://me@%2Frun%2Fpg:5432/d%20e"),
        ("host=localhost user=adm dbname=d", "postgresql://me@localhost:5432/d"),
    ],
)
def test_another_logins_address_names_the_same_hub(given: str, kept: str) -> None:
    address = joining.checked_address(given, "", "secret", "URL")
    url = joining.url_of(address, "me")
    assert url == kept
    again = joining.checked_address(url, "", "", "URL").parameters
    assert dict(again) == {**address.parameters, "user": "me"}


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Brno", "station_brno"),
        ("Řídicí středisko č. 2", "station_ridici_stredisko_c_2"),
        ('x"; DROP ROLE admin; --', "station_x_drop_role_admin"),
        ("n" * 200, f"station_{'n' * 48}"),
    ],
)
def test_a_login_is_made_of_plain_letters(name: str, login: str) -> None:
    assert joining.login_name(name) == login


@pytest.mark.parametrize("name", ["", "  ", "—", "日本"])
def test_a_name_without_any_is_refused(name: str) -> None:
    with pytest.raises(Malformed, match="NAME: "):
        joining.login_name(name)


def one(name: str, number: int) -> Registered:
    return Registered(station_id=f"S-{number}", name=name, role=f"r{number}", evicted=False)


def test_a_station_is_found_by_id_login_or_its_only_name() -> None:
    stations = [one("Brno", 1), one("Brno", 2), one("Prague", 3)]
    assert joining.find_station(stations, "S-1") == stations[0]
    assert joining.find_station(stations, "r2") == stations[1]
    assert joining.find_station(stations, "Prague") == stations[2]
    with pytest.raises(Conflict, match="2 stations are named Brno; use an id: S-1, S-2"):
        joining.find_station(stations, "Brno")
    with pytest.raises(NotFound, match=r"choose one of: Brno \(S-1\)"):
        joining.find_station(stations, "Atlantis")


def admin_of(place: HubPlace) -> HubAddress:
    given = psycopg.conninfo.conninfo_to_dict(place.admin_dsn)
    url = f"postgresql://{given['user']}@{given['host']}:{given['port']}/{given['dbname']}"
    return joining.checked_address(url, "", str(given["password"]), "URL")


def test_a_fresh_login_gets_in_and_a_taken_name_gives_way(hub_place: HubPlace) -> None:
    admin, name = admin_of(hub_place), f"n{secrets.token_hex(4)}"
    login, password = joining.make_login(admin, name, again=False)
    url = joining.url_of(admin, login)
    joining.check_door(joining.checked_address(url, "", password, "URL"))
    with pytest.raises(Conflict, match="--again"):
        joining.make_login(admin, name, again=False)
    other, _password = joining.make_login(admin, name, again=False, free=True)
    assert other.startswith(f"{login}_")
    again, fresh = joining.make_login(admin, name, again=True)
    assert again == login
    with pytest.raises(Conflict, match="login or password"):
        joining.check_door(joining.checked_address(url, "", password, "URL"))
    joining.check_door(joining.checked_address(url, "", fresh, "URL"))


def test_upgrading_again_changes_nothing(hub_place: HubPlace) -> None:
    admin = admin_of(hub_place)
    joining.upgrade(admin)
    assert joining.registered(admin) == []


@pytest.mark.serial
def test_an_owner_of_the_database_needs_no_more_than_createrole() -> None:
    with PostgresServer() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as root:
            root.execute("CREATE ROLE crisis_admin LOGIN CREATEROLE PASSWORD 'pw'")
            root.execute("CREATE DATABASE crisis OWNER crisis_admin")
        url = f"postgresql://crisis_admin@127.0.0.1:{server.port}/crisis"
        admin = joining.checked_address(url, "", "pw", "URL")
        for _ in range(2):
            joining.upgrade(admin)
        login, password = joining.make_login(admin, "Brno", again=False)
        own = joining.checked_address(joining.url_of(admin, login), "", password, "URL")
        joining.check_door(own)
        gone = Registered(station_id="S-1", name="Brno", role=login, evicted=False)
        assert not joining.evict(admin, gone), "it had never reported"
        with pytest.raises(Conflict, match="does not know"):
            joining.check_door(own)
