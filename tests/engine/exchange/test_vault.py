"""Addresses reach every station, the newest wins, and a bad box stops nobody."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.exchange.vault import (
    FLEET_KEY,
    LOOK_AGAIN_S,
    Box,
    Boxes,
    CannotOpen,
    Vault,
)
from crisisdesk.engine.workers.pager import secret_name
from crisisdesk.hub.sealing import FleetSealer, new_fleet_key

KEY = new_fleet_key()


class Secrets:
    def __init__(self, key: str = KEY) -> None:
        self.kept = {FLEET_KEY: key}
        self.asked = 0

    def get(self, name: str) -> str | None:
        self.asked += 1
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class Keeping:
    """The hub's rules, without a hub; `tests/hub/test_vault.py` holds the real one to the same."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.puts = 0

    def versions(self) -> dict[str, int]:
        return {name: box.version for name, box in self.boxes.items()}

    def fetch(self, names: Sequence[str]) -> list[Box]:
        return [self.boxes[name] for name in names if name in self.boxes]

    def put(self, box: Box) -> bool:
        self.puts += 1
        held = self.boxes.get(box.name)
        if held is not None and held.version >= box.version:
            return False
        self.boxes[box.name] = box
        return True


class Cards:
    """The cards all stations see, once the exchange has brought them."""

    def __init__(self) -> None:
        self.hlcs: dict[str, int] = {}
        self.mark = 0

    def save(self, method: str, hlc: int) -> None:
        self.hlcs[method] = hlc
        self.mark += 1

    def remove(self, method: str) -> None:
        del self.hlcs[method]
        self.mark += 1

    def contacts_mark(self) -> int:
        return self.mark

    def methods(self) -> dict[str, int]:
        return dict(self.hlcs)


class Post:
    """A station's part of it."""

    def __init__(self, hub: Boxes, cards: Cards, key: str = KEY) -> None:
        self.secrets = Secrets(key)
        self.clock = ManualClock(0)
        self.came: list[frozenset[str]] = []
        self.vault = Vault(hub, FleetSealer(key), cards, self.secrets, self.clock, self.came.append)

    def enter(self, method: str, address: str) -> None:
        self.secrets.set(secret_name(method), address)

    def address(self, method: str) -> str | None:
        return self.secrets.kept.get(secret_name(method))


@pytest.fixture
def hub() -> Keeping:
    return Keeping()


@pytest.fixture
def cards() -> Cards:
    return Cards()


def test_an_address_entered_at_one_station_is_at_the_other(hub: Keeping, cards: Cards) -> None:
    a, b = Post(hub, cards), Post(hub, cards)
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    b.vault.run()
    assert b.address("m1") == "mailto://one"
    assert b.came == [frozenset({"m1"})]
    assert a.came == []
    a.enter("m1", "mailto://two")
    cards.save("m1", 200)
    a.vault.run()
    b.vault.run()
    assert b.address("m1") == "mailto://two"
    puts = hub.puts
    for post in (a, b, a, b):
        post.vault.run()
    assert hub.puts == puts


def test_a_box_may_come_before_its_card(hub: Keeping, cards: Cards) -> None:
    a, b = Post(hub, cards), Post(hub, Cards())
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    b.vault.run()
    b.vault.run()
    assert b.address("m1") == "mailto://one"
    assert hub.versions() == {"m1": 100}


def test_a_removed_method_is_forgotten_everywhere(hub: Keeping, cards: Cards) -> None:
    a, b = Post(hub, cards), Post(hub, cards)
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    b.vault.run()
    cards.remove("m1")
    b.secrets.delete(secret_name("m1"))
    b.vault.run()
    a.vault.run()
    assert a.address("m1") is None
    assert hub.boxes["m1"].version > 100
    late = Post(hub, cards)
    late.vault.run()
    assert late.address("m1") is None


def test_a_lost_keyring_removes_nobodys_address(hub: Keeping, cards: Cards) -> None:
    a, b = Post(hub, cards), Post(hub, cards)
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    b.vault.run()
    b.secrets.delete(secret_name("m1"))
    cards.mark += 1
    b.vault.run()
    assert b.address("m1") == "mailto://one"
    a.vault.run()
    assert a.address("m1") == "mailto://one"


def test_a_hub_that_forgot_is_told_again(hub: Keeping, cards: Cards) -> None:
    a, b = Post(hub, cards), Post(hub, cards)
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    b.vault.run()
    held = dict(hub.boxes)
    hub.boxes.clear()
    b.vault.run()
    assert hub.versions() == {"m1": 100}
    a.vault.run()
    # Set back to an older box: the newer is put again, the older never taken.
    a.enter("m1", "mailto://two")
    cards.save("m1", 300)
    a.vault.run()
    b.vault.run()
    hub.boxes = held
    a.vault.run()
    b.vault.run()
    assert hub.versions() == {"m1": 300}
    assert (a.address("m1"), b.address("m1")) == ("mailto://two", "mailto://two")


