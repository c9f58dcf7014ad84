"""`payback explain`: a case, and with ``--plan`` the work that a question costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.payback.commands import Command


def test_explain_as_json_tells_what_inputs_imply(command: Command, case_file: Path) -> None:
    document = command("explain", case_file, "--json").json
    assert document["inputs"][0]["mean"] == pytest.approx(1133.148453)


def test_the_plan_as_json(command: Command, case_file: Path) -> None:
    document = command("explain", case_file, "--plan", "--json").json
    assert document["schema"] == "payback-plan/1"
    assert {"input": "price", "monthly": False, "by": "closed form", "points": "dimension 2"} in document["draws"]
    assert document["steps"] > 12 * sum(document["steps_a_month"].values())
