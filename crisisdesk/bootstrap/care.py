"""Looking after a station's file by hand: verify the log, list, make and restore backups."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.settings.keys import Ed25519Verifier
from crisisdesk.settings.places import Places, default_data_dir
from crisisdesk.store.backup import BackupKeeper, list_backups
from crisisdesk.store.lock import EngineLock
from crisisdesk.store.proof import prove
from crisisdesk.store.restore import restore


def verify() -> int:
    """Check every event, chain and signed head; 0 when all agree, 1 naming the first bad one."""
    places = Places(default_data_dir())
    if not places.store.exists():
        return _refuse(f"there is no store at {places.store}")
    try:
        proof = prove(places.store, Ed25519Verifier())
    except StoreFailed as error:
        return _refuse(str(error))
    sys.stdout.write(f"{proof.in_words}\n")
    return 0 if proof.first_bad is None else 1


def backups(action: str) -> int:
    """``list``, ``now`` or ``restore``; restoring needs the engine to be stopped."""
    places = Places(default_data_dir())
    try:
        if action == "now":
            BackupKeeper(places.store, places.backups, SystemClock()).back_up()
        elif action == "restore":
            _restore(places)
    except (StoreFailed, OSError) as error:
        return _refuse(str(error))
    for at_ms, path in list_backups(places.backups):
        made = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        sys.stdout.write(f"{made}  {path.stat().st_size / 2**20:8.1f} MiB  {path}\n")
    return 0


def _restore(places: Places) -> None:
    lock = EngineLock(places.data_dir)
    try:
        done = restore(places.store, places.backups, SystemClock().now_ms())
    finally:
        lock.release()
    sys.stdout.write(f"restored: {done.in_words}; the damaged file is in {done.damaged_folder}\n")


def _refuse(why: str) -> int:
    sys.stderr.write(f"crisisdesk: {why}\n")
    return 1
