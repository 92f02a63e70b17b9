"""``crisisdesk silence`` against a real engine."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli, objects


def test_one_is_previewed_added_listed_and_lifted(cli: Cli) -> None:
    cli("alert", "raise", "Disk full", "--severity", "high", "--service", "silent-db")
    seen = cli("silence", "preview", "service=silent-db")
    assert seen.out.splitlines()[0] == "Covers 1 open alert."
    assert "Disk full" in seen.out
    [told] = objects(cli("silence", "preview", "service=silent-db", "--json"))
    assert (told["hides"], told["broad"], len(told["alerts"])) == (1, False, 1)
    added = cli("silence", "add", "service=silent-db", "--for", "2h", "--reason", "Works")
    silence_id = added.out.strip()
    assert (added.code, silence_id[:4]) == (0, "SIL-")
    listed = cli("silence", "list").out
    assert "1 h 59 left" in listed or "2 h 00 left" in listed
    assert 'service="silent-db"' in listed
    [one] = [s for s in objects(cli("silence", "list", "--json")) if s["silence_id"] == silence_id]
    assert (one["state"], one["hides"], one["set_by"]) == ("active", 1, "Ann")
    assert cli("silence", "lift", silence_id).out == f"{silence_id} lifted\n"
    [one] = [s for s in objects(cli("silence", "list", "--json")) if s["silence_id"] == silence_id]
    assert one["state"] == "lifted"


def test_a_window_ahead_takes_the_place_of_another(cli: Cli) -> None:
    start, end = "2999-01-01T10:00:00Z", "2999-01-01T12:00:00Z"
    far = cli("silence", "add", "service=w", "--from", start, "--until", end, "--reason", "x")
    assert (far.code, "starts_at" in far.err) == (1, True)
    first = cli("silence", "add", "service=w", "--for", "1d", "--reason", "x").out.strip()
    second = cli(
        "silence",
        "add",
        "service=w",
        'env=~"a|b"',
        "--for",
        "30m",
        "--reason",
        "x",
        "--replaces",
        first,
    ).out.strip()
    states = {s["silence_id"]: s["state"] for s in objects(cli("silence", "list", "--json"))}
    assert (states[first], states[second]) == ("lifted", "active")
    cli("silence", "lift", second)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("service=a", "--reason", "x"), 2, "either --for or --until"),
        (("service=a", "--reason", "x", "--for", "2 weeks"), 2, "no span of time"),
        (("service=a", "--reason", "x", "--until", "2026-03-01T12:30:00"), 2, "with its zone"),
        (("service=a", "--reason", "x", "--until", "noon"), 2, "with its zone"),
        (("--reason", "x", "--for", "2h"), 1, "matchers"),
        (("service=a", "--reason", " ", "--for", "2h"), 1, "reason"),
        (("service=a", "--reason", "x", "--for", "99d"), 1, "duration_s"),
        (("service=a", "--for", "2h"), 2, "--reason"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    cli: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    refused = cli("silence", "add", *words)
    assert (refused.code, said in refused.err) == (code, True), refused.err
    assert "no silence 'SIL-X'" in cli("silence", "lift", "SIL-X").err
    assert cli("silence", "preview", "service").code == 2
