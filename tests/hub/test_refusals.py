"""Errors of libpq and Postgres, in the words of the engine."""

from __future__ import annotations

import psycopg
import pytest

from crisisdesk.engine.exchange.ports import HubAway, HubRefused
from crisisdesk.hub.refusals import at_the_door, at_work


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ('FATAL:  password authentication failed for user "a"', HubRefused),
        ("fe_sendauth: no password supplied", HubRefused),
        ('FATAL:  role "a" does not exist', HubRefused),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.7", user "a"', HubRefused),
        ("server does not support SSL, but SSL was required", HubRefused),
        ("SSL error: certificate verify failed", HubRefused),
        ("connection timeout expired", HubAway),
        ('connection to server at "10.0.0.7" failed: Connection refused', HubAway),
        ("FATAL:  the database system is starting up", HubAway),
        ("FATAL:  sorry, too many clients already", HubAway),
        ("session is read-only", HubAway),
        ("FATAL:  terminating connection due to administrator command", HubAway),
        ("", HubAway),
    ],
)
def test_at_the_door(words: str, kind: type[Exception]) -> None:
    assert type(at_the_door(psycopg.OperationalError(words))) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.errors.AdminShutdown("x"), HubAway),
        (psycopg.errors.QueryCanceled("x"), HubAway),
        (psycopg.errors.LockNotAvailable("x"), HubAway),
        (psycopg.errors.DeadlockDetected("x"), HubAway),
        (psycopg.errors.DiskFull("x"), HubAway),
        (psycopg.errors.ReadOnlySqlTransaction("x"), HubAway),
        (psycopg.OperationalError("x"), HubAway),
        (psycopg.InterfaceError("the connection is closed"), HubAway),
        (psycopg.errors.InsufficientPrivilege("x"), HubRefused),
        (psycopg.errors.UndefinedFunction("x"), HubRefused),
        (psycopg.errors.CheckViolation("x"), HubRefused),
    ],
)
def test_at_work(error: psycopg.Error, kind: type[Exception]) -> None:
    assert type(at_work(error)) is kind
