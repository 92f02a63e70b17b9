"""``crisisdesk contact import`` and ``contact sheet``: contacts from files and onto paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from crisisdesk.cli.printing import Paper, here, print_pdf, write_text
from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    By,
    DataDir,
    commanding,
    fail,
    in_words,
    places_of,
    reading,
)
from crisisdesk.cli.words import now_ms, plain, table
from crisisdesk.domain.contact import CARD_WORDS
from crisisdesk.domain.contact_sheet import ContactSheet, sheet_html, sheet_text
from crisisdesk.domain.file_text import form_of, text_of
from crisisdesk.store.queries.sheet import read_sheet


def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file with heads, or vCards 3.0 or 4.0.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell; keep nothing.")] = False,
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Take in contacts from a file: all of them or, when one row cannot be used, none.

    Who has the same e-mail address or the same name is changed, everybody else added.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        fail(USAGE, f"{file} cannot be read: {error.strerror or error}")
    with in_words():
        text, guessed = text_of(data)
    form = form_of(file.name, text)
    # Whoever only looks need not say who they are.
    with commanding(data_dir, operator or ("nobody" if dry_run else "")) as client:
        looked = client.import_contacts(form, text)
        if not dry_run and not looked["refused"]:
            looked = client.import_contacts(form, text, apply=True)
    for note in filter(None, (guessed, *looked["notes"])):
        print(f"note: {plain(note)}")
    print("\n".join(table(("ROW", "NAME", "", "WHAT"), map(_row, looked["rows"]), {"NAME": 40})))
    counts = (f"{looked[n]} {n}" for n in ("added", "changed", "unchanged", "refused"))
    print(", ".join(counts) + ("" if looked["applied"] else "; nothing was kept"))
    if looked["refused"]:
        raise typer.Exit(REFUSED)


def _row(row: dict[str, Any]) -> tuple[str, str, str, str]:
    error = row["error"]
    what = ", ".join(CARD_WORDS.get(name, name) for name in row["changes"])
    if error is not None:
        what = f"{error['field']}: {error['problem']}; {error['remedy']}"
    return str(row["row"]), row["name"], row["outcome"], what


def sheet(
    out: Annotated[
        Path | None, typer.Argument(help="File ending in .pdf, .html or .txt; none: as text here.")
    ] = None,
    paper: Annotated[Paper, typer.Option(help="Size of the pages of a PDF.")] = "a4",
    data_dir: DataDir = None,
) -> None:
    """Write the emergency contact sheet: whom to call. Works without the engine too.

    Text and HTML are written here; a PDF is drawn by the desk's own program, off the screen.
    """
    kind = ".txt" if out is None else out.suffix.lower()
    if kind not in (".pdf", ".html", ".txt"):
        fail(USAGE, f"{out} ends in none of .pdf, .html and .txt")
    if out is not None and kind == ".pdf":
        folder = places_of(data_dir).data_dir
        print_pdf(["--data-dir", str(folder), "--print-sheet", str(out.absolute())], paper)
    else:
        told = _words(data_dir, kind)
        if out is None:
            print(told, end="")
            return
        write_text(out, told)
    print(f"{out} written")


def _words(data_dir: Path | None, kind: str) -> str:
    with reading(data_dir) as reader:
        found: ContactSheet = read_sheet(reader, now_ms(), here())
    return sheet_html(found) if kind == ".html" else sheet_text(found)
