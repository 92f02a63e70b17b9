"""How Postgres servers stand to each other: roles, histories, and how far one is behind.

Plain values and judgements; nothing here asks a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# pg_control_* may be asked by everybody; the receiver's columns need pg_read_all_stats. What a
# primary writes names its timeline at once; its control file does only after a checkpoint.
QUESTION = """
select pg_is_in_recovery() as is_standby,
  (select system_identifier::text from pg_control_system()) as system_id,
  case when pg_is_in_recovery() then greatest((select received_tli from pg_stat_wal_receiver),
      (select timeline_id from pg_control_checkpoint()),
      (select min_recovery_end_timeline from pg_control_recovery()))
    else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int
  end as timeline,
  case when pg_is_in_recovery() then null else pg_current_wal_lsn() - '0/0' end as written,
  case when pg_is_in_recovery() then pg_last_wal_receive_lsn() - '0/0' end as received,
  case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0' end as replayed,
  case when pg_is_in_recovery() then pg_is_wal_replay_paused() else false end as is_paused,
  coalesce((select status from pg_stat_wal_receiver), '') as receiver,
  extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8 as commit_age,
  to_char(pg_last_xact_replay_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as commit_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One server as it told of itself. Positions in the log are bytes from its beginning, None
    where it has none; ``commit_age_s`` is how old the last commit is that a standby has, None
    where it has had none; ``receiver`` is "" where nothing is received."""

    is_standby: bool
    system_id: str
    timeline: int
    written: int | None = None
    received: int | None = None
    replayed: int | None = None
    is_paused: bool = False
    receiver: str = ""
    commit_age_s: float | None = None
    commit_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether it is as it must be, and in a sentence why."""

    holds: bool
    words: str
    # Only for too far behind: a person may accept the loss.
    is_loss: bool = False


def state_of(row: Mapping[str, Any]) -> State:
    """From a row of `QUESTION`."""

    def whole(name: str) -> int | None:
        return None if row[name] is None else int(row[name])

    return State(
        is_standby=bool(row["is_standby"]),
        system_id=str(row["system_id"]),
        timeline=int(row["timeline"]),
        written=whole("written"),
        received=whole("received"),
        replayed=whole("replayed"),
        is_paused=bool(row["is_paused"]),
        receiver=str(row["receiver"]),
        commit_age_s=None if row["commit_age"] is None else max(0.0, float(row["commit_age"])),
        commit_at=row["commit_at"] or "",
    )


def related(standby: State, primary: State | None) -> Verdict:
    """Whether one is a standby of the other's history; ``primary`` None: it gave no answer."""
    if not standby.is_standby:
        return Verdict(holds=False, words="it is no standby: it takes writes already")
    if primary is None:
        return Verdict(holds=True, words=f"a standby on timeline {standby.timeline}")
    if primary.system_id != standby.system_id:
        words = f"another cluster: {standby.system_id}, not {primary.system_id}"
        return Verdict(holds=False, words=words)
    if primary.timeline != standby.timeline:
        words = f"diverged: timeline {standby.timeline}, the other {primary.timeline}"
        return Verdict(holds=False, words=words)
    ahead = _ahead(standby, primary)
    if ahead > 0:
        words = f"diverged: {ahead} bytes of log that the other does not have"
        return Verdict(holds=False, words=words)
    return Verdict(holds=True, words=f"the same history, timeline {standby.timeline}")


def _ahead(standby: State, primary: State) -> int:
    """How much of its log a standby has that the other lacks; the primary must be asked last."""
    if primary.written is None:
        return 0
    return max(standby.received or 0, standby.replayed or 0) - primary.written


def readiness(standby: State, primary: State | None, most_behind_s: int) -> Verdict:
    """Whether a standby may be promoted without losing more than ``most_behind_s`` seconds.

    Where the primary gives no answer nobody knows what came after the last commit that arrived;
    its age is the bound, and the sentence says so.
    """
    told = related(standby, primary)
    if not told.holds:
        return told
    waiting = max(0, (standby.received or 0) - (standby.replayed or 0))
    rest = f", {waiting} received bytes still to be replayed" if waiting else ""
    rest += ", replay is paused" if standby.is_paused else ""
    if primary is not None and primary.written is not None:
        missing = max(0, primary.written - max(standby.received or 0, standby.replayed or 0))
        if not missing:
            return Verdict(holds=True, words=f"{told.words}; it has all of the log{rest}")
        rest = f", {missing} bytes of log are missing{rest}"
    if standby.commit_age_s is None:
        words = f"{told.words}; no commit has reached it since it was started{rest}"
        return Verdict(holds=False, words=words, is_loss=True)
    behind = f"its last commit is of {standby.commit_at} UTC, {standby.commit_age_s:.0f} s ago"
    unsure = "" if primary is not None else "; what came after it the lost server alone knew"
    words = f"{told.words}; {behind}{rest}{unsure}"
    if standby.commit_age_s > most_behind_s:
        return Verdict(
            holds=False, words=f"{words}; more than {most_behind_s} s may be lost", is_loss=True
        )
    return Verdict(holds=True, words=words)


def following(standby: State, primary: State | None, most_behind_s: int) -> Verdict:
    """Whether a standby receives the log of a primary that runs, and is near to its end."""
    if primary is None:
        return Verdict(holds=False, words="the server that it is to follow gives no answer")
    if primary.is_standby:
        return Verdict(holds=False, words="the server that it is to follow is a standby itself")
    told = related(standby, primary)
    if not told.holds:
        return told
    if standby.receiver != "streaming":
        return Verdict(holds=False, words=f"it receives nothing ({standby.receiver or 'no link'})")
    return readiness(standby, primary, most_behind_s)
