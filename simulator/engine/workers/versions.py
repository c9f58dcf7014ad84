"""The versions of packages on which the bits of a result depend, here and in other processes."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping

PACKAGES = ("payback", "numpy", "scipy")
COMPILER = "llvmlite"
MISSING = "not installed"


def packages_of(*, compiled: bool) -> tuple[str, ...]:
    """Return the packages on whose versions the bits of a result depend."""
    return (*PACKAGES, COMPILER) if compiled else PACKAGES


def installed(package: str) -> str:
    """Return the version of a package in this process, `MISSING` if there is none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Python and of `packages` in this process."""
    return {"python": short("python", platform.python_version())} | {name: installed(name) for name in packages}


def differences(ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    """Return the packages whose versions differ, with both versions, as text; empty if none does."""
    return ", ".join(f"{name} {theirs[name]} there, {own} here" for name, own in ours.items() if theirs[name] != own)


def short(name: str, full_version: str | None) -> str:
    """Return a version as it is compared: for Python major and minor only, `MISSING` if there is none."""
    if full_version is None:
        return MISSING
    return ".".join(full_version.split(".")[:2]) if name == "python" else full_version
