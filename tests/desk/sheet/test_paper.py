"""The PDF: real pages of the right size, text that can be searched, black on white alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from crisisdesk.desk.sheet.paper import PAPERS, Paper, SheetError, sheet_pdf, write_sheet
from crisisdesk.domain.contact_sheet import ContactSheet, SheetPerson

pytestmark = pytest.mark.usefixtures("look")

ANA = SheetPerson(
    name="Ana Malá",
    role="DBA",
    numbers=["+420 777 123-456 (mobile)", "ana@example.org"],
    facts=[("Groups", "AFRICA, Night"), ("Quiet", "Mon-Fri 22:00-06:00 only critical")],
)


def sheet(people: int) -> ContactSheet:
    return ContactSheet(
        station="BRNO-1",
        made="Thu 12 February 2026, 02:05 UTC",
        heads=[("INC-0146", "Klára Langová commands “Payments”")],
        people=[ANA] * people,
    )


def told(program: str, *words: str) -> str:
    return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout


def written(folder: Path, people: int, paper: Paper = "a4") -> Path:
    path = folder / "sheet.pdf"
    write_sheet(sheet(people), path, paper)
    return path


def test_every_letter_and_digit_can_be_found_again(tmp_path: Path) -> None:
    text = told("pdftotext", "-layout", str(written(tmp_path, 1)), "-")
    for words in (
        "Emergency contacts",
        "BRNO-1",
        "Thu 12 February 2026, 02:05 UTC",
        "Klára Langová commands “Payments”",
        "Ana Malá",
        "+420 777 123-456 (mobile)",
        "ana@example.org",
        "AFRICA, Night",
        "Mon-Fri 22:00-06:00 only critical",
        "1/1",
    ):
        assert words in text


@pytest.mark.parametrize(("paper", "size"), [("a4", "595 x 842"), ("letter", "612 x 792")])
def test_pages_have_the_size_of_the_paper_and_their_numbers(
    tmp_path: Path, paper: Paper, size: str
) -> None:
    path = written(tmp_path, 24, paper)
    facts = told("pdfinfo", str(path))
    assert f"{size} pts" in facts
    [count] = [int(line.split()[1]) for line in facts.splitlines() if line.startswith("Pages:")]
    assert count > 1
    pages = told("pdftotext", "-layout", str(path), "-").split("\f")[:count]
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{count}" in page
        assert "Emergency contacts" in page
    assert sum(page.count("Ana Malá") for page in pages) == 24


def test_it_is_black_on_white_and_nothing_touches_the_edge(tmp_path: Path) -> None:
    path = written(tmp_path, 24)
    told("pdftoppm", "-r", "60", "-png", "-singlefile", str(path), str(tmp_path / "page"))
    image = QImage(str(tmp_path / "page.png"))
    inked = []
    for y in range(image.height()):
        for x in range(image.width()):
            color = image.pixelColor(x, y)
            assert color.red() == color.green() == color.blue()
            if color.red() < 128:
                inked.append((x, y))
    margin = 60 * 36 // 72
    assert len(inked) > 1_000
    assert min(x for x, _ in inked) >= margin
    assert max(x for x, _ in inked) <= image.width() - margin
    assert min(y for _, y in inked) >= margin
    assert max(y for _, y in inked) <= image.height() - margin


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="cannot be written"):
        write_sheet(sheet(1), tmp_path / "none" / "sheet.pdf")


def test_both_papers_make_a_pdf_of_nobody() -> None:
    for paper in PAPERS:
        assert sheet_pdf(sheet(0), paper).startswith(b"%PDF-")
