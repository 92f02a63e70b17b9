"""What an outage does to a plan: who is paged by another way, and which steps reach nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.escalation.checking import Finding
from crisisdesk.domain.escalation.planning import TakenStep
from crisisdesk.domain.routing import channel_word, route
from crisisdesk.domain.survivability import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A dependency that is out: until ``until`` (UTC ms, None: for as long as is looked ahead).
    ``supposed`` says that somebody asks what if, and does not say that it is so."""

    until: int | None = None
    supposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Detour:
    """What is different about one step; ``words`` is "" where nothing is.

    ``missing`` are the names for want of which it reaches nobody, empty while it reaches anybody.
    """

    words: str = ""
    missing: tuple[str, ...] = ()


def detour(
    taken: TakenStep,
    contacts: Mapping[str, Contact],
    needs: Dependencies,
    out: Mapping[str, Gone],
    severity: str,
) -> Detour:
    """How the pages of a step go around what is out at its moment."""
    gone = {name for name, one in out.items() if one.until is None or taken.at < one.until}
    told: list[str] = []
    missing: dict[str, None] = {}
    lost = 0
    for contact_id in taken.contacts:
        contact = contacts[contact_id]
        ways = contact.ways(severity, taken.at)
        first, usual = route(ways, needs, gone)[0], ways[0]
        if not first.works:
            lost += 1
            missing |= dict.fromkeys(first.missing)
            told.append(f"{contact.name} has no way without {listed(first.missing)}")
        elif first.method != usual:
            by = f"{channel_word(first.method.channel)} instead of {channel_word(usual.channel)}"
            told.append(f"{contact.name} by {by}")
    nobody = bool(taken.contacts) and lost == len(taken.contacts)
    return Detour(words="; ".join(told), missing=tuple(missing) if nobody else ())


def lost_steps(
    taken: Sequence[TakenStep], detours: Sequence[Detour], out: Mapping[str, Gone]
) -> list[Finding]:
    """The steps that reach nobody, each told once: an error where what is missing is only supposed
    to be out, so that a check fails by it; a warning while it is out."""
    found: dict[int, Finding] = {}
    for step, one in zip(taken, detours, strict=True):
        if one.missing and step.step not in found:
            is_out = f"{listed(one.missing)} {'is' if len(one.missing) == 1 else 'are'} out"
            found[step.step] = Finding(
                level="error" if any(out[name].supposed for name in one.missing) else "warning",
                field=f"steps[{step.step - 1}]",
                words=f"reaches nobody while {is_out}",
            )
    return list(found.values())
