"""The house: who may import whom, how long a file may be, where chance may come from."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("distributions", "simulator", "reports", "payback")
"""The folders of the product; all but the last are imported as ``payback.FOLDER``, by a link in ``payback/``."""
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
EVERY_FILE = sorted([*FILES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")])

FLOORS = {
    "payback.distributions": 1,
    "payback.simulator.statistics": 1,
    "payback.simulator.cube": 2,
    "payback.simulator.case": 2,
    "payback.simulator.number_text": 3,
    "payback.simulator.engine": 3,
    "payback.simulator.document": 3.1,
    "payback.simulator.questions": 4,
    "payback.reports": 4,
    "payback": 5,
}
"""A layer imports itself and what has a lower number; 3.1 is the later part of floor 3."""

FOR_EVERYONE_ABOVE = "payback.simulator.errors"
ALONE = ("payback.distributions", "payback.simulator.statistics")
"""Floor 1 knows no money, no months, no files: numpy, scipy and itself."""

HEAVY = {"scipy.stats", "pandas", "matplotlib", "rich", "pydantic", "jinja2", "IPython"}
ORACLES = {"openturns", "SALib", "pyxirr", "mpmath", "hypothesis", "jsonschema", "pytest", "squigglepy"}


def module_of(path: Path) -> str:
    """``simulator/cube/__init__.py`` -> ``payback.simulator.cube``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "payback" else ("payback", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(tree: ast.AST, *, for_types: bool = True) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every import, those inside functions too."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not for_types:
            skipped.update(part for statement in node.body for part in ast.walk(statement))
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def layer(module: str) -> str | None:
    """The layer that `module` (or a name in it) belongs to; None for other people's packages."""
    module = module.replace("payback.simulator.model", "payback.simulator.case")
    return next((name for name in FLOORS if module == name or module.startswith(name + ".")), None)


def upward(module: str, imported: str) -> str:
    """Say why `module` may not import `imported`; empty when it may."""
    if imported.partition(".")[0] != "payback":
        return ""
    ours, theirs = layer(module), layer(imported)
    if module.startswith(FOR_EVERYONE_ABOVE):
        return f"{module} stands below every floor"
    if imported.startswith(FOR_EVERYONE_ABOVE):
        return f"{ours} is alone on the ground floor" if ours in ALONE else ""
    if ours == theirs:
        return ""
    if ours is None:
        return f"{module} stands below every floor"
    if theirs is None or FLOORS[theirs] >= FLOORS[ours]:
        return f"{ours} (floor {FLOORS[ours]}) imports {imported} (floor {FLOORS.get(theirs or '', '?')})"
    return ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    module = module_of(path)
    wrong = [f"line {line}: {why}" for line, name in imports(tree_of(path)) if (why := upward(module, name))]
    assert not wrong


def test_every_file_has_a_floor() -> None:
    modules = {module_of(path) for path in FILES}
    assert {m for m in modules if layer(m) is None} <= {"payback.simulator", FOR_EVERYONE_ABOVE}


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("payback.distributions.core.distribution", "payback.simulator.errors.PaybackError"),
        ("payback.simulator.statistics.estimate", "payback.distributions.Normal"),
        ("payback.simulator.cube.cube", "payback.simulator.model.Group"),
        ("payback.simulator.engine.run.keep_trials", "payback.simulator.questions.ask"),
        ("payback.reports.pages.html", "payback.simulator.questions.ask"),
        ("payback.simulator.errors", "payback.simulator.case.expressions.tree"),
    ],
)
def test_an_upward_import_is_seen(module: str, imported: str) -> None:
    assert upward(module, imported)


def file_graph() -> dict[str, set[str]]:
    """Which of our modules each of our modules imports, packages resolved to their own file."""
    modules = {module_of(path): path for path in FILES}
    graph = {}
    for module, path in modules.items():
        named = {name for _, name in imports(tree_of(path), for_types=False)}
        resolved = {n if n in modules else n.rpartition(".")[0] for n in named}
        graph[module] = {n for n in resolved if n in modules and n != module}
    return graph


def test_no_cycles() -> None:
    try:
        TopologicalSorter(file_graph()).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_imports_stay_inside_functions(path: Path) -> None:
    wrong = []
    for node in tree_of(path).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for line, name in imports(node):
                wrong += [f"line {line}: {name}" for heavy in HEAVY if name == heavy or name.startswith(heavy + ".")]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_dependencies_are_declared(path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w.-]", entry)[0] for entry in project["dependencies"]}
    allowed = {"numpy", "scipy"} if layer(module_of(path)) in ALONE else {name.split(".")[0] for name in declared}
    foreign = {name.split(".")[0] for _, name in imports(tree_of(path))} - {"payback", *sys.stdlib_module_names}
    assert foreign <= allowed
    assert not foreign & ORACLES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chance_has_one_source(path: Path) -> None:
    if path == ROOT / "simulator/cube/streams.py":
        return
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr != "rvs", f"line {node.lineno}: coordinates are inverted, never drawn"
            is_numpy = isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy"}
            assert not (is_numpy and node.attr == "random"), f"line {node.lineno}: numpy.random"
    named = [name for _, name in imports(tree_of(path))]
    assert not [name for name in named if name.startswith(("numpy.random", "random."))]
    assert "random" not in named


def test_ready_made_cases_are_for_people() -> None:
    names = sorted(path.stem for path in (ROOT / "configs").glob("*.yaml"))
    assert names
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_lock_is_hashed_and_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    locked = {re.split(r"[=\s]", entry)[0] for entry in entries}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(e for extra in project["optional-dependencies"].values() for e in extra)]
    assert {re.split(r"[><=]", entry)[0].lower().replace(".", "-") for entry in wanted} <= locked
