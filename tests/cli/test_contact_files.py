"""``crisisdesk contact import`` and ``sheet`` against a real engine, files and all."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.cli.conftest import Cli, Station, objects

CSV = """Jméno,Name,E-mail,Phone,Time zone,Quiet hours,Team
,Žofie,zofie@example.org,+420 1,{zone},{quiet},Night
"""


def file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def names(cli: Cli) -> set[str]:
    return {c["name"] for c in objects(cli("contact", "list", "--json"))}


def test_a_dry_run_keeps_nothing_and_a_run_keeps_all(cli: Cli, tmp_path: Path) -> None:
    text = CSV.format(zone="Europe/Prague", quiet="22:00-06:00")
    path = file(tmp_path, "people.csv", text, "utf-16")
    dry = cli("contact", "import", path, "--dry-run")
    assert dry.code == 0
    assert dry.out.endswith("1 added, 0 changed, 0 unchanged, 0 refused; nothing was kept\n")
    assert "Žofie" not in names(cli)
    done = cli("contact", "import", path)
    assert done.out.endswith("1 added, 0 changed, 0 unchanged, 0 refused\n")
    assert "note: column 'Jméno' is not used" in done.out
    again = cli("contact", "import", path)
    assert "unchanged" in again.out
    listed = cli("contact", "list").out
    assert "daily 22:00-06:00 only critical (Europe/Prague)" in listed


def test_one_bad_row_keeps_nothing_and_ends_with_one(cli: Cli, tmp_path: Path) -> None:
    text = "Name;Zone\nGood One;UTC\nBad One;Mars\n"
    said = cli("contact", "import", file(tmp_path, "people.txt", text))
    assert said.code == 1
    assert "'Mars' is no time zone that is known here" in said.out
    assert said.out.endswith("1 added, 0 changed, 0 unchanged, 1 refused; nothing was kept\n")
    assert "Good One" not in names(cli)


def test_vcards_are_known_by_their_first_line(cli: Cli, tmp_path: Path) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Vera Card\r\nTEL:+1\r\nEND:VCARD\r\n"
    assert cli("contact", "import", file(tmp_path, "people", card)).code == 0
    assert "Vera Card" in names(cli)


def test_files_that_cannot_be_read_are_told(cli: Cli, tmp_path: Path) -> None:
    assert "cannot be read" in cli("contact", "import", str(tmp_path / "none.csv")).err
    binary = file(tmp_path, "x.csv", "PK\x03\x04\0\0\0")
    assert "holds NUL bytes" in cli("contact", "import", binary).err
    guessed = cli("contact", "import", file(tmp_path, "x.csv", "Name\nJürgen\n", "cp1252"))
    assert "note: read as Windows-1252" in guessed.out
    assert "Jürgen" in names(cli)


def test_the_sheet_is_written_as_text_html_and_pdf(
    cli: Cli, station: Station, tmp_path: Path
) -> None:
    cli("contact", "add", "Sheet Person", "--phone", "+420 555 000")
    shown = cli("contact", "sheet")
    assert (shown.code, "+420 555 000" in shown.out) == (0, True)
    for name in ("sheet.txt", "sheet.html", "sheet.pdf"):
        out = tmp_path / name
        assert cli("contact", "sheet", str(out)).out == f"{out} written\n"
    assert "+420 555 000" in (tmp_path / "sheet.txt").read_text()
    assert "+420 555 000" in (tmp_path / "sheet.html").read_text()
    told = subprocess.run(
        ["pdftotext", str(tmp_path / "sheet.pdf"), "-"], capture_output=True, text=True, check=True
    )
    assert "+420 555 000" in told.stdout


def test_a_sheet_that_cannot_be_written_says_why(cli: Cli, tmp_path: Path) -> None:
    assert cli("contact", "sheet", "sheet.doc").code == 2
    for name in ("sheet.txt", "sheet.pdf"):
        said = cli("contact", "sheet", str(tmp_path / "none" / name))
        assert (said.code, "cannot be written" in said.err) == (1, True)
