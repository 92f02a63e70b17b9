"""``crisisdesk hub`` on a real Postgres: set up, invite, join, evict, leave; and every refusal."""

from __future__ import annotations

import io
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from crisisdesk.__main__ import main
from crisisdesk.bootstrap.hubkeeping import ADMIN_LOGIN, PASSWORD
from crisisdesk.engine.exchange.ports import HubRefused, Report
from crisisdesk.engine.exchange.vault import FLEET_KEY
from crisisdesk.hub import schema
from crisisdesk.hub.address import hub_address
from crisisdesk.hub.join_code import JoinCode, read_join_code
from crisisdesk.hub.log import PgHub
from crisisdesk.settings.file import load_settings
from crisisdesk.settings.places import Places
from crisisdesk.settings.secrets import open_secrets

from tests.postgres.fixtures import HubPlace
from tests.postgres.server import PostgresServer


@dataclass(slots=True, kw_only=True)
class Shell:
    """Says words to the program as a person at a terminal without one does."""

    folder: Path
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    admin_password: str = ""
    out: str = ""
    err: str = ""

    def say(self, station: str, *words: str, given: str = "") -> int:
        """Run one hub command at a station; ``given`` is its standard input."""
        (self.folder / station).mkdir(exist_ok=True)
        self.patch.setenv("CRISISDESK_DATA_DIR", str(self.folder / station))
        self.patch.setenv("CRISISDESK_STATION_NAME", station)
        if self.admin_password:
            self.patch.setenv("CRISISDESK_HUB_ADMIN_PASSWORD", self.admin_password)
        self.patch.setattr("sys.stdin", io.StringIO(given))
        code = main(["hub", *words])
        self.out, self.err = self.capsys.readouterr()
        assert "CRISISDESK_HUB_ADMIN_PASSWORD" not in os.environ
        return code

    def kept(self, station: str) -> tuple[str, str, int | None, str | None, str | None]:
        """What a station keeps: url, certificate, rank, password, fleet key."""
        places = Places(self.folder / station)
        hub = load_settings(places.settings, {}).hub
        vault = open_secrets(places)
        return hub.url, hub.ca_file, hub.duty_rank, vault.get(PASSWORD), vault.get(FLEET_KEY)

    def files(self, station: str) -> dict[str, bytes]:
        """Every file of a station but the key that its first start makes, and the logs."""
        found = (path for path in (self.folder / station).rglob("*") if path.is_file())
        return {p.name: p.read_bytes() for p in found if p.name != "vault.key"}

    def report(self, station: str, name: str) -> None:
        """Report as that station's engine does at its first exchange."""
        url, ca_file, rank, password, _key = self.kept(station)
        hub = PgHub(hub_address(url, ca_file, password or ""))
        try:
            hub.report(
                Report(
                    station_id=f"S-{name}",
                    origin=secrets.token_hex(16),
                    name=name,
                    version="1",
                    vector={},
                    hlc=0,
                    fold_version=1,
                    duty_rank=rank,
                )
            )
        finally:
            hub.close()


@pytest.fixture
def names() -> tuple[str, str]:
    """Names of stations whose logins no other database of the cluster has."""
    mark = secrets.token_hex(4)
    return f"Prague {mark}", f"Brno {mark}"


