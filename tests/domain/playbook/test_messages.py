"""Messages of a response plan, with what is known of the incident put in."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser
from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.papers.document import Document, Text, page
from crisisdesk.domain.playbook.content import read_playbook
from crisisdesk.domain.playbook.messages import PLACES, check_messages, known_of, messages
from crisisdesk.domain.publishing import checked_content
from crisisdesk.settings.playbooks import shipped_plans

from tests.domain.hostile_wordings import wordings

DAY = 1_795_228_560_000  # 2026-11-21 02:36 UTC
INCIDENT = Incident(
    incident_id="INC-1", title="Orders\n lost", severity="critical", created_at=DAY + 240_000
)


def content(*texts: str) -> dict[str, Any]:
    """A plan with these messages."""
    action = {"id": "a", "title": "A", "phase": "containment", "role": "scribe", "due": "5m"}
    told = [{"name": f"No {i}", "audience": "staff", "text": t} for i, t in enumerate(texts)]
    return {"kind": "playbook", "title": "Plan", "templates": told, "actions": [action]}


def filled(text: str, incident: Incident = INCIDENT) -> str:
    [one] = messages(read_playbook("plan", content(text)), incident, DAY + 600_000)
    return one.text


def test_what_is_known_is_put_in_and_what_is_not_stands_in_brackets() -> None:
    assert filled("{title} since {detected}, over {resolved}, by {commander}, {users}") == (
        "Orders lost since 2026-11-21 02:40, over [time], by [commander], [how many]"
    )
    told = dataclasses.replace(
        INCIDENT, detected_at=DAY, resolved_at=DAY, commander="Ann", user_impact_count=12_000
    )
    assert filled("{detected} {resolved} {commander} {users} {now}", told) == (
        "2026-11-21 02:36 2026-11-21 02:36 Ann 12,000 2026-11-21 02:46"
    )


def test_every_place_has_a_value_and_no_other_is_published() -> None:
    assert set(known_of(INCIDENT, DAY)) == set(PLACES)
    assert checked_content("plan", content("".join(f"{{{name}}}" for name in PLACES)))
    with pytest.raises(Malformed) as refused:
        checked_content("plan", content("fine", "{services}"))
    assert refused.value.field == "templates[1].text"
    assert "{commander}" in refused.value.remedy


def test_every_message_that_comes_with_the_program_can_be_filled() -> None:
    for name, told in shipped_plans().items():
        plan = read_playbook(name, told)
        check_messages(plan)
        assert plan.templates
        assert all("{" not in one.text for one in messages(plan, INCIDENT, DAY))


class _Tags(HTMLParser):
    """The tags between which the texts stand."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def test_hostile_messages_and_titles_are_words_on_paper_too() -> None:
    own = _Tags()
    own.feed(page(Document(title="x", under="", blocks=[Text(text="x")])))
    for text in wordings(200):
        incident = dataclasses.replace(INCIDENT, title=text)
        told = filled("{title}", incident)
        assert told == " ".join(text.split())
        found = _Tags()
        found.feed(page(Document(title=told, under="", blocks=[Text(text=told)])))
        assert found.tags == own.tags
