"""Fuzzy search over short titles: which match a few typed letters, how well, and where."""

from __future__ import annotations

from typing import NamedTuple

_PREFIX, _WORD, _RUN, _GAP = 40, 12, 6, 1
_MAX_QUERY = 40


class Match(NamedTuple):
    """How well a text answers a query (higher is better) and the indices of the letters met."""

    score: int
    at: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Find the letters of ``query`` in ``text`` in order, case aside; None when one is missing.

    Blanks in the query are ignored. Whole runs beat scattered letters, beginnings of words beat
    their middles, and the beginning of the text beats all. An empty query matches everything.
    """
    letters, low = "".join(query.lower().split())[:_MAX_QUERY], text.lower()
    if not letters:
        return Match(score=0, at=())
    whole = low.find(query.strip().lower())
    starts = [whole] if whole >= 0 else []
    starts += [index for index, letter in enumerate(low) if letter == letters[0]]
    best: Match | None = None
    for start in starts:
        found = _from(letters, low, start)
        if found is not None and (best is None or found.score > best.score):
            best = found
    return best


def _from(letters: str, low: str, start: int) -> Match | None:
    at: list[int] = []
    score, after = (_PREFIX if start == 0 else 0), start
    for letter in letters:
        index = low.find(letter, after)
        if index < 0:
            return None
        begins_word = index == 0 or not low[index - 1].isalnum()
        if at and index == at[-1] + 1:
            score += _RUN
        elif begins_word:
            score += _WORD
        score -= _GAP * min(8, index - after)
        at.append(index)
        after = index + 1
    return Match(score=score, at=tuple(at))
