"""Who was registered is kept over a restart, and stations are read as the log says."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.bootstrap.peering import make_links, recall, remember, stations_in
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.settings.model import HubSettings
from crisisdesk.settings.places import Places

from tests.engine.workers.live import MemorySecrets
from tests.fleet.stations import stations_on, until
from tests.postgres.fixtures import HubPlace


def test_who_was_registered_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "registered.json"
    assert recall(kept) == {}
    remember(kept, {"S-A": "a", "S-B": "b"})
    assert recall(kept) == {"S-A": "a", "S-B": "b"}
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.expect_log("no station is called before the hub answers")
@pytest.mark.parametrize("text", ["{", "[1]", "\udcff"])
def test_a_list_that_cannot_be_read_lets_nobody_in(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "registered.json"
    kept.write_bytes(text.encode(errors="surrogateescape"))
    assert recall(kept) == {}


@pytest.mark.expect_log("could not be written")
def test_a_list_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    remember(tmp_path / "nowhere" / "registered.json", {"S-A": "a"})


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed):
        stations_in(tmp_path / "nothing.sqlite3")


def test_links_open_nothing_before_they_are_run(tmp_path: Path) -> None:
    settings = HubSettings(peer_listen="127.0.0.1:1")
    links = make_links(Places(tmp_path), settings, MemorySecrets(), "S-A")
    assert links.problem == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.serial
def test_a_station_with_a_listener_tells_how_it_is_reached(
    hub_place: HubPlace, tmp_path: Path
) -> None:
    with stations_on(hub_place, tmp_path, "Brno", "Praha") as posts:
        for post in posts:
            post.join()
        text = posts[0].places.settings.read_text(encoding="utf-8")
        posts[0].places.settings.write_text(f'{text}peer_listen = "127.0.0.1:0"\n')
        for post in posts:
            post.start()

        def told() -> int:
            return sum(bool(s.reachable) for s in stations_in(posts[1].places.store))

        # The one that nobody can call tells its certificate once there is someone to call.
        until(lambda: told() == 2)
        found = [*stations_in(posts[1].places.store)]
        addresses = sorted(len(w["addresses"]) for s in found for w in s.reachable.values())
        assert addresses == [0, 1]
        assert len(recall(posts[1].places.data_dir / "registered.json")) == 2
