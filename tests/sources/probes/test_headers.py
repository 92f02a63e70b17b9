"""Headers of a source: which may be told, and what is sent of them."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes import headers
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.json_probe import JsonProber
from crisisdesk.sources.probes.looking import Sight, Unanswered

from tests.sources.probes.looks import look_at


def checked(**told: Any) -> dict[str, Any]:
    return headers.check(Fields(told, headers.SETTINGS))


def test_they_come_back_as_they_were_told() -> None:
    told = {"headers": {"X-A": "1"}, "secret_headers": {"X-Key": "reader"}}
    assert checked(**told) == told
    assert checked() == {"headers": {}, "secret_headers": {}}
    assert headers.secret_names(told) == ["reader"]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"headers": {"a b": "x"}}, "settings.headers"),
        ({"headers": {"Host": "x"}}, "settings.headers"),
        ({"headers": {"Cookie": "x"}}, "settings.headers"),
        ({"headers": {"X": "a\r\nY: b"}}, "settings.headers"),
        ({"headers": {"X": "ü"}}, "settings.headers"),
        ({"headers": {"X": 1}}, "settings.headers.X"),
        ({"headers": ["X"]}, "settings.headers"),
        ({"secret_headers": {"Content-Length": "n"}}, "settings.secret_headers"),
        ({"secret_headers": {"X": "it is secret"}}, "settings.secret_headers.X"),
    ],
)
def test_what_cannot_be_sent_names_the_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        checked(**told)
    assert caught.value.field == field
    assert caught.value.remedy
    assert "it is secret" not in str(caught.value)


def test_a_secret_is_put_in_and_one_that_is_not_kept_makes_the_look_unsure() -> None:
    settings = {
        "url": "http://a",
        "values": [{"name": "depth", "path": "d"}],
        "headers": {"X-A": "1"},
        "secret_headers": {"X-Key": "reader"},
    }
    look = look_at(JsonProber(), settings, secrets={"reader": "s3cret"})
    assert headers.of_look(Sight(look)) == {"X-A": "1", "X-Key": "s3cret"}
    with pytest.raises(Unanswered, match="reader") as caught:
        headers.of_look(Sight(look_at(JsonProber(), settings)))
    assert caught.value.verdict is Verdict.UNSURE
