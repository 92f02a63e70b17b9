"""One fact in words: an icon, a line of styled segments, and the longer text below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SegmentStyle = Literal["plain", "strong", "mono", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Words in one style; ``worse`` is for what went badly."""

    text: str
    style: SegmentStyle = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One fact in words: the line as segments, the text below it ("" for none); ``is_markdown``
    where a person wrote both as such."""

    icon: str
    line: tuple[Segment, ...]
    detail: str = ""
    withdrawn: bool = False
    is_markdown: bool = False

    @property
    def plain(self) -> str:
        """The line without its styles."""
        return "".join(segment.text for segment in self.line)


def strong(text: str) -> Segment:
    """Words that carry the entry."""
    return Segment(text=text, style="strong")


def plain(text: str) -> Segment:
    """Ordinary words."""
    return Segment(text=text)
