"""The digests of answers: what they leave out, and that a difference is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.digests import ROOT, answer, commands, comparable, differences


def test_an_answer_is_the_same_in_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    lines = dict(commands())
    name = next(name for name in lines if name.startswith("ask ref1 numpy"))
    assert answer(lines[name]) == answer(lines[name])
    bad = answer(lines["bad case d003_empty.yaml"])
    assert bad.endswith("exit code 2\n")
    assert "tests/bad_cases/d003_empty.yaml" in bad


def test_versions_and_dates_are_left_out() -> None:
    old, new = ({"provenance": {"versions": {"numpy": v}, "date": v, "seed": 1}} for v in ("1", "2"))
    assert comparable(json.dumps(old)) == comparable(json.dumps(new))
    assert comparable(json.dumps(old)) != comparable(json.dumps({"provenance": {"seed": 2}}))


def test_a_difference_is_named(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, digests in ((before, {"a": "1", "b": "2"}), (after, {"a": "1", "b": "3", "c": "4"})):
        folder.mkdir()
        (folder / "digests.json").write_text(json.dumps(digests), encoding="utf-8")
    assert differences(before, after) == ["b", "c"]
    assert differences(before, before) == []
