"""Only what is drawn is explained."""

from __future__ import annotations

from crisisdesk.desk.health.legend import legend
from crisisdesk.desk.health.over import NOTHING

from tests.desk.health.shown import FULL, IDLE, band_of, charted, spell


def signs(*shown: object) -> list[str]:
    return [entry.sign for entry in legend(one.over for one in shown)]  # type: ignore[attr-defined]


def test_nothing_drawn_needs_no_words() -> None:
    assert legend([]) == legend([NOTHING]) == []


def test_each_sign_stands_once_and_in_order() -> None:
    limits, plain = charted([1.0], FULL), charted([1.0], IDLE)
    banded = charted([1.0], band=band_of([1.0], 0.0, 2.0))
    assert signs(plain) == ["dashed"]
    assert signs(limits, plain) == ["dashed", "dotted"]
    assert signs(banded, limits) == ["dashed", "dotted", "band"]
    assert signs(charted([1.0], spells=(spell(9, None),))) == ["begins"]
    assert signs(charted([1.0], spells=(spell(None, 5),))) == ["ends"]
    assert signs(charted([1.0], spells=(spell(9, 5),)), banded) == ["band", "begins", "ends"]
