"""The words above and below the editor say how the open policy stands."""

from __future__ import annotations

from crisisdesk.desk.planning.policies.book import Book
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.standing import AWAY, Standing, standing_of
from crisisdesk.domain.errors import Malformed

from tests.desk.planning.policies.test_book import OTHER, opened, working
from tests.desk.planning.policies.test_shelf import known, version
from tests.domain.escalation.people import START


def stands(book: Book, fault: Malformed | None = None, **more: bool) -> Standing:
    return standing_of(book, fault, away=more.get("away", False), busy=more.get("busy", False))


def test_what_is_published_can_be_withdrawn_and_not_published() -> None:
    told = stands(opened())
    assert (told.title, told.chip, told.counts) == ("Night", "counts now", True)
    assert (told.can_publish, told.can_withdraw, told.can_discard) == (False, True, False)
    assert "K. Langová" in told.facts
    assert stands(Book()) == Standing()


def test_a_draft_says_what_it_becomes() -> None:
    book = opened()
    book.put(working(book)._replace(content=OTHER))
    told = stands(book)
    assert (told.chip, told.can_publish, told.can_discard) == ("unpublished draft", True, True)
    assert told.foot == "Becomes version 2. Escalations under way go on by theirs."
    fault = Malformed("steps[0].wait_s", "is odd", "mend it")
    told = stands(book, fault)
    assert (told.foot, told.level) == ("Cannot be published yet: Step 1, delay.", "bad")
    assert stands(book, busy=True).can_publish is False


def test_a_new_one_was_never_published() -> None:
    book = opened()
    book.begin(" ", fresh(), 1)
    told = stands(book)
    assert (told.title, told.facts, told.counts) == ("Without a name", "never published", False)
    assert told.foot.startswith("Becomes version 1.")


def test_another_name_is_warned_of_what_it_does() -> None:
    book = opened()
    book.put(working(book)._replace(name="Late"))
    assert "stands beside “Night”" in stands(book).notice
    book.begin("Night", OTHER, 1)
    assert "publishing replaces it" in stands(book).notice


def test_a_version_from_elsewhere_is_told() -> None:
    book = opened()
    book.put(working(book)._replace(content=OTHER))
    newer = version("Night", START + 60_000, content={"repeat": 9})
    book.take(known(version("Night"), newer))
    assert "K. Langová published another version" in stands(book).notice
    book.drop("of:Night")
    assert stands(book).notice == ""


def test_without_the_engine_nothing_can_be_done_and_the_reason_stands_there() -> None:
    book = opened()
    book.put(working(book)._replace(content=OTHER))
    told = stands(book, away=True)
    assert (told.foot, told.can_publish, told.can_withdraw, told.can_discard) == (
        AWAY,
        False,
        False,
        False,
    )


def test_a_withdrawn_one_can_be_published_again() -> None:
    book = opened()
    book.take(known(version("Night", withdrawn_at=START)))
    told = stands(book)
    assert (told.chip, told.can_publish, told.can_withdraw) == ("withdrawn", True, False)
