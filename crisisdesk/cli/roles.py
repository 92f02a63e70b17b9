"""``crisisdesk role``: who is in which role of an incident, and handing one over."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from crisisdesk.cli.incident_reading import readable
from crisisdesk.cli.station import AsJson, By, DataDir, commanding, in_words, reading
from crisisdesk.cli.words import clock, moment, now_ms, plain, table
from crisisdesk.domain.handover_brief import BRIEF_WORDS
from crisisdesk.domain.playbook.content import span_ms
from crisisdesk.domain.roles import RoleSeat, role_seats, role_word, team_warnings

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Incident = Annotated[str, typer.Argument(help="The incident's id.", metavar="INCIDENT")]
Json = dict[str, Any]
Role = Annotated[str, typer.Argument(help="commander, scribe, ...", metavar="ROLE")]
Who = Annotated[str, typer.Argument(help="Who; else whoever acts.", metavar="NAME")]
Reason = Annotated[str, typer.Option(help="Why; it stands in the timeline.")]


@app.command("list")
def list_(
    incident_id: Incident,
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """Who is in which role since when, what is empty, what strains; works without the engine."""
    with reading(data_dir) as reader:
        incident = readable(reader, incident_id, operator)
        seats = role_seats(incident, reader.roles_to_fill(incident))
    if as_json:
        for seat in seats:
            print(json.dumps(_told(seat), ensure_ascii=False))
        return
    at = now_ms()
    rows = [(s.role, _holders(s), _since(s), _aside(s, at)) for s in seats]
    print("\n".join(table(("ROLE", "WHO", "SINCE", "WHAT"), rows, {"WHAT": 60})))
    for one in team_warnings(incident, at):
        print(f"! {plain(one.words)}: {one.remedy_words}")


def _told(seat: RoleSeat) -> Json:
    return {
        "role": seat.role,
        "duty": seat.duty,
        "planned": seat.planned,
        "holders": [{"who": h.who, "since": h.since} for h in seat.holders],
        "rivals": list(seat.rivals),
        "offer": seat.offer,
    }


def _holders(seat: RoleSeat) -> str:
    return ", ".join(h.who for h in seat.holders) or "nobody"


def _since(seat: RoleSeat) -> str:
    since = seat.holders[0].since if seat.holders else None
    return "-" if since is None else moment(since)


def _aside(seat: RoleSeat, at: int) -> str:
    if seat.offer is not None:
        return f"offered to {seat.offer['to']}, {clock(seat.offer['until'], at)}"
    return "rivals: say who has it" if seat.rivals else seat.duty


@app.command()
def assume(
    incident_id: Incident,
    role: Role,
    who: Who = "",
    reason: Reason = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Put somebody into a role; what somebody else has needs --reason."""
    with commanding(data_dir, operator) as client:
        _say(client.assume_role(incident_id, role, who, reason), role)


@app.command()
def renounce(
    incident_id: Incident,
    role: Role,
    who: Who = "",
    reason: Reason = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Let somebody be in a role no longer; of command with --reason."""
    with commanding(data_dir, operator) as client:
        _say(client.renounce_role(incident_id, role, who, reason), role)


@app.command()
def brief(incident_id: Incident, role: Role, data_dir: DataDir = None, operator: By = "") -> None:
    """The brief of a standing offer; else a draft from the record."""
    with commanding(data_dir, operator) as client:
        offer = _offer(client.roles(incident_id), role)
        told = offer["brief"] if offer else client.draft_brief(incident_id, role)
    if offer:
        print(f"Offered by {plain(offer['by'])} to {plain(offer['to'])}, until {offer['until']}")
    for name, words in BRIEF_WORDS.items():
        if told[name]:
            print(f"{words}:\n{plain(told[name])}")


@app.command("hand-over")
def hand_over(
    incident_id: Incident,
    role: Role,
    to: Annotated[str, typer.Option(help="A contact or an operator.")],
    known: Annotated[str, typer.Option(help="What is known; else as the record has it.")] = "",
    running: Annotated[str, typer.Option(help="What is under way; likewise.")] = "",
    decided: Annotated[str, typer.Option(help="What is decided; likewise.")] = "",
    next_: Annotated[str, typer.Option("--next", help="What comes next; likewise.")] = "",
    within: Annotated[str, typer.Option(help="How long it stands: 15m, 2h.")] = "15m",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Offer a role that you have; it passes when the receiver accepts."""
    with in_words():
        within_s = span_ms(within, "--within") // 1000
    said = {"known": known, "running": running, "decided": decided, "next": next_}
    with commanding(data_dir, operator) as client:
        drafted = client.draft_brief(incident_id, role)
        told = {name: text or drafted[name] for name, text in said.items()}
        offer = _offer(client.offer_role(incident_id, role, to, told, within_s), role)
    if offer:
        print(f"{role_word(role)} is offered to {plain(offer['to'])} until {offer['until']}")


@app.command()
def accept(
    incident_id: Incident,
    role: Role,
    read_back: Annotated[str, typer.Option(help="What you have understood, in your own words.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Take over what is offered to you."""
    with commanding(data_dir, operator) as client:
        _say(client.accept_role(incident_id, role, read_back), role)


@app.command()
def decline(
    incident_id: Incident,
    role: Role,
    reason: Annotated[str, typer.Argument(help="Why you do not take it.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say no to an offer."""
    with commanding(data_dir, operator) as client:
        _say(client.decline_role(incident_id, role, reason), role)


@app.command()
def withdraw(
    incident_id: Incident, role: Role, data_dir: DataDir = None, operator: By = ""
) -> None:
    """Take an offer back."""
    with commanding(data_dir, operator) as client:
        _say(client.withdraw_role(incident_id, role), role)


def _offer(told: Json, role: str) -> Json | None:
    return next((one["offer"] for one in told["results"] if one["role"] == role), None)


def _say(told: Json, role: str) -> None:
    found = [one for one in told["results"] if one["role"] == role]
    holders = [h["who"] for one in found for h in one["holders"]]
    print(f"{role_word(role)}: {plain(', '.join(holders) or 'nobody')}")
    for one in told["warnings"]:
        print(f"! {plain(one['words'])}: {one['remedy_words']}")
