"""What a package exports: sorted, documented, and nothing by accident."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"distributions": "payback.", "simulator": "payback.", "reports": "payback.", "payback": ""}
"""The folders of the product, and what stands before their names in an import."""
PACKAGES = sorted(
    before + ".".join(path.parent.relative_to(ROOT).parts)
    for folder, before in FOLDERS.items()
    for path in (ROOT / folder).rglob("__init__.py")
)


@pytest.mark.parametrize("name", PACKAGES)
def test_exports_are_what_they_say(name: str) -> None:
    package = importlib.import_module(name)
    exported = getattr(package, "__all__", [])
    assert list(exported) == sorted(exported, key=lambda entry: (not entry.isupper(), entry[0].islower(), entry))
    assert len(set(exported)) == len(exported)
    missing = [entry for entry in exported if not hasattr(package, entry)]
    assert not missing


@pytest.mark.parametrize("name", PACKAGES)
def test_exports_are_documented(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__doc__ is not None
    for entry in getattr(package, "__all__", []):
        value = getattr(package, entry)
        if inspect.isclass(value) or inspect.isroutine(value):
            assert inspect.getdoc(value), f"{name}.{entry} has no docstring"