@pytest.fixture
def shell(
    tmp_path: Path,
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    return Shell(
        folder=tmp_path, patch=monkeypatch, capsys=capsys, admin_password=postgres.password
    )


@pytest.fixture
def url(empty_database: str) -> str:
    return admin_url(empty_database)


def admin_url(dsn: str, **changes: object) -> str:
    given = conninfo_to_dict(dsn) | changes
    return f"postgresql://{given['user']}@{given['host']}:{given['port']}/{given['dbname']}"


@pytest.fixture
def set_up(shell: Shell, url: str, names: tuple[str, str]) -> Shell:
    """A hub that the first station has set up."""
    assert shell.say(names[0], "init", url) == 0, shell.err
    return shell


def test_init_invite_and_join_make_a_fleet_of_two(
    set_up: Shell, url: str, names: tuple[str, str]
) -> None:
    shell, (prague, brno) = set_up, names
    own_url, ca_file, rank, password, key = shell.kept(prague)
    assert (ca_file, rank) == ("", 1)
    assert own_url.rpartition("@")[2] == url.rpartition("@")[2]
    assert password
    assert password not in own_url
    assert open_secrets(Places(shell.folder / prague)).get(ADMIN_LOGIN) == "admin"
    assert shell.say(prague, "invite", brno) == 0, shell.err
    code = shell.out
    assert "This code is a secret" in shell.err
    assert read_join_code(code).fleet_key == key
    assert shell.say(brno, "join", "--duty-rank", "2", given=code) == 0, shell.err
    their_url, _ca, rank, their_password, their_key = shell.kept(brno)
    assert (rank, their_key) == (2, key)
    assert their_url != own_url
    assert their_password not in (None, password)
    for station in names:
        shell.report(station, station)
    assert shell.say(brno, "join", given=code) == 0, "joining again is harmless"
    assert shell.kept(brno)[2] == 2


def test_no_secret_is_shown_or_lies_in_the_settings(set_up: Shell, names: tuple[str, str]) -> None:
    shell, (prague, brno) = set_up, names
    assert shell.admin_password not in shell.out + shell.err
    assert shell.say(prague, "invite", brno) == 0
    code = read_join_code(shell.out)
    assert code.password not in shell.err
    shell.say(brno, "join", given=code.text())
    assert code.password not in shell.out + shell.err
    for station in names:
        text = (shell.folder / station / "settings.toml").read_text()
        for secret in (*shell.kept(station)[3:], shell.admin_password):
            assert secret is not None
            assert secret not in text


def test_comments_and_order_of_the_settings_stay(
    shell: Shell, url: str, names: tuple[str, str]
) -> None:
    folder = shell.folder / names[0]
    folder.mkdir()
    (folder / "settings.toml").write_text("# ours\nport = 9700 # free\n")
    assert shell.say(names[0], "init", url, "--duty-rank", "3") == 0, shell.err
    assert (folder / "settings.toml").read_text().startswith("# ours\nport = 9700 # free\n")
    assert shell.kept(names[0])[2] == 3


def test_init_twice_changes_nothing(set_up: Shell, url: str, names: tuple[str, str]) -> None:
    kept = set_up.kept(names[0])
    assert set_up.say(names[0], "init", url) == 0
    assert "has joined it already" in set_up.out
    assert set_up.kept(names[0]) == kept


def test_an_invited_name_is_taken_until_it_is_given_again(
    set_up: Shell, names: tuple[str, str]
) -> None:
    shell, (prague, brno) = set_up, names
    assert shell.say(prague, "invite", brno) == 0
    first = shell.out
    assert shell.say(prague, "invite", brno) == 1
    assert "there is a login station_brno" in shell.err
    assert "--again" in shell.err
    assert shell.out == ""
    assert shell.say(prague, "invite", brno, "--again") == 0
    second = shell.out
    assert shell.say(brno, "join", given=first) == 1
    assert "does not accept" in shell.err
    assert shell.say(brno, "join", given=second) == 0


def test_an_evicted_station_is_out_and_its_name_can_be_invited_again(
    set_up: Shell, names: tuple[str, str]
) -> None:
    shell, (prague, brno) = set_up, names
    shell.report(prague, prague)
    shell.say(prague, "invite", brno)
    shell.say(brno, "join", given=shell.out)
    shell.report(brno, brno)
    assert shell.say(prague, "evict", brno) == 1
    assert "still holds every event" in shell.err
    shell.report(brno, brno)
    assert shell.say(prague, "evict", brno, "--yes") == 0, shell.err
    with pytest.raises(HubRefused):
        shell.report(brno, brno)
    assert shell.say(prague, "evict", f"S-{brno}", "--yes") == 0
    assert "was already" in shell.out
    assert shell.say(prague, "evict", "Atlantis") == 1
    assert "the hub knows no Atlantis" in shell.err
    assert shell.say(prague, "evict", prague, "--yes") == 1
    assert "this station itself" in shell.err
    assert shell.say(prague, "invite", brno, "--again") == 0, shell.err
    assert shell.say("other", "join", given=shell.out) == 0, shell.err
    shell.report("other", "other")


def test_leaving_takes_the_hub_and_its_secrets_away(set_up: Shell, names: tuple[str, str]) -> None:
    shell, (prague, _brno) = set_up, names
    assert shell.say(prague, "leave") == 1
    assert "engine does not run" in shell.err
    assert shell.kept(prague)[0]
    assert shell.say(prague, "leave", "--yes") == 0
    assert shell.kept(prague) == ("", "", None, None, None)
    assert shell.say(prague, "leave", "--yes") == 1
    assert "has joined none" in shell.err


def test_without_an_engine_status_says_what_is_set(
    set_up: Shell, url: str, names: tuple[str, str]
) -> None:
    assert set_up.say(names[0], "status") == 3
    assert url.rpartition("@")[2] in set_up.out
    assert "start it first" in set_up.err
    assert set_up.say("lonely", "status") == 3
    assert "none is set up" in set_up.out


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"url": "postgresql://admin:geheim@127.0.0.1/x"}, "the secrets; leave it out"),
        ({"url": "postgresql://admin@127.0.0.1/x?password=geheim"}, "URL: holds a password"),
        ({"url": "https://hub.example.org"}, "URL: is no address of a Postgres"),
        ({"url": "postgresql://127.0.0.1/x"}, "URL: names no login"),
        ({"url": "postgresql://admin@127.0.0.1"}, "URL: names no database"),
        ({"url": "postgresql://admin@hub.example.org/x"}, "name the file with --ca"),
        ({"dbname": "atlantis"}, "hub: there is no such database"),
        ({"user": "stranger"}, "hub: the hub does not"),
        ({"port": "1"}, "hub: the hub cannot be reached"),
        ({"password": "wrong"}, "hub: the hub does not accept"),
        ({"rank": "0"}, "--duty-rank: 0 is out of range"),
        ({"ca": "/no/such/file"}, "ca_file names no file"),
    ],
)
def test_what_init_cannot_use_changes_nothing(
    shell: Shell, empty_database: str, change: dict[str, str], why: str
) -> None:
    words = ["--duty-rank", change["rank"]] if "rank" in change else []
    words += ["--ca", change["ca"]] if "ca" in change else []
    shell.admin_password = change.get("password", shell.admin_password)
    places = {k: v for k, v in change.items() if k in ("dbname", "user", "port")}
    url = change.get("url", admin_url(empty_database, **places))
    assert shell.say("first", "init", url, *words) == 1
    assert why in shell.err
    assert "geheim" not in shell.err
    assert shell.files("first") == {}
    with psycopg.connect(empty_database) as admin:
        assert admin.execute("SELECT to_regclass('cd.ev')").fetchone() == (None,)


