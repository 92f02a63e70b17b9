"""What went wrong between station and hub, in the three words the engine knows."""

from __future__ import annotations

import re

import psycopg

from crisisdesk.engine.exchange.ports import Forked, HubAway, HubRefused

FORK = "CD001"
NOT_ADMITTED = "CD002"
READ_ONLY = "25006"
# libpq hands out no code for a failed start, only the server's English words (it translates them
# only where lc_messages says so: then the hub counts as away, with the words shown).
AT_THE_DOOR = {
    r"password authentication failed|no password supplied|authentication method .* not supported"
    r"|SCRAM": "the hub does not accept this station's login or password",
    r"role .* does not exist|not permitted to log in": "the hub does not know this station's login",
    r"database .* does not exist": "there is no such database on the hub",
    r"no pg_hba\.conf entry|permission denied for database": "the hub lets this login in from "
    "nowhere, or not without TLS",
    r"certificate|does not support SSL|channel binding|root\.crt|sslmode": "the hub's TLS is not "
    "one that hub.ca_file vouches for",
}
RIGHTS = ("42501", "3F000", "42P01", "42883", "42703")


def at_the_door(error: psycopg.Error) -> HubAway | HubRefused:
    """Why there is no connection. No word in it is a secret."""
    said = str(error)
    for pattern, words in AT_THE_DOOR.items():
        if re.search(pattern, said):
            return HubRefused(words)
    return HubAway(f"the hub cannot be reached: {_first_line(error)}")


def at_work(error: psycopg.Error, origin: str = "") -> HubAway | HubRefused | Forked:
    """Why a question was not answered. ``origin`` is the one that was pushed."""
    code = error.sqlstate or ""
    if code == FORK:
        return Forked(origin, int(error.diag.message_detail or 0))
    if code == NOT_ADMITTED:
        return HubRefused(error.diag.message_primary or "not admitted")
    if code in RIGHTS:
        return HubRefused(f"the hub's schema or this login's rights do not fit ({code})")
    if code == READ_ONLY:
        return HubAway("the hub takes no writes now")
    if not code or isinstance(error, psycopg.OperationalError):
        return HubAway(f"the hub did not answer: {_first_line(error)}")
    return HubRefused(f"the hub could not do it ({code}: {error.diag.message_primary})")


def _first_line(error: psycopg.Error) -> str:
    words = str(error).strip().splitlines() or [type(error).__name__]
    return words[0][:200]
