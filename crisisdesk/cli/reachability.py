"""``crisisdesk contact audit`` and ``crisisdesk reachability``: who is proven reachable."""

from __future__ import annotations

import json
from dataclasses import asdict

from crisisdesk.cli.station import AsJson, DataDir, in_words, places_of, reading
from crisisdesk.cli.words import moment, now_ms, plain, span, table
from crisisdesk.domain.audit_outcome import outcome
from crisisdesk.domain.audit_week import known_since, last_run, next_run
from crisisdesk.domain.reachability_reading import audit_people
from crisisdesk.domain.rota import Rota


def audit(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say who is proven reachable and what keeps the others; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = audit_people(reader, at)
    if as_json:
        for one in found.people:
            print(json.dumps(asdict(one), ensure_ascii=False))
        return
    print(f"{found.headline}.")
    if not found.people:
        return
    rows = [
        (
            one.name,
            "yes" if one.is_proven else "NO",
            moment(one.proven_at),
            "; ".join(one.findings) or "-",
        )
        for one in found.people
    ]
    print("\n".join(table(("NAME", "PROVEN", "LAST TAKEN", "FINDINGS"), rows, {"NAME": 40})))


def reachability(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say who may be paged and has no proven way, when the weekly audit ran last and when it runs
    next; works without the engine too."""
    from crisisdesk.settings.file import load_settings

    at = now_ms()
    with in_words():
        settings = load_settings(places_of(data_dir).settings)
    weekly = None if settings.sealed else settings.reachability.weekly()
    with reading(data_dir) as reader:
        contacts, versions = reader.contacts(), reader.policies(declared=True)
        found = outcome(audit_people(reader, at), Rota(versions), contacts, at)
    ran, since = last_run(versions, at), known_since(contacts)
    then = None if weekly is None else next_run(weekly, ran, since, at)
    if as_json:
        told = {
            "headline": found.headline,
            "people": found.people,
            "unproven": [asdict(one) for one in found.unproven],
            "last_run_ms": ran and ran.done_at,
            "next_run_ms": then,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    print(f"{found.headline[:1].upper()}{found.headline[1:]}.")
    for one in found.unproven:
        begins = "" if one.from_ms is None else f" (on call from {moment(one.from_ms)})"
        print(f"  {plain(one.name)}{begins}: {plain(one.why)}")
    print("The weekly audit has not run yet." if ran is None else f"Ran {moment(ran.done_at)}.")
    if weekly is None:
        why = "this station is sealed" if settings.sealed else "reachability.enabled is false"
        print(f"It does not run by itself: {why} in settings.toml.")
    elif then is not None:
        print(f"Runs {'now' if then <= at else f'{moment(then)}, in {span(then - at)}'}.")
