"""The connection: what breaks it, what is told of it, and that nothing waits for ever."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.hub import schema
from crisisdesk.hub.address import HubAddress, hub_address
from crisisdesk.hub.connection import HubLink

from tests.hub.ways import address
from tests.postgres.fixtures import HubPlace, make_hub
from tests.postgres.proxy import FaultProxy, Mode
from tests.postgres.server import PostgresServer

WHO = "SELECT current_user::text"


@pytest.fixture
def road(hub_place: HubPlace) -> Iterator[FaultProxy]:
    with FaultProxy(hub_place.server.port) as proxy:
        yield proxy


def test_it_comes_back_by_itself_after_a_break(hub_place: HubPlace, road: FaultProxy) -> None:
    link = HubLink(address(hub_place.login(port=road.port)), "test")
    assert link.ask(WHO) == [(f"{hub_place.database}_alpha",)]
    for mode in (Mode.RESET, Mode.REFUSE):
        road.mode = mode
        for _ in range(2):
            with pytest.raises(HubAway):
                link.ask(WHO)
        road.mode = Mode.PASS
        assert link.ask(WHO) == [(f"{hub_place.database}_alpha",)]
    link.close()


@pytest.mark.parametrize(
    "mode", [Mode.BLACKHOLE, Mode.ONE_WAY_UP, Mode.ONE_WAY_DOWN, Mode.HALF_OPEN]
)
def test_a_server_that_does_not_answer_is_away_in_time(
    hub_place: HubPlace, road: FaultProxy, mode: Mode
) -> None:
    link = HubLink(address(hub_place.login(port=road.port)), "test", answer_s=0.4)
    link.ask(WHO)
    road.mode = mode
    began = monotonic()
    with pytest.raises(HubAway, match="did not answer"):
        link.ask(WHO)
    with pytest.raises(HubAway, match="cannot be reached"):
        link.ask(WHO)
    # The deadlines are 0.4 s and 3 s; without them this would not end at all.
    assert monotonic() - began < 30
    road.mode = Mode.PASS
    assert link.ask(WHO)
    link.close()


def test_another_thread_can_break_off_what_is_under_way(hub_place: HubPlace) -> None:
    link = HubLink(address(hub_place.login()), "test")
    link.ask(WHO)
    told: list[Exception] = []

    def ask() -> None:
        try:
            link.ask("SELECT pg_sleep(60)")
        except HubAway as error:
            told.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    with psycopg.connect(hub_place.admin_dsn, autocommit=True) as admin:
        question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        deadline = monotonic() + 20
        while admin.execute(question).fetchone() == (0,):
            assert monotonic() < deadline
    link.close()
    asking.join(10)
    assert len(told) == 1
    link.close()
    with pytest.raises(HubAway, match="closed"):
        link.ask(WHO)


def test_a_server_that_is_killed_and_comes_back() -> None:
    with PostgresServer() as server:
        place = make_hub(server)
        link = HubLink(address(place.login()), "test")
        link.ask(WHO)
        for end in (server.stop, server.stop_at_once, server.kill):
            end()
            with pytest.raises(HubAway):
                link.ask(WHO)
            with pytest.raises(HubAway):
                link.ask(WHO)
            server.start()
            assert link.ask(WHO)
        link.close()


def test_what_the_hub_refuses_is_said_in_words_without_secrets(
    hub_place: HubPlace, empty_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good = address(hub_place.login())

    def changed(**parameters: str) -> HubAddress:
        return replace(good, parameters={**good.parameters, **parameters})

    empty = str(psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"])
    cases = [
        (replace(good, password="hidden-word-17"), "does not accept this station's login"),
        (replace(good, password=""), "does not accept this station's login"),
        (changed(user="nobody_here"), "does not accept|does not know"),
        (changed(dbname="nowhere"), "no such database"),
        (changed(dbname=empty), "no CrisisDesk schema"),
    ]
    for wrong, words in cases:
        with pytest.raises(HubRefused, match=words) as caught:
            HubLink(wrong, "test").ask(WHO)
        assert "word" not in str(caught.value).replace("password", "")
    assert "hidden-word-17" not in caplog.text
    assert good.password not in caplog.text


def test_missing_rights_are_a_refusal_and_the_connection_stays(hub_place: HubPlace) -> None:
    link = HubLink(address(hub_place.login()), "test")
    link.ask(WHO)
    with pytest.raises(HubRefused, match="42501"):
        link.ask("DELETE FROM cd.ev")
    with pytest.raises(HubRefused, match="42883"):
        link.ask("SELECT cd.no_such_function()")
    assert link.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = current_user") == [(1,)]
    link.close()


def two_hosts(place: HubPlace, first: int, second: int) -> HubAddress:
    parts = psycopg.conninfo.conninfo_to_dict(place.login())
    url = f"postgresql://{parts['user']}@127.0.0.1:{first},127.0.0.1:{second}/{parts['dbname']}"
    return hub_address(url, "", str(parts["password"]))


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.RESET, Mode.BLACKHOLE])
def test_the_second_host_is_used_when_the_first_is_away(
    hub_place: HubPlace, road: FaultProxy, mode: Mode
) -> None:
    road.mode = mode
    link = HubLink(two_hosts(hub_place, road.port, hub_place.server.port), "test")
    assert link.ask("SELECT inet_server_port()") == [(hub_place.server.port,)]
    link.close()


def test_a_hub_that_takes_no_more_writes_is_left_for_one_that_does(hub_place: HubPlace) -> None:
    with PostgresServer() as former:
        old = HubPlace(server=former, database=hub_place.database)
        former.copy_database("template1", hub_place.database)
        schema.upgrade(old.admin_dsn)
        assert old.login() != hub_place.login()
        link = HubLink(two_hosts(hub_place, former.port, hub_place.server.port), "test")
        where = "SELECT inet_server_port()"
        assert link.ask(where) == [(former.port,)]
        with psycopg.connect(old.admin_dsn, autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            admin.execute("SELECT pg_reload_conf()")
            deadline = monotonic() + 20
            while admin.execute("SHOW default_transaction_read_only").fetchone() == ("off",):
                assert monotonic() < deadline
        with pytest.raises(HubAway, match="no writes"):
            link.ask("SELECT * FROM cd.renew('me', 4000, 0)")
        assert link.ask(where) == [(hub_place.server.port,)]
        link.close()


def test_all_hosts_read_only_is_away_and_not_refused(hub_place: HubPlace) -> None:
    both = two_hosts(hub_place, hub_place.server.port, hub_place.server.port)
    with psycopg.connect(hub_place.admin_dsn, autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {hub_place.database} SET default_transaction_read_only = on")
    with pytest.raises(HubAway, match="cannot be reached"):
        HubLink(both, "test").ask(WHO)
