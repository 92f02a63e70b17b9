"""A prober is found by its type, or the types that there are are named."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.collector_ports import prober_of

from tests.engine.workers.looking_out import OneProber, ToldProber


def test_an_unknown_type_names_those_that_are_known() -> None:
    probers = OneProber(ToldProber(lambda: 0))
    assert prober_of(probers, "told") is probers.prober
    with pytest.raises(Malformed, match="use one of told") as caught:
        prober_of(probers, "strange")
    assert caught.value.field == "type"
