"""The book keeps what is open open, and a draft exactly while it says something else."""

from __future__ import annotations

from dataclasses import replace

from crisisdesk.desk.planning.policies.book import Book
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.drafts import Draft, encoded
from crisisdesk.desk.planning.policies.reading import NOTHING
from crisisdesk.desk.planning.policies.shelf import BUILT_IN_KEY

from tests.desk.planning.policies.test_shelf import known, version
from tests.domain.escalation.people import START

NIGHT = version("Night")
OTHER = fresh() | {"repeat": 7}


def opened(key: str = "name:Night") -> Book:
    book = Book()
    book.take(known(NIGHT))
    book.select(key)
    return book


def working(book: Book) -> Draft:
    draft = book.working()
    assert draft is not None
    return draft


def test_what_is_published_is_open_as_it_stands() -> None:
    book = opened()
    assert working(book) == Draft("of:Night", "Night", fresh(), "Night", NIGHT.version_id)
    assert (book.is_draft(), book.counts(), book.versions()) == (False, NIGHT, [NIGHT])
    assert Book().working() is None


def test_a_change_makes_a_draft_and_its_undoing_ends_it() -> None:
    book = opened()
    book.put(working(book)._replace(content=OTHER))
    assert book.is_draft()
    assert working(book).content == OTHER
    assert [draft.key for draft in Book(encoded(book.listed())).listed()] == ["of:Night"]
    book.put(working(book)._replace(content=fresh()))
    assert (book.is_draft(), book.listed()) == (False, [])
    book.put(working(book)._replace(raw="name: ["))
    assert book.is_draft(), "YAML that cannot be read yet is kept"


def test_new_drafts_have_keys_of_their_own() -> None:
    book = opened()
    one, two = (book.begin("", fresh(), 5) for _ in range(2))
    assert one.key != two.key
    assert (working(book), book.base(), book.counts()) == (two, None, None)
    assert book.selected == f"draft:{two.key}"
    assert book.drop(two.key) == two
    assert book.selected == f"draft:{one.key}", "the next thing to work on is open"
    assert book.drop("nothing") is None


def test_what_is_open_stays_open_when_it_is_withdrawn_and_published_again() -> None:
    book = opened()
    gone = replace(NIGHT, withdrawn_at=START + 5)
    book.take(known(gone))
    assert (book.selected, working(book).content) == ("gone:Night", fresh())
    book.put(working(book)._replace(content=OTHER))
    assert book.selected == "draft:of:Night"
    book.take(known(gone, version("Night", START + 9)))
    assert (book.selected, working(book).content) == ("name:Night", OTHER)
    assert book.is_outdated(), "somebody published meanwhile"
    book.take(NOTHING)
    assert book.is_draft(), "a draft outlives everything"


def test_a_sent_draft_goes_once_its_version_is_read() -> None:
    book = opened()
    draft = book.begin("Shop", OTHER, 5)
    shop = version("Shop", START + 3, content=OTHER)
    book.sent(shop.version_id, draft)
    assert book.is_draft(), "not before"
    book.take(known(NIGHT, shop))
    assert (book.selected, book.listed()) == ("name:Shop", [])


def test_what_was_typed_while_it_was_sent_is_the_next_draft() -> None:
    book = opened()
    draft = book.begin("Shop", OTHER, 5)
    shop = version("Shop", START + 3, content=OTHER)
    book.sent(shop.version_id, draft)
    book.put(draft._replace(content=OTHER | {"repeat": 9}))
    book.take(known(NIGHT, shop))
    assert book.selected == "name:Shop"
    assert (working(book).of, working(book).began) == ("Shop", shop.version_id)
    assert working(book).content["repeat"] == 9
    assert not book.is_outdated()


def test_a_draft_sent_while_another_is_open_does_not_take_its_place() -> None:
    book = opened()
    draft = book.begin("Shop", OTHER, 5)
    shop = version("Shop", START + 3, content=OTHER)
    book.sent(shop.version_id, draft)
    book.select("name:Night")
    book.take(known(NIGHT, shop))
    assert book.selected == "name:Night"


def test_with_nothing_else_the_built_in_one_is_open() -> None:
    book = Book()
    book.take(NOTHING)
    assert (book.selected, book.working()) == (BUILT_IN_KEY, None)
    book.select("name:Nowhere")
    assert book.selected == BUILT_IN_KEY
