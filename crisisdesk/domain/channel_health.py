"""How channels do, from what the log shows of their deliveries: pure rules, no probe.

A channel is a kind of contact method at one provider. What nobody has used says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.contact import MAILS, PHONES, Contact, ContactMethod

HOUR_MS = 3_600_000
LATELY_MS = 24 * HOUR_MS
# A median wait from queued to sent of more than this is slow.
SLOW_MS = 60_000
_ENOUGH, _HALF = 2, 0.5


class Verdict(StrEnum):
    """What can be said of a channel or a contact method."""

    FAILING = "failing"
    SLOW = "slow"
    UNUSED = "not used lately"
    WORKS = "works"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What the log shows of one contact method, or of several together.

    Times are UTC ms; ``failure_words`` are the provider's. ``sent_hour`` and ``failed_hour`` count
    deliveries whose last attempt ended so in the last hour, ``waits_ms`` is from queued to sent of
    those sent with a message of their own.
    """

    last_success: int | None = None
    last_failure: int | None = None
    failure_words: str = ""
    waiting: int = 0
    sent_hour: int = 0
    failed_hour: int = 0
    waits_ms: tuple[int, ...] = ()

    @property
    def failing_share(self) -> float | None:
        """Of the deliveries that ended in the last hour, how many failed, 0 to 1; None of none."""
        ended = self.sent_hour + self.failed_hour
        return self.failed_hour / ended if ended else None

    @property
    def median_wait_ms(self) -> int | None:
        """The median from queued to sent over the last hour; None when nothing was sent."""
        return round(median(self.waits_ms)) if self.waits_ms else None


UNUSED = Use()
NO_LOOPS: Mapping[tuple[str, str], Use] = {}


def together(uses: Iterable[Use]) -> Use:
    """The same of several contact methods."""
    found = list(uses)
    last = max(found, key=lambda use: use.last_failure or 0, default=UNUSED)
    return Use(
        last_success=max((u.last_success for u in found if u.last_success), default=None),
        last_failure=last.last_failure,
        failure_words=last.failure_words,
        waiting=sum(u.waiting for u in found),
        sent_hour=sum(u.sent_hour for u in found),
        failed_hour=sum(u.failed_hour for u in found),
        waits_ms=tuple(wait for use in found for wait in use.waits_ms),
    )


def judge(use: Use, now_ms: int) -> Verdict:
    """The verdict at ``now_ms``.

    Failing: the last attempt known failed, or half of those of the last hour did (two at least).
    Slow: half of those sent in the last hour waited for more than a minute.
    """
    success = use.last_success if _is_lately(use.last_success, now_ms) else None
    failure = use.last_failure if _is_lately(use.last_failure, now_ms) else None
    if success is None and failure is None:
        return Verdict.UNUSED
    if failure is not None and (success is None or failure > success):
        return Verdict.FAILING
    share = use.failing_share
    if share is not None and share >= _HALF and use.failed_hour >= _ENOUGH:
        return Verdict.FAILING
    wait = use.median_wait_ms
    return Verdict.SLOW if wait is not None and wait > SLOW_MS else Verdict.WORKS


def judge_channel(uses: Sequence[Use], now_ms: int) -> Verdict:
    """The verdict over all methods of a channel: failing once half of those used lately are, so
    that one wrong address does not speak for all."""
    verdicts = [judge(use, now_ms) for use in uses]
    used = [verdict for verdict in verdicts if verdict is not Verdict.UNUSED]
    if not used:
        return Verdict.UNUSED
    if used.count(Verdict.FAILING) >= len(used) * _HALF:
        return Verdict.FAILING
    wait = together(uses).median_wait_ms
    return Verdict.SLOW if wait is not None and wait > SLOW_MS else Verdict.WORKS


