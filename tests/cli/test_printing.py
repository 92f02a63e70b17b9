"""A PDF that is not drawn ends the command with the desk's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from crisisdesk.cli.printing import here, print_pdf, write_text


def test_what_is_no_document_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.pdf"
    with pytest.raises(typer.Exit):
        print_pdf(["--print-document", str(out)], "a4", '{"blocks": [{"block": "Script"}]}')
    assert "no PDF: document" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        write_text(tmp_path / "none" / "x.md", "words")
    assert "cannot be written" in capsys.readouterr().err
    write_text(tmp_path / "x.md", "words")
    assert (tmp_path / "x.md").read_text() == "words"


def test_this_machine_has_a_zone() -> None:
    assert here() is not None
