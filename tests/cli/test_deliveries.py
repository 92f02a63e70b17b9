"""``crisisdesk delivery`` and ``crisisdesk channel`` on a real station, its channels sealed."""

from __future__ import annotations

from tests.cli.conftest import Cli, objects


def test_a_page_is_listed_and_its_story_told(cli: Cli, people: tuple[str, str]) -> None:
    tested = cli("contact", "test", "Ann")
    assert tested.code == 0
    [one] = objects(cli("delivery", "list", "--status", "sent", "--limit", "1", "--json"))
    assert (one["contact_name"], one["state"], one["is_test"]) == ("Ann", "sent", True)
    listed = cli("delivery", "list", "--limit", "1").out
    assert "Test page" in listed
    assert "webhook://127.0.0.1:9/…" in listed
    shown = cli("delivery", "show", one["delivery_id"])
    assert shown.code == 0
    assert "Queued for Ann: somebody asked for a test page (Ann)" in shown.out
    assert "handed to the provider" in shown.out
    assert "The provider took it: “sealed: not sent" in shown.out
    [told] = objects(cli("delivery", "show", one["delivery_id"], "--json"))
    assert [line["tone"] for line in told["story"]][-1] == "ok"
    assert told["carried"] == []


def test_only_those_of_an_alert(cli: Cli, people: tuple[str, str]) -> None:
    alert_id = cli("alert", "raise", "Disk full", "--severity", "critical").out.strip()
    found = objects(cli("delivery", "list", "--alert", alert_id, "--json"))
    assert {one["alert_id"] for one in found} == {alert_id}
    assert {one["contact_name"] for one in found} == {"Ann", "Bob"}
    cli("alert", "resolve", alert_id)
    assert cli("delivery", "list", "--alert", "A-NONE").out == "No such delivery.\n"


def test_channels_are_listed_with_who_has_none(cli: Cli, people: tuple[str, str]) -> None:
    assert cli("contact", "test", "Ann").code == 0
    [line] = [one for one in objects(cli("channel", "list", "--json")) if one["kind"] == "channel"]
    assert (line["channel"], line["provider"], line["verdict"]) == (
        "webhook",
        "127.0.0.1:9",
        "works",
    )
    assert (line["contacts"], line["only"], len(line["methods"])) == (2, 2, 2)
    listed = cli("channel", "list").out
    assert "webhook, 127.0.0.1:9  works" in listed
    assert "No working channel" not in listed


def test_what_does_not_exist_is_refused_in_words(cli: Cli) -> None:
    lost = cli("delivery", "list", "--status", "lost")
    assert (lost.code, "use queued, sending" in lost.err) == (2, True)
    none = cli("delivery", "show", "D-NONE")
    assert (none.code, "no delivery 'D-NONE'" in none.err) == (2, True)
    assert cli("delivery", "list", "--limit", "0").code == 2
    assert cli("channel", "list").out == "No contact yet: nobody is paged.\n"
