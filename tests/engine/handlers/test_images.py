"""Images through the engine: stripped, once, refused with the reason, not on a full disk."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Conflict, DomainError, Malformed, NotFound
from crisisdesk.domain.image import NoteImage
from crisisdesk.engine import commands as c
from crisisdesk.engine.image_commands import AddImage
from crisisdesk.engine.incident_commands import MergeIncident, RestrictIncident
from crisisdesk.store.ballast import Ballast

from tests.domain.image_bytes import chunk, png
from tests.store.workload import Station


@pytest.fixture
def opened(station: Station) -> str:
    """One open incident."""
    made: str = station.do(c.OpenIncident(title="Orders split", severity="critical"))[0]
    return made


def test_it_is_kept_bare_and_once(station: Station, opened: str) -> None:
    hidden = png(more=chunk(b"tEXt", b"where it was taken"))
    first, again = station.do(
        AddImage(incident_id=opened, data=hidden), AddImage(incident_id=opened, data=png())
    )
    assert first == again
    state = station.bench.get(first)
    assert isinstance(state, NoteImage)
    assert (state.incident_id, state.size) == (opened, len(png()))
    assert station.do(AddImage(incident_id=opened, data=png())) == [first]


def test_what_cannot_be_kept_is_refused_and_changes_nothing(station: Station, opened: str) -> None:
    other = station.do(c.OpenIncident(title="Mails", severity="major"))[0]
    station.do(MergeIncident(incident_id=other, into=opened))
    secret = station.do(c.OpenIncident(title="Leak", severity="major"))[0]
    station.do(RestrictIncident(incident_id=secret, restricted=True, readers=["Jonas Weber"]))
    cases: list[tuple[str, bytes, type[DomainError], str]] = [
        (opened, b"<svg/>", Malformed, "image"),
        ("INC-0", png(), NotFound, "incident_id"),
        (other, png(), Conflict, "incident_id"),
    ]
    before = station.bench.pos
    for incident_id, data, kind, field in cases:
        refused = station.do(AddImage(incident_id=incident_id, data=data))[0]
        assert isinstance(refused, kind)
        assert refused.field == field
    refused = station.do(AddImage(incident_id=secret, data=png()), actor="Zoë")[0]
    assert isinstance(refused, Conflict)
    assert "is restricted" in refused.problem
    assert station.bench.pos == before


def test_a_disk_that_is_nearly_full_takes_notes_and_no_images(
    station: Station, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = station.do(AddImage(incident_id=opened, data=png()))[0]
    ballast = Ballast(station.path.parent, reserve=2**62)
    ballast.look()
    monkeypatch.setattr(station.journal, "_ballast", ballast)
    refused = station.do(AddImage(incident_id=opened, data=png(9, 9)))[0]
    assert isinstance(refused, Conflict)
    assert refused.problem.startswith("is not kept: only ")
    assert station.do(AddImage(incident_id=opened, data=png())) == [kept]
    assert station.do(c.PostUpdate(incident_id=opened, title="Words are kept"))[0]
