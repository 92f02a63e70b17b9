"""Fuzzy search over short titles: which match a few typed letters, how well, and where."""

from __future__ import annotations

from typing import NamedTuple

_PREFIX, _WORD, _RUN = 40, 12, 6
_INSIDE = 4
_MAX_QUERY = 40


class Match(NamedTuple):
    """How well a text answers a query (higher is better) and the indices of the letters met."""

    score: int
    at: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Find the letters of ``query`` in ``text`` in order, case aside; None when they are not there.

    Every letter must follow the one before it or begin a word ("ei" finds "Escalate incident"),
    unless the whole query stands inside a word. Blanks are ignored. Beginnings of words beat their
    middles, and the beginning of the text beats all. An empty query matches everything.
    """
    letters, low = "".join(query.lower().split())[:_MAX_QUERY], text.lower()
    if not letters:
        return Match(score=0, at=())
    inside = low.find(letters)
    if inside >= 0 and not _begins_word(low, inside):
        found = _walk(letters, low, 0, ())
        return found or Match(score=_INSIDE, at=tuple(range(inside, inside + len(letters))))
    return _walk(letters, low, 0, ())


def _begins_word(low: str, index: int) -> bool:
    return index == 0 or not low[index - 1].isalnum()


def _walk(letters: str, low: str, after: int, at: tuple[int, ...]) -> Match | None:
    """Place the letters left: beside the last one if that leads to the end, else at later words."""
    if len(at) == len(letters):
        return Match(score=_score(low, at), at=at)
    wanted = letters[len(at)]
    if at and after < len(low) and low[after] == wanted:
        found = _walk(letters, low, after + 1, (*at, after))
        if found is not None:
            return found
    for index in range(after, len(low)):
        if low[index] == wanted and _begins_word(low, index):
            found = _walk(letters, low, index + 1, (*at, index))
            if found is not None:
                return found
    return None


def _score(low: str, at: tuple[int, ...]) -> int:
    score = _PREFIX if at[0] == 0 else 0
    before = -2
    for index in at:
        score += _RUN if index == before + 1 else _WORD
        before = index
    return score
