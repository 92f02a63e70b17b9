"""HTTP: statuses, assertions, redirects, certificates, and where secrets go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.sources.probes.http_probe import BODY_BYTES, HttpProber
from crisisdesk.sources.probes.names import Names

from tests.comms.receivers import Request, answer, receiving
from tests.sources.probes.certificates import now_ms, served
from tests.sources.probes.looks import look_once, values


def looked(said: bytes, path: str = "/", **settings: Any) -> Reading:
    with receiving(lambda _request: said) as server:
        return look_once(HttpProber(), {"url": f"http://{server.host}{path}", **settings})


def test_an_answer_as_expected_is_up_and_measured() -> None:
    reading = looked(answer(200, "all is fine"), contains="fine", lacks="error")
    assert (reading.verdict, reading.words) == (Verdict.UP, "HTTP 200, 11 bytes")
    assert values(reading) == {"http_status": 200.0}


@pytest.mark.parametrize(
    ("said", "settings", "words"),
    [
        (answer(500, "x"), {}, "HTTP 500 where 200-299 is expected"),
        (answer(200), {"status": "401"}, "HTTP 200 where 401 is expected"),
        (answer(200, "bad"), {"contains": "fine"}, "does not contain “fine”"),
        (answer(200, "an error"), {"lacks": "error"}, "contains “error”"),
        (answer(200, "{"), {"json_path": "a"}, "no JSON"),
        (answer(302, "", Location="ftp://a/"), {}, "redirects to what is no address"),
        (b"220 mail.example.org ESMTP\r\n", {}, "no HTTP"),
        (b"", {}, "cut"),
    ],
)
def test_an_answer_that_is_not_as_expected_is_down_and_says_why(
    said: bytes, settings: dict[str, Any], words: str
) -> None:
    def manner(_request: Request) -> bytes | str:
        return said or "reset"

    with receiving(manner) as server:
        url = f"http://{server.host}/"
        reading = look_once(HttpProber(), {"url": url, **settings}, deadline_s=2.0)
    assert reading.verdict == Verdict.DOWN
    if said.startswith(b"220"):
        # It is told by the parser, or by the deadline where more is waited for.
        assert words in reading.words or "did not answer" in reading.words
    else:
        assert words in reading.words


def test_a_place_in_the_json_is_asserted_and_measured() -> None:
    said = answer(200, '{"queue": [{"depth": 12.50}], "db": {"ok": true}}')
    reading = looked(said, json_path="db.ok", json_equals="true")
    assert reading.verdict == Verdict.UP
    reading = looked(said, json_path="queue.0.depth")
    assert values(reading)["json_value"] == 12.5
    reading = looked(said, json_path="queue.0.depth", json_equals="12.5")
    assert "“queue.0.depth” is “12.50” where “12.5” is expected" in reading.words


def test_what_is_asked_is_what_was_declared() -> None:
    with receiving(lambda _request: answer(204)) as server:
        settings = {
            "url": f"http://{server.host}/a?b=c",
            "method": "post",
            "headers": {"X-Trace": "1"},
            "body": "hällo",
            "user": "me",
            "password": "door",
        }
        reading = look_once(HttpProber(), settings, secrets={"door": "open sesame"})
    assert reading.verdict == Verdict.UP
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/a?b=c", "hällo".encode())
    assert (request.headers["x-trace"], request.host) == ("1", server.host)
    assert request.headers["authorization"] == "Basic bWU6b3BlbiBzZXNhbWU="
    assert request.headers["accept-encoding"] == "identity"


def test_redirects_are_followed_so_far_and_no_further() -> None:
    def manner(request: Request) -> bytes:
        left = int(request.path[1:])
        return answer(200, "end") if not left else answer(302, "", Location=f"/{left - 1}")

    with receiving(manner) as server:
        url = f"http://{server.host}/3"
        assert look_once(HttpProber(), {"url": url, "redirects": 3}).verdict == Verdict.UP
        reading = look_once(HttpProber(), {"url": url, "redirects": 2})
        assert reading.words == "HTTP 302 where 200-299 is expected"
        reading = look_once(HttpProber(), {"url": url, "redirects": 0, "status": "302"})
        assert reading.verdict == Verdict.UP
    assert [r.path for r in server.requests] == ["/3", "/2", "/1", "/0", "/3", "/2", "/1", "/3"]


def test_a_post_that_is_sent_elsewhere_becomes_a_get_without_its_body() -> None:
    def manner(request: Request) -> bytes:
        return answer(303, "", Location="/b") if request.path == "/a" else answer(200)

    with receiving(manner) as server:
        settings = {"url": f"http://{server.host}/a", "method": "POST", "body": "x"}
        assert look_once(HttpProber(), settings).verdict == Verdict.UP
    assert [(r.method, r.body) for r in server.requests] == [("POST", b"x"), ("GET", b"")]


def test_secrets_go_to_the_host_that_was_declared_and_to_no_other() -> None:
    with receiving(lambda _request: answer(200)) as other:

        def manner(request: Request) -> bytes:
            where = "/b" if request.path == "/a" else f"http://{other.host}/c"
            return answer(307, "", Location=where)

        with receiving(manner) as server:
            settings = {
                "url": f"http://{server.host}/a",
                "bearer": "token",
                "secret_headers": {"X-Key": "key"},
            }
            secrets = {"token": "t0k3n", "key": "k3y"}
            reading = look_once(HttpProber(), settings, secrets=secrets)
    assert reading.verdict == Verdict.UP
    assert [r.headers.get("authorization") for r in server.requests] == ["Bearer t0k3n"] * 2
    assert [r.headers.get("x-key") for r in server.requests] == ["k3y"] * 2
    (last,) = other.requests
    assert "authorization" not in last.headers
    assert "x-key" not in last.headers


def test_a_secret_that_no_header_can_carry_is_not_the_fault_of_the_other_side() -> None:
    settings = {"url": "http://127.0.0.1:9/", "bearer": "token"}
    reading = look_once(HttpProber(), settings, secrets={"token": "a\r\nX: y"})
    assert reading.verdict == Verdict.UNSURE


def test_of_a_long_answer_only_the_beginning_is_read() -> None:
    long = "x" * BODY_BYTES + "fine"
    assert looked(answer(200, long), contains="fine").verdict == Verdict.DOWN
    assert looked(answer(200, long)).words == f"HTTP 200, {BODY_BYTES} bytes"


def test_a_certificate_that_lasts_is_up_and_its_days_are_measured(tmp_path: Path) -> None:
    tls, authority = served(tmp_path, days=20)
    with receiving(lambda _request: answer(200), tls, tunnel=False) as server:
        settings = {"url": f"https://{server.host}/", "ca_file": str(authority)}
        reading = look_once(HttpProber(), settings, now=now_ms())
        assert reading.verdict == Verdict.UP
        assert 19.9 < values(reading)["tls_days"] <= 20
        reading = look_once(HttpProber(), {**settings, "tls_days": 21}, now=now_ms())
        assert reading.verdict == Verdict.DOWN
        assert "the certificate ends in" in reading.words
        assert 19.9 < values(reading)["tls_days"] <= 20
        reading = look_once(HttpProber(), {"url": settings["url"]}, now=now_ms())
        assert "certificate not accepted" in reading.words
        reading = look_once(HttpProber(), {"url": settings["url"], "verify": False})
        assert reading.verdict == Verdict.UP


def test_an_expired_certificate_is_down(tmp_path: Path) -> None:
    tls, authority = served(tmp_path, days=-2)
    with receiving(lambda _request: answer(200), tls, tunnel=False) as server:
        settings = {"url": f"https://{server.host}/", "ca_file": str(authority)}
        reading = look_once(HttpProber(), settings)
    assert reading.verdict == Verdict.DOWN
    assert "certificate has expired" in reading.words


def test_a_certificate_must_be_of_the_host_that_was_asked_for(tmp_path: Path) -> None:
    tls, authority = served(tmp_path, days=20, host="shop.example.org")
    with receiving(lambda _request: answer(200), tls, tunnel=False) as server:
        for host, verdict in (
            ("shop.example.org", Verdict.UP),
            ("till.example.org", Verdict.DOWN),
        ):
            prober = HttpProber(Names(lambda _host: ["127.0.0.1"]))
            url = f"https://{host}:{server.port}/"
            reading = look_once(prober, {"url": url, "ca_file": str(authority)}, now=now_ms())
            assert reading.verdict == verdict, reading.words
    assert server.requests[0].host == f"shop.example.org:{server.port}"


def test_the_next_address_is_tried_when_the_first_refuses() -> None:
    with receiving(lambda _request: answer(200)) as server:
        prober = HttpProber(Names(lambda _host: ["127.0.0.9", "127.0.0.1"]))
        url = f"http://shop.example.org:{server.port}/"
        assert look_once(prober, {"url": url}).verdict == Verdict.UP


def test_a_file_of_certificates_that_cannot_be_read_says_nothing_of_the_other_side(
    tmp_path: Path,
) -> None:
    (tmp_path / "empty.pem").write_text("none")
    for name, words in (("none.pem", "no such file"), ("empty.pem", "holds no certificate")):
        settings = {"url": "https://127.0.0.1:9/", "ca_file": str(tmp_path / name)}
        reading = look_once(HttpProber(), settings)
        assert reading.verdict == Verdict.UNSURE
        assert words in reading.words.lower()
