"""``crisisdesk contact audit``: who is proven reachable."""

from __future__ import annotations

import json
from dataclasses import asdict

from crisisdesk.cli.station import AsJson, DataDir, reading
from crisisdesk.cli.words import moment, now_ms, table
from crisisdesk.domain.reachability_reading import audit_people


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
