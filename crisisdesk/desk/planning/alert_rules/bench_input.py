"""What the test bench tries a rule on: what the station has kept, a file, or what was typed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.detection.kept import recorded
from crisisdesk.domain.detection.trial_input import CSV_LIMIT, Given, given_sample, read_csv
from crisisdesk.domain.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.domain.detection.kept import Recorded
    from crisisdesk.domain.detection.rule import AlertRule

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
FILE, TYPED = "file", "typed"
# Samples and lines that are looked at; a few seconds of work.
MOST = 250_000
TYPED_MOST = 5_000
_NUMBERS = re.compile(r"[\s,;]+")


class Stretch(NamedTuple):
    """A stretch of what was kept, up to now."""

    key: str
    word: str
    ms: int


STRETCHES = (
    Stretch("1h", "1 h", HOUR_MS),
    Stretch("6h", "6 h", 6 * HOUR_MS),
    Stretch("24h", "24 h", DAY_MS),
    Stretch("7d", "7 d", 7 * DAY_MS),
)


class Wanted(NamedTuple):
    """What a rule is to be tried on: the key of a stretch, `FILE` with the path of a CSV file, or
    `TYPED` with the text."""

    key: str
    text: str = ""


def given_for(
    wanted: Wanted,
    rule: AlertRule,
    others: Sequence[AlertRule],
    store: Recorded,
    now_ms: int,
) -> Given:
    """Read it; blocking. Raises Malformed for what cannot be used."""
    if wanted.key == FILE:
        return read_csv(_file(wanted.text), rule)
    if wanted.key == TYPED:
        return typed(wanted.text, rule, now_ms)
    stretch = next(one for one in STRETCHES if one.key == wanted.key)
    # What was measured within this very moment is part of it.
    return recorded(store, rule, now_ms - stretch.ms, now_ms + 1, others=others, most=MOST)


def _file(name: str) -> str:
    if not name:
        raise Malformed("file", "is not chosen", "choose a CSV file with at,value or at,line")
    try:
        with Path(name).open(encoding="utf-8-sig") as opened:
            text = opened.read(CSV_LIMIT + 1)
    except OSError as error:
        words = f"cannot be read: {error.strerror or error}"
        raise Malformed("file", words, "choose another") from error
    except UnicodeDecodeError as error:
        raise Malformed("file", "is no text in UTF-8", "export it as such") from error
    return text


def typed(text: str, rule: AlertRule, now_ms: int) -> Given:
    """CSV, or plain numbers: samples of the rule's own metric a minute apart, the last one now.

    Raises Malformed naming what cannot be read.
    """
    plain = text.strip()
    if not plain:
        raise Malformed("samples", "are none", "type numbers, or CSV with at,value")
    if plain[:1].isalpha():
        return read_csv(plain + "\n", rule)
    words = [word for word in _NUMBERS.split(plain) if word]
    if len(words) > TYPED_MOST:
        raise Malformed("samples", f"are {len(words)}", f"type at most {TYPED_MOST}")
    first = now_ms - (len(words) - 1) * MINUTE_MS
    return Given(
        samples=tuple(
            given_sample(rule, first + n * MINUTE_MS, _number(word, n), {}, "", "samples")
            for n, word in enumerate(words)
        )
    )


def _number(word: str, at: int) -> float:
    try:
        return float(word)
    except ValueError as error:
        raise Malformed(
            f"samples[{at}]", f"{word[:40]!r} is no number", "write it like 5 or 0.25"
        ) from error
