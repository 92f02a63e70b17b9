"""Keys as they are written and as Qt reads them."""

from __future__ import annotations

import pytest

from crisisdesk.desk.key_map import sequence


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("A", "A"),
        ("Ctrl K", "Ctrl+K"),
        ("Shift A", "Shift+A"),
        ("?", "?"),
        ("Ctrl Enter", "Ctrl+Return"),
    ],
)
def test_keys_are_read_as_qt_reads_them(keys: str, text: str) -> None:
    assert sequence(keys).toString() == text
