"""A fact in words without its styles."""

from __future__ import annotations

from crisisdesk.domain.told import Segment, Told, plain, strong


def test_the_plain_line_is_all_segments_in_a_row() -> None:
    line = (strong("Part of "), Segment(text="INC-2", style="mono"), plain("."))
    told = Told(icon="git-merge", line=line)
    assert (told.plain, told.detail, told.withdrawn) == ("Part of INC-2.", "", False)
