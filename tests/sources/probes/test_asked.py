"""Settings are read with every refusal naming the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes import asked


@pytest.mark.parametrize(
    ("read", "found"),
    [
        (lambda: asked.text({"a": "x"}, "a"), "x"),
        (lambda: asked.text({}, "a", ""), ""),
        (lambda: asked.whole({"a": "12"}, "a", None, 1, 20), 12),
        (lambda: asked.whole({}, "a", 5, 1, 20), 5),
        (lambda: asked.yes({"a": "No"}, "a", True), False),
        (lambda: asked.texts({"a": "x, y,"}, "a"), ["x", "y"]),
        (lambda: asked.texts({"a": ["x,y"]}, "a"), ["x,y"]),
        (lambda: asked.table({"a": {"n": "v"}}, "a"), {"n": "v"}),
        (lambda: asked.host({"a": "[::1]"}, "a"), "::1"),
        (lambda: asked.secret({"a": "shop-token"}, "a"), "shop-token"),
        (lambda: asked.secret({}, "a"), ""),
    ],
)
def test_what_is_meant_is_read(read: Callable[[], Any], found: Any) -> None:
    assert read() == found


@pytest.mark.parametrize(
    "read",
    [
        lambda s: asked.text({"a": 5}, "a"),
        lambda s: asked.text({"a": " "}, "a"),
        lambda s: asked.text({}, "a"),
        lambda s: asked.text({"a": "x" * 3_000}, "a"),
        lambda s: asked.whole({"a": True}, "a", None, 0, 5),
        lambda s: asked.whole({"a": "5.0"}, "a", None, 0, 5),
        lambda s: asked.whole({"a": "٣"}, "a", None, 0, 5),
        lambda s: asked.whole({"a": 6}, "a", None, 0, 5),
        lambda s: asked.whole({}, "a", None, 0, 5),
        lambda s: asked.yes({"a": 1}, "a", True),
        lambda s: asked.texts({"a": [1]}, "a"),
        lambda s: asked.texts({"a": ["x"] * 51}, "a"),
        lambda s: asked.table({"a": {"n": 1}}, "a"),
        lambda s: asked.table({"a": "x"}, "a"),
        lambda s: asked.host({"a": "a/b"}, "a"),
        lambda s: asked.host({"a": "me@a"}, "a"),
        lambda s: asked.secret({"a": s}, "a"),
        lambda s: asked.known_only({"a": 1}, ("b",)),
    ],
)
def test_what_cannot_be_meant_names_the_field_and_not_the_value(
    read: Callable[[str], Any],
) -> None:
    with pytest.raises(Malformed) as caught:
        read("hunter2 is my password")
    assert caught.value.field == "settings.a"
    assert caught.value.remedy
    assert "hunter2" not in str(caught.value)
