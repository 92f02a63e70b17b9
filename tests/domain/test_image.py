"""An image as a fact: its id, its fold, and what is not taken for one."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Event
from crisisdesk.domain.fold import apply_foreign, fold, state_bytes
from crisisdesk.domain.image import NoteImage, image_body, image_in, image_name, read_data
from crisisdesk.domain.image_file import bare_image

from tests.domain.image_bytes import chunk, png


def added(data: bytes, agg: str = "", incident_id: str = "INC-1") -> Event:
    body = {"incident_id": incident_id, "data": base64.b64encode(data).decode()}
    return Event(
        origin="a" * 32,
        seq=1,
        hlc=7 << 16,
        id="e" * 32,
        agg=agg or image_name(incident_id, bare_image(data)),
        kind="image.added",
        actor="Klára",
        wall_ms=7,
        body=body,
    )


def test_the_state_says_all_but_the_bytes() -> None:
    event = added(png(40, 30))
    state = fold([event])
    assert isinstance(state, NoteImage)
    assert (state.media, state.width, state.height) == ("image/png", 40, 30)
    assert (state.incident_id, state.author, state.added_at) == ("INC-1", "Klára", 7)
    assert state.size == len(png(40, 30))
    assert image_in(event).data == png(40, 30)
    assert len(state_bytes(state)) < 400
    assert image_body("INC-1", bare_image(png(40, 30))) == event.body


def test_the_same_twice_is_once_and_the_first_in_order_is_told() -> None:
    first = added(png())
    again = replace(first, origin="b" * 32, hlc=9 << 16, actor="Jonas", id="f" * 32)
    state = fold([again, first])
    assert state == fold([first, again, first])
    assert isinstance(state, NoteImage)
    assert state.author == "Klára"
    # The same image in another incident is another one: who may read it differs.
    assert added(png(), incident_id="INC-2").agg != first.agg


@pytest.mark.parametrize(
    "lie",
    [
        added(png(), agg="IMG-" + "0" * 20),
        replace(added(png()), body={**added(png()).body, "incident_id": "INC-2"}),
        replace(added(png()), body={"incident_id": "INC-1", "data": "no base64"}),
        replace(added(png()), body={"incident_id": "INC-1", "data": 7}),
        replace(added(png()), body={"incident_id": ["INC-1"], "data": added(png()).body["data"]}),
        replace(added(png()), body={"incident_id": "INC-1"}),
        added(png(more=chunk(b"tEXt", b"where it was taken"))),
    ],
)
def test_what_another_station_made_up_is_passed_over_and_said(lie: Event) -> None:
    state, why = apply_foreign(None, lie)
    assert state is None
    assert "image.added cannot be read" in why
    good = replace(added(png()), seq=2)
    assert fold([lie, good]) == fold([good])


def test_what_is_no_base64_is_refused_with_its_field() -> None:
    with pytest.raises(Malformed, match=r"data: is no base64; send"):
        read_data("a")
