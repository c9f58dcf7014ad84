"""The house: which room may import which, how long a file may be, what files are called, where chance may come from."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("distributions", "simulator", "reports", "payback")
"""The folders of the product; all but the last are imported as ``payback.FOLDER``, by a link in ``payback/``."""
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if folder != "payback" or path.relative_to(ROOT).parts[1] not in FOLDERS
)

ROOMS = """
errors digits number_text number_range source_date stage_times
distributions.core distributions.inversion distributions.continuous distributions.discrete distributions.wrappers
distributions.copulas distributions.elicited distributions.fitting distributions.compound distributions:
statistics statistics.samples statistics.estimators statistics:
cube
case.source case.expressions case.language model case.declarations case.data case.formulas case.inputs case.processes
case case:
engine.plan engine.irr engine.compiled.llvm engine.workers engine.numpy_engine engine.compiled.sampling
engine.compiled.ledger engine.compiled engine.compiled: engine.run engine:
document.core document.questions document document:
questions questions.trials questions.ledger questions.sensitivity questions.ask questions.compare questions.options
questions.size
questions.appendix questions.describe questions.fitting questions:
simulator:
reports.tables reports.figures reports.pages reports.files reports:
payback cli cli.verbs cli: payback: __main__
"""
"""The rooms of the house from the ground up: a module imports its own room and those before it, for types too.

A room is a package without the packages in it. The front of a package that holds others, its ``__init__``, is a room of
its own, written with a colon; so is each module that stands in ``simulator/`` itself, and ``payback/__main__.py``.
Names are without ``payback.`` and ``simulator.``.
"""
ORDER = {name: k for k, name in enumerate(ROOMS.split())}

ALONE = ("distributions", "statistics")
"""Floor 1 knows no money, no months, no files: numpy, scipy and itself."""

FUNCTION, CLASS, FILE, FOLDER, FAMILIES = 50, 300, 450, 16, 24
"""Most lines of a function without its docstring, of a class, of a file; most modules in a folder; of one kind."""
OF_ONE_KIND = {"distributions/continuous": "families", "payback/cli/verbs": "verbs"}

SHARED_NAMES = {
    "answers": "answers to questions, and their records",
    "claims": "the claims of a case",
    "comparisons": "a case before and after a change",
    "dependence": "which inputs move together",
    "estimate": "a statistic with its simulation error, and its record",
    "fit": "the fit of families to a column of data",
    "options": "the options of a case, of which a decision takes one",
    "percentiles": "percentiles of a measure",
    "precision": "how well a number is to be known",
    "results": "what a run found",
    "schema": "the JSON Schema of case files",
    "sobol_indices": "shares of the variance",
    "tornado": "what moves a measure most",
    "variance": "what makes a measure vary",
}
"""What a name means that several modules have: one thing, seen from several floors."""

NOTHING = {
    "base", "common", "core", "helper", "helpers", "main", "manager", "misc", "other", "stuff", "things", "tools",
    "util", "utils",
}  # fmt: skip
"""Names of modules that say nothing."""

EMPTY_WORDS = {"found", "one", "told", "taken", "part", "place", "looked", "asked"}
"""Names of variables that say nothing of what they hold."""

HEAVY = {"scipy.stats", "pandas", "matplotlib", "rich", "pydantic", "jinja2", "IPython"}
ORACLES = {"openturns", "SALib", "pyxirr", "mpmath", "hypothesis", "jsonschema", "pytest", "squigglepy"}


def module_of(path: Path) -> str:
    """``simulator/cube/__init__.py`` -> ``payback.simulator.cube``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts if parts[0] == "payback" else ("payback", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}
HOLDERS = {name.rpartition(".")[0] for name, path in MODULES.items() if path.name == "__init__.py"}
"""Packages that hold packages."""


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every import, those inside functions and for types too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def room_of(module: str) -> str:
    """Return the room of a module, as `ROOMS` names it."""
    path = MODULES[module]
    if path.name == "__init__.py":
        name = f"{module}:" if module in HOLDERS else module
    elif module.rpartition(".")[0] == "payback.simulator" or path.name == "__main__.py":
        name = module
    else:
        name = module.rpartition(".")[0]
    return name.removeprefix("payback.").removeprefix("simulator.")


def house_of(room: str) -> str:
    """``statistics.samples`` -> ``statistics``."""
    return room.partition(".")[0].rstrip(":")


def imported_module(name: str) -> str | None:
    """Return the module of ours that an imported dotted name is, or stands in; None for other people's."""
    if name.partition(".")[0] != "payback":
        return None
    while name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def upward(module: str, name: str) -> str:
    """Say why `module` may not import the dotted `name`; empty when it may."""
    imported = imported_module(name)
    if imported is None:
        return ""
    ours, theirs = room_of(module), room_of(imported)
    if house_of(ours) in ALONE and house_of(theirs) != house_of(ours):
        return f"{ours} is alone on the ground floor"
    return "" if ORDER[theirs] <= ORDER[ours] else f"{ours} imports {name}, of a later room"


def by_path(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=by_path)
def test_imports_go_down(path: Path) -> None:
    module = module_of(path)
    wrong = [f"line {line}: {why}" for line, name in imports(tree_of(path)) if (why := upward(module, name))]
    assert not wrong


