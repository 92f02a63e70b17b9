"""The routes behind the links of a page: looking never answers, only the button does."""

from __future__ import annotations

from collections import deque

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from crisisdesk.api.answer_html import HEADERS, Page, html_of
from crisisdesk.api.answers import refusal_of
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Room
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.answer_token import BadToken, Claim
from crisisdesk.domain.answering import ACTION_LABELS, Action, Answered, Way, over_words, said
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.delivery_words import clock
from crisisdesk.domain.errors import DomainError
from crisisdesk.engine.answer_commands import AnswerPage
from crisisdesk.engine.answer_links import LINK_PATH, Ended
from crisisdesk.engine.command import ENGINE
from crisisdesk.engine.committer import Overloaded, Stopped
from crisisdesk.engine.ports import StoreFailed

router = APIRouter(include_in_schema=False)

BAD_IN_A_MINUTE = 30
_SHOWN = 20
_FOOT = "Looking at this page changes nothing; the button does."
_STATUS = {"counted": 200, "already": 409, "over": 410, "refused": 403}
_HEADS = {
    "counted": "Thank you",
    "already": "Answered already",
    "over": "Nothing to answer",
    "refused": "Not answered",
}


class Guesses:
    """Counts tokens that were none, so that guessing costs more than it brings.

    A good token is never turned away: only what is wrong waits.
    """

    def __init__(self) -> None:
        self._at: deque[int] = deque(maxlen=BAD_IN_A_MINUTE)

    def too_many(self, now_ms: int) -> bool:
        """Note one more; whether there were too many within a minute."""
        full = len(self._at) == BAD_IN_A_MINUTE and now_ms - self._at[0] < 60_000
        if not full:
            self._at.append(now_ms)
        return full


class _Told(Exception):
    """What is said instead of the page that was asked for."""

    def __init__(self, status: int, head: str, text: str) -> None:
        super().__init__(head)
        self.status, self.head, self.text = status, head, text


@router.get(LINK_PATH + "{token}")
async def look(room: InRoom, request: Request, token: str) -> Response:
    """What the page was about, who has it, and the buttons; answers nothing."""
    try:
        claim = await _claim(room, request, token)
        delivery, alert, carried = await _about(room, claim.delivery_id)
    except _Told as told:
        return _say(told.status, Page(head=told.head, text=told.text))
    if delivery.answered_at is not None:
        given = Answered(
            outcome="already",
            words="",
            by=delivery.answered_by,
            at=delivery.answered_at,
            action=delivery.answer,
        )
        return _say(200, _result(room, delivery, alert, given))
    alone = over_words(delivery, alert)
    if alone and not carried:
        given = Answered(outcome="over", words=f"There is nothing to answer: {alone}.")
        return _say(410, _result(room, delivery, alert, given))
    return _say(200, await _asking(room, claim, delivery, alert, carried))


@router.post(LINK_PATH + "{token}")
async def answer(room: InRoom, request: Request, token: str) -> Response:
    """Answer the page as the contact it went to."""
    try:
        claim = await _claim(room, request, token)
        order = AnswerPage(delivery_id=claim.delivery_id, action=claim.order, way=Way.LINK)
        given: Answered = await room.do(order, ENGINE)
        delivery, alert, _carried = await _about(room, claim.delivery_id)
    except _Told as told:
        return _say(told.status, Page(head=told.head, text=told.text))
    except (StoreFailed, Overloaded, Stopped, DomainError) as error:
        refused = refusal_of(error)
        text = f"Nothing was saved: {refused.problem}. Try again, or call."
        return _say(refused.status, Page(head="Not answered", text=text))
    return _say(_STATUS[given.outcome], _result(room, delivery, alert, given))


async def _claim(room: Room, request: Request, token: str) -> Claim:
    """What the token says; raises _Told."""
    if room.answers is None or not room.answers.ways.url:
        text = "This station takes no answers by link: it is sealed, or links are switched off."
        raise _Told(403, "Not answered", text)
    try:
        claim = await room.answers.read(token)
        if claim.order in list(Action):
            return claim
    except Ended:
        raise _Told(410, "This link has ended", "Answer a newer page, or at the desk.") from None
    except BadToken:
        pass  # said below, as for one that is for something else
    guesses: Guesses = request.app.state.guesses
    if guesses.too_many(room.door.now_ms()):
        raise _Told(429, "Too many wrong links", "Wait a minute, then open the link again.")
    text = "Check that it was copied whole. It may also come from another station."
    raise _Told(404, "This link is not known here", text)


async def _about(room: Room, delivery_id: str) -> tuple[Delivery, Alert | None, list[Delivery]]:
    """The page, its alert, and what else its message told of."""

    def question(
        reader: StationReader,
    ) -> tuple[Delivery | None, Alert | None, list[Delivery]]:
        found = reader.board().one(delivery_id)
        if found is None:
            return None, None, []
        alert = reader.alert(found.alert_id) if found.alert_id else None
        return found, alert, reader.board().carried_by(delivery_id, _SHOWN)[1]

    delivery, alert, carried = await room.reads.ask(question)
    if delivery is None:
        text = "This station does not know the page; perhaps it was restored from a copy."
        raise _Told(404, "This page is not known here", text)
    return delivery, alert, carried


async def _asking(
    room: Room, claim: Claim, delivery: Delivery, alert: Alert | None, carried: list[Delivery]
) -> Page:
    assert room.answers is not None
    links = await room.answers.links(delivery)
    orders = [claim.order, *(a for a in Action if a != claim.order)]
    many = f" (all {len(carried) + 1})" if carried else ""
    labels = {Action.HAVE: ACTION_LABELS[Action.HAVE] + many}
    # The token alone: relative to the page's own address, whatever path a proxy puts it below.
    buttons = [
        (labels.get(Action(o), ACTION_LABELS[o]), links[o].rpartition("/")[2]) for o in orders
    ]
    return Page(
        head=delivery.title,
        severity=delivery.severity,
        facts=_facts(room, delivery, alert),
        items=[one.title for one in carried],
        buttons=buttons,
        foot=_FOOT,
    )


def _facts(room: Room, delivery: Delivery, alert: Alert | None) -> list[tuple[str, str]]:
    now = room.door.now_ms()
    facts = [("To", delivery.contact_name)]
    if alert is not None:
        holders = [alert.acknowledged_by, *alert.also_acknowledged_by]
        have = ", ".join(name for name in holders if name) or "nobody yet"
        facts += [("Since", f"{clock(alert.detected_at, now)} UTC"), ("Who has it", have)]
        facts += [("Alert", alert.alert_id)]
    return [*facts, ("Station", room.door.health().station)]


def _result(room: Room, delivery: Delivery, alert: Alert | None, given: Answered) -> Page:
    return Page(
        head=_HEADS[given.outcome],
        severity=delivery.severity,
        text=said(given, room.door.now_ms()),
        facts=[("Page", delivery.title), *_facts(room, delivery, alert)],
    )


def _say(status: int, page: Page) -> Response:
    return HTMLResponse(html_of(page), status_code=status, headers=dict(HEADERS))
