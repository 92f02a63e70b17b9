"""Images go into a timeline by a file and come out of it again."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from crisisdesk.cli import incident_images
from crisisdesk.cli.incident_images import caption_of, drawn, image_lines
from crisisdesk.domain.image_file import bare_image, read_header
from crisisdesk.domain.image_reference import reference_to
from crisisdesk.domain.update import IncidentUpdate

from tests.cli.conftest import Cli
from tests.domain.image_bytes import chunk, gif, png


def test_a_file_is_shown_listed_exported_and_written_back(cli: Cli, tmp_path: Path) -> None:
    incident = cli("incident", "open", "Orders lost", "--severity", "major").out.strip()
    photo = tmp_path / "Row 4.png"
    photo.write_bytes(png(2_400, 1_200, more=chunk(b"tEXt", b"where it was taken")))
    posted = cli("incident", "update", incident, "The rack", "--image", str(photo))
    assert posted.code == 0, posted.err
    shown = cli("incident", "show", incident)
    (line,) = [line for line in shown.lines if "IMG-" in line]
    image_id, caption = line.split(maxsplit=1)
    assert caption == "Row 4"
    out = tmp_path / "back.png"
    written = cli("incident", "image", image_id, str(out))
    assert written.out == f"{out} written, image/png, 1920 x 960\n"
    assert bare_image(out.read_bytes()).data == out.read_bytes()
    assert cli("incident", "export", incident, str(tmp_path / "it.md")).code == 0
    assert (tmp_path / "it-images" / f"{image_id}.png").read_bytes() == out.read_bytes()


def test_what_is_no_image_is_refused_and_nothing_is_posted(cli: Cli, tmp_path: Path) -> None:
    incident = cli("incident", "open", "Mails wait", "--severity", "major").out.strip()
    svg = tmp_path / "drawing.svg"
    svg.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    for path, words in ((svg, "none of the formats"), (tmp_path / "none.png", "cannot be read")):
        refused = cli("incident", "update", incident, "The rack", "--image", str(path))
        assert refused.code == 2
        assert words in refused.err
        assert str(path) in refused.err
    assert "The rack" not in cli("incident", "show", incident).out
    assert "no image 'IMG-0'" in cli("incident", "image", "IMG-0", "x.png").err


def test_without_a_desk_the_file_goes_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(incident_images, "find_spec", lambda _name: None)
    photo = tmp_path / "photo.png"
    photo.write_bytes(png(more=chunk(b"tEXt", b"where")))
    assert drawn(photo) == png()
    photo.write_bytes(gif(4, 3))
    assert read_header(gif(4, 3)).kind == "gif"
    for path in (photo, tmp_path / "none.png"):
        with pytest.raises(typer.Exit):
            drawn(path)
    said = capsys.readouterr().err
    assert "is GIF; send PNG or JPEG" in said
    assert "cannot be read" in said


def test_lines_name_the_images_of_an_entry() -> None:
    update = IncidentUpdate(
        update_id="U-1",
        incident_id="INC-1",
        update_type="note",
        title="x",
        description=f"{reference_to('IMG-' + '0' * 20, 'Row 4')} {reference_to('IMG-' + '1' * 20)}",
        author="Klára",
        happened_at=1,
        logged_at=1,
    )
    assert image_lines(update) == [f"    IMG-{'0' * 20}  Row 4", f"    IMG-{'1' * 20}"]
    assert caption_of(Path("/a/" + "x" * 300 + ".png")) == "x" * 200
