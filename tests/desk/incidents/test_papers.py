"""What the page shows goes into files: now, or the moment that is looked at."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from crisisdesk.desk.incidents.image_source import image_of
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.domain.image import image_body, image_name
from crisisdesk.domain.image_file import bare_image
from crisisdesk.domain.image_reference import reference_to

from tests.desk.incidents.desk_stand_in import StandInDesk
from tests.desk.incidents.test_image_source import drawn
from tests.domain.incident_log import INCIDENT, MINUTE, START, LogBook


@pytest.mark.parametrize("kind", ["pdf", "md", "html", "json"])
def test_it_is_exported_by_the_ending_of_the_file(
    room: IncidentsRoom, desk: StandInDesk, tmp_path: Path, kind: str
):
    out = tmp_path / f"it.{kind}"
    room.papers.export(INCIDENT, None, out)
    assert desk.said == [("Written", f"It is in {out}.")]
    assert out.read_bytes().startswith(b"%PDF-") == (kind == "pdf")
    assert out.stat().st_size > 1_000


def test_a_moment_that_is_looked_at_is_exported_as_it_stood(room: IncidentsRoom, tmp_path: Path):
    room.past.go(START + 10 * MINUTE)
    export = next(a for a in room.actions() if a.key == "incident.export")
    assert export.enabled
    out = tmp_path / "it.json"
    room.papers.export(INCIDENT, room.past.at_ms, out)
    told = json.loads(out.read_text())
    assert told["as_of"] == "2026-02-12T02:15:02.000Z"
    assert told["incident"]["status"] != "identified"


def test_the_three_forms_are_printed_into_a_folder(
    room: IncidentsRoom, desk: StandInDesk, tmp_path: Path
):
    room.papers.print_forms(INCIDENT, None, tmp_path)
    names = [f"{INCIDENT}-ICS-{number}.pdf" for number in ("201", "202", "214")]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert desk.said[0][0] == "Written"


def test_what_cannot_be_written_is_said(room: IncidentsRoom, desk: StandInDesk, tmp_path: Path):
    room.papers.export(INCIDENT, None, tmp_path / "it.doc")
    room.papers.export(INCIDENT, None, tmp_path / "none" / "it.md")
    room.papers.print_forms("INC-NONE", None, tmp_path)
    assert [title for title, _ in desk.said] == ["Not exported", "Not written", "Not written"]
    assert "ends in none of .pdf, .md, .html, .json" in desk.said[0][1]
    assert "cannot be written" in desk.said[1][1]
    assert list(tmp_path.iterdir()) == []


def test_the_keys_ask_for_a_file_and_a_folder(room: IncidentsRoom):
    by_key = {a.keys: a for a in room.actions()}
    by_key["X"].run()
    dialog = room.papers.dialog
    assert dialog is not None
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.reject()
    assert room.papers.dialog is None
    by_key["Ctrl P"].run()
    dialog = room.papers.dialog
    assert dialog is not None
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    dialog.reject()


def test_images_go_along_into_every_form(
    room: IncidentsRoom, desk: StandInDesk, log: LogBook, tmp_path: Path
):
    data = image_of(drawn(300, 200)).data
    name = image_name(INCIDENT, bare_image(data))
    log.write(name, "image.added", image_body(INCIDENT, bare_image(data)), at=60_000)
    body = {
        "incident_id": INCIDENT,
        "update_type": "note",
        "title": "The rack",
        "description": f"{reference_to(name, 'Row 4')}\n{reference_to('IMG-' + '0' * 20)}",
        "happened_at": START + 35 * MINUTE,
    }
    log.write("U-IMAGE", "update.posted", body, at=61_000)
    for kind in ("pdf", "md", "html", "json"):
        room.papers.export(INCIDENT, None, tmp_path / f"it.{kind}")
    beside = tmp_path / "it-images"
    assert desk.said[1][1] == f"It is in {tmp_path / 'it.md'}, its images in {beside}."
    assert (beside / f"{name}.png").read_bytes() == data
    told = (tmp_path / "it.md").read_text()
    assert f"](it-images/{name}.png)" in told
    assert "Image 1: Row 4 (" in told
    assert "not on this station" in told
    assert base64.b64encode(data).decode() in (tmp_path / "it.html").read_text()
    plain = json.loads((tmp_path / "it.json").read_text())
    assert [one["sha256"] for one in plain["images"]] == [hashlib.sha256(data).hexdigest()]
    assert plain["timeline"][-1]["images"][0] == {"id": name, "caption": "Row 4"}
    assert b"/Subtype /Image" in (tmp_path / "it.pdf").read_bytes()
