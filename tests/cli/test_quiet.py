"""``crisisdesk quiet`` against a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects


def test_what_has_a_cause_is_listed_with_it(cli: Cli, tmp_path: Path) -> None:
    draft = tmp_path / "needs.yaml"
    draft.write_text("name: Needs\ncontent:\n  kind: dependencies\n  services: {q-shop: [q-db]}\n")
    checked = cli("policy", "check", str(draft))
    assert (checked.code, checked.lines[0]) == (0, "dependencies Needs can be published")
    assert "warning: services.q-db: no alert of this service" in checked.out
    published = cli("policy", "publish", str(draft))
    assert published.code == 0, published.err
    cli("contact", "add", "Quiet", "--method", "webhook://127.0.0.1:9/q")
    try:
        raised = ("--severity", "critical", "--service")
        cause = cli("alert", "raise", "DB is down", *raised, "q-db").out.strip()
        one = cli("alert", "raise", "Shop is down", *raised, "q-shop").out.strip()
        found = [q for q in objects(cli("quiet", "list", "--json")) if q["by"] == cause]
        assert [q["alert_id"] for q in found] == [one]
        assert found[0]["words"] == f"kept quiet by {cause} DB is down"
        told = cli("quiet", "list", "--way", "inhibition").out
        assert f"{cause} keeps 1 alert quiet." in told
        assert one in told
        assert one not in cli("quiet", "list", "--way", "flapping").out
        assert cli("quiet", "list", "--way", "else").code == 2
    finally:
        cli("policy", "withdraw", "Needs")


def test_what_can_never_keep_anything_quiet_is_an_error(cli: Cli, tmp_path: Path) -> None:
    draft = tmp_path / "never.json"
    draft.write_text(
        '{"name": "Never", "content": {"kind": "inhibition", "when": "service=a",'
        ' "keep_quiet": "severity=emergency"}}'
    )
    checked = cli("policy", "check", str(draft))
    assert checked.code == 1
    assert "error: keep_quiet: holds for emergencies at most" in checked.out
