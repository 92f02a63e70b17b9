"""Snapshots in a real Postgres: seen when complete, put there by the station on duty alone."""

from __future__ import annotations

import hashlib
from contextlib import closing

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubRefused
from crisisdesk.engine.exchange.snapshots import Offer, Terms, sign_offer
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.snapshots import PgSnapshots
from crisisdesk.settings.keys import SigningKeys

from tests.engine.workers.live import MemorySecrets
from tests.hub.making import A, report
from tests.hub.ways import PgFactory, address
from tests.postgres.fixtures import HubPlace


def offer_of(number: int, *parts: bytes) -> Offer:
    hashes = tuple(hashlib.sha256(data).hexdigest() for data in parts)
    terms = Terms(maker=A, cut=1, fold_version=1, heads={}, parts=hashes)
    return sign_offer(number, terms, SigningKeys(MemorySecrets()))


def test_it_is_seen_when_it_is_complete_and_only_two_stay(
    hub_place: HubPlace, factory: PgFactory
) -> None:
    token = factory.duty("alpha").renew(A, 60_000, 0).token
    with closing(HubLink(address(hub_place.login("alpha")), "test")) as link:
        hub = PgSnapshots(link)
        for _ in range(3):
            number = hub.begin(A, token)
            assert hub.put(A, token, number, 0, b"first")
            assert hub.put(A, token, number, 0, b"one")
            assert number not in [offer.id for offer in hub.offers()]
            assert hub.finish(A, token, offer_of(number, b"one"))
            assert not hub.put(A, token, number, 1, b"late")
            assert hub.part(number, 0) == b"one"
            assert hub.part(number, 1) is None
        assert [offer.id for offer in hub.offers()] == [number, number - 1]


def test_another_login_cannot_put_one_in_the_holders_name(
    hub_place: HubPlace, factory: PgFactory
) -> None:
    factory.hub("alpha").report(report("S-1", A, vector={}))
    token = factory.duty("alpha").renew(A, 60_000, 0).token
    with closing(HubLink(address(hub_place.login("beta")), "test")) as link:
        with pytest.raises(HubRefused):
            PgSnapshots(link).begin(A, token)
        assert PgSnapshots(link).offers() == []
    with (
        psycopg.connect(hub_place.login("beta")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("INSERT INTO cd.snapshot (maker, role) VALUES ('x', 'y')")
