"""Snapshots in the station's file: its bases read out, another station's bases put in.

A snapshot is put in a part at a time, each in one transaction that also notes how far it is. Only
the last step says where the origins' logs go on; before it, the bases are states without heads, and
a station that is cut off goes on with the next part.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import unseal
from crisisdesk.domain.fold import TYPES, State, fold
from crisisdesk.domain.heads import Keys
from crisisdesk.domain.soundness import check as check_sound
from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.exchange.snapshots import Base, Step, Taking
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.store.files import reading_connection
from crisisdesk.store.heads import keys_in
from crisisdesk.store.incarnation import own_origin
from crisisdesk.store.positions import (
    COMPACTED,
    INSTALLED_POS,
    LAST_POS,
    TAKING,
    note_of,
    taking_of,
    write_note,
)
from crisisdesk.store.projections import table_of, write_states
from crisisdesk.store.rebuild import rebuild_in
from crisisdesk.store.states import decode, encode

_INSERT_BASE = (
    "INSERT INTO base (agg, hlc, fold_version, state) VALUES (?, ?, ?, ?) ON CONFLICT(agg) "
    "DO UPDATE SET hlc = excluded.hlc, fold_version = excluded.fold_version, state = excluded.state"
)


class BasesView:
    """Implements `engine.exchange.snapshots.OwnBases` in one read transaction."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        self.cut = int(note_of(raw, COMPACTED) or 0)
        rows = raw.execute("SELECT origin, seq, hash FROM base_head")
        self.heads: Mapping[str, Mark] = {o: Mark(seq, digest) for o, seq, digest in rows}

    def bases(self) -> Iterator[Base]:
        """All, by aggregate."""
        rows = self._raw.execute("SELECT agg, hlc, fold_version, state FROM base ORDER BY agg")
        for aggregate, hlc, version, state in rows:
            yield Base(aggregate=aggregate, hlc=hlc, fold_version=version, state=state)


class SnapshotStore:
    """Implements `engine.exchange.snapshots.BaseStore`; opens the file for each question."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def cut(self) -> int:
        """Up to which hlc the log is compacted; 0 when whole, or begun with what is unproven."""
        with self._open() as raw:
            taking = taking_of(raw)
            if taking and not taking["checked"]:
                return 0
            return int(note_of(raw, COMPACTED) or 0)

    @contextmanager
    def view(self) -> Iterator[BasesView]:
        """Its bases, while the context lasts."""
        with self._open() as raw:
            raw.execute("BEGIN")
            yield BasesView(raw)

    def taking(self) -> Taking:
        """How far it is with taking a snapshot."""
        with self._open() as raw:
            return Taking(**taking_of(raw))

    def is_fresh(self, cut: int, heads: Mapping[str, Mark]) -> bool:
        """Whether all it holds is of its own and later than ``cut``."""
        with self._open() as raw:
            own = own_origin(raw)
            (others,) = raw.execute(
                "SELECT (SELECT count(*) FROM origin_head WHERE origin <> ?) + "
                "(SELECT count(*) FROM base) + (SELECT count(*) FROM base_head)",
                (own,),
            ).fetchone()
            (first,) = raw.execute("SELECT min(hlc) FROM event").fetchone()
        return not others and own not in heads and (first is None or first > cut)

    def keys(self) -> Keys:
        """The keys that the log announces."""
        return keys_in(self._path)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(reading_connection(self._path)) as raw:
                yield raw
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error


def install(raw: sqlite3.Connection, step: Step) -> None:
    """Do one step in one transaction; ``raw`` is the writer's connection, outside of one.

    The same step again changes nothing. Raises Malformed with the file as it was.
    """
    raw.execute("BEGIN IMMEDIATE")
    try:
        taking = Taking(**taking_of(raw))
        if step.kind == "add":
            _add(raw, step, taking)
        elif step.kind == "complete":
            _complete(raw, step, taking)
        elif step.kind == "drop":
            _drop(raw, taking)
        elif taking.number == step.number:
            _note(raw, taking, checked=True)
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise


def _note(raw: sqlite3.Connection, taking: Taking, **changes: Any) -> None:
    write_note(raw, TAKING, json.dumps(asdict(taking) | changes))


def _add(raw: sqlite3.Connection, step: Step, taking: Taking) -> None:
    if taking.number not in (0, step.number) or taking.complete:
        raise Malformed("snapshot", "is not the one that is being taken", "start the engine again")
    if step.part != taking.next_part:
        return
    (pos,) = raw.execute(LAST_POS).fetchone()
    raw.executemany(
        _INSERT_BASE, [(b.aggregate, b.hlc, b.fold_version, b.state) for b in step.bases]
    )
    write_states(raw, _states(raw, step.bases, pos + 1))
    write_note(raw, INSTALLED_POS, str(pos + len(step.bases)))
    _note(raw, taking, number=step.number, next_part=step.part + 1)


def _states(
    raw: sqlite3.Connection, bases: Sequence[Base], first_pos: int
) -> Iterator[tuple[str, int, State]]:
    """(aggregate, pos, state): the base, with this station's own later events if it has any."""
    for pos, base in enumerate(bases, start=first_pos):
        state: State | None = _sound(base)
        rows = raw.execute(
            "SELECT pos, raw, body FROM event WHERE agg = ? ORDER BY pos", (base.aggregate,)
        ).fetchall()
        if rows:
            state = fold([unseal(envelope, body) for _pos, envelope, body in rows], state)
        assert state is not None
        yield base.aggregate, rows[-1][0] if rows else pos, state


