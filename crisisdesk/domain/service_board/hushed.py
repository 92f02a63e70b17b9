"""Which services are silenced as a whole: by silences that ask for nothing but the service."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from crisisdesk.domain.silence import Silence


class Hush(NamedTuple):
    """What keeps a service quiet as a whole, until when (UTC ms)."""

    silence_id: str
    until: int
    reason: str


def hushed(names: Collection[str], silences: Iterable[Silence], now_ms: int) -> dict[str, Hush]:
    """The services of these that are silenced whatever their alerts are, each with the silence that
    lasts longest. A silence that also asks for something else says nothing of a whole service."""
    found: dict[str, Hush] = {}
    for silence in sorted(silences, key=lambda s: (-s.until, s.silence_id)):
        if not silence.silences(now_ms):
            continue
        hush = Hush(silence.silence_id, silence.until, silence.reason)
        for name in _named(names, silence):
            found.setdefault(name, hush)
    return found


def _named(names: Collection[str], silence: Silence) -> Iterable[str]:
    wanted = silence.conditions()
    if not wanted:
        return names if silence.everything else ()
    if any(one.name != "service" for one in wanted):
        return ()
    exact = next((one.value for one in wanted if one.op == "="), None)
    asked: Iterable[str] = names if exact is None else [exact] if exact in names else []
    return [name for name in asked if all(one.accepts(name) for one in wanted)]
