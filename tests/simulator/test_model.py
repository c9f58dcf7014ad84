"""The model of a case: it can be imported before the case that it is made from."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("first", ["payback.simulator.model", "payback.simulator.case", "payback.simulator.engine"])
def test_it_and_its_neighbours_can_be_imported_first(first: str) -> None:
    ran = subprocess.run([sys.executable, "-c", f"import {first}"], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