def _is_lately(at_ms: int | None, now_ms: int) -> bool:
    return at_ms is not None and now_ms - at_ms <= LATELY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodLine:
    """One contact method of one contact in a channel; ``on`` says whether it is used."""

    contact_id: str
    contact_name: str
    method_id: str
    label: str
    masked: str
    on: bool
    use: Use
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLine:
    """One channel. ``contacts`` rely on it, ``only`` of these have no other one; ``loop`` is what
    its loop test shows, None without one."""

    channel: str
    provider: str
    contacts: int
    only: int
    use: Use
    verdict: Verdict
    methods: tuple[MethodLine, ...] = ()
    loop: Use | None = None

    @property
    def key(self) -> str:
        """Its name for good."""
        return f"{self.channel} {self.provider}".strip()

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.channel}, {self.provider}" if self.provider else self.channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """A contact whom no page reaches now, and why; ``phones`` and ``mails`` are for people."""

    contact_id: str
    name: str
    role: str
    why: str
    phones: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """All channels, the worst first, and the contacts without a working one.

    ``untried`` counts the contacts none of whose channels was used lately, so that nobody knows.
    """

    lines: tuple[ChannelLine, ...] = ()
    stranded: tuple[Stranded, ...] = ()
    untried: int = 0


@dataclass(slots=True)
class _Gathered:
    """The methods of one channel while they are being found."""

    methods: list[tuple[Contact, ContactMethod]] = field(default_factory=list)


def provider_of(channel: str, masked: str) -> str:
    """Who carries a method's messages, as far as its masked address tells; "" where it does not.

    Of mail it tells only the recipient.
    """
    scheme, _, rest = masked.partition("://")
    if channel == "email" or not rest:
        return ""
    host = rest.partition("/")[0]
    return host if host and not host.startswith("…") else scheme


def look_at(
    contacts: Sequence[Contact],
    uses: Mapping[str, Use],
    now_ms: int,
    loops: Mapping[tuple[str, str], Use] = NO_LOOPS,
) -> Channels:
    """Channels and stranded contacts; ``uses`` are by the id of the contact method, ``loops`` what
    loop tests show by (channel, provider)."""
    in_use = [c for c in contacts if c.enabled and not c.removed]
    gathered: dict[tuple[str, str], _Gathered] = {}
    for contact in in_use:
        for method in (ContactMethod(**m) for m in contact.methods):
            key = (method.channel, provider_of(method.channel, method.masked))
            gathered.setdefault(key, _Gathered()).methods.append((contact, method))
    kinds = {c.contact_id: _kinds(c) for c in in_use}
    lines = [
        _looped(_line(key, found, uses, kinds, now_ms), loops.get(key), now_ms)
        for key, found in gathered.items()
    ]
    lines.sort(key=lambda line: (list(Verdict).index(line.verdict), line.channel, line.provider))
    stranded, untried = _stranded(in_use, lines)
    return Channels(lines=tuple(lines), stranded=stranded, untried=untried)


def _looped(line: ChannelLine, loop: Use | None, now_ms: int) -> ChannelLine:
    """The line with its loop test: one that fails speaks for the channel, for it is no wrong
    address of somebody's; one that went through stands where nothing else was sent lately."""
    if loop is None:
        return line
    shown = judge(loop, now_ms)
    is_told = shown is Verdict.FAILING or line.verdict is Verdict.UNUSED
    return replace(line, loop=loop, verdict=shown if is_told else line.verdict)


def _kinds(contact: Contact) -> set[tuple[str, str]]:
    """The channels a contact can be paged by."""
    methods = (ContactMethod(**m) for m in contact.methods)
    return {(m.channel, provider_of(m.channel, m.masked)) for m in methods if m.enabled}


def _line(
    key: tuple[str, str],
    gathered: _Gathered,
    uses: Mapping[str, Use],
    kinds: Mapping[str, set[tuple[str, str]]],
    now_ms: int,
) -> ChannelLine:
    methods = tuple(
        MethodLine(
            contact_id=contact.contact_id,
            contact_name=contact.name,
            method_id=method.method_id,
            label=method.label,
            masked=method.masked,
            on=method.enabled,
            use=(use := uses.get(method.method_id, UNUSED)),
            verdict=judge(use, now_ms),
        )
        for contact, method in gathered.methods
    )
    relying = {m.contact_id for m in methods if m.on}
    use = together(m.use for m in methods)
    return ChannelLine(
        channel=key[0],
        provider=key[1],
        contacts=len(relying),
        only=sum(kinds[contact_id] == {key} for contact_id in relying),
        use=use,
        verdict=judge_channel([m.use for m in methods], now_ms),
        methods=methods,
    )