@pytest.mark.parametrize("first", ["a", "b"])
def test_of_two_changes_while_split_the_one_of_the_newer_card_wins(
    hub: Keeping, first: str
) -> None:
    cards_a, cards_b = Cards(), Cards()
    a, b = Post(hub, cards_a), Post(hub, cards_b)
    a.enter("m1", "mailto://base")
    cards_a.save("m1", 50)
    cards_b.save("m1", 50)
    a.vault.run()
    b.vault.run()
    a.enter("m1", "mailto://older")
    cards_a.save("m1", 100)
    b.enter("m1", "mailto://newer")
    cards_b.save("m1", 200)
    if first == "a":
        a.vault.run()
        b.vault.run()
    else:
        b.vault.run()
        # The exchange before it has brought the newer card.
        cards_a.save("m1", 200)
        a.vault.run()
    for post in (a, b, a):
        post.vault.run()
    assert (a.address("m1"), b.address("m1")) == ("mailto://newer", "mailto://newer")


def test_bad_boxes_are_told_and_the_others_go_on(hub: Keeping, cards: Cards) -> None:
    a, b = Post(hub, cards), Post(hub, cards)
    for number in range(4):
        a.enter(f"m{number}", f"mailto://{number}")
        cards.save(f"m{number}", 100 + number)
    a.vault.run()
    hub.boxes["m0"] = replace(hub.boxes["m0"], sealed=b"\0" * 60)
    hub.boxes["m1"] = replace(hub.boxes["m1"], version=2**40)
    hub.boxes["m2"] = FleetSealer(new_fleet_key()).seal("m2", 500, "evil://")
    with pytest.raises(CannotOpen, match=r"method m0 .*method m1 .*method m2 "):
        b.vault.run()
    assert [b.address(f"m{n}") for n in range(4)] == [None, None, None, "mailto://3"]
    with pytest.raises(CannotOpen):
        a.vault.run()
    assert [a.address(f"m{n}") for n in range(4)] == [f"mailto://{n}" for n in range(4)]
    # Entered anew at a station that knew it: that takes the bad one's place.
    for name in ("m0", "m1", "m2"):
        a.enter(name, f"mailto://fresh-{name}")
        cards.save(name, 900)
    a.vault.run()
    b.vault.run()
    assert [b.address(f"m{n}") for n in range(3)] == [f"mailto://fresh-m{n}" for n in range(3)]


def test_a_station_of_another_fleet_takes_nothing_and_spoils_nothing(
    hub: Keeping, cards: Cards
) -> None:
    a, stranger = Post(hub, cards), Post(hub, cards, key=new_fleet_key())
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    stranger.enter("m1", "mailto://stranger")
    with pytest.raises(CannotOpen):
        stranger.vault.run()
    a.vault.run()
    assert a.address("m1") == "mailto://one"


def test_secrets_are_looked_at_only_when_something_may_have_changed(
    hub: Keeping, cards: Cards
) -> None:
    a = Post(hub, cards)
    a.enter("m1", "mailto://one")
    cards.save("m1", 100)
    a.vault.run()
    asked = a.secrets.asked
    for _ in range(10):
        a.vault.run()
    assert a.secrets.asked == asked
    a.clock.advance(int(LOOK_AGAIN_S * 1000))
    a.vault.run()
    assert a.secrets.asked > asked


def test_no_secret_stands_in_the_notes_or_at_the_hub(hub: Keeping, cards: Cards) -> None:
    a = Post(hub, cards)
    a.enter("m1", "mailto://user:geheim@example.org")
    cards.save("m1", 100)
    a.vault.run()
    assert "geheim" not in a.secrets.kept["box:m1"]
    assert b"geheim" not in hub.boxes["m1"].sealed


@pytest.mark.parametrize("seed", range(20))
def test_any_work_ends_with_the_same_addresses_everywhere(seed: int) -> None:
    rng = random.Random(seed)
    print(f"seed {seed}")
    hub, cards = Keeping(), Cards()
    posts = [Post(hub, cards) for _ in range(3)]
    hlc = 100
    for _ in range(120):
        post = rng.choice(posts)
        name = f"m{rng.randrange(4)}"
        hlc += rng.randrange(1, 50)
        act = rng.randrange(5)
        if act == 0:
            post.enter(name, f"mailto://{hlc}")
            cards.save(name, hlc)
        elif act == 1 and name in cards.hlcs and post.address(name) is not None:
            post.secrets.delete(secret_name(name))
            cards.remove(name)
        else:
            post.vault.run()
    cards.mark += 1
    for post in posts * 3:
        post.vault.run()
    seen = [{n: post.address(n) for n in ("m0", "m1", "m2", "m3")} for post in posts]
    assert seen[0] == seen[1] == seen[2]
    assert all(seen[0][name] is not None for name in cards.hlcs)
