"""Files with drafts of policies and schedules."""

from __future__ import annotations

from pathlib import Path


def draft(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def escalation(folder: Path, *targets: str, name: str = "Night") -> str:
    steps = "".join(f"    - to: [{target}]\n      wait_s: 120\n" for target in targets)
    return draft(folder, name, f"name: {name}\ncontent:\n  kind: escalation\n  steps:\n{steps}")


def schedule(folder: Path, *members: str) -> str:
    return draft(
        folder,
        "schedule",
        "name: Database\ncontent:\n  kind: schedule\n  zone: Europe/Prague\n  layers:\n"
        f"  - {{name: One, members: [{', '.join(members)}], rotation: day, every: 1,\n"
        "      handover: {time: '09:00'}, start: '2026-01-05', hours: []}\n",
    )
