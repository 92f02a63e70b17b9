"""The typed settings of a station: what may be set, within which bounds, with which defaults."""

from __future__ import annotations

import platform
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from crisisdesk.domain.audit_week import WEEKDAYS, Weekly
from crisisdesk.domain.flapping import Damping
from crisisdesk.domain.quiet_hours import zone_of
from crisisdesk.domain.severity import DEFAULT_SEVERITY_WORDS, Severity
from crisisdesk.settings.recovery import RecoverySettings

DEFAULT_PORT = 9611
MINUTE_MS = 60_000

Port = Annotated[int, Field(ge=0, le=65_535)]
Minutes = Annotated[float, Field(gt=0, le=525_600)]
Word = Annotated[str, Field(min_length=1, max_length=64)]
FieldPath = Annotated[str, Field(max_length=500)]
PeerAddress = Annotated[str, Field(min_length=3, max_length=255)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AckMinutes(_Part):
    """Minutes until an alert of each severity must be acknowledged."""

    emergency: Minutes = 2
    critical: Minutes = 5
    high: Minutes = 15
    medium: Minutes = 60
    low: Minutes = 480


class SlaSettings(_Part):
    """Response-time promises; the pre-alarm comes at ``prealarm_share`` of the time."""

    ack_minutes: AckMinutes = AckMinutes()
    prealarm_share: Annotated[float, Field(gt=0, lt=1)] = 0.8

    def ack_ms(self, severity: str) -> int:
        """Milliseconds from an alert's start to its acknowledgement deadline.

        ``severity`` is a Severity value; anything else raises ValueError.
        """
        minutes: float = getattr(self.ack_minutes, Severity(severity).value)
        return round(minutes * MINUTE_MS)

    def prealarm_ms(self, severity: str) -> int:
        """Milliseconds from an alert's start to the warning before its deadline."""
        return round(self.ack_ms(severity) * self.prealarm_share)


HoldMinutes = Annotated[float, Field(ge=0, le=525_600)]


class HoldMinutesSettings(_Part):
    """Minutes for which an acknowledgement of each severity holds; 0 is without end."""

    emergency: HoldMinutes = 15
    critical: HoldMinutes = 30
    high: HoldMinutes = 120
    medium: HoldMinutes = 0
    low: HoldMinutes = 0


class AckSettings(_Part):
    """How long an acknowledgement holds. Whoever gave it is asked ``ask_minutes`` before the end (0
    for never), of a short hold in its last third; an offer to hand an alert over stands for
    ``hand_off_minutes``. Only severities that page have an end."""

    hold_minutes: HoldMinutesSettings = HoldMinutesSettings()
    ask_minutes: Annotated[float, Field(ge=0, le=1_440)] = 5
    hand_off_minutes: Annotated[float, Field(ge=1, le=1_440)] = 10

    def hold_ms(self, severity: str) -> int:
        """Milliseconds for which an acknowledgement holds, 0 for without end.

        ``severity`` is a Severity value; anything else raises ValueError.
        """
        minutes: float = getattr(self.hold_minutes, Severity(severity).value)
        return round(minutes * MINUTE_MS)


class DeliverySettings(_Part):
    """How long and how often one page is tried on one contact method."""

    deadline_s: Annotated[float, Field(ge=1, le=120)] = 10.0
    max_attempts: Annotated[int, Field(ge=1, le=50)] = 4
    backoff_s: Annotated[float, Field(gt=0, le=3600)] = 15.0


class QuietingSettings(_Part):
    """What pages less: an alert that opens or ends more than ``flap_changes`` times within
    ``flap_minutes`` flaps; it pages as it stands once it is open for ``stays_minutes``, an urgent
    one again after ``again_minutes``. What a cause kept quiet is looked at ``settle_s`` after it.
    """

    flap_changes: Annotated[int, Field(ge=2, le=50)] = 4
    flap_minutes: Annotated[int, Field(ge=1, le=1_440)] = 30
    stays_minutes: Annotated[float, Field(gt=0, le=60)] = 5
    again_minutes: Annotated[float, Field(ge=1, le=240)] = 60
    settle_s: Annotated[float, Field(ge=0, le=600)] = 60

    def damping(self) -> Damping:
        """The same for the rule."""
        return Damping(
            changes=self.flap_changes,
            within_ms=self.flap_minutes * MINUTE_MS,
            stays_ms=round(self.stays_minutes * MINUTE_MS),
            again_ms=round(self.again_minutes * MINUTE_MS),
        )


class LoopTestSettings(_Part):
    """How often channels that have a loop test are tried: each ``every_s`` seconds, SMS and calls
    each ``costly_every_s``. A test that did not arrive ``within_s`` seconds raises an alert."""

    enabled: bool = True
    every_s: Annotated[int, Field(ge=60, le=86_400)] = 900
    costly_every_s: Annotated[int, Field(ge=60, le=86_400)] = 21_600
    within_s: Annotated[int, Field(ge=30, le=3600)] = 120


class ReachabilitySettings(_Part):
    """When the audit of people runs each week: at ``hour`` of ``weekday`` on the clocks of ``zone``
    (an IANA name). Stations of one fleet are best told the same."""

    enabled: bool = True
    weekday: Literal[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
    ] = "monday"
    hour: Annotated[int, Field(ge=0, le=23)] = 9
    zone: Annotated[str, Field(min_length=1, max_length=64)] = "UTC"

    @field_validator("zone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if zone_of(value) is None:
            raise ValueError("is no time zone that this machine knows; write Europe/Prague or UTC")
        return value

    def weekly(self) -> Weekly | None:
        """The same for the rule; None when it is switched off."""
        if not self.enabled:
            return None
        return Weekly(weekday=WEEKDAYS.index(self.weekday), hour=self.hour, zone=self.zone)


class BackupSettings(_Part):
    """How often the store is copied and how many copies are kept."""

    interval_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    keep_hourly: Annotated[int, Field(ge=1, le=1000)] = 24
    keep_daily: Annotated[int, Field(ge=0, le=1000)] = 7


class CompactionSettings(_Part):
    """When old events leave the log for the archive: after ``keep_days``, or after one day those
    beyond ``most_events``. Nothing leaves that another registered station has not got."""

    keep_days: Annotated[int, Field(ge=1, le=3650)] = 90
    most_events: Annotated[int, Field(ge=10_000, le=1_000_000_000)] = 2_000_000


class HubSettings(_Part):
    """The shared Postgres. ``url`` has no password in it (that lies with the secrets); several
    hosts, separated by commas, are tried until one takes writes. ``ca_file`` is the certificate
    that its TLS is checked against; only loopback may do without. ``duty_rank`` (1 is first) lets
    this station page when the hub is away; without one it never does then. ``spool_dir`` is a
    folder of this station alone, best on another disk, for the second copy of what is not on the
    hub yet; empty means the data folder. ``peer_listen`` ("host:port") is where other stations may
    call this one directly, for when the hub is away; empty means nowhere. ``peer_addresses`` are
    what they shall call instead, where that differs.
    """

    url: Annotated[str, Field(max_length=1000)] = ""
    ca_file: Annotated[str, Field(max_length=1000)] = ""
    duty_rank: Annotated[int, Field(ge=1, le=99)] | None = None
    spool_dir: Annotated[str, Field(max_length=1000)] = ""
    peer_listen: Annotated[str, Field(max_length=255)] = ""
    peer_addresses: Annotated[tuple[PeerAddress, ...], Field(max_length=8)] = ()

    @field_validator("peer_listen")
    @classmethod
    def _can_be_listened_at(cls, value: str) -> str:
        if value and not _is_place(value):
            raise ValueError("is written as host:port, an IPv6 host as [::1]:port")
        return value

    @field_validator("peer_addresses")
    @classmethod
    def _can_be_called(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [address for address in value if not _is_place(address)]:
            raise ValueError(f"{wrong[0]!r} is not written as host:port")
        return value

    @model_validator(mode="after")
    def _others_know_where(self) -> Self:
        host = self.peer_listen.rpartition(":")[0]
        if host in ("0.0.0.0", "[::]") and not self.peer_addresses:  # noqa: S104 - asked for it
            raise ValueError("peer_listen is every address; name in peer_addresses what to call")
        return self


def _is_place(text: str) -> bool:
    """Whether it is host:port."""
    host, _, port = text.rpartition(":")
    named = host.startswith("[") and host.endswith("]") if ":" in host else bool(host)
    whole = named and not any(c.isspace() or c in "/@" for c in host)
    return whole and port.isascii() and port.isdigit() and int(port) <= 65_535


class AnswerMail(_Part):
    """The mailbox that answers to pages come to, read by IMAP over TLS. ``host`` may name a port
    (993), ``user`` is who logs in, ``address`` what mails are answered to (``user`` unless given).
    The password lies with the secrets. ``plus`` adds a code to the address (name+code@example.org),
    where the server takes that."""

    host: Annotated[str, Field(max_length=255)] = ""
    user: Annotated[str, Field(max_length=255)] = ""
    address: Annotated[str, Field(max_length=255)] = ""
    folder: Annotated[str, Field(min_length=1, max_length=255)] = "INBOX"
    plus: bool = False

    @property
    def answer_to(self) -> str:
        """Where mails are answered to; empty when no mailbox is read."""
        return (self.address or self.user) if self.host else ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.host) != bool(self.user):
            raise ValueError("host and user of the mailbox go together")
        if self.host and "@" not in self.answer_to:
            raise ValueError("needs the address that mails are answered to, such as a@example.org")
        named = _is_place(self.host) if ":" in self.host else True
        if not named or any(c.isspace() or c in "/@" for c in self.host):
            raise ValueError("host is written as imap.example.org or imap.example.org:993")
        return self


class AnswerSettings(_Part):
    """How pages can be answered where they are read. ``url`` is where their links lead, through a
    proxy that speaks TLS; empty means no links. A page can be answered for ``valid_hours``.
    ``sms``: "webhook" takes what Twilio calls with, "poll" also asks Twilio for messages."""

    url: Annotated[str, Field(max_length=200)] = ""
    valid_hours: Annotated[float, Field(gt=0, le=720)] = 24
    sms: Literal["off", "webhook", "poll"] = "off"
    mail: AnswerMail = AnswerMail()

    @field_validator("url")
    @classmethod
    def _leads_here(cls, value: str) -> str:
        if value:
            _check_public_url(value)
        return value.rstrip("/")

    @model_validator(mode="after")
    def _can_be_called(self) -> Self:
        if self.sms == "webhook" and not self.url:
            raise ValueError('sms = "webhook" needs url, which Twilio calls; or write "poll"')
        return self


def _check_public_url(value: str) -> None:
    """Raises ValueError for what cannot stand in a page as the beginning of a link."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is no address; write https://desk.example.org") from None
    if parts.scheme not in ("https", "http") or not host or parts.username is not None:
        raise ValueError("is written as https://desk.example.org")
    if parts.query or parts.fragment or any(c.isspace() for c in value):
        raise ValueError("ends with its host or path; leave out what is behind ? or #")
    if parts.scheme == "http" and host not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("would cross the network in the clear; write it with https://")


class NetworkSettings(_Part):
    """What is asked whether this station's own network works, once something outside seems down.
    ``gateway`` is an address, "auto" (the routing table's) or empty for none; ``name_servers`` are
    addresses, or "auto" for the system's; ``anchors`` ("host:port") are what is always there."""

    gateway: Annotated[str, Field(max_length=64)] = "auto"
    name_servers: Annotated[tuple[str, ...], Field(max_length=8)] = ("auto",)
    anchors: Annotated[tuple[PeerAddress, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        for told in (self.gateway, *self.name_servers):
            if told not in ("", "auto"):
                ip_address(told)
        if wrong := [place for place in self.anchors if not _is_place(place)]:
            raise ValueError(f"{wrong[0]!r} is not written as host:port")
        return self


class IntakeMapping(_Part):
    """Where one foreign JSON format keeps what a signal needs: a field path each, "" when absent.

    ``resolve_words`` are the values of ``action`` that mean "it is over"; ``severities`` say what
    words of ``severity`` mean, before those that are known anyway. ``labels`` leads to an object.
    """

    key: FieldPath
    title: FieldPath
    severity: FieldPath = ""
    description: FieldPath = ""
    action: FieldPath = ""
    service: FieldPath = ""
    place: FieldPath = ""
    group_key: FieldPath = ""
    alert_type: FieldPath = ""
    starts_at: FieldPath = ""
    ends_at: FieldPath = ""
    url: FieldPath = ""
    labels: FieldPath = ""
    severities: dict[Word, Severity] = Field(default_factory=dict)
    resolve_words: tuple[Word, ...] = ("resolved", "ok", "recovered", "resolve", "closed")
    default_severity: Severity = Severity.MEDIUM

    @field_validator("key", "title")
    @classmethod
    def _present(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("needs a field path, such as data.id")
        return value


class Settings(_Part):
    """Everything a station may be told; top-level names are also ``CRISISDESK_<NAME>`` variables.

    ``severity_words`` adds to (and overrides) the built-in words. ``port`` 0 takes any free port. A
    ``sealed`` station sends no page anywhere, it only remembers what it would have sent.
    ``allow_remote`` lets ``host`` be an address that other machines reach (tokens then cross the
    network in the clear: put TLS before it); ``names`` are further host names it answers to.
    """

    station_name: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        default_factory=lambda: platform.node() or "station"
    )
    host: Annotated[str, Field(min_length=1, max_length=255)] = "127.0.0.1"
    port: Port = DEFAULT_PORT
    max_body_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = 1024 * 1024
    allow_shared_data_dir: bool = False
    sealed: bool = False
    allow_remote: bool = False
    names: tuple[Word, ...] = ()
    paging_severities: tuple[Severity, ...] = (
        Severity.HIGH,
        Severity.CRITICAL,
        Severity.EMERGENCY,
    )
    default_severity: Severity = Severity.MEDIUM
    severity_words: dict[Word, Severity] = Field(default_factory=dict)
    sla: SlaSettings = SlaSettings()
    acks: AckSettings = AckSettings()
    delivery: DeliverySettings = DeliverySettings()
    quieting: QuietingSettings = QuietingSettings()
    loop_test: LoopTestSettings = LoopTestSettings()
    reachability: ReachabilitySettings = ReachabilitySettings()
    backup: BackupSettings = BackupSettings()
    compaction: CompactionSettings = CompactionSettings()
    hub: HubSettings = HubSettings()
    answers: AnswerSettings = AnswerSettings()
    network: NetworkSettings = NetworkSettings()
    recovery: RecoverySettings = RecoverySettings()
    intake: dict[Word, IntakeMapping] = Field(default_factory=dict)
    intake_limits: dict[Word, Annotated[int, Field(ge=1, le=100_000)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _no_word_twice(self) -> Self:
        lowered = [word.strip().lower() for word in self.severity_words]
        if doubled := sorted({word for word in lowered if lowered.count(word) > 1}):
            raise ValueError(f"severity_words names {doubled[0]!r} more than once")
        return self

    def severity_mapping(self) -> dict[str, Severity]:
        """Lower-case source word to severity: the built-in words with this station's on top."""
        own = {word.strip().lower(): severity for word, severity in self.severity_words.items()}
        return DEFAULT_SEVERITY_WORDS | own
