"""The pictures of several stations stand where the help shows them."""

from __future__ import annotations

import pytest

from crisisdesk.desk.help.render import picture_below

from tests.crash.engine_process import ROOT
from tests.fleet.help_pictures import PICTURES, TAKEN

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize(("page", "name"), [("fleet", "fleet"), ("merging", "split")])
def test_a_page_shows_its_picture(page: str, name: str) -> None:
    folder = ROOT / "resources" / "help"
    assert name in TAKEN
    assert f"](pictures/{name}.png)" in (folder / f"{page}.md").read_text(encoding="utf-8")
    image = picture_below(folder, page, f"pictures/{name}.png")
    assert image.width() >= 1280
    assert (PICTURES / f"{name}.png").stat().st_size < 500_000