def _sound(base: Base) -> State:
    """The base's state; raises Malformed when no program of this version writes it."""
    place = table_of(base.aggregate)
    try:
        if place is None:
            raise ValueError("no known kind of aggregate")
        state: State = decode(TYPES[place[1]], base.state)
        check_sound(None, state)
        if encode(state) != base.state:
            raise ValueError("not in canonical form")
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        field = f"base {base.aggregate}"
        raise Malformed(field, f"is no state ({error})", "the log is pulled instead") from error
    return state


def _complete(raw: sqlite3.Connection, step: Step, taking: Taking) -> None:
    terms = step.terms
    if terms is None or taking.number not in (0, step.number):
        raise Malformed("snapshot", "is not the one that is being taken", "start the engine again")
    if taking.complete:
        return
    for origin, mark in terms.heads.items():
        raw.execute(
            "INSERT INTO base_head (origin, seq, hash) VALUES (?, ?, ?)",
            (origin, mark.seq, mark.hash),
        )
        raw.execute(
            "INSERT INTO origin_head (origin, seq, hash, hlc) VALUES (?, ?, ?, ?)",
            (origin, mark.seq, mark.hash, terms.cut),
        )
    write_note(raw, COMPACTED, str(terms.cut))
    _note(
        raw,
        taking,
        number=step.number,
        maker=terms.maker,
        public_key=step.public_key,
        complete=True,
    )


def _drop(raw: sqlite3.Connection, taking: Taking) -> None:
    """As if it had never been taken; what this station wrote itself stays, nothing else."""
    if not taking.number or taking.checked:
        return
    own = own_origin(raw)
    # Positions are never given twice: readers ask for what is behind the last one they saw.
    write_note(raw, INSTALLED_POS, str(raw.execute(LAST_POS).fetchone()[0]))
    for table in ("event", "origin_head", "signed_head", "quarantine"):
        raw.execute(f"DELETE FROM {table} WHERE origin <> ?", (own,))  # noqa: S608
    for table in ("base", "base_head"):
        raw.execute(f"DELETE FROM {table}")  # noqa: S608
    raw.execute("DELETE FROM meta WHERE name IN (?, ?)", (COMPACTED, TAKING))
    rebuild_in(raw)
