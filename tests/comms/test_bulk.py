"""Many at once: all of them, no more than allowed under way, none kept in memory."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.comms.bulk import Tally, send_many
from crisisdesk.comms.senders import Senders
from crisisdesk.engine.ports import Outcome, Outgoing

from tests.comms.pages import page
from tests.comms.receivers import Receiver, Request, answer, receiving


class Slow:
    """Ends each attempt as its page's title says; counts what is under way."""

    def __init__(self) -> None:
        self.under_way = self.most = 0
        self.tries: Counter[str] = Counter()

    async def send(self, outgoing: Outgoing) -> Outcome:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0)
        self.under_way -= 1
        self.tries[outgoing.key] += 1
        if outgoing.title == "later" and self.tries[outgoing.key] > 1:
            return Outcome(ok=True, words="")
        return Outcome(
            ok=outgoing.title == "yes",
            words="",
            retryable=outgoing.title in {"later", "never"},
            retry_after_s=0.0,
        )

    async def aclose(self) -> None:
        """Nothing to let go of."""


def run(
    titles: list[str], concurrency: int, attempts: int = 3
) -> tuple[Slow, Tally, Counter[str], int]:
    sender, seen, drawn, ahead = Slow(), Counter[str](), 0, 0

    def source() -> Iterator[Outgoing]:
        nonlocal drawn
        for number, title in enumerate(titles):
            drawn += 1
            yield page("webhook://x/", key=str(number), title=title)

    def on_outcome(outgoing: Outgoing, _outcome: Outcome) -> None:
        nonlocal ahead
        seen[outgoing.key] += 1
        ahead = max(ahead, drawn - seen.total())

    tally = asyncio.run(send_many(source(), sender, concurrency, on_outcome, attempts=attempts))
    return sender, tally, seen, ahead


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["yes", "no", "later", "never"]), max_size=60), st.integers(1, 9))
def test_everyone_gets_exactly_one_end(titles: list[str], concurrency: int) -> None:
    sender, tally, seen, ahead = run(titles, concurrency)
    assert seen == Counter(str(n) for n in range(len(titles)))
    kinds = Counter(titles)
    assert tally == Tally(
        sent=kinds["yes"] + kinds["later"], refused=kinds["no"], given_up=kinds["never"]
    )
    assert sender.most <= concurrency
    assert ahead <= concurrency
    wanted = {"yes": 1, "no": 1, "later": 2, "never": 3}
    assert all(sender.tries[str(n)] == wanted[title] for n, title in enumerate(titles))


def test_an_endless_source_ends_with_the_one_who_listens() -> None:
    async def endless() -> AsyncIterator[Outgoing]:
        while True:
            yield page("webhook://x/", title="yes")

    left = 100

    def enough(_outgoing: Outgoing, _outcome: Outcome) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise InterruptedError

    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(send_many(endless(), Slow(), 5, enough))
    assert caught.group_contains(InterruptedError)


@pytest.mark.parametrize(("concurrency", "attempts"), [(0, 1), (1, 0)])
def test_no_places_and_no_attempts_make_no_sense(concurrency: int, attempts: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        run(["yes"], concurrency, attempts)


def test_five_hundred_by_a_real_gateway_that_stumbles() -> None:
    stumbled: set[bytes] = set()

    def gateway(request: Request) -> bytes:
        key = request.json()["key"].encode()
        if key.endswith(b"7") and key not in stumbled:
            stumbled.add(key)
            return answer(429, Retry_After="0")
        return answer(200, "ok")

    async def send(receiver: Receiver) -> Tally:
        senders = Senders()
        pages = (page(f"webhook://{receiver.host}/", key=f"d{n}") for n in range(500))
        try:
            return await send_many(pages, senders, 40, lambda _one, _how: None)
        finally:
            await senders.aclose()

    with receiving(gateway) as receiver:
        tally = asyncio.run(send(receiver))
    assert tally == Tally(sent=500)
    assert len(receiver.requests) == 550
    assert receiver.connections <= 40