def test_every_room_is_listed_once() -> None:
    assert {room_of(module) for module in MODULES} == set(ORDER)
    assert len(ORDER) == len(ROOMS.split())


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("payback.distributions.core.distribution", "payback.simulator.errors.PaybackError"),
        ("payback.distributions.core.distribution", "payback.distributions.continuous.normal.Normal"),
        ("payback.simulator.statistics.estimate", "payback.distributions.Normal"),
        ("payback.simulator.cube.cube", "payback.simulator.model.Group"),
        ("payback.simulator.engine.run.keep_trials", "payback.simulator.questions.grammar"),
        ("payback.reports.pages.html", "payback.cli.output.say"),
        ("payback.simulator.errors", "payback.simulator.case.expressions.tree"),
    ],
)
def test_an_upward_import_is_seen(module: str, name: str) -> None:
    assert upward(module, name)


def test_modules_of_a_room_import_in_no_circle() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for module, path in MODULES.items():
        for _, name in imports(tree_of(path)):
            imported = imported_module(name)
            if imported not in {None, module}:
                graph[module].add(imported or "")
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Return the length of a definition without its docstring."""
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


@pytest.mark.parametrize("path", FILES, ids=by_path)
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert lines_of(node) <= FUNCTION, f"{node.name}, line {node.lineno}"
        elif isinstance(node, ast.ClassDef):
            assert lines_of(node) <= CLASS, f"{node.name}, line {node.lineno}"


def test_folders_are_small() -> None:
    sizes: dict[str, int] = defaultdict(int)
    for path in FILES:
        sizes[str(path.parent.relative_to(ROOT))] += path.name != "__init__.py"
    large = {folder: size for folder, size in sizes.items() if size > (FAMILIES if folder in OF_ONE_KIND else FOLDER)}
    assert not large


def test_no_name_means_two_things() -> None:
    names: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        if path.stem not in {"__init__", "__main__"}:
            names[path.stem].append(by_path(path))
    twice = {name: paths for name, paths in names.items() if len(paths) > 1}
    assert set(twice) == set(SHARED_NAMES), twice
    assert not NOTHING & set(names)


def test_rooms_say_what_is_in_them_and_what_is_not() -> None:
    for module, path in MODULES.items():
        if path.name == "__init__.py":
            assert len((ast.get_docstring(tree_of(path)) or "").split()) >= 5, module


@pytest.mark.parametrize("path", FILES, ids=by_path)
def test_variables_say_what_they_hold(path: Path) -> None:
    """Fields of records are left out: they are keys of documents."""
    tree = tree_of(path)
    fields = {
        field.target
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for field in owner.body
        if isinstance(field, ast.AnnAssign)
    }
    bound = [
        (node.lineno, node.id if isinstance(node, ast.Name) else node.arg)
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        if node not in fields
    ]
    assert not [f"line {line}: {name}" for line, name in bound if name in EMPTY_WORDS]


def test_the_links_of_the_package_lead_to_the_folders() -> None:
    """What is imported as ``payback.simulator`` is the folder ``simulator/``, in a checkout as in a wheel."""
    for folder in (*FOLDERS[:-1], "configs"):
        assert (ROOT / "payback" / folder).samefile(ROOT / folder)


@pytest.mark.parametrize("path", FILES, ids=by_path)
def test_heavy_imports_stay_inside_functions(path: Path) -> None:
    wrong = []
    for node in tree_of(path).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for line, name in imports(node):
                wrong += [f"line {line}: {name}" for heavy in HEAVY if name == heavy or name.startswith(heavy + ".")]
    assert not wrong


@pytest.mark.parametrize("path", FILES, ids=by_path)
def test_dependencies_are_declared(path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w.-]", entry)[0] for entry in project["dependencies"]}
    allowed = (
        {"numpy", "scipy"} if house_of(room_of(module_of(path))) in ALONE else {name.split(".")[0] for name in declared}
    )
    foreign = {name.split(".")[0] for _, name in imports(tree_of(path))} - {"payback", *sys.stdlib_module_names}
    assert foreign <= allowed
    assert not foreign & ORACLES


@pytest.mark.parametrize("path", FILES, ids=by_path)
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


LOCKS = {
    "requirements.lock": ("fast",),
    "requirements-test.lock": ("test",),
    "requirements-bench.lock": ("fast", "bench"),
}
"""Lock -> the extras that it holds, beside what the package itself needs."""


def locked(lock: str) -> dict[str, str]:
    """Return the entries of a lock by the name of the package."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {re.split(r"[=\s]", entry)[0]: entry for entry in re.split(r"\n(?=[a-z0-9])", text.strip())}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_is_hashed_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    assert all("--hash=sha256:" in entry for entry in locked(lock).values())
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = pyproject["project"]["optional-dependencies"]
    build = pyproject["dependency-groups"]["build"]
    wanted = [*pyproject["project"]["dependencies"], *build, *(e for extra in LOCKS[lock] for e in extras[extra])]
    assert {re.split(r"[><=]", entry)[0].lower().replace(".", "-") for entry in wanted} <= set(locked(lock))


def test_locks_have_one_version_of_a_package() -> None:
    versions = {(name, entry.split()[0]) for lock in LOCKS for name, entry in locked(lock).items()}
    assert len({name for name, _ in versions}) == len(versions)


def test_a_user_gets_no_package_of_tests_or_benchmarks() -> None:
    assert not {"pytest", "hypothesis", "mypy", "ruff", "pyarrow", "openturns", "dask", "numba"} & set(
        locked("requirements.lock")
    )
