"""The ready-made cases that come with payback."""

from __future__ import annotations

import difflib
from pathlib import Path

from payback.simulator.errors import UsageError

HERE = Path(__file__).parent


def ready_made() -> dict[str, Path]:
    """Return the path of every ready-made case by name: package data, or ``configs/`` of a source tree."""
    folders = (HERE / "configs", HERE.parent / "configs")
    folder = next((folder for folder in folders if folder.is_dir()), folders[0])
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def copy_out(name: str, folder: Path) -> Path:
    """Copy the ready-made case `name` into `folder` and return its path.

    Raises
    ------
    UsageError
        If there is no such case, or the file exists already.
    """
    cases = ready_made()
    if name not in cases:
        near = difflib.get_close_matches(name, cases, 1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise UsageError(f"no ready-made case `{name}` -> one of {', '.join(cases)}{meant}")
    target = folder / cases[name].name
    try:
        with target.open("xb") as file:
            file.write(cases[name].read_bytes())
    except FileExistsError:
        raise UsageError(f"{target} is there already -> remove or rename it first") from None
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror} -> a folder that you may write to") from None
    return target
