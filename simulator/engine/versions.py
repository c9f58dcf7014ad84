"""The versions that decide the bits of a result, here and in other processes."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ("payback", "numpy", "scipy")
COMPILER = "llvmlite"


def packages_of(*, compiled: bool) -> tuple[str, ...]:
    """Return the packages whose versions decide the bits of a result."""
    return (*PACKAGES, COMPILER) if compiled else PACKAGES


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of `packages` in this process."""
    found = {"python": short("python", platform.python_version())}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = short(name, None)
    return found


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """Return what differs, with both versions; empty where nothing does."""
    return ", ".join(f"{name} {theirs[name]} there, {own} here" for name, own in ours.items() if theirs[name] != own)


def short(name: str, found: str | None) -> str:
    """Return a version as it is compared: of Python the language alone, "missing" if there is none."""
    if found is None:
        return "missing"
    return ".".join(found.split(".")[:2]) if name == "python" else found
