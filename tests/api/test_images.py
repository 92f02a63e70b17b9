"""Images at the door: added in JSON, told of, read as what they are by those who may."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.planned import PlannedStation
from tests.domain.image_bytes import chunk, jpeg, png


@pytest.fixture
def station(tmp_path: Path) -> Iterator[PlannedStation]:
    made = PlannedStation(tmp_path)
    try:
        yield made
    finally:
        made.close()


def body(data: bytes) -> dict[str, str]:
    return {"data": base64.b64encode(data).decode()}


def test_one_is_added_bare_shown_in_an_entry_and_read(station: PlannedStation) -> None:
    incident = station.opened()["id"]
    path = f"/crisis/incidents/{incident}/images/"
    answer = station.ask("POST", path, json=body(png(more=chunk(b"tEXt", b"where"))))
    assert answer.status_code == 201
    told = answer.json()
    assert (told["media_type"], told["width"], told["height"]) == ("image/png", 4, 3)
    assert told["size"] == len(png())
    assert station.ask("POST", path, json=body(png())).json() == told
    second = station.ask("POST", path, json=body(jpeg())).json()
    assert station.ask("GET", path).json()["results"] == [told, second]
    entry = {"title": "The rack", "description": told["markdown"]}
    posted = station.ask("POST", f"/crisis/incidents/{incident}/updates/", json=entry)
    assert posted.json()["description"] == told["markdown"]
    read = station.ask("GET", f"/crisis/images/{told['id']}/")
    assert (read.status_code, read.content) == (200, png())
    assert read.headers["content-type"] == "image/png"
    assert read.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in read.headers["content-security-policy"]


def test_what_is_no_image_is_refused_with_field_and_remedy(station: PlannedStation) -> None:
    path = f"/crisis/incidents/{station.opened()['id']}/images/"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for sent, field in ((body(svg), "image"), ({"data": "?"}, "data"), ({}, "data")):
        answer = station.ask("POST", path, json=sent)
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == field
        assert answer.json()["error"]["remedy"]
    assert station.ask("GET", path).json() == {"results": []}
    assert station.ask("GET", "/crisis/images/IMG-0/").status_code == 404
    missing = "/crisis/incidents/INC-0/images/"
    assert station.ask("POST", missing, json=body(png())).status_code == 404
    # Base64 of more than the door takes never reaches the engine.
    assert station.ask("POST", path, json=body(bytes(1024 * 1024))).status_code == 413


def test_those_of_a_restricted_incident_are_for_its_readers(station: PlannedStation) -> None:
    incident = station.opened(restricted=True, readers=["Mallory"])["id"]
    path = f"/crisis/incidents/{incident}/images/"
    image = station.ask("POST", path, json=body(png())).json()["id"]
    read = f"/crisis/images/{image}/"
    assert station.by_other("GET", read).content == png()
    station.ask("PUT", f"/crisis/incidents/{incident}/restriction/", json={"readers": []})
    for answer in (
        station.by_other("GET", read),
        station.by_other("GET", path),
        station.by_other("POST", path, json=body(png())),
        station.by_nobody(read),
    ):
        assert answer.status_code == 409
        assert b"restricted" in answer.content
    assert station.bare("GET", read).status_code == 401
