"""The settings file: defaults, overrides, errors a person can act on, comments that survive."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.severity import Severity
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.file import load_settings, save_settings
from crisisdesk.settings.model import Settings

COMMENTED = """\
# our station
port = 9700  # behind the proxy

[delivery]
# slow gateway
deadline_s = 20
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_no_file_gives_the_defaults(path: Path) -> None:
    settings = load_settings(path, {})
    assert (settings.host, settings.port, settings.max_body_bytes) == ("127.0.0.1", 9611, 1 << 20)
    assert settings.station_name
    assert settings.paging_severities == (Severity.HIGH, Severity.CRITICAL, Severity.EMERGENCY)
    assert [settings.sla.ack_ms(s) for s in Severity] == [
        28_800_000,
        3_600_000,
        900_000,
        300_000,
        120_000,
    ]
    assert settings.sla.prealarm_ms("emergency") == 96_000
    holds = [settings.acks.hold_ms(s) // 60_000 for s in Severity]
    assert holds == [0, 0, 120, 30, 15]
    assert (settings.acks.ask_minutes, settings.acks.hand_off_minutes) == (5, 10)
    assert not path.exists()


def test_file_then_environment(path: Path) -> None:
    path.write_text(COMMENTED)
    settings = load_settings(
        path,
        {
            "CRISISDESK_DELIVERY__DEADLINE_S": "7",
            "CRISISDESK_STATION_NAME": "12",
            "CRISISDESK_PAGING_SEVERITIES": "critical, emergency",
            "CRISISDESK_DATA_DIR": "/nowhere",
            "CRISISDESK_ALLOW_SHARED_DATA_DIR": "true",
            "PORT": "1",
        },
    )
    assert settings.port == 9700
    assert settings.delivery.deadline_s == 7
    assert settings.station_name == "12"
    assert settings.paging_severities == (Severity.CRITICAL, Severity.EMERGENCY)
    assert settings.allow_shared_data_dir is True


def test_own_severity_words_lie_over_the_built_in_ones(path: Path) -> None:
    path.write_text('[severity_words]\nSev1 = "emergency"\nwarning = "high"\n')
    mapping = load_settings(path, {}).severity_mapping()
    assert mapping["sev1"] is Severity.EMERGENCY
    assert mapping["warning"] is Severity.HIGH
    assert mapping["crit"] is Severity.CRITICAL


def test_an_intake_mapping_is_read(path: Path) -> None:
    path.write_text('[intake.shop]\nkey = "id"\ntitle = "event.name"\nresolve_words = ["gone"]\n')
    mapping = load_settings(path, {}).intake["shop"]
    assert (mapping.key, mapping.title, mapping.resolve_words) == ("id", "event.name", ("gone",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1", ["prot", "1", "Did you mean port?"]),
        ("[delivery]\ndeadlines = 3", ["delivery.deadlines", "delivery.deadline_s"]),
        ("[sla.ack_minutes]\nhgih = 3", ["sla.ack_minutes.hgih", "sla.ack_minutes.high"]),
        ("[nonsense]\na = 1", ["nonsense", "known here", "sla"]),
        ("port = true", ["port = true", "integer", "9611"]),
        ('port = "9611"', ["port", '"9611"', "integer"]),
        ("port = 70000", ["70000", "65535", "default (9611)"]),
        ('paging_severities = ["loud"]', ["paging_severities", "loud", "'critical'"]),
        ("[sla]\nprealarm_share = 1.5", ["sla.prealarm_share", "1.5", "0.8"]),
        ("[acks.hold_minutes]\nhigh = -1", ["acks.hold_minutes.high", "-1", "default (120)"]),
        ("[acks]\nhand_off_minutes = 0", ["acks.hand_off_minutes", "default (10)"]),
        ("[sla.ack_minutes]\nhigh = -1", ["sla.ack_minutes.high", "-1", "default (15)"]),
        ("[severity_words]\nx = 'awful'", ["severity_words.x", "awful"]),
        ("[severity_words]\nX = 'low'\nx = 'high'", ["'x'", "more than once"]),
        ("[intake.shop]\ntitle = 'a'", ["intake.shop.key", "missing"]),
        ("[intake.shop]\nkey=' '\ntitle = 'a'", ["intake.shop.key", "field path"]),
        ("default_severity = 'pink'", ["default_severity", "pink", "medium"]),
        ("port = 2026-01-01", ["port", "2026-01-01"]),
        ("port = nan", ["port"]),
        ("host = 1\nport =  #", ["not valid TOML", "line 2"]),
        ("[delivery]\nbackoff_s = inf", ["delivery.backoff_s"]),
    ],
)
def test_a_wrong_file_names_file_key_value_and_remedy(
    path: Path, text: str, words: list[str]
) -> None:
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings(path, {})
    message = str(caught.value)
    assert str(path) in message
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("CRISISDESK_PORT", "none", ["CRISISDESK_PORT", "none", "9611"]),
        ("CRISISDESK_PROT", "1", ["CRISISDESK_PROT", "Did you mean port?"]),
        ("CRISISDESK_PORT__X", "1", ["CRISISDESK_PORT__X", "port"]),
        ("CRISISDESK_PAGING_SEVERITIES", "high,loud", ["CRISISDESK_PAGING_SEVERITIES", "loud"]),
    ],
)
def test_a_wrong_variable_is_named(path: Path, variable: str, value: str, words: list[str]) -> None:
    path.write_text("port = 9700\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(path, {variable: value})
    for word in words:
        assert word in str(caught.value)


def test_unreadable_bytes_are_a_clear_error(path: Path) -> None:
    path.write_bytes(b"station_name = '\xff'")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(path, {})


def test_saving_keeps_comments_and_order(path: Path) -> None:
    path.write_text(COMMENTED)
    saved = save_settings(path, {"delivery.deadline_s": 30, "default_severity": "low"})
    text = path.read_text()
    assert "# our station" in text
    assert "port = 9700  # behind the proxy" in text
    assert "# slow gateway\ndeadline_s = 30" in text
    assert saved == load_settings(path, {})
    assert saved.default_severity == "low"
    assert path.stat().st_mode & 0o777 == 0o600


def test_none_takes_a_key_out(path: Path) -> None:
    path.write_text(COMMENTED)
    assert save_settings(path, {"port": None, "default_severity": None}).port == 9611
    assert "port" not in path.read_text()


def test_a_wrong_change_leaves_the_file_alone(path: Path) -> None:
    path.write_text(COMMENTED)
    for changes in ({"port": -1}, {"port.x": 1}, {"colour": "red"}):
        with pytest.raises(SettingsError):
            save_settings(path, changes)
    assert path.read_text() == COMMENTED
    assert [p.name for p in path.parent.iterdir()] == ["settings.toml"]


@given(
    port=st.integers(0, 65535),
    name=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=80),
    share=st.floats(0.01, 0.99),
    paging=st.lists(st.sampled_from(list(Severity)), unique=True).map(tuple),
    words=st.dictionaries(
        st.text("abcdefgh.-", min_size=1, max_size=9), st.sampled_from(list(Severity)), max_size=4
    ),
)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory,
    port: int,
    name: str,
    share: float,
    paging: tuple[Severity, ...],
    words: dict[str, Severity],
) -> None:
    path = tmp_path_factory.mktemp("round") / "settings.toml"
    changes: dict[str, object] = {
        "port": port,
        "station_name": name,
        "sla.prealarm_share": share,
        "paging_severities": tuple(str(s) for s in paging),
        "severity_words": {word: str(severity) for word, severity in words.items()},
    }
    saved = save_settings(path, changes)
    assert saved == load_settings(path, {})
    assert saved == Settings.model_validate(
        {
            "port": port,
            "station_name": name,
            "sla": {"prealarm_share": share},
            "paging_severities": paging,
            "severity_words": words,
        }
    )


