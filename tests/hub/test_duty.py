"""Lease and ledger in a real Postgres."""

from __future__ import annotations

import threading

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.hub.duty import PgDuty

from tests.hub.contract import LONG, SHORT, DutyContract
from tests.hub.making import A, B, report
from tests.hub.ways import PgFactory, address
from tests.postgres.fixtures import HubPlace
from tests.postgres.proxy import FaultProxy


class TestPgDuty(DutyContract):
    """What every hub must do for duty."""


def test_a_claim_whose_answer_was_lost_is_granted_again_as_the_same_attempt(
    hub_place: HubPlace,
) -> None:
    with FaultProxy(hub_place.server.port) as road:
        duty = PgDuty(address(hub_place.login(port=road.port)))
        token = duty.renew(A, LONG, 0).token
        road.drop_reply(to=b"cd.claim")
        with pytest.raises(HubAway):
            duty.claim(A, token, ["k"], LONG)
        assert [row.attempt for row in duty.look(["k"])] == [1]
        assert duty.claim(A, token, ["k"], LONG) == {"k": 1}
        duty.close()


def test_a_renewal_whose_answer_was_lost_keeps_its_token(hub_place: HubPlace) -> None:
    with FaultProxy(hub_place.server.port) as road:
        duty = PgDuty(address(hub_place.login(port=road.port)))
        road.drop_reply(to=b"cd.renew")
        with pytest.raises(HubAway):
            duty.renew(A, LONG, 0)
        first = duty.renew(A, LONG, 0)
        assert first.token == 1
        duty.close()


def test_a_token_below_one_that_was_used_is_replaced_whoever_holds_it(factory: PgFactory) -> None:
    held = factory.duty("alpha").renew(A, LONG, 0).token
    assert factory.duty("beta").renew(B, LONG, held + 5).token == held + 6
    assert factory.duty("alpha").claim(A, held, ["k"], LONG) == {}
    mine = factory.duty("alpha").renew(A, LONG, held)
    assert (mine.holder, mine.token) == (A, held + 6)
    assert factory.duty("alpha").renew(A, LONG, held + 6).token == held + 6


def test_a_claim_and_a_takeover_at_the_same_time_do_not_pass_each_other(
    hub_place: HubPlace, factory: PgFactory
) -> None:
    token = factory.duty("alpha").renew(A, LONG, 0).token
    with psycopg.connect(hub_place.login("alpha")) as slow:
        granted = slow.execute(
            "SELECT * FROM cd.claim(%s, %s, %s, %s)", (A, token, ["k"], LONG)
        ).fetchall()
        assert granted == [("k", 1)]
        beta = factory.duty("beta")
        taken: list[str] = []
        taking = threading.Thread(target=lambda: taken.append(beta.depose(B, token, LONG).holder))
        taking.start()
        taking.join(0.3)
        assert taken == [], "the lease was taken while a claim under it was not yet committed"
        slow.commit()
        taking.join(10)
    assert taken == [B]
    assert factory.duty("beta").claim(B, token + 1, ["k"], LONG) == {}


def test_only_one_of_eight_gets_a_lapsed_lease(factory: PgFactory) -> None:
    factory.duty("gone").renew(A, SHORT, 0)
    factory.pass_time(SHORT + 1)
    origins = [f"{number:032x}" for number in range(8)]
    duties = [factory.duty(f"s{number}") for number in range(8)]
    gate = threading.Barrier(8)
    heard: list[tuple[str, int]] = []

    def take(number: int) -> None:
        gate.wait(10)
        lease = duties[number].renew(origins[number], LONG, 0)
        heard.append((lease.holder, lease.token))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(heard) == 8
    assert len(set(heard)) == 1


def test_a_station_takes_no_lease_in_anothers_name(factory: PgFactory) -> None:
    factory.hub("alpha").report(report("s-a", A))
    beta = factory.duty("beta")
    for refused in (
        lambda: beta.renew(A, LONG, 0),
        lambda: beta.depose(A, 1, LONG),
        lambda: beta.claim(A, 1, ["k"], LONG),
        lambda: beta.release(A, 1),
    ):
        with pytest.raises(HubRefused, match="another login"):
            refused()


def test_deposing_where_the_lease_is_forgotten_says_so(factory: PgFactory) -> None:
    with pytest.raises(HubAway, match="no lease"):
        factory.duty("alpha").depose(A, 7, LONG)


def test_the_outcome_of_a_delivery_that_the_hub_forgot_is_kept(factory: PgFactory) -> None:
    factory.hub("alpha").report(report("s-a", A))
    duty = factory.duty("alpha")
    assert duty.settle("k", 7, "sent", "SM1")
    (row,) = duty.look(["k"])
    assert (row.state, row.token, row.holder, row.provider_id) == ("sent", 7, A, "SM1")
