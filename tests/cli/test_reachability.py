"""``crisisdesk contact audit`` and ``reachability``, with and without an engine."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.settings.places import Places
from crisisdesk.store.opening import open_station

from tests.cli.conftest import Cli, Said, objects


def test_the_audit_names_everybody(cli: Cli) -> None:
    assert cli("contact", "audit").out == "Nobody is there to be reached.\n"
    who = cli("contact", "add", "Ann", "--method", "mailto://u:p@mail.example.org").out.strip()
    said = cli("contact", "audit")
    assert said.lines[0] == "1 of 1 person is not proven reachable."
    assert said.lines[2].startswith("Ann   NO")
    (one,) = objects(cli("contact", "audit", "--json"))
    assert "no time zone" in one["findings"]
    cli("contact", "remove", who)


def test_it_says_when_the_weekly_audit_ran_and_runs(cli: Cli) -> None:
    who = cli("contact", "add", "Ann", "--method", "mailto://u:p@mail.example.org").out.strip()
    said = cli("reachability").lines
    assert said[0] == "1 of 1 person has no proven way."
    assert said[1] == "  Ann: nothing was ever sent to them; only one provider"
    assert said[2] == "The weekly audit has not run yet."
    assert said[3].startswith("Runs ")
    (told,) = objects(cli("reachability", "--json"))
    assert (told["people"], told["last_run_ms"]) == (1, None)
    assert told["unproven"][0]["name"] == "Ann"
    assert told["next_run_ms"] > 0
    cli("contact", "remove", who)
    nobody = cli("reachability").lines
    assert nobody == ["There are no people.", "The weekly audit has not run yet."]


def test_it_says_why_it_does_not_run(call: Cli, tmp_path: Path) -> None:
    places = Places(tmp_path)
    open_station(places.store).journal.close()

    def said(text: str) -> Said:
        places.settings.write_text(text, encoding="utf-8")
        return call("reachability", folder=tmp_path)

    assert "this station is sealed" in said("sealed = true\n").out
    assert "reachability.enabled is false" in said("[reachability]\nenabled = false\n").out
    refused = said("[reachability]\nzone = 'Mars/Base'\n")
    assert (refused.code, "reachability.zone" in refused.err) == (1, True)
