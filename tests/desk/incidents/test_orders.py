"""Orders become calls of the door, refusals become sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.desk.incidents import orders
from crisisdesk.desk.incidents.declare import Declaration
from crisisdesk.desk.incidents.dossier import Dossier
from crisisdesk.desk.incidents.draft import DraftImage, Entry
from crisisdesk.desk.room import Refusal
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.image_file import bare_image

from tests.desk.incidents.desk_stand_in import Client
from tests.domain.image_bytes import png
from tests.domain.incident_log import START

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def sent(order: Callable[[Any], Any]) -> Call:
    client = Client()
    order(client)
    return client.orders[0]


def test_a_refusal_is_one_sentence():
    assert orders.refusal_words(Refusal(words="is too long", remedy="shorten it")) == (
        "Not saved: is too long; shorten it."
    )
    assert orders.refusal_words(Refusal(words="the engine is away")) == (
        "Not saved: the engine is away."
    )


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("user_impact_count", "18 400", 18_400),
        ("financial_impact_cents", "40,200.50", 4_020_050),
        ("financial_impact_cents", " ", None),
        ("response_team", "Zoë, Ana", ["Zoë", "Ana"]),
        ("root_cause", " the link \n", "the link"),
    ],
)
def test_what_is_typed_becomes_a_value(field: str, text: str, value: object):
    assert orders.typed_value(field, text) == value


def test_what_is_no_value_is_refused():
    with pytest.raises(Malformed, match="users affected: 'many'"):
        orders.typed_value("user_impact_count", "many")


def test_only_news_is_sent(dossier: Dossier):
    incident = dossier.incident
    assert not orders.is_news(incident, "response_team", ["Priya Nair", "Mateo Ruiz"])
    assert orders.is_news(incident, "response_team", ["Priya Nair"])
    assert not orders.is_news(incident, "user_impact_count", 18_400)
    assert orders.is_news(incident, "title", "Other")


def test_fields_travel_under_the_names_of_the_door():
    assert sent(orders.edit_field("I", "commander", "Ana")) == (
        "edit_incident", ("I",), {"incident_commander": "Ana"},
    )  # fmt: skip
    money = orders.edit_field("I", "financial_impact_cents", 4_020_005)
    assert sent(money)[2] == {"financial_impact": "40200.05"}
    assert sent(orders.edit_field("I", "financial_impact_cents", None))[2] == {
        "financial_impact": None
    }
    assert sent(orders.edit_fields("I", {"impact": "low", "priority": "p1"}))[2] == {
        "impact": "low",
        "priority": "p1",
    }


def test_the_ladder_and_back():
    assert sent(orders.climb("I", "resolved", " done ")) == (
        "incident_status", ("I", "resolved", "done"), {},
    )  # fmt: skip
    assert sent(orders.reopen("I", "back")) == ("reopen_incident", ("I", "back"), {})


def test_declaring_leaves_the_command_to_the_operator_when_nobody_is_named():
    told = Declaration(
        title="Down", severity="major", category="data", commander="", description="x"
    )
    assert sent(orders.declare(told)) == (
        "open_incident", ("Down", "major"), {"category": "data", "description": "x"},
    )  # fmt: skip


def test_an_entry_is_posted_or_edited():
    entry = Entry(
        title="t", description="d", update_type="note", is_public=True, is_pinned=False,
        happened_at=START, update_id="",
    )  # fmt: skip
    name, args, fields = sent(orders.write_entry("I", entry))
    assert (name, args) == ("post_update", ("I", "t"))
    assert fields["happened_at"] == "2026-02-12T02:05:02.000Z"
    edit = Entry(
        title="t", description="", update_type="note", is_public=False, is_pinned=True,
        happened_at=None, update_id="U-1",
    )  # fmt: skip
    assert sent(orders.write_entry("I", edit)) == (
        "edit_update",
        ("I", "U-1"),
        {"title": "t", "description": "", "is_public": False, "is_pinned": True},
    )
    file = bare_image(png())
    shown = replace(edit, images=(DraftImage(file=file, thumb=b"", caption="Row 4"),))
    client = Client()
    client.answers["add_image"] = {"id": "IMG-" + "0" * 20}
    orders.write_entry("I", shown)(client)  # type: ignore[arg-type]
    assert [name for name, _args, _fields in client.orders] == ["add_image", "edit_update"]
    assert client.orders[1][2]["description"] == f"![Row 4](image:IMG-{'0' * 20})"
    assert sent(orders.flag_entry("I", "U-1", hidden=True))[2] == {"hidden": True}
