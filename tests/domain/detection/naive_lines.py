"""What rules about lines mean, written plainly a second time."""

from __future__ import annotations

from collections.abc import Sequence

from crisisdesk.domain.detection.conditions import Lines, LineTest

Moment = tuple[int, float | None]


def found(
    kept: Sequence[tuple[int, str]], turns: Sequence[Moment], c: Lines
) -> list[tuple[bool, int]]:
    """When lines were found and when no more: ``turns`` say how many there were at which time."""
    told: list[tuple[bool, int]] = []
    hits = [number for number in range(len(kept)) if is_hit(kept, number, c)]
    last: int | None = None
    done = 0
    for now, count in turns:
        assert count is not None
        for number in range(done, int(count)):
            at = kept[number][0]
            if last is not None and at - last >= c.clear_ms:
                told.append((False, at))
                last = None
            if number in hits:
                if last is None:
                    told.append((True, at))
                last = at
        done = int(count)
        if last is not None and now - last >= c.clear_ms:
            told.append((False, now))
            last = None
    return told


def is_hit(kept: Sequence[tuple[int, str]], number: int, c: Lines) -> bool:
    """Whether what is looked for is complete with this line."""
    at, text = kept[number]
    if c.line is not None:
        near = [a for a, other in kept[: number + 1] if c.line.fits(other) and at - a < c.within_ms]
        return c.line.fits(text) and len(near) >= c.at_least
    assert c.first is not None
    assert c.then is not None
    if not c.then.fits(text):
        return False
    for start in range(number - 1, -1, -1):
        between = range(start + 1, number + 1)
        if any(_fits(c.without, kept[k][1]) for k in between):
            return False
        if c.first.fits(kept[start][1]) and at - kept[start][0] <= c.within_ms:
            return True
        if is_hit(kept, start, c):
            return False
    return False


def _fits(test: LineTest | None, text: str) -> bool:
    return test is not None and test.fits(text)
