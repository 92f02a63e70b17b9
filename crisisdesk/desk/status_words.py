"""What the banner and the status bar say, as functions of what is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.fleet.bar_words import commit_segment, cut, duty_segment, hub_segment
from crisisdesk.desk.frame.banner import BannerView
from crisisdesk.desk.frame.status_bar import StatusSegment, StatusTone
from crisisdesk.domain.channel_health import NO_LOOPS, UNUSED, Use, Verdict, look_at
from crisisdesk.domain.queue_order import SEVERITY_NAME
from crisisdesk.domain.service_board.watching import SourceCount
from crisisdesk.domain.service_board.words import freshness_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crisisdesk.desk.alerts.tally import Tally
    from crisisdesk.desk.fleet.standing import Standing
    from crisisdesk.desk.sound.player import SoundState
    from crisisdesk.desk.supervisor import EngineState
    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.domain.outages import TakenOut


NO_SOURCES = SourceCount()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCount:
    """Channels in use, and those of them that are failing, as the Comms room judges them.

    ``out`` is what is taken out of that channels depend on.
    """

    total: int = 0
    down: int = 0
    out: tuple[TakenOut, ...] = ()


def count_channels(
    contacts: Sequence[Contact],
    deliveries: Iterable[Delivery],
    now_ms: int,
    out: Iterable[TakenOut] = (),
    loops: Mapping[tuple[str, str], Use] = NO_LOOPS,
) -> ChannelCount:
    """Count them at ``now_ms``; ``deliveries`` are the latest, ``out`` is what is taken out, and
    ``loops`` what loop tests show by (channel, provider)."""
    uses: dict[str, Use] = {}
    for one in deliveries:
        known = uses.get(one.method_id, UNUSED)
        uses[one.method_id] = Use(
            last_success=max(known.last_success or 0, one.sent_at or 0) or None,
            last_failure=max(known.last_failure or 0, one.failed_at or 0) or None,
        )
    lines = look_at(contacts, uses, now_ms, loops).lines
    verdicts = [line.verdict for line in lines if line.contacts]
    return ChannelCount(
        total=len(verdicts),
        down=verdicts.count(Verdict.FAILING),
        out=tuple(out),
    )


def alert_banner(tally: Tally, hidden: int) -> BannerView:
    """The worst thing now, or that there is none; ``hidden`` rows wait behind the new bar."""
    worst = tally.worst()
    if worst is not None:
        severity = SEVERITY_NAME[worst.severity]
        more = tally.unowned(worst.severity) - 1
        asides = [f"{more} more {severity}"] if more else []
        if hidden:
            asides.append(f"{hidden} new row{'' if hidden == 1 else 's'}")
        return BannerView(
            level="critical",
            subject=f"{worst.service or worst.source}: {worst.title}.",
            rest="Nobody has it yet.",
            aside=", ".join(asides),
            severity=severity,
            button="Go to it",
            tone=severity,
        )
    if count := tally.open():
        words = f"{count} alert{' is' if count == 1 else 's are'} open and looked after"
        return BannerView(
            level="ok", subject="Nothing waits for anybody.", aside=words, icon="check"
        )
    return BannerView(level="ok", subject="Nothing is open.", icon="check")


def engine_banner(state: EngineState, now_ms: int, head_ms: int) -> BannerView | None:
    """What is wrong with the engine; None while it is well."""
    if state.kind == "up":
        return None
    seconds = max(0, now_ms - state.since_ms) // 1000
    as_of = f"Read-only, as of {utc_time(head_ms, seconds=True)} UTC." if head_ms else ""
    if state.kind == "starting":
        return BannerView(
            level="station", subject=f"Engine starting, {seconds} s.", rest=as_of, icon="plug-zap"
        )
    chip = "not paging"
    return BannerView(
        level="station",
        subject=f"Engine restarting, {seconds} s.",
        rest=as_of or "Nothing is taken in.",
        icon="plug-zap",
        chip=chip,
    )


def store_banner(words: str) -> BannerView:
    """The store cannot be read; ``words`` say why."""
    return BannerView(
        level="station", subject="The station's file is not readable.", rest=words, icon="unplug"
    )


def segments(
    *,
    station: str,
    operator: str,
    engine: EngineState,
    standing: Standing,
    channels: ChannelCount,
    sources: int,
    sound: SoundState,
    head_ms: int,
    tray: str,
    now_ms: int,
    watched: SourceCount = NO_SOURCES,
) -> list[StatusSegment]:
    """The status bar, left to right. ``sources`` counts those that alerts were heard of,
    ``watched`` how the declared ones stand."""
    up = engine.kind == "up"
    armed = sound.kind == "armed"
    who = operator or "nobody named"
    return [
        duty_segment(standing, station, now_ms),
        hub_segment(standing, now_ms),
        _watching(watched, sources, up=up),
        _ways(channels, now_ms),
        StatusSegment(
            key="sound",
            label=sound.words,
            icon="volume-2" if armed else "volume-x",
            tone="ok" if armed else "down",
            short="Sound armed" if armed else "No sound",
        ),
        commit_segment(standing, head_ms),
        StatusSegment(key="tray", label=tray, icon="bell", drop=True),
        StatusSegment(
            key="operator",
            label=f"{who}, {cut(station)}" if station else who,
            icon="user",
            short=who,
            right=True,
            tip=f"{who} sits at {station}." if station else "This station has no name yet.",
        ),
        StatusSegment(key="palette", label="every action", keys="Ctrl K", right=True),
    ]


def _watching(watched: SourceCount, heard: int, *, up: bool) -> StatusSegment:
    """What is looked at, how fresh; where nothing is, whom alerts were heard of."""
    tone: StatusTone = "ok"
    looked_at = sum(watched)
    if not up:
        label, short, tone = "not read", "not read", "stale"
    elif not looked_at:
        label, short = (f"{heard} heard", str(heard)) if heard else ("none yet", "0")
        tone = "ok" if heard else "stale"
    else:
        label = freshness_words(watched)
        short = f"{watched.fresh + watched.elsewhere} / {looked_at}"
        tone = "down" if watched.stale else "stale" if watched.late else "ok"
    return StatusSegment(
        key="sources",
        label=f"Sources {label}",
        icon="activity",
        tone=tone,
        short=f"Sources {short}",
        tip="Late after two of its intervals without a usable look, stale after three.",
    )


def _ways(channels: ChannelCount, now_ms: int) -> StatusSegment:
    """The ways to reach people."""
    if not channels.total:
        return StatusSegment(
            key="channels",
            label="Channels",
            strong="nobody can be paged",
            icon="message-square",
            tone="stale",
            short="No channels",
        )
    good = channels.total - channels.down
    down = f", {channels.down} down" if channels.down else ""
    gone = [one for one in channels.out if one.until is None or one.until > now_ms]
    names = [one.dependency for one in gone]
    out = f"{names[0]}{f' and {len(names) - 1} more' if names[1:] else ''} out" if names else ""
    return StatusSegment(
        key="channels",
        label=f"Channels {good} up{down}",
        strong=out,
        icon="message-square",
        tone="down" if channels.down or out else "ok",
        short=f"Channels {good} / {channels.total}",
        short_strong=out,
        tip="; ".join(f"{one.dependency} is out, {one.because()}" for one in gone),
    )
