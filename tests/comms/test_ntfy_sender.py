"""Messages for ntfy: where they go, how loud they are, what they carry."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.channels import AddressError, lane_of
from crisisdesk.comms.ntfy_sender import PRIORITY, Ntfy
from crisisdesk.comms.senders import check_url
from crisisdesk.domain.answering import Offer

from tests.comms.direct import TOPIC, YES, ntfy
from tests.comms.pages import page, send
from tests.comms.receivers import answer, receiving


def message(url: str = "ntfys://ntfy.example.org/pages", **changes: Any) -> Any:
    return json.loads(Ntfy().question(page(url, **changes)).content)


def test_a_message_over_the_wire() -> None:
    with receiving(lambda _: answer(*YES["ntfy"])) as receiver:
        send(ntfy(receiver, "tags=shop"), link="https://desk.example.org/a/1")
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/")
    assert request.headers["authorization"] == "Bearer tk_s3crett0ken"
    assert request.json() == {
        "topic": TOPIC,
        "title": "CRITICAL: Checkout fails",
        "message": "CRITICAL: Checkout fails\nSince: now",
        "priority": 5,
        "tags": ["rotating_light", "shop"],
        "click": "https://desk.example.org/a/1",
        "actions": [
            {"action": "view", "label": "Open the alert", "url": "https://desk.example.org/a/1"}
        ],
    }


def test_a_name_and_a_password() -> None:
    with receiving(lambda _: answer(*YES["ntfy"])) as receiver:
        send(f"ntfy://ann:s3cret-pw@{receiver.host}/pages")
    _, _, raw = receiver.requests[0].headers["authorization"].partition(" ")
    assert b64decode(raw) == b"ann:s3cret-pw"


def test_loudness() -> None:
    assert [message(severity=s)["priority"] for s in PRIORITY] == [2, 3, 4, 5, 5]
    for wanted, priority in (("1", 1), ("max", 5), ("nonsense", 5)):
        url = f"ntfys://ntfy.example.org/pages?priority={wanted}"
        assert message(url)["priority"] == priority


def test_a_button_answers_from_where_it_is_and_another_opens_a_page() -> None:
    have, other = "https://desk.example.org/a/1", "https://desk.example.org/a/2"
    sent = message("ntfys://ntfy.example.org/pages", answer=Offer(have_url=have, next_url=other))
    assert sent["click"] == have
    assert sent["actions"] == [
        {"action": "http", "label": "I have it", "url": have, "method": "POST", "clear": True},
        {"action": "view", "label": "Not me, next", "url": other},
    ]


def test_without_a_link_there_is_no_button_but_the_addresss_own_click() -> None:
    sent = message("ntfys://ntfy.example.org/pages?click=https://wiki.example.org/")
    assert sent["click"] == "https://wiki.example.org/"
    assert "actions" not in sent


@pytest.mark.parametrize(
    ("url", "base", "topic"),
    [
        ("ntfys://ntfy.example.org/pages", "https://ntfy.example.org/", "pages"),
        ("ntfy://ntfy.example.org:8080/pages", "http://ntfy.example.org:8080/", "pages"),
        ("ntfys://PagesOfAnn", "https://ntfy.sh/", "PagesOfAnn"),
        ("ntfy://PagesOfAnn", "https://ntfy.sh/", "PagesOfAnn"),
        ("ntfy://ntfy.sh/pages", "https://ntfy.sh/", "pages"),
        ("ntfys://ntfy.example.org/?to=pages", "https://ntfy.example.org/", "pages"),
    ],
)
def test_where_it_goes(url: str, base: str, topic: str) -> None:
    check_url(url)
    question = Ntfy().question(page(url))
    assert question.url == base
    assert json.loads(question.content)["topic"] == topic


def test_all_topics_of_the_public_server_are_one_lane() -> None:
    assert lane_of("ntfys://TopicOfAnn") == lane_of("ntfy://ntfy.sh/other") == "push ntfy.sh"


@given(st.text(max_size=4000), st.text(max_size=400))
def test_no_message_becomes_a_file(text: str, title: str) -> None:
    sent = message(text=text * 3, title=title)
    assert len(sent["message"].encode()) <= 4000
    assert len(sent["title"].encode()) <= 250


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ntfys://ntfy.example.org/", "needs a topic|at most 64"),
        ("ntfys://ntfy.example.org/a/b", "2 recipients"),
        ("ntfys://ntfy.example.org/a%20b", "at most 64"),
        ("ntfys://ntfy.example.org/a?priority=loud", "1 to 5"),
        ("ntfys://ntfy.example.org/a?delay=1h", "“delay”"),
    ],
)
def test_refused_addresses(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words):
        check_url(url)