def _stranded(
    contacts: Sequence[Contact], lines: Sequence[ChannelLine]
) -> tuple[tuple[Stranded, ...], int]:
    """Those with no method, and those all of whose methods fail: by what they did themselves, or by
    what others did in the same channel where they were not used lately."""
    verdicts: dict[str, list[tuple[str, Verdict]]] = {}
    for line in lines:
        for method in line.methods:
            if method.on:
                untold = method.verdict is Verdict.UNUSED
                verdict = line.verdict if untold else method.verdict
                verdicts.setdefault(method.contact_id, []).append((line.name, verdict))
    found, untried = [], 0
    for contact in contacts:
        ways = verdicts.get(contact.contact_id, [])
        if all(verdict is Verdict.FAILING for _, verdict in ways):
            names = ", ".join(dict.fromkeys(name for name, _ in ways))
            found.append(
                stranded_card(contact, f"{names}: failing" if names else "no contact method in use")
            )
        elif all(verdict in (Verdict.UNUSED, Verdict.FAILING) for _, verdict in ways):
            untried += 1
    found.sort(key=lambda one: (one.name, one.contact_id))
    return tuple(found), untried


def stranded_card(contact: Contact, why: str) -> Stranded:
    """A contact whom no page reaches, with what is on the card for whoever calls by hand."""
    return Stranded(
        contact_id=contact.contact_id,
        name=contact.name,
        role=contact.role,
        why=why,
        phones=tuple(contact.emergency.get(PHONES, ())),
        mails=tuple(contact.emergency.get(MAILS, ())),
    )


def share_words(use: Use) -> str:
    """The failing share over the last hour: "2 of 9, 22 %"; "none ended" without any."""
    share = use.failing_share
    if share is None:
        return "none ended"
    return f"{use.failed_hour} of {use.sent_hour + use.failed_hour}, {round(share * 100)} %"


def wait_words(use: Use) -> str:
    """The median from queued to sent over the last hour: "1.4 s"; "-" when nothing was sent."""
    wait = use.median_wait_ms
    if wait is None:
        return "-"
    if wait < 1_000:
        return f"{wait} ms"
    return f"{wait / 1000:.1f} s" if wait < SLOW_MS else span_words(wait)


def why_words(use: Use, now_ms: int) -> str:
    """What the verdict on one contact method rests on, in one sentence."""
    verdict = judge(use, now_ms)
    if verdict is Verdict.UNUSED:
        return "Nothing was sent here in the last 24 h; a test page would tell"
    if verdict is Verdict.SLOW:
        return f"Half of what was sent waited for {wait_words(use)}, limit {SLOW_MS // 1000} s"
    if verdict is Verdict.WORKS:
        return "The last attempt went through"
    said = use.failure_words or "no answer"
    if use.last_success is None or (use.last_failure or 0) > use.last_success:
        return f"The last attempt failed: {said}"
    return f"{share_words(use)} failed in the last hour: {said}"


def channel_why(line: ChannelLine, now_ms: int) -> str:
    """What the verdict on a channel rests on, in one sentence."""
    if line.loop is None:
        return _use_why(line, now_ms)
    if line.loop.last_success is None:
        return f"The last {line.loop.failure_words}"
    ago = span_words(now_ms - line.loop.last_success)
    used = any(m.verdict is not Verdict.UNUSED for m in line.methods)
    said = f"{_use_why(line, now_ms)}, " if used else ""
    tested = f"{said}loop test {ago} ago"
    return tested[:1].upper() + tested[1:]


def _use_why(line: ChannelLine, now_ms: int) -> str:
    failing = sum(m.verdict is Verdict.FAILING for m in line.methods)
    used = sum(m.verdict is not Verdict.UNUSED for m in line.methods)
    if used <= 1 or line.verdict is Verdict.SLOW:
        return why_words(line.use, now_ms)
    if not failing:
        return "The last attempts went through"
    return f"{failing} of {used} contact methods used lately fail: {line.use.failure_words}"
