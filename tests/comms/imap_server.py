"""A real IMAP server for tests: Dovecot over TLS, its folder thrown away with the test."""

from __future__ import annotations

import contextlib
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from crisisdesk.comms.imap_line import Mailbox

from tests.comms.receivers import authority_for

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER, PASSWORD = "pages@example.org", "pw-of-the-mailbox"
START_S = 20.0
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Where it listens, and whom to trust."""

    port: int
    trust: ssl.SSLContext

    def mailbox(self, folder: str = "INBOX") -> Mailbox:
        return Mailbox(host="127.0.0.1", port=self.port, user=USER, folder=folder, trust=self.trust)

    @contextmanager
    def open(self) -> Iterator[imaplib.IMAP4_SSL]:
        """The mailbox as its owner opens it."""
        line = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=self.trust, timeout=20)
        try:
            line.login(USER, PASSWORD)
            yield line
        finally:
            line.logout()

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Let these arrive."""
        with self.open() as line:
            for mail in mails:
                state, why = line.append(folder, "", "", mail)
                assert state == "OK", why

    def flags(self) -> list[bytes]:
        """The marks on every mail."""
        with self.open() as line:
            line.select("INBOX", readonly=True)
            told = line.fetch("1:*", "(FLAGS)")[1]
            return [part for part in told if isinstance(part, bytes)]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Started and answering; skips where Dovecot is not installed."""
    if PROGRAM is None:
        pytest.skip("dovecot is not installed; packaging/test.py sets it up")
    # Short, since it holds sockets, and open to the users that its parts run as.
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    try:
        folder.chmod(0o755)
        context, authority = authority_for(["localhost"], folder)
        del context
        server = ImapServer(_free_port(), ssl.create_default_context(cafile=str(authority)))
        _write(folder, server.port)
        with _running(folder, server):
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, port: int) -> None:
    is_root = os.getuid() == 0
    owner = pwd.getpwnam("mail") if is_root else pwd.getpwuid(os.getuid())
    for name in ("run", "mail"):
        (folder / name).mkdir()
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::::\n", encoding="utf-8")
    (folder / "dovecot.conf").write_text(
        CONFIG.format(
            folder=folder,
            port=port,
            internal="dovecot" if is_root else getpass.getuser(),
            login="dovenull" if is_root else getpass.getuser(),
            group="dovecot" if is_root else grp.getgrgid(os.getgid()).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
        ),
        encoding="utf-8",
    )


@contextmanager
def _running(folder: Path, server: ImapServer) -> Iterator[None]:
    assert PROGRAM is not None
    process = subprocess.Popen(
        [PROGRAM, "-F", "-c", str(folder / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + START_S
        while not _answers(server):
            log = folder / "log"
            told = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
            assert process.poll() is None, told
            assert time.monotonic() < until, told
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(START_S)


def _answers(server: ImapServer) -> bool:
    with contextlib.suppress(OSError, imaplib.IMAP4.error), server.open():
        return True
    return False
