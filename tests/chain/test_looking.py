"""From a fault of a real service to a person's page, at the usual intervals, and back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.chain.nginx import nginx
from tests.comms.receivers import Request, answer, receiving
from tests.crash.engine_process import Caller, Door, running
from tests.sources.probes.certificates import served

# What a loaded machine may take; the figure itself is printed.
WITHIN_S = 90.0


@dataclass
class Pages:
    """When the first page of each title came (monotonic seconds)."""

    at: dict[str, float] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, request: Request) -> bytes:
        title = json.dumps(request.json())
        with self.changed:
            for name in ("broken", "expired", "stopped"):
                if f"{name} is down" in title:
                    self.at.setdefault(name, monotonic())
            self.changed.notify_all()
        return answer(200, "{}")

    def wait(self, count: int) -> None:
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.at) >= count, WITHIN_S)
        assert came, f"only {sorted(self.at)} came"


@contextmanager
def calling(door: Door) -> Iterator[Callable[..., Any]]:
    caller = Caller(door, "Ann")

    def ask(method: str, path: str, body: Any = None) -> Any:
        status, told = caller.ask(method, path, body)
        assert 200 <= status < 300, told
        return told

    try:
        yield ask
    finally:
        caller.close()


def until(ask: Callable[..., Any], states: dict[str, str]) -> None:
    """Return when the sources stand so."""
    began, pause = monotonic(), threading.Event()
    while True:
        found = {s["name"]: s["state"] for s in ask("GET", "/crisis/sources/")["results"]}
        if found == states:
            return
        assert monotonic() - began < WITHIN_S, found
        pause.wait(0.1)


@pytest.mark.timeout(300)
def test_three_faults_are_seen_paged_and_ended(tmp_path: Path) -> None:
    pages = Pages()
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
    good, good_ca = served(tmp_path / "good", days=30)
    expired, expired_ca = served(tmp_path / "bad", days=-1)
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(good_ca.read_bytes() + expired_ca.read_bytes())
    with (
        receiving(pages) as receiver,
        receiving(lambda _request: answer(200, "fine"), good, tunnel=False) as secure,
        nginx(tmp_path / "first") as first,
        nginx(tmp_path / "second") as second,
        running(tmp_path / "station") as (_engine, door),
        calling(door) as ask,
    ):
        ask("PUT", "/crisis/station/", {"name": "North", "operator": "Ann"})
        page = {"name": "Ann", "methods": [{"url": f"webhook://{receiver.host}/page"}]}
        ask("POST", "/crisis/contacts/", page)
        web = {"contains": "fine"}
        for name, settings in (
            ("broken", {"url": f"http://{first.host}/", **web}),
            ("stopped", {"url": f"http://{second.host}/", **web}),
            ("expired", {"url": f"https://{secure.host}/", "ca_file": str(trusted), **web}),
        ):
            order = {"name": name, "type": "http", "settings": settings}
            ask("POST", "/crisis/sources/", order)
        names = ("broken", "expired", "stopped")
        until(ask, dict.fromkeys(names, "up"))

        began = monotonic()
        first.fail(failing=True)
        second.stop()
        secure.tls = expired
        pages.wait(3)
        took = {name: pages.at[name] - began for name in names}
        print("\nfault to page: " + ", ".join(f"{n} {s:.1f} s" for n, s in took.items()))
        until(ask, dict.fromkeys(names, "down"))
        words = {s["name"]: s["words"] for s in ask("GET", "/crisis/sources/")["results"]}
        assert words == {
            "broken": "HTTP 500 where 200-299 is expected",
            "stopped": "connection refused",
            "expired": "certificate not accepted: certificate has expired",
        }

        first.fail(failing=False)
        secure.tls = good
        until(ask, {"broken": "up", "expired": "up", "stopped": "down"})
        left = ask("GET", "/crisis/alerts/")["results"]
        assert {a["title"]: a["status"] for a in left if a["status"] != "resolved"} == {
            "stopped is down": "active"
        }
