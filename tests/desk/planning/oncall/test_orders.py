"""The orders of the page, on a real engine: what is refused changes nothing and says why."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from crisisdesk.desk.planning.oncall.orders import refusal_words
from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.room import Refusal
from crisisdesk.domain.oncall.drafts import Draft, Order
from crisisdesk.domain.policy_version import PolicyVersion, current

from tests.desk.live import Live

pytestmark = [pytest.mark.serial, pytest.mark.usefixtures("look")]
START, END = "2030-11-04 09:00", "2030-11-05 09:00"


def overrides(live: Live) -> list[PolicyVersion]:
    found = current(live.read(lambda reader: reader.policies()))
    return [version for version in found if version.content["kind"] == "override"]


def unwanted(*told: object) -> None:
    """An answer that must not come."""
    raise AssertionError(f"told {told}")


def test_a_second_try_of_one_draft_publishes_nothing_twice(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    assert page.outlook is not None
    published, done = page.outlook.published, []
    draft = Draft(people["Bo Birk"], START, END, "swapped")
    for _ in range(2):
        page.orders.add(draft, "Database", published, "12:00:00", lambda: done.append(1), unwanted)
    qtbot.waitUntil(lambda: len(done) == 2)
    [version] = overrides(live)
    assert version.name == "Database: Bo Birk 2030-11-04 09:00 UTC (12:00:00)"
    assert version.published_by == "Klára Langová"


def test_what_is_wrong_is_told_before_anything_is_sent(page: OnCallPage, live: Live) -> None:
    assert page.outlook is not None
    told: list[tuple[str, str]] = []
    page.orders.add(
        Draft("", START, END, ""),
        "Database",
        page.outlook.published,
        "12:00:00",
        unwanted,
        lambda field, words: told.append((field, words)),
    )
    assert told == [("contact", "is not chosen; choose who steps in.")]
    assert overrides(live) == []


def test_a_file_that_breaks_off_says_how_far_it_came(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    def order(name: str, end: int) -> Order:
        content = {
            "kind": "override",
            "schedule": "Database",
            "contact": people["Bo Birk"],
            "from": 1_900_000_000_000,
            "to": end,
        }
        return Order(name, content)

    good, bad = order("One", 1_900_000_100_000), order("Two", 1_800_000_000_000)
    told: list[tuple[str, str]] = []
    page.orders.take_in([good, bad], unwanted, lambda *words: told.append(words))
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] == "to"
    assert told[0][1].startswith("1 of 2 were published. is not after from")
    assert [version.name for version in overrides(live)] == ["One"]
    counts: list[int] = []
    page.orders.take_in([good], counts.append, unwanted)
    qtbot.waitUntil(lambda: counts == [1])
    assert len(overrides(live)) == 1


def test_what_was_taken_back_elsewhere_meanwhile_is_told(
    page: OnCallPage, live: Live, qtbot: QtBot, people: dict[str, str]
) -> None:
    order = {
        "kind": "override",
        "schedule": "Database",
        "contact": people["Bo Birk"],
        "from": 1_900_000_000_000,
        "to": 1_900_000_100_000,
    }
    made = live.client.publish_policy("One", order)

    def known() -> int:
        assert page.outlook is not None
        return len(page.outlook.published.versions)

    qtbot.waitUntil(lambda: known() == 1)
    assert page.outlook is not None
    [(override, _)] = page.outlook.published.versions
    live.client.withdraw_policy(str(made["version_id"]))
    qtbot.waitUntil(lambda: known() == 0)
    page.orders.take_back(override, page.outlook.published)
    assert live.desk is not None
    assert overrides(live) == []


def test_a_refusal_is_a_sentence() -> None:
    assert refusal_words(Refusal(words="is too long", remedy="shorten it")) == (
        "is too long; shorten it."
    )
    assert refusal_words(Refusal(words="is too long")) == "is too long."
