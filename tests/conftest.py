"""Rules for all tests: the same generated examples in every run, and a folder of compiled code of their own."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("payback", deadline=None, derandomize=True)
settings.load_profile("payback")


@pytest.fixture(autouse=True, scope="session")
def compiled_code(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep compiled code where all workers of this session find it, and no other session does."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    os.environ["PAYBACK_CACHE"] = str(shared / "compiled")
