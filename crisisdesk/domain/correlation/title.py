"""The title of a candidate incident: a `wording` with what is known of the group."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from crisisdesk.domain.signal import TITLE_LIMIT
from crisisdesk.domain.wording import check_wording, fill_wording

# What every title may name, besides the values that a rule groups by.
ALWAYS = ("count", "services", "severity", "rule")


def check_title(template: str, names: Collection[str], field: str = "name") -> str:
    """The template; raises Malformed naming ``field`` for what could not be filled in."""
    return check_wording(template, {*names, *ALWAYS}, field)


def fill_title(template: str, values: Mapping[str, str]) -> str:
    """The title on one line, cut to what an incident's may be long; unknown names stay as is."""
    line = " ".join(fill_wording(template, values).split())
    return line if len(line) <= TITLE_LIMIT else f"{line[: TITLE_LIMIT - 1]}…"
