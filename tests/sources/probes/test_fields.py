"""Settings read field by field; the wrong ones are refused by name in tests of the contract."""

from __future__ import annotations

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.sources.probes.fields import Fields


def test_words_of_a_command_line_do_as_well() -> None:
    told = {"port": "5432", "tls": "Yes", "names": "a, b,,c", "one": " x "}
    fields = Fields(told, told)
    assert fields.whole("port", 1, 65_535) == 5_432
    assert fields.yes("tls", default=False) is True
    assert fields.texts("names") == ["a", "b", "c"]
    assert fields.text("one") == "x"


def test_defaults_stand_in_for_what_is_left_out() -> None:
    fields = Fields({}, ("a",))
    assert fields.whole("a", 1, 9, 3) == 3
    assert fields.yes("a", default=True) is True
    assert fields.texts("a", ("x",)) == ["x"]
    assert fields.names("a") == {}
    assert fields.tables("a") == []
    assert fields.secret("a") == ""


@pytest.mark.parametrize("value", [True, 1.5, "٣", "1e3", -1, 10, "10", None])
def test_only_whole_numbers_within_bounds_are_taken(value: object) -> None:
    with pytest.raises(Malformed, match=r"settings\.n"):
        Fields({"n": value}, ("n",)).whole("n", 0, 9)


@pytest.mark.parametrize("name", ["up", "took_seconds", "1a", "a-b", "a.b", "é", ""])
def test_names_of_metrics_that_cannot_be_given(name: str) -> None:
    with pytest.raises(Malformed, match=r"settings\.name"):
        Fields({"name": name}, ("name",)).metric("name")


def test_a_secret_written_where_its_name_belongs_does_not_come_back() -> None:
    for secret in ("hunter2 hunter2", "x" * 65, "-begin", "a/b+c="):
        with pytest.raises(Malformed) as caught:
            Fields({"token": secret}, ("token",)).secret("token")
        assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://a:9090/", "http://a:9090"),
        ("https://[::1]/prometheus/", "https://[::1]/prometheus"),
        ("HTTP://A", "http://A"),
        ("http://a b", None),
        ("http://[::1", None),
        ("http://a#", None),
    ],
)
def test_addresses(url: str, kept: str | None) -> None:
    fields = Fields({"url": url}, ("url",))
    if kept is not None:
        assert fields.url("url") == kept
        return
    with pytest.raises(Malformed, match=r"settings\.url"):
        fields.url("url")


def test_a_text_may_be_taken_just_as_it_is_written() -> None:
    fields = Fields({"a": " 220 \r\n", "b": 5}, ("a", "b", "c"))
    assert fields.raw("a") == " 220 \r\n"
    assert fields.raw("c") == ""
    for name, limit in (("b", 9), ("a", 3)):
        with pytest.raises(Malformed, match=rf"settings\.{name}"):
            fields.raw(name, limit=limit)


@pytest.mark.parametrize(
    ("told", "host"),
    [("db1.example.org", "db1.example.org"), (" [::1] ", "::1"), ("192.0.2.1", "192.0.2.1")],
)
def test_hosts(told: str, host: str) -> None:
    assert Fields({"host": told}, ("host",)).host() == host


@pytest.mark.parametrize("told", ["a/b", "me@a", "a b", "http://a", 5, None, "x" * 256])
def test_what_is_no_host(told: object) -> None:
    with pytest.raises(Malformed, match=r"settings\.host") as caught:
        Fields({"host": told}, ("host",)).host()
    assert caught.value.remedy


def test_paths_secrets_and_tables() -> None:
    told = {"path": "a[0].b", "keys": {"X-Key": "reader"}, "alerts": {"key": "id"}}
    fields = Fields(told, (*told, "other"))
    assert fields.path("path") == "a[0].b"
    assert fields.path("other", "") == ""
    assert fields.secrets("keys") == {"X-Key": "reader"}
    assert fields.table("alerts") == {"key": "id"}
    assert fields.table("other") is None
    wrong = Fields({"path": "a..b", "keys": {"X": "it is secret"}, "alerts": []}, told)
    for read, field in (
        (wrong.path, "path"),
        (wrong.secrets, "keys.X"),
        (wrong.table, "alerts"),
    ):
        with pytest.raises(Malformed) as caught:
            read(field.partition(".")[0])
        assert caught.value.field == f"settings.{field}"
        assert "it is secret" not in str(caught.value)


def test_a_setting_that_is_none_names_those_that_are() -> None:
    with pytest.raises(Malformed) as caught:
        Fields({"prot": 1}, ("host", "port"))
    assert caught.value.field == "settings.prot"
    assert "host, port" in caught.value.remedy
