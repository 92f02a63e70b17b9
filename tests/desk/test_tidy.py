"""The collector in small steps."""

from __future__ import annotations

import gc
import weakref

from pytestqt.qtbot import QtBot

from crisisdesk.desk.tidy import Tidy


def test_garbage_is_collected_in_steps_and_given_back(qtbot: QtBot) -> None:
    tidy = Tidy()
    tidy.start()
    try:
        assert not gc.isenabled()

        class Ring:
            me: object = None

        ring = Ring()
        ring.me = ring
        gone = weakref.ref(ring)
        del ring
        tidy.step()
        assert gone() is None
    finally:
        tidy.stop()
    assert gc.isenabled()
