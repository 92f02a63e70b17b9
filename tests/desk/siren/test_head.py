"""The head turns its clocks and keeps the number of the others whole."""

from __future__ import annotations

import pytest

from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.siren.head import SirenHead
from crisisdesk.desk.siren.overlay import Siren

from tests.desk.siren.rows import NOW, dossier

pytestmark = pytest.mark.usefixtures("look")


def test_the_head_says_how_late_it_is_and_what_was_tried(siren: Siren) -> None:
    head = siren.panel.head
    assert head.accessibleName() == (
        "Nobody has been reached. Critical, db-primary: replication stopped. 2 messages sent since "
        "02:05:04 UTC, none delivered. Limit is 2 min. 2 minutes 17 seconds late."
    )
    siren.set_now(NOW + 3_000)
    assert "2 minutes 20 seconds late" in head.accessibleName()
    siren.show_dossier(dossier(), 4, NOW)
    assert "replication stopped, and 3 more." in head.accessibleName()


@pytest.mark.parametrize("width", [500, 900, 1440])
def test_it_is_painted_in_the_colours_of_emergencies(width: int) -> None:
    head = SirenHead()
    head.resize(width, head.sizeHint().height())
    head.show_dossier(dossier(title="replication stopped " * 20), 3, NOW)
    picture = head.grab().toImage()
    tone = theme().severity("emergency")
    assert picture.pixelColor(1, 1) == tone.solid
    inks = {picture.pixelColor(x, y).name() for x in range(width) for y in range(10, 56)}
    assert tone.on.name() in inks
