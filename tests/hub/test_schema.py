"""The hub's schema: made and made again; a station can read and call, and write nothing itself."""

from __future__ import annotations

import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg import sql

from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.hub import schema

from tests.postgres.fixtures import HubPlace

TABLES = "form head ev owner handed_over station signed_head duty delivery alembic_version".split()
WRITES = {
    "insert": "INSERT INTO cd.{} SELECT * FROM cd.{}",
    "update": "UPDATE cd.{} SET {} = {}",
    "delete": "DELETE FROM cd.{}",
    "truncate": "TRUNCATE cd.{}",
    "lock": "LOCK TABLE cd.{} IN ACCESS EXCLUSIVE MODE",
    "drop": "DROP TABLE cd.{}",
    "disable": "ALTER TABLE cd.{} DISABLE ROW LEVEL SECURITY",
}


def connect(dsn: str) -> psycopg.Connection:
    return psycopg.connect(dsn, autocommit=True)


def write(verb: str, table: str, column: str) -> sql.Composed:
    pattern = WRITES[verb]
    names = [sql.Identifier(table), sql.Identifier(column), sql.Identifier(column)]
    if verb == "insert":
        names[1] = names[0]
    return sql.SQL(pattern).format(*names[: pattern.count("{}")])


def tables(connection: psycopg.Connection) -> dict[str, str]:
    """Every table of the hub, later steps' too, and one of its columns."""
    rows = connection.execute(
        "SELECT table_name, min(column_name) FROM information_schema.columns "
        "WHERE table_schema = 'cd' GROUP BY 1"
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize("verb", sorted(WRITES))
def test_no_table_can_be_written_by_a_station_or_a_reader(hub_place: HubPlace, verb: str) -> None:
    schema.create_reader_login(hub_place.admin_dsn, f"{hub_place.database}_bi", "seen")
    reader = hub_place.server.dsn(
        hub_place.database, user=f"{hub_place.database}_bi", password="seen"
    )
    with connect(hub_place.admin_dsn) as admin:
        known = tables(admin)
    assert set(TABLES) <= set(known)
    for dsn in (hub_place.login(), reader):
        with connect(dsn) as connection:
            for table, column in known.items():
                with (
                    pytest.raises(psycopg.errors.InsufficientPrivilege),
                    connection.transaction(),
                ):
                    connection.execute(write(verb, table, column))


def test_nor_when_a_grant_slips_in(hub_place: HubPlace) -> None:
    dsn = hub_place.login()
    with connect(hub_place.admin_dsn) as admin:
        admin.execute("GRANT ALL ON ALL TABLES IN SCHEMA cd TO crisisdesk_station")
        admin.execute("INSERT INTO cd.duty VALUES ('duty', 'a', 7, now())")
    with connect(dsn) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(f"INSERT INTO cd.head VALUES ('{'a' * 32}', 1, 'x')")
        assert connection.execute("UPDATE cd.duty SET token = 99").rowcount == 0
        assert connection.execute("DELETE FROM cd.duty").rowcount == 0


def test_not_even_the_owners_functions_change_an_event(hub_place: HubPlace) -> None:
    with connect(hub_place.admin_dsn) as admin:
        admin.execute(f"INSERT INTO cd.ev VALUES ('{'a' * 32}', 1, 1, 'A', 'r', 'b', 's', 'h')")
        admin.execute("SET ROLE crisisdesk_owner")
        assert admin.execute("UPDATE cd.ev SET body = 'x'").rowcount == 0
        assert admin.execute("DELETE FROM cd.ev").rowcount == 0
        assert admin.execute("SELECT body FROM cd.ev").fetchall() == [(b"b",)]


def test_a_station_can_call_what_it_needs_and_not_what_administrators_need(
    hub_place: HubPlace,
) -> None:
    with connect(hub_place.login()) as connection:
        assert connection.execute("SELECT * FROM cd.renew('me', 4000, 0)").fetchone()
        for question in ("SELECT cd.evict('x')", "SELECT cd.free_login('x')", "SELECT cd.admit()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(question.encode())
        for question in (
            "CREATE TABLE cd.mine ()",
            "CREATE FUNCTION cd.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SET ROLE crisisdesk_owner",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(question.encode())


def test_no_function_is_open_to_everyone_or_takes_a_path_from_its_caller(
    hub_place: HubPlace,
) -> None:
    with connect(hub_place.admin_dsn) as admin:
        rows = admin.execute(
            "SELECT proname, prosecdef, proconfig::text, has_function_privilege('public', oid, "
            "'EXECUTE'), pg_get_userbyid(proowner) FROM pg_proc "
            "WHERE pronamespace = 'cd'::regnamespace"
        ).fetchall()
    assert len(rows) > 10
    for name, definer, config, public, owner in rows:
        assert not public, name
        assert owner == schema.OWNER, name
        assert "search_path=pg_catalog" in (config or ""), name
        assert "pg_temp" in config, name
        assert definer or name == "rank", name


def test_a_table_without_the_second_wall_would_be_seen(hub_place: HubPlace) -> None:
    with connect(hub_place.admin_dsn) as admin:
        rows = admin.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'cd'::regnamespace "
            "AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)"
        ).fetchall()
    assert rows == [("alembic_version",)]


def test_upgrading_again_changes_nothing_and_one_step_after_the_other_ends_the_same(
    empty_database: str,
) -> None:
    scripts = ScriptDirectory.from_config(schema.alembic_config())
    steps = [step.revision for step in scripts.walk_revisions()][::-1]
    assert steps[:2] == ["0001", "0002"]
    for revision in [*steps, "head"]:
        schema.upgrade(empty_database, revision)
    with connect(empty_database) as admin:
        rows = admin.execute("SELECT version_num FROM cd.alembic_version").fetchall()
    assert rows == [(steps[-1],)]


def test_it_needs_no_superuser(hub_place: HubPlace, empty_database: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"]
    keeper = f"{name}_keeper"
    with connect(empty_database) as admin:
        admin.execute(f"CREATE ROLE {keeper} LOGIN CREATEROLE PASSWORD 'k'")
        admin.execute(f"GRANT crisisdesk_owner, crisisdesk_station TO {keeper} WITH ADMIN OPTION")
        admin.execute(f"ALTER DATABASE {name} OWNER TO {keeper}")
    dsn = psycopg.conninfo.make_conninfo(empty_database, user=keeper, password="k")
    schema.upgrade(dsn)
    schema.create_station_login(dsn, f"{name}_s", "p")
    station = psycopg.conninfo.make_conninfo(empty_database, user=f"{name}_s", password="p")
    with connect(station) as connection:
        schema.check_form(connection)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM cd.ev")


def test_another_form_is_refused_in_words(hub_place: HubPlace, empty_database: str) -> None:
    with connect(empty_database) as admin:
        with pytest.raises(HubRefused, match="no CrisisDesk schema"):
            schema.check_form(admin)
        schema.upgrade(empty_database, "0001")
        with pytest.raises(HubRefused, match="older"):
            schema.check_form(admin)
    with connect(hub_place.admin_dsn) as admin:
        schema.check_form(admin)
        admin.execute("UPDATE cd.form SET oldest = 9999")
        with pytest.raises(HubRefused, match="newer"):
            schema.check_form(admin)


def test_a_password_reaches_no_log_of_the_server(hub_place: HubPlace) -> None:
    with connect(hub_place.admin_dsn) as admin:
        name = sql.Identifier(hub_place.database)
        admin.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(name))
    schema.create_station_login(hub_place.admin_dsn, f"{hub_place.database}_x", "hidden-word-17")
    said = hub_place.server.log_tail(200)
    assert f"{hub_place.database}_x" in said
    assert "hidden-word-17" not in said
