"""Links of a page at a real station: looking changes nothing, the button answers once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.api.answer_pages import BAD_IN_A_MINUTE, Guesses
from crisisdesk.api.answers import refusal_of
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.answer_links import AnswerLinks, AnswerWays
from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.ports import StoreFailed

from tests.api.station import BEARER, Station

PUBLIC = "https://desk.example.org"


class Open(Station):
    """A station whose pages can be answered by links."""

    def __init__(self, folder: Path, **ways: Any) -> None:
        self.ways = AnswerWays(**{"url": PUBLIC, **ways})
        super().__init__(folder)

    def links(self) -> AnswerLinks | None:
        return AnswerLinks(self.secrets, SystemClock(), self.ways)

    def paged(self, name: str = "Priya Nair") -> Delivery:
        """The page of a critical alert to a contact with a webhook, as it stands on disk."""
        method = {"url": "webhooks://hooks.example.org/x", "min_severity": "high"}
        made = self.ask("POST", "/crisis/contacts/", json={"name": name, "methods": [method]})
        assert made.status_code == 201, made.text
        alert = self.raised(title="Disk <full>", severity="critical", service="db-3")
        (found,) = self.reader(lambda r: r.deliveries_of(alert["alert_id"]))
        assert isinstance(found, Delivery)
        return found

    def link(self, delivery: Delivery, action: str = "have") -> str:
        """The path of its link."""
        made = self.links()
        assert made is not None
        url: str = self.run(made.links(delivery))[action]
        return url.removeprefix(PUBLIC)

    def alert(self, delivery: Delivery) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/crisis/alerts/{delivery.alert_id}/").json()
        return found


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Open]:
    made = Open(tmp_path)
    yield made
    made.close()


def test_looking_changes_nothing_however_often(station: Open) -> None:
    page = station.paged()
    for action in ("have", "next", "have"):
        answer = station.bare("GET", station.link(page, action))
        assert answer.status_code == 200
        assert "db-3: Disk &lt;full&gt;" in answer.text
        assert "nobody yet" in answer.text
        assert "critical" in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert station.bare("HEAD", station.link(page)).status_code == 405
    assert station.alert(page)["acknowledged_by"] in (None, "")
    assert station.reader(lambda r: r.board().one(page.delivery_id)).answered_at is None


def test_the_button_answers_as_the_contact_and_once(station: Open) -> None:
    page = station.paged()
    answer = station.bare("POST", station.link(page))
    assert answer.status_code == 200
    assert "You have it." in answer.text
    assert station.alert(page)["acknowledged_by"] == "Priya Nair"
    again = station.bare("POST", station.link(page, "next"))
    assert again.status_code == 409
    assert "Already answered by Priya Nair at" in again.text
    assert "who took it" in again.text
    look = station.bare("GET", station.link(page))
    assert (look.status_code, "<form" in look.text) == (200, False)
    assert "Already answered by Priya Nair at" in look.text


def test_both_buttons_stand_on_either_page_and_lead_to_each_other(station: Open) -> None:
    page = station.paged()
    text = station.bare("GET", station.link(page, "next")).text
    for action in ("have", "next"):
        assert f'action="{station.link(page, action).rpartition("/")[2]}"' in text
    assert text.index("Not me, next</button>") < text.index("I have it</button>")


def test_a_form_may_be_posted_by_a_browser(station: Open) -> None:
    page = station.paged()
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = station.bare("POST", station.link(page, "next"), content=b"", headers=form)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert station.alert(page)["acknowledged_by"] in (None, "")
    big = station.bare("POST", station.link(page), content=b"x" * 100_000, headers=form)
    assert big.status_code == 413


def test_a_page_whose_alert_has_ended_says_so(station: Open) -> None:
    page = station.paged()
    done = station.ask(
        "PATCH", f"/crisis/alerts/{page.alert_id}/", json={"status": "resolved", "reason": "done"}
    )
    assert done.status_code == 200, done.text
    for method in ("GET", "POST"):
        answer = station.bare(method, station.link(page))
        assert answer.status_code == 410
        assert "the alert is resolved" in answer.text
        assert "<form" not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_wrong_tokens_are_told_apart_from_ended_ones(station: Open, method: str) -> None:
    page = station.paged()
    token = station.link(page)
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert station.bare(method, other).status_code == 404
    assert "not known here" in station.bare(method, "/a/nonsense").text
    station.ways = AnswerWays(url=PUBLIC, valid_ms=-86_400_000)
    ended = station.bare(method, station.link(page))
    assert (ended.status_code, "has ended" in ended.text) == (410, True)
    assert station.alert(page)["acknowledged_by"] in (None, "")


def test_a_mails_code_is_no_link(station: Open) -> None:
    page = station.paged()
    made = AnswerLinks(station.secrets, SystemClock(), AnswerWays(mail_to="a@example.org"))
    mailed = Delivery(**{**_fields(page), "channel": "email"})
    offer = station.run(made.offer(mailed, "mailtos://x"))
    assert station.bare("POST", f"/a/{offer.reply_token}").status_code == 404


def _fields(page: Delivery) -> dict[str, Any]:
    from dataclasses import fields

    return {f.name: getattr(page, f.name) for f in fields(page)}


def test_guessing_is_slowed_and_a_good_link_still_works(station: Open) -> None:
    page = station.paged()
    codes = [station.bare("POST", f"/a/{'x' * 40}").status_code for _ in range(40)]
    assert codes[:BAD_IN_A_MINUTE] == [404] * BAD_IN_A_MINUTE
    assert set(codes[BAD_IN_A_MINUTE:]) == {429}
    assert station.bare("POST", station.link(page)).status_code == 200


def test_guesses_are_forgotten_after_a_minute() -> None:
    guesses = Guesses()
    assert not any(guesses.too_many(1000) for _ in range(BAD_IN_A_MINUTE))
    assert guesses.too_many(60_999)
    assert not guesses.too_many(61_000)


def test_only_these_paths_are_open_and_only_these_under_the_public_name(station: Open) -> None:
    page = station.paged()
    public = {"host": "desk.example.org"}
    assert station.bare("GET", station.link(page), headers=public).status_code == 200
    for path in ("/crisis/alerts/", "/healthz", "/openapi.json", "/a"):
        shut = station.bare("GET", path, headers={**public, **BEARER})
        assert shut.status_code == 404, path
    assert station.bare("GET", "/crisis/alerts/").status_code == 401
    assert station.bare("DELETE", station.link(page)).status_code == 405
    strange = {"host": "evil.example.org"}
    assert station.bare("GET", station.link(page), headers=strange).status_code == 400


def test_without_ways_answers_are_refused_in_words(tmp_path: Path) -> None:
    station = Station(tmp_path)
    try:
        for method in ("GET", "POST"):
            answer = station.bare(method, f"/a/{'x' * 40}")
            assert answer.status_code == 403
            assert "takes no answers by link" in answer.text
    finally:
        station.close()


def test_what_could_not_be_saved_is_said(station: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    page = station.paged()

    def submit(*_order: Any) -> asyncio.Future[Any]:
        failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        failed.set_exception(StoreFailed("the disk is full"))
        return failed

    monkeypatch.setattr(station.engine, "submit", submit)
    answer = station.bare("POST", station.link(page))
    assert answer.status_code == refusal_of(StoreFailed("x")).status
    assert "Nothing was saved" in answer.text
    assert "the disk is full" in answer.text


def test_what_this_station_does_not_know_is_said(station: Open) -> None:
    page = station.paged()
    unknown = Delivery(**{**_fields(page), "delivery_id": "D-0123456789ABCDEF"})
    for method in ("GET", "POST"):
        answer = station.bare(method, station.link(unknown))
        assert answer.status_code == 404
    assert "not known here" in station.bare("GET", station.link(unknown)).text
