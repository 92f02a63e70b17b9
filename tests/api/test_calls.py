"""The parts of the client fit together: each says its own calls, and no part hides another's."""

from __future__ import annotations

from collections import Counter

import pytest

from crisisdesk.api.calls import Calls
from crisisdesk.api.client import Client


def test_a_part_alone_cannot_ask() -> None:
    for part in Calls.__subclasses__():
        if part is not Client:
            with pytest.raises(TypeError, match="abstract"):
                part()


def test_no_part_hides_the_calls_of_another() -> None:
    parts = [kind for kind in Client.__mro__ if issubclass(kind, Calls) and kind is not Calls]
    said = Counter(name for kind in parts for name in vars(kind) if not name.startswith("_"))
    assert len(parts) > 1
    assert [name for name, times in said.items() if times > 1] == []
