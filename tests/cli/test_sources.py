"""``crisisdesk source`` on a running engine."""

from __future__ import annotations

import io
import json

import pytest

from crisisdesk.cli.sources import SECRET_PREFIX
from crisisdesk.engine.workers import looking
from crisisdesk.settings.secrets import open_secrets

from tests.cli.conftest import Cli, Station, objects
from tests.comms.receivers import answer, receiving
from tests.sources.probes.programs import until


def test_a_source_from_its_first_try_to_its_end(cli: Cli) -> None:
    assert cli("source", "list").out == "No source is declared.\n"
    with receiving(lambda _request: answer(200, "all is fine")) as server:
        url = f"url=http://{server.host}/health"
        tried = cli("source", "test", "http", "--set", url, "--set", "contains=fine")
        assert tried.code == 0, tried.err
        assert tried.lines[0].startswith("up after ")
        assert "  http_status 200" in tried.lines
        made = cli("source", "add", "shop", "http", "--set", url, "--every", "1h")
        assert made.code == 0, made.err
        (key,) = made.lines
        tried = cli("source", "test", "shop", "--set", "contains=broken", "--json")
        assert tried.code == 1
        (told,) = objects(tried)
        assert told["verdict"] == "down"
    (one,) = objects(cli("source", "list", "--json"))
    assert (one["source_id"], one["type"], one["every_s"]) == (key, "http", 3_600)
    assert cli("source", "list").lines[1].split()[:3] == [key, "shop", "http"]
    said = cli("source", "change", "shop", "--set", "contains=ok", "--failures", "5", by="")
    assert said.code == 2
    by = ("--operator", "Ann")
    words = ("source", "change", "shop", "--set", "contains=ok", "--failures", "5", *by)
    assert cli(*words).code == 0
    shown = cli("source", "show", key)
    assert '"contains": "ok"' in shown.out
    assert f'"url": "{url[4:]}"' in shown.out
    (one,) = objects(cli("source", "show", "shop", "--json"))
    assert one["failures"] == 5
    assert cli("source", "pause", "shop", *by).out == f"{key} paused\n"
    assert cli("source", "resume", key, *by).out.startswith(f"{key} ")
    assert cli("source", "remove", "shop").out == f"{key} removed\n"
    assert objects(cli("source", "list", "--json")) == []


def test_alerts_of_a_list_are_raised_and_ended_by_a_running_engine(
    cli: Cli, station: Station
) -> None:
    items = [{"id": 7, "text": "Case seven", "state": "open"}]
    with receiving(
        lambda _request: answer(200, json.dumps({"depth": 3, "items": items}))
    ) as server:
        settings = (
            "--set",
            f"url=http://{server.host}/",
            "--set",
            'values=[{"name": "depth", "path": "depth"}]',
            "--set",
            'alerts={"each": "items", "key": "id", "title": "text", "action": "state"}',
        )
        tried = cli("source", "test", "json", *settings)
        assert tried.code == 0, tried.err
        assert {"  depth 3", "  1 reports of its own"} <= set(tried.lines)
        made = cli("source", "add", "cases", "json", *settings, "--every", "1s")
        assert made.code == 0, made.err

        def statuses() -> list[str]:
            told = objects(cli("alert", "list", "--all", "--json"))
            return [one["status"] for one in told if one["title"] == "Case seven"]

        until(lambda: statuses() == ["active"], "the alert")
        items[0]["state"] = "resolved"
        until(lambda: statuses() == ["resolved"], "its end")
    assert cli("source", "remove", "cases").code == 0


def test_what_cannot_be_meant_is_told(cli: Cli) -> None:
    place = ("--set", "host=127.0.0.1", "--set", "port=9")
    for words, why in (
        (("add", "x", "tcp", *place, "--every", "soon"), "no span of time"),
        (("add", "x", "tcp", *place, "--every", "1500ms"), "whole number of seconds"),
        (("add", "x", "tcp", *place, "--every", "48h"), "every_s"),
        (("add", "x", "tcp", "--set", "port"), "write it like"),
        (("add", "x", "tcp", "--set", "host=[a"), "begins like JSON"),
        (("add", "x", "tcp"), "settings.host"),
        (("add", "x", "strange"), "type"),
        (("test", "nothing"), "type"),
        (("remove", "nothing"), "no source"),
    ):
        said = cli("source", *words)
        assert said.code in (1, 2), words
        assert why in said.err, words
    assert cli("source", "change", "x", "--operator", "Ann").code == 2
    assert objects(cli("source", "list", "--json")) == []


def test_a_source_of_a_short_interval_has_a_shorter_deadline(cli: Cli) -> None:
    place = ("--set", "host=127.0.0.1", "--set", "port=9")
    assert cli("source", "add", "fast", "tcp", *place, "--every", "2s").code == 0
    (one,) = objects(cli("source", "list", "--json"))
    assert (one["every_s"], one["timeout_ms"]) == (2, 2_000)
    assert cli("source", "remove", "fast").code == 0


def test_a_secret_is_read_from_stdin_and_kept_where_looks_find_it(
    cli: Cli, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SECRET_PREFIX == looking.SECRET_PREFIX
    monkeypatch.setattr("sys.stdin", io.StringIO("t0k3n\n"))
    said = cli("source", "secret", "shop-token")
    assert said.out.startswith("shop-token kept")
    assert "t0k3n" not in said.out + said.err
    assert open_secrets(station.places).get("source:shop-token") == "t0k3n"
    assert cli("source", "secret", "shop-token", "--forget").code == 0
    assert open_secrets(station.places).get("source:shop-token") is None
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert cli("source", "secret", "shop-token").code == 2
    assert cli("source", "secret", "a b").code == 2
