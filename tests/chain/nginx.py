"""Debian's nginx on a free port and in a folder of the test; it fails when it is told to."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from tests.chain.programs import READY_WITHIN_S, free_host, get

CONFIG = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen {host};
        location / {{
            if (-f {folder}/broken) {{ return 500; }}
            return 200 "all is fine";
        }}
        location ~ "^/at/(?<place>[a-z0-9]+)$" {{
            if (-f {folder}/broken-$place) {{ return 500; }}
            return 200 "all is fine";
        }}
    }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """One that runs."""

    host: str
    folder: Path
    process: subprocess.Popen[bytes]

    def fail(self, *, failing: bool, place: str = "") -> None:
        """Answer requests with status 500, or serve again: those for ``/``, or for ``/at/PLACE``
        where a place is named (small letters and digits)."""
        broken = self.folder / (f"broken-{place}" if place else "broken")
        if failing:
            broken.touch()
        else:
            broken.unlink()

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def nginx(folder: Path) -> Iterator[Nginx]:
    """Running and ready until the end of the context, or until it is stopped."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.fail("nginx is missing; packaging/test.py installs it (Debian package nginx)")
    folder.mkdir()
    host = free_host()
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, host=host))
    said = folder / "nginx.out"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(said)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    running = Nginx(host=host, folder=folder, process=process)
    try:
        began = monotonic()
        while get(host, "/")[0] != 200:
            if monotonic() - began > READY_WITHIN_S or process.poll() is not None:
                pytest.fail(f"nginx did not come up: {said.read_text()[-2000:]}")
        yield running
    finally:
        running.stop()
