"""TLS to a hub on another machine: used, verified, and bound to the proof of the password.

The Postgres of the test packages is built without TLS, so these tests need the distribution's.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.hub.address import HubAddress, hub_address
from crisisdesk.hub.connection import HubLink

from tests.postgres.certificates import certificate
from tests.postgres.fixtures import HubPlace, make_hub
from tests.postgres.programs import of_the_distribution
from tests.postgres.server import PostgresServer

pytestmark = pytest.mark.serial

IN_TLS = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
VOUCHED = r"hub\.ca_file vouches for"


def place_in_tls(place: HubPlace, ca_file: Path, host: str = "localhost") -> HubAddress:
    parts = psycopg.conninfo.conninfo_to_dict(place.login())
    url = f"postgresql://{parts['user']}@{host}:{place.server.port}/{parts['dbname']}"
    return hub_address(url, str(ca_file), str(parts["password"]))


def ask(address: HubAddress) -> list[tuple[bool]]:
    link = HubLink(address, "test")
    try:
        return link.ask(IN_TLS)
    finally:
        link.close()


def test_tls_is_used_and_must_be_the_one_vouched_for() -> None:
    folder = of_the_distribution()
    if folder is None:
        pytest.skip("this system has no Postgres of its own, and that of the tests knows no TLS")
    with PostgresServer(bin_folder=folder) as server:
        public, private = certificate(server.folder, "localhost")
        stranger, _ = certificate(server.folder, "elsewhere")
        place = make_hub(server)
        with pytest.raises(HubRefused, match=VOUCHED):
            ask(place_in_tls(place, public))
        with psycopg.connect(place.admin_dsn, autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM SET ssl_cert_file = '{public}'")
            admin.execute(f"ALTER SYSTEM SET ssl_key_file = '{private}'")
            admin.execute("ALTER SYSTEM SET ssl = on")
        server.restart()
        assert ask(place_in_tls(place, public)) == [(True,)]
        for wrong in (place_in_tls(place, stranger), place_in_tls(place, public, "127.0.0.1")):
            with pytest.raises(HubRefused, match=VOUCHED):
                ask(wrong)


@contextmanager
def tls_before(port: int, public: Path, private: Path) -> Iterator[int]:
    """Someone between station and hub who ends TLS with a good certificate and reads along."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    with socket.create_server(("127.0.0.1", 0)) as front:
        thread = threading.Thread(target=_serve_once, args=(front, port, context))
        thread.start()
        yield front.getsockname()[1]
        thread.join(20)


def _serve_once(front: socket.socket, port: int, context: ssl.SSLContext) -> None:
    front.settimeout(10)
    client, _ = front.accept()
    with client, socket.create_connection(("127.0.0.1", port)) as server:
        assert len(client.recv(8)) == 8, "no request for TLS"
        client.sendall(b"S")
        # Whoever sees through it hangs up: that is the end of this connection.
        with suppress(OSError), context.wrap_socket(client, server_side=True) as inside:
            while request := inside.recv(65_536):
                server.sendall(request)
                inside.sendall(server.recv(65_536))


def test_no_one_in_between_can_read_along_even_with_a_good_certificate(
    hub_place: HubPlace, tmp_path: Path
) -> None:
    public, private = certificate(tmp_path, "localhost")
    parts = psycopg.conninfo.conninfo_to_dict(hub_place.login())
    with tls_before(hub_place.server.port, public, private) as port:
        url = f"postgresql://{parts['user']}@localhost:{port}/{parts['dbname']}"
        with pytest.raises(HubRefused, match=VOUCHED):
            ask(hub_address(url, str(public), str(parts["password"])))