@pytest.mark.parametrize(
    "lines",
    [
        'peer_listen = "10.0.4.11:9612"',
        'peer_listen = "[fd00::4]:0"',
        'peer_listen = "0.0.0.0:9612"\npeer_addresses = ["post4:9612", "[fd00::4]:9612"]',
        'peer_listen = ""',
    ],
)
def test_where_a_station_can_be_called(path: Path, lines: str) -> None:
    path.write_text(f"[hub]\n{lines}\n")
    assert load_settings(path, {}).hub.peer_listen in lines


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ('peer_listen = "9612"', "peer_listen"),
        ('peer_listen = "post4:http"', "peer_listen"),
        ('peer_listen = "post4:70000"', "peer_listen"),
        ('peer_listen = "fd00::4:9612"', "peer_listen"),
        ('peer_listen = "user@post4:9612"', "peer_listen"),
        ('peer_listen = "0.0.0.0:9612"', "peer_addresses"),
        ('peer_addresses = ["https://post4:9612"]', "peer_addresses"),
        ('peer_addresses = ["a:1","a:2","a:3","a:4","a:5","a:6","a:7","a:8","a:9"]', "peer_addr"),
    ],
)
def test_a_place_nobody_can_call_is_refused(path: Path, lines: str, field: str) -> None:
    path.write_text(f"[hub]\n{lines}\n")
    with pytest.raises(SettingsError, match=field):
        load_settings(path, {})
