"""What is kept quiet now, and until when."""

from __future__ import annotations

from crisisdesk.domain.matchers import Subject
from crisisdesk.engine.workbench import Workbench


def quiet_until(bench: Workbench, alert: Subject) -> tuple[int, str] | None:
    """The latest end (UTC ms) among the silences that cover this alert now, and that silence's id;
    None when nothing keeps it quiet."""
    found = [(s.until, s.silence_id) for s in bench.silences() if s.covers(alert)]
    return max(found, default=None)
