"""`payback init`."""

from __future__ import annotations

from pathlib import Path

from payback.ready_made_cases import ready_made
from tests.payback.commands import ROOT, Command


def test_init_copies_a_ready_made_case_once(command: Command, case_file: Path, tmp_path: Path) -> None:
    assert case_file.exists()
    assert all(name in command("init").out for name in ready_made())
    assert command("init", "ref1").code == 0
    copy = (tmp_path / "ref1.yaml").read_bytes()
    assert copy == (ROOT / "configs" / "ref1.yaml").read_bytes()
    assert command("init", "ref1").code == 2
    assert (tmp_path / "ref1.yaml").read_bytes() == copy
