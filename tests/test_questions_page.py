"""Every command and every Python block of docs/questions.md works."""

from __future__ import annotations

import re
import shlex
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from payback.cli.commands import run
from payback.simulator.document.document import Document
from payback.simulator.document.schemas import PRINTED, published

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ payback (.*)$", PAGE, re.MULTILINE)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = shlex.split(line)
    few = [] if "--trials" in words or words[0] in ("tornado", "schema") else ["--trials", "4096"]
    assert run([*words, *few]) == 0, capsys.readouterr().err
    assert capsys.readouterr().out


def test_python(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile("\n".join(blocks), "docs/questions.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "not within 36 months" in printed
    assert printed.endswith("True\n")


def test_every_schema_and_its_keys_are_listed() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(payback-\w+/\d)` \| .* \| (.*) \|$", PAGE, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(published())
    for (_, schema, keys), record in zip(rows, PRINTED, strict=True):
        assert schema == record.schema
        listed = set(re.findall(r"`(\w+)`", keys))
        expected = {field.name for field in fields(record)} - {"schema"}
        assert {"case", "provenance", "verdict"} <= listed if record is Document else expected <= listed


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).is_file()
