"""A split read from a station's file: both sides' events, names, and what stands."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.domain.split import Attention
from crisisdesk.engine import commands as c
from crisisdesk.store.queries.reader import StationReader

from tests.reliability.bench import MemoryStation, as_stored
from tests.store.workload import Station


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    """A station with a file and one in memory, which both named a commander and came together."""
    here, there = Station(tmp_path), MemoryStation("Berlin", 5)
    incident = here.do(c.OpenIncident(title="Payments down", severity="major"))[0]
    own = here.journal.head().origin
    there.do(c.Absorb(events=here_events(here)), here.now_ms)
    first = here.journal.head().seq + 1
    named = c.EditIncident(incident_id=incident, changes={"commander": "Zoë"})
    here.do(named)
    there.do(c.EditIncident(incident_id=incident, changes={"commander": "Ben"}), here.now_ms + 50)
    there.do(c.TakeIn(signals=[]), here.now_ms)
    theirs = [as_stored(s) for s in there.journal.sealed if s.event.origin == there.journal.origin]
    here.do(c.Absorb(events=theirs))
    here.do(
        c.NoteRejoin(
            since_ms=here.now_ms - 9_000,
            until_ms=here.now_ms,
            origin=own,
            first_seq=first,
            last_seq=first,
            others={there.journal.origin: [1, len(theirs)]},
        )
    )
    here.close()
    return here.path


def here_events(station: Station) -> list[Stored]:
    rows = station.journal._rows(
        "SELECT origin, seq, raw, body, salt, hash FROM event ORDER BY pos"
    )
    return [
        Stored(origin=o, seq=s, raw=raw, body=body, salt=salt, hash=digest)
        for o, s, raw, body, salt, digest in rows
    ]


def test_the_reader_tells_the_last_split(apart: Path) -> None:
    with closing(StationReader(apart)) as reader:
        (split,) = reader.splits()
        view = reader.split(split)
    (item,) = view.both
    assert item.title == "Payments down"
    assert item.attention == Attention.DECISION
    assert item.findings[0].words.startswith("two commanders named: Zoë, Ben")
    assert [deed.words for deed in item.mine] == ["commander: Zoë"]
    assert [deed.words for deed in item.theirs] == ["commander: Ben"]
    assert view.decisions == 1
