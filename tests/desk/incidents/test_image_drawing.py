"""The command line's images are drawn as the desk's are."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.desk.incidents.image_drawing import draw_image
from crisisdesk.domain.image_file import bare_image

from tests.domain.image_bytes import png

pytestmark = pytest.mark.usefixtures("qapp")


def test_it_is_written_out_or_refused_in_words(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(40, 30))
    assert draw_image(path) == 0
    assert bare_image(capsysbinary.readouterr().out).width == 40
    path.write_bytes(b"<svg/>")
    assert draw_image(path) == 1
    said = capsysbinary.readouterr()
    assert (said.out, said.err.startswith(b"crisisdesk: image: is none of")) == (b"", True)
