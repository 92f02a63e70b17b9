"""R15: a station's file that was copied or set back is found out, and no event is lost by it."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.engine.clock import ManualClock
from crisisdesk.engine.exchange.leaving import left_behind
from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.store import incarnation
from crisisdesk.store.backup import BackupKeeper
from crisisdesk.store.restore import restore

from tests.reliability.fleet import fast_folder
from tests.reliability.memhub import MemHub
from tests.reliability.posts import Post, Said, image, put_back, twin
from tests.reliability.station import make_template
from tests.reliability.tiers import record, scaled
from tests.store.workload import START

CASES = scaled(60, 1_000)
SEED = 15


@dataclass(slots=True)
class Case:
    """One copy: the hub, who lives, what they answered for, and whether they were found out."""

    folder: Path
    template: Path
    chance: random.Random
    blind: bool = False
    hub: MemHub = field(default_factory=lambda: MemHub(lambda: START))
    posts: list[Post] = field(default_factory=list)
    owed: set[Said] = field(default_factory=set)
    found_out: bool = False

    def open(self, name: str, **given: Any) -> Post:
        """Open the station in that folder, made when it is new."""
        path = self.folder / name / "station.db"
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            shutil.copyfile(self.template, path)
        post = Post(path, random.Random(self.chance.getrandbits(64)), blind=self.blind, **given)
        self.posts.append(post)
        return post

    def end(self, post: Post, *, owed: bool = True) -> None:
        """Close or kill it; what only a file held that is set back now, nobody owes any more."""
        self.posts.remove(post)
        if owed:
            self.owed |= post.acked
        if self.chance.random() < 0.5:
            post.close()
        else:
            post.die()

    def start(self) -> Post:
        """A station with some history, part of it on the hub or all or none."""
        post = self.open("a")
        post.work(self.chance.randrange(1, 8))
        if self.chance.random() < 0.8:
            post.exchange(self.hub)
        post.work(self.chance.randrange(0, 4))
        return post

    def compare(self) -> Any:
        """How an engine with a hub asks it at its start."""
        return None if self.blind else partial(left_behind, self.hub)


def copied_folder(case: Case) -> None:
    """Somebody copies the data folder and starts a second station from it."""
    first = case.start()
    was = first.origin
    case.end(first)
    shutil.copytree(case.folder / "a", case.folder / "b")
    case.found_out = case.open("b").origin != was
    case.open("a")


def copied_file(case: Case) -> None:
    """Only the database is copied, to a folder of its own."""
    first = case.start()
    was = first.origin
    first.close()
    case.posts.remove(first)
    case.owed |= first.acked
    (case.folder / "b").mkdir()
    shutil.copyfile(first.path, case.folder / "b" / "station.db")
    case.found_out = case.open("b").origin != was
    case.open("a")


def _set_back(case: Case, *, with_note: bool, **given: Any) -> tuple[str, Post]:
    """An earlier image of the file comes back in its place; returns the old origin."""
    first = case.start()
    was = first.origin
    first.close()
    case.posts.remove(first)
    case.owed |= first.acked
    before = image(case.folder / "a")
    again = case.open("a")
    again.work(case.chance.randrange(1, 5))
    again.exchange(case.hub)
    case.owed |= again.acked
    # What it writes now, and hands to nobody, is gone with the file.
    again.acked.clear()
    again.work(case.chance.randrange(0, 3))
    case.end(again, owed=False)
    put_back(case.folder / "a", before, lambda name: with_note or not name.endswith(".origin"))
    return was, case.open("a", **given)


def file_put_back(case: Case) -> None:
    """An old copy of the database over the present one."""
    was, post = _set_back(case, with_note=False)
    case.found_out = post.origin != was


def machine_set_back(case: Case) -> None:
    """A snapshot of the whole machine: nothing local tells, the hub does at the start."""
    was, post = _set_back(case, with_note=True, compare=case.compare())
    case.found_out = post.origin != was


def machine_set_back_alone(case: Case) -> None:
    """As before, with the hub away: the machine was started anew, that must do."""

    def nobody(*_asked: Any) -> None:
        raise HubAway("no route to the hub")

    compare = None if case.blind else nobody
    was, post = _set_back(case, with_note=True, compare=compare, boot="boot-2")
    case.found_out = post.origin != was


def set_back_unseen(case: Case) -> None:
    """As before, and nothing at all tells at the start: the first exchange does."""
    was, post = _set_back(case, with_note=True)
    post.work(case.chance.randrange(1, 6))
    post.exchange(case.hub)
    case.found_out = post.origin != was


def running_twin(case: Case) -> None:
    """A machine is cloned; both run under one origin until they meet at the hub."""
    first = case.start()
    was = first.origin
    first.close()
    case.posts.remove(first)
    case.owed |= first.acked
    twin(case.folder / "a", case.folder / "b")
    pair = [case.open("a"), case.open("b")]
    case.chance.shuffle(pair)
    for post in pair:
        post.work(case.chance.randrange(1, 6))
    for post in pair:
        post.exchange(case.hub)
        post.work(case.chance.randrange(0, 3))
    case.found_out = pair[1].origin != was and pair[0].origin == was


def restored(case: Case) -> None:
    """A backup is restored by hand after the file was damaged."""
    first = case.start()
    was = first.origin
    backups = case.folder / "backups"
    keeper = BackupKeeper(first.path, backups, ManualClock(START))
    keeper.back_up()
    first.work(case.chance.randrange(1, 5))
    first.exchange(case.hub)
    first.close()
    case.posts.remove(first)
    case.owed |= first.acked
    restore(first.path, backups, START)
    case.found_out = case.open("a").origin != was


KINDS = (
    copied_folder,
    copied_file,
    file_put_back,
    machine_set_back,
    machine_set_back_alone,
    set_back_unseen,
    running_twin,
    restored,
)


def finish(case: Case) -> tuple[set[Said], list[str]]:
    """Everybody goes on, then all exchange: what is owed and on the hub no more, and what jams."""
    for post in case.posts:
        post.work(case.chance.randrange(1, 4))
    jams: list[str] = []
    for _round in range(3):
        jams = []
        for post in case.posts:
            outcome = post.exchange(case.hub)
            jams.extend(outcome.held_back.values())
    owed = case.owed.union(*(post.acked for post in case.posts))
    witness = case.open("witness")
    witness.exchange(case.hub)
    digests = {post.log.digest().digest for post in case.posts}
    if len(digests) != 1:
        jams.append("the stations' states differ")
    lost = owed - witness.holds()
    for post in case.posts:
        lost |= owed - post.holds()
        post.close()
    return lost, jams


@pytest.fixture
def disk() -> Iterator[Path]:
    """A fast disk with the template of an empty file."""
    folder = fast_folder()
    make_template(folder)
    yield folder
    shutil.rmtree(folder)


def run(disk: Path, number: int, *, blind: bool = False) -> tuple[Case, set[Said], list[str]]:
    """One case, from its number alone."""
    case = Case(
        folder=disk / f"case-{number}-{blind}",
        template=disk / "template.db",
        chance=random.Random(SEED * 1_000_000 + number),
        blind=blind,
    )
    KINDS[number % len(KINDS)](case)
    lost, jams = finish(case)
    shutil.rmtree(case.folder)
    return case, lost, jams


@pytest.mark.slow
@pytest.mark.timeout(scaled(120, 1_800))
@pytest.mark.allow_log(r"goes on as|could not be compared|new incarnation|restored")
def test_every_copy_is_found_out_and_nothing_is_dropped(disk: Path) -> None:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(CASES):
        case, lost, jams = run(disk, number)
        kind = KINDS[number % len(KINDS)].__name__
        seen[kind] += case.found_out
        if not case.found_out or lost or jams:
            wrong.append(f"{kind} #{number}: {case.found_out=} {len(lost)} lost, {jams}")
    record("R15 clone and roll-back", cases=CASES, found_out=sum(seen.values()), wrong=len(wrong))
    assert not wrong, wrong[:10]
    assert sum(seen.values()) == CASES


@pytest.mark.allow_log("", level="WARNING")
def test_without_finding_out_events_are_lost(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a station that trusts every file and goes on under the old numbers."""

    def trusting(raw: Any, path: Path, boot: str = "") -> incarnation.Found:
        name = incarnation._name_in(raw)
        return incarnation.Found(origin=None if name is None else name.origin)

    monkeypatch.setattr(incarnation, "look", trusting)
    losing: Counter[str] = Counter()
    for number in range(3 * len(KINDS)):
        _case, lost, jams = run(disk, number, blind=True)
        losing[KINDS[number % len(KINDS)].__name__] += bool(lost or jams)
    assert losing["running_twin"] == 3
    assert losing["file_put_back"] + losing["set_back_unseen"] >= 4, losing
