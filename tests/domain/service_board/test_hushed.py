"""Which services a silence keeps quiet as a whole."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.service_board.hushed import hushed
from crisisdesk.domain.silence import Silence

NOW = 1_000_000
NAMES = ["db", "db-eu", "shop"]


def silence(number: int, **changes: Any) -> Silence:
    given: dict[str, Any] = {"match": {}, "until": NOW + number, "set_at": 0} | changes
    return Silence(silence_id=f"SIL-{number}", **given)


def quiet(*of: Silence, now_ms: int = NOW) -> dict[str, str]:
    return {name: hush.silence_id for name, hush in hushed(NAMES, of, now_ms).items()}


def test_one_that_asks_for_the_service_alone_is_about_the_whole_service() -> None:
    assert quiet(silence(1, match={"service": "db"})) == {"db": "SIL-1"}
    assert quiet(silence(1, matchers=['service=~"db.*"'])) == {"db": "SIL-1", "db-eu": "SIL-1"}
    assert quiet(silence(1, everything=True)) == dict.fromkeys(NAMES, "SIL-1")
    assert quiet(silence(1, match={"service": "gone"})) == {}


def test_one_that_asks_for_more_is_not() -> None:
    assert quiet(silence(1, match={"service": "db", "severity": "low"})) == {}
    assert quiet(silence(1)) == {}


def test_only_while_it_keeps_quiet_and_the_longest_counts() -> None:
    short, long = silence(5, match={"service": "db"}), silence(9, match={"service": "db"})
    assert quiet(short, long) == {"db": "SIL-9"}
    assert quiet(short, long, now_ms=NOW + 9) == {}
    assert quiet(silence(9, match={"service": "db"}, starts_at=NOW + 1)) == {}
    assert quiet(silence(9, match={"service": "db"}, active=False)) == {}
