"""``crisisdesk incident``: reopen, rank, merge, split and restrict, against a real engine."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def opened(cli: Cli, title: str, *words: str) -> str:
    said = cli("incident", "open", title, "--severity", "major", *words)
    assert said.code == 0, said.err
    return said.out.strip()


def test_an_incident_becomes_part_of_another_one_and_back(cli: Cli) -> None:
    alert = cli("alert", "raise", "mail slow", "--severity", "low").out.strip()
    whole, part = opened(cli, "Orders"), opened(cli, "Mails", "--alert", alert)
    said = cli("incident", "merge", part, whole, "--reason", "one disk")
    assert said.out == f"{part} is part of {whole}\n"
    assert f"is part of {whole}" in cli("incident", "show", part).lines
    shown = cli("incident", "show", whole).out
    assert part in shown
    assert alert in shown
    refused = cli("incident", "status", part, "resolved")
    assert refused.code == 1
    assert f"act on {whole}" in refused.err
    assert cli("incident", "unmerge", part).code == 0
    assert cli("incident", "status", part, "resolved").code == 0
    back = cli("incident", "reopen", part, "the disk again")
    assert back.out == f"{part} investigating\n"


def test_alerts_are_split_off(cli: Cli) -> None:
    alert = cli("alert", "raise", "split me", "--severity", "low").out.strip()
    whole = opened(cli, "Both", "--alert", alert)
    new = cli("incident", "split", whole, alert, "--title", "Apart", "--severity", "minor")
    assert new.code == 0, new.err
    [made] = objects(cli("incident", "show", new.out.strip(), "--json"))
    assert (made["title"], made["alerts"], made["split_from"]) == ("Apart", [alert], whole)


def test_how_bad_it_is_follows_or_is_said_with_a_reason(cli: Cli) -> None:
    incident = opened(cli, "Ranked")
    assert cli("incident", "rank", incident, "--severity", "critical").out == (
        f"{incident} critical, impact high, p2\n"
    )
    refused = cli("incident", "rank", incident, "--priority", "p1")
    assert refused.code == 1
    assert "reason" in refused.err
    said = cli("incident", "rank", incident, "--priority", "p1", "--reason", "the board")
    assert said.out.endswith(", p1\n")
    assert "p1, by hand: the board" in cli("incident", "show", incident).out
    assert cli("incident", "rank", incident).code == 2
    assert cli("incident", "matrix").lines[0].split()[0] == "severity"


def test_a_restricted_one_is_for_few(cli: Cli) -> None:
    incident = opened(cli, "Whistle", "--restricted", "--reader", "Bo")
    assert "Whistle" in cli("incident", "show", incident, "--operator", "Ann").out
    mallory = ("--operator", "Mallory")
    other = cli("incident", "show", incident, *mallory)
    assert other.code == 1
    assert "restricted" in other.err
    assert "Whistle" not in cli("incident", "list", *mallory).out
    assert "Whistle" not in cli("incident", "list", "--json", *mallory).out
    assert "Whistle" in cli("incident", "list", "--operator", "Bo").out
    assert cli("task", "list", incident, *mallory).code == 1
    assert cli("incident", "unrestrict", incident, by="Mallory").code == 1
    again = cli("incident", "restrict", incident, "Zoë Ng")
    assert "Zoë Ng" in again.out
    assert cli("incident", "unrestrict", incident).code == 0
    assert "Whistle" in cli("incident", "list", *mallory).out
