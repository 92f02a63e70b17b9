"""``crisisdesk channel loop``: channels that are tried by messages of their own."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from crisisdesk.cli.spans import seconds_of
from crisisdesk.cli.station import USAGE, AsJson, By, DataDir, commanding, fail, reading
from crisisdesk.cli.words import now_ms, span, table
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.loop_standing import loop_lines
from crisisdesk.domain.loop_test import loop_words

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Who = Annotated[str, typer.Argument(help="The contact's id or name.", metavar="CONTACT")]
Method = Annotated[str, typer.Option(help="One method's id; needed when there are several.")]


@app.command("set")
def set_(
    who: Who,
    method: Method = "",
    every: Annotated[str, typer.Option(help="How often: 15m, 6h; else as set up.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Send loop tests to a contact method, one for each channel; says how many a day."""
    contact_id, method_id = _meant(who, method, data_dir)
    fields: dict[str, Any] = {"every_s": seconds_of("--every", every)} if every else {}
    with commanding(data_dir, operator) as client:
        made = client.set_loop_test(contact_id, method_id, **fields)
    where = f"{made['channel']} at {made['provider']}" if made["provider"] else made["channel"]
    often, most = span(made["every_s"] * 1000), made["messages_a_day"]
    print(f"{where} is tried each {often}: at most {most} messages a day to {made['masked']}")


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List loop tests and what they show; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        lines = loop_lines(reader, at)
    if as_json:
        for line in lines:
            told = asdict(line) | {"proof": str(line.proof), "why": loop_words(line, at)}
            print(json.dumps(told, ensure_ascii=False))
        return
    if not lines:
        print("No channel is tried by loop tests.")
        return
    heads = ("CHANNEL", "PROOF", "EVERY", "METHOD", "TO", "WHY")
    rows = [
        (
            line.name,
            str(line.proof),
            span(line.target.every_ms),
            line.target.method_id,
            f"{line.contact_name} {line.masked}",
            loop_words(line, at),
        )
        for line in lines
    ]
    print("\n".join(table(heads, rows, {"TO": 40, "WHY": 70})))


@app.command()
def off(who: Who, method: Method = "", data_dir: DataDir = None, operator: By = "") -> None:
    """Send no loop tests to this contact method any more."""
    with reading(data_dir) as reader:
        known = {line.target.method_id for line in loop_lines(reader, now_ms())}
    _contact_id, method_id = _meant(who, method, data_dir, known)
    with commanding(data_dir, operator) as client:
        client.end_loop_test(method_id)
    print(f"{method_id} is tried no more")


def _meant(
    who: str, method: str, data_dir: DataDir, among: set[str] | None = None
) -> tuple[str, str]:
    """(contact, method) ids; ends in words where none or several could be meant."""
    with reading(data_dir) as reader:
        contacts = [c for c in reader.contacts() if who in (c.contact_id, c.name)]
    if len(contacts) != 1:
        fail(USAGE, f"{who!r} is {len(contacts)} contacts; name one by its id")
    found = _methods(contacts[0], method, among)
    if len(found) != 1:
        ids = ", ".join(found) or "none"
        fail(USAGE, f"{contacts[0].name} has these methods: {ids}; name one with --method")
    return contacts[0].contact_id, found[0]


def _methods(contact: Contact, method: str, among: set[str] | None) -> list[str]:
    ids = [str(m["method_id"]) for m in contact.methods if method in ("", m["method_id"])]
    return [one for one in ids if among is None or one in among]
