"""A folder in which every name of the product's modules means something else."""

from __future__ import annotations

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.simulator.questions.cases import SMALL

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("distributions", "simulator", "reports", "payback")
TRAP = "open(__file__ + '.imported', 'x').close()\nraise ImportError(f'{__name__} of a foreign folder')\n"

PACKAGES = {"configs", *ROOMS[:3]} | {
    path.parent.name for room in ROOMS for path in (ROOT / room).rglob("__init__.py") if path.parent.name not in ROOMS
}
MODULES = {path.stem for room in ROOMS for path in (ROOT / room).rglob("*.py") if not path.stem.startswith("__")}
RESERVED = set(sys.stdlib_module_names) | set(packages_distributions())
"""Names that a folder cannot give to its own files without breaking Python, or a library: ``html``."""


def make(folder: Path) -> Path:
    """Fill a folder with packages and modules that fail when they are imported; return the case file in it."""
    for name in PACKAGES - RESERVED:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(TRAP, encoding="utf-8")
    for name in MODULES - PACKAGES - RESERVED:
        (folder / f"{name}.py").write_text(TRAP, encoding="utf-8")
    (folder / "payback").mkdir()
    (folder / "payback" / "notes.txt").write_text("a folder of the user's own", encoding="utf-8")
    case = folder / "small.yaml"
    case.write_text(SMALL, encoding="utf-8")
    return case


def imported(folder: Path) -> set[str]:
    """Return what was imported from the folder."""
    return {path.name for path in folder.rglob("*.imported")}


COMMANDS = (
    ("check", "small.yaml"),
    ("ask", "small.yaml", "P(npv < 0)", "--trials", "2048"),
    ("run", "small.yaml", "--trials", "2048", "--out", "written"),
)
"""What is run there; the last needs every room."""