def test_a_login_without_rights_is_told_what_it_lacks(
    shell: Shell, postgres: PostgresServer, empty_database: str
) -> None:
    weak = f"weak_{secrets.token_hex(4)}"
    with psycopg.connect(empty_database, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {weak} LOGIN PASSWORD 'weak'".encode())
    shell.admin_password = "weak"
    assert shell.say("first", "init", admin_url(empty_database, user=weak)) == 1
    assert "owns the database and may create roles" in shell.err
    assert shell.files("first") == {}


def test_a_database_with_such_tables_of_its_own_is_left_alone(
    shell: Shell, url: str, empty_database: str
) -> None:
    with psycopg.connect(empty_database) as admin:
        admin.execute("CREATE TABLE crisis_incident (id serial, title text)")
        admin.execute("INSERT INTO crisis_incident (title) VALUES ('theirs')")
    assert shell.say("first", "init", url) == 1
    assert "crisis_incident" in shell.err
    assert "a database of its own" in shell.err
    with psycopg.connect(empty_database) as admin:
        assert admin.execute("SELECT title FROM crisis_incident").fetchone() == ("theirs",)


def test_an_older_program_leaves_a_newer_hub_alone(
    set_up: Shell, url: str, names: tuple[str, str], empty_database: str
) -> None:
    shell, (prague, brno) = set_up, names
    shell.say(prague, "invite", brno)
    code = shell.out
    with psycopg.connect(empty_database) as admin:
        admin.execute("UPDATE cd.alembic_version SET version_num = '0999'")
        admin.execute("UPDATE cd.form SET oldest = 999")
    assert shell.say(prague, "init", url) == 1
    assert "schema 0999 is newer than this program knows; use the newer program" in shell.err
    assert shell.say(brno, "join", given=code) == 1
    assert "newer than this program knows" in shell.err
    assert shell.files(brno) == {}


def test_what_join_cannot_use_changes_nothing(
    set_up: Shell, names: tuple[str, str], hub_place: HubPlace, empty_database: str
) -> None:
    shell, (prague, brno) = set_up, names
    shell.say(prague, "invite", brno)
    text = shell.out
    code = read_join_code(text)
    bare = code.url.rpartition("/")[0]

    def changed(**fields: str) -> str:
        given = {name: getattr(code, name) for name in code.__slots__}
        return JoinCode(**(given | fields)).text()

    for given, why in (
        ("", "join code: nothing was given"),
        (text[:-30], "its end is missing"),
        (text.replace(text[40:50], text[40:50].swapcase()), "damaged"),
        (changed(password="wrong"), "does not accept this station's login or password"),
        (changed(url=f"{bare}/atlantis"), "no such database"),
        (changed(url=code.url.replace(":", ":1", 2)), "join code: "),
        (changed(url="postgresql://x@hub.example.org/d"), "another machine"),
        (changed(fleet_key="short"), "fleet key"),
        (changed(ca_pem="no certificate"), "no certificate in PEM form"),
        (changed(url=f"{bare}/postgres"), "has no CrisisDesk schema yet"),
    ):
        assert shell.say(brno, "join", given=given) == 1, why
        assert why in shell.err
        assert shell.files(brno) == {}
    # A station that has joined one hub joins no other by mistake.
    login = hub_place.login("gamma")
    other = JoinCode(
        url=admin_url(login),
        role="gamma",
        password=str(conninfo_to_dict(login)["password"]),
        fleet_key=code.fleet_key,
    )
    kept = shell.kept(prague)
    assert shell.say(prague, "join", given=other.text()) == 1
    assert "leave that first" in shell.err
    assert shell.kept(prague) == kept


def test_only_a_station_that_has_joined_invites(shell: Shell) -> None:
    assert shell.say("first", "invite", "Brno") == 1
    assert "has joined none" in shell.err


def test_a_reader_login_sees_the_tables_of_a_fresh_hub(
    set_up: Shell, postgres: PostgresServer, empty_database: str
) -> None:
    login = f"bi_{secrets.token_hex(4)}"
    schema.create_reader_login(empty_database, login, "seen")
    database = str(conninfo_to_dict(empty_database)["dbname"])
    with psycopg.connect(postgres.dsn(database, user=login, password="seen")) as reader:
        assert reader.execute("SELECT count(*) FROM crisis_incident").fetchone() == (0,)
