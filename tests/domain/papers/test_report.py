"""The report tells what the desk shows, at any minute."""

from __future__ import annotations

import json
from datetime import UTC

from crisisdesk.domain.incident_record import IncidentRecord, Standing
from crisisdesk.domain.papers.document import Facts, Heading, Table, markdown
from crisisdesk.domain.papers.report import incident_data, incident_report

from tests.domain.incident_log import INCIDENT, MINUTE, START, split_brain


def stood(minute: int) -> Standing:
    log = split_brain()
    found = IncidentRecord(INCIDENT, log.updates(), log.events).at(START + minute * MINUTE)
    assert found is not None
    return found


def table_under(minute: int, heading: str) -> Table:
    blocks = list(incident_report(stood(minute), START + minute * MINUTE, UTC).blocks)
    at = blocks.index(Heading(text=heading))
    table = blocks[at + 1]
    assert isinstance(table, Table)
    return table


def test_it_has_every_entry_with_who_and_when():
    table = table_under(40, "Timeline")
    entries = stood(40).entries
    assert len(table.rows) == len(entries)
    assert table.rows[0] == (
        "2026-02-12 02:05:02Z",
        "prometheus",
        "db-primary fired again (critical): Replication to db-standby-fra2 stopped",
    )
    public = [row[2] for row in table.rows if "(public" in row[2]]
    assert len(public) == 1
    assert any("edited 1×" in row[2] for row in table.rows)
    assert any("written 2026-02-12 02:14:32Z" in row[2] for row in table.rows)


def test_decisions_stand_by_themselves_and_later_ones_are_not_there_yet():
    assert [row[1] for row in table_under(40, "Decisions").rows] == ["Klára Langová"]
    early = incident_report(stood(10), START + 10 * MINUTE, UTC)
    assert Heading(text="Decisions") not in early.blocks
    assert "As it stood on Thu 12 February 2026, 02:15 UTC" in markdown(early)


def test_the_facts_say_what_is_known_and_leave_out_the_rest():
    facts = incident_report(stood(40), START + 40 * MINUTE, UTC).blocks[0]
    assert isinstance(facts, Facts)
    told = dict(facts.pairs)
    assert told["Severity"] == "critical, P2, high impact"
    assert told["Resolved"].startswith("not yet, open for ")
    assert told["First response"].startswith("after ")
    assert "Closed" not in told
    assert all(told.values())


def test_the_data_are_json_with_iso_times():
    data = incident_data(stood(40), START + 40 * MINUTE)
    again = json.loads(json.dumps(data))
    assert again == data
    assert data["as_of"] == "2026-02-12T02:45:02.000Z"
    assert data["incident"]["created_at"].endswith("Z")
    assert data["incident"]["resolved_at"] is None
    assert len(data["timeline"]) == len(stood(40).entries)
    edited = [entry for entry in data["timeline"] if entry["before"]]
    assert len(edited) == 1
    assert edited[0]["before"][0]["by"] == "Klára Langová"
