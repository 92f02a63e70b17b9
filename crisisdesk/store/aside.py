"""Events put aside because only a newer version reads them, judged again by a newer version."""

from __future__ import annotations

from sqlite3 import Connection

from crisisdesk.domain.event import unseal
from crisisdesk.domain.fold import understands
from crisisdesk.domain.upcast import NEWER_VERSION_NEEDED


def judge_again(raw: Connection) -> int:
    """Take off the list what this version understands, in the transaction that is open.

    The states are folded anew beside this. Returns how many events were taken off.
    """
    rows = raw.execute(
        "SELECT q.origin, q.seq, e.raw, e.body FROM quarantine AS q "
        "JOIN event AS e ON e.origin = q.origin AND e.seq = q.seq WHERE q.why LIKE ? || '%'",
        (NEWER_VERSION_NEEDED,),
    ).fetchall()
    known = [(origin, seq) for origin, seq, env, body in rows if understands(unseal(env, body))]
    raw.executemany("DELETE FROM quarantine WHERE origin = ? AND seq = ?", known)
    return len(known)
