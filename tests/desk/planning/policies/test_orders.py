"""What is done with policies reaches the store, and each has its way back."""

from __future__ import annotations

import pytest

from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.domain.escalation.policy import EVERYONE, read_policy

from tests.desk.planning.policies.seats import Seat

pytestmark = pytest.mark.serial


def test_an_earlier_version_counts_again_under_a_number_of_its_own(seat: Seat) -> None:
    first = seat.publish("Night", fresh())
    second = seat.publish("Night", fresh() | {"repeat": 7})
    page = seat.page
    page.open("name:Night")
    page.open_tab("history")
    page.editor.history.list.go(1)
    again = next(one for one in page.actions() if one.title == "Publish this version again")
    assert again.keys == "P"
    again.run()
    seat.until(lambda: len(page.book.versions()) == 3)
    counts = page.book.counts()
    assert counts is not None
    assert counts.version_id not in (first, second)
    assert read_policy("Night", counts.content) == read_policy("Night", fresh())
    assert page.editor.form.repeat.line.text() == "2"


def test_withdrawing_lets_the_one_before_count_and_can_be_undone(seat: Seat) -> None:
    first = seat.publish("Night", fresh())
    second = seat.publish("Night", fresh() | {"repeat": 7})
    page = seat.page
    page.open("name:Night")
    page.orders.withdraw()
    seat.until(lambda: getattr(page.book.counts(), "version_id", "") == first)
    seat.desk.shell.undo_last()
    seat.until(lambda: getattr(page.book.counts(), "version_id", "") not in ("", first))
    counts = page.book.counts()
    assert counts is not None
    assert counts.version_id != second
    assert counts.content["repeat"] == 7


def test_the_last_one_withdrawn_stays_open_and_can_be_published_again(seat: Seat) -> None:
    seat.publish("Night", fresh())
    page = seat.page
    page.open("name:Night")
    page.orders.withdraw()
    seat.until(lambda: page.book.selected == "gone:Night")
    assert page.editor.publish.isEnabled()
    page.orders.publish()
    seat.until(lambda: page.book.selected == "name:Night")
    assert len(seat.stored("Night")) == 2


def test_a_draft_can_be_begun_with_a_version_or_a_copy(seat: Seat) -> None:
    first = seat.publish("Night", fresh())
    seat.publish("Night", fresh() | {"repeat": 7})
    page = seat.page
    page.open("name:Night")
    page.orders.take_version(first)
    assert (page.editor.form.repeat.line.text(), page.book.is_draft()) == ("2", True)
    page.orders.duplicate()
    draft = page.book.working()
    assert draft is not None
    assert (draft.name, draft.content["repeat"], draft.of) == ("Night copy", 2, "")
    page.open("built in")
    page.orders.duplicate()
    draft = page.book.working()
    assert draft is not None
    copied = read_policy("everyone", draft.content)
    assert (copied.steps, copied.repeat) == (EVERYONE.steps, EVERYONE.repeat)
    assert page.editor.form.name.line.hasFocus()
    assert [one.name for one in page.book.listed()] == ["Night", "Night copy", ""]


def test_a_step_that_was_removed_can_be_put_back(seat: Seat) -> None:
    steps = [{"to": [{"everyone": True}], "wait_s": 60}, {"to": [{"group": "Managers"}]}]
    seat.publish("Night", fresh() | {"steps": steps})
    page = seat.page
    page.open("name:Night")
    page.editor.form.remove_step(0)
    assert len(page.editor.form.cards) == 1
    seat.desk.shell.undo_last()
    assert len(page.editor.form.cards) == 2
    assert not page.book.is_draft(), "all is as it was published"


def test_what_the_engine_refuses_stands_at_its_field_and_the_draft_stays(
    seat: Seat,
) -> None:
    page = seat.page
    page.orders.new()
    seat.write(page.editor.form.name.line, "Night")
    page.orders.publish()
    seat.until(lambda: page.book.selected == "name:Night")
    seat.publish("Night", fresh() | {"repeat": 9})
    page.open("name:Night")
    seat.write(page.editor.form.repeat.line, "2")
    # A page that has not read yet what was published sends it to the letter.
    page.book.known = page.book.known._replace(versions=())
    page.orders.publish()
    seat.until(lambda: "earlier version" in page.editor.form.general.text())
    assert page.book.is_draft()
    assert len(seat.stored("Night")) == 2


def test_without_the_engine_a_draft_is_kept_and_said_not_to_be_saved(seat: Seat) -> None:
    page = seat.page
    page.orders.new()
    seat.write(page.editor.form.name.line, "Night")
    seat.live.engine.kill()
    page.orders.publish()
    seat.until(lambda: not page.publisher.busy)
    draft = page.book.working()
    assert draft is not None
    assert (page.book.is_draft(), draft.name) == (True, "Night")
    assert seat.stored("Night") == []
