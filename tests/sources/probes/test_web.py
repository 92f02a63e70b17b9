"""One exchange: certificates that are trusted or not, bodies that are too long, no redirects."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from crisisdesk.domain.detection.reading import Verdict
from crisisdesk.sources.probes.looking import Sight, Unanswered
from crisisdesk.sources.probes.openmetrics_probe import OpenMetricsProber
from crisisdesk.sources.probes.web import Ask, Page, Web, said_yes

from tests.comms.receivers import answer, authority_for, receiving
from tests.sources.probes.looks import look_at, looked
from tests.sources.probes.peers import pages_of


def asked(url: str, most: int = 1_000, **settings: object) -> Page:
    look = look_at(OpenMetricsProber(), {"url": url, **settings})
    return asyncio.run(Web().ask(Sight(look), Ask(url=url, most=most)))


def test_a_body_of_the_limit_is_taken_and_one_more_byte_is_not() -> None:
    with pages_of(lambda _path, _body: (200, "text/plain", b"x" * 1_000)) as pages:
        url = f"http://127.0.0.1:{pages.port}"
        assert asked(url).body == b"x" * 1_000
        with pytest.raises(Unanswered, match="999 bytes") as caught:
            asked(url, most=999)
    assert caught.value.verdict is Verdict.DOWN


def test_what_is_compressed_unasked_is_not_unpacked() -> None:
    told = answer(200, "x", Content_Encoding="gzip")
    with (
        receiving(lambda _request: told) as receiver,
        pytest.raises(Unanswered, match="compressed"),
    ):
        asked(f"http://{receiver.host}")


def test_a_redirect_is_told_and_not_followed() -> None:
    told = answer(302, "", Location="http://127.0.0.1:1/secret")
    with receiving(lambda _request: told) as receiver:
        page = asked(f"http://{receiver.host}")
    assert len(receiver.requests) == 1
    with pytest.raises(Unanswered, match="302"):
        said_yes(page)


def test_tls_is_checked_against_the_file_that_is_named(tmp_path: Path) -> None:
    context, authority = authority_for(["localhost"], tmp_path)
    with receiving(lambda _request: answer(200, "a 1\n"), context, tunnel=False) as receiver:
        url = f"https://{receiver.host}"
        prober = OpenMetricsProber()
        trusted = looked(prober, look_at(prober, {"url": url, "ca_file": str(authority)}))
        strange = looked(prober, look_at(prober, {"url": url}))
        lost = looked(prober, look_at(prober, {"url": url, "ca_file": str(tmp_path / "no.pem")}))
        broken = tmp_path / "broken.pem"
        broken.write_text("no certificate")
        spoilt = looked(prober, look_at(prober, {"url": url, "ca_file": str(broken)}))
    assert trusted.verdict is Verdict.UP
    assert strange.verdict is Verdict.DOWN
    assert "certificate" in strange.words
    assert lost.verdict is spoilt.verdict is Verdict.UNSURE


def test_tls_on_a_plain_port_is_a_fault_in_words() -> None:
    with pages_of(lambda _path, _body: (200, "text/plain", b"a 1\n")) as pages:
        prober = OpenMetricsProber()
        reading = looked(prober, look_at(prober, {"url": f"https://127.0.0.1:{pages.port}"}))
    assert reading.verdict is Verdict.DOWN
    assert "TLS" in reading.words or "no HTTP" in reading.words


def test_a_name_that_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "nobody")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Unanswered, match="host name"):
        asked("http://nobody.example")


def test_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password not-for-you\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with pages_of(lambda _path, _body: (200, "text/plain", b"x")) as pages:
        asked(f"http://127.0.0.1:{pages.port}")
    assert "authorization" not in pages.requests[0].headers
