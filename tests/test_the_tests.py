"""Where tests stand and what they go by: each at the path of the module that it tests, none by a clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent
MIRRORED = ("distributions", "simulator", "reports", "payback")
"""Folders of the product; the tests of a module stand at its path under ``tests/``."""
FILES = sorted(HERE.rglob("*.py"))

CROSS_CUTTING = {
    "distributions/core/test_parameters_by_trial.py": "parameters that vary by trial, in every family",
    "distributions/test_against_scipy.py": "the families against those of scipy.stats",
    "distributions/test_family_docstrings.py": "what every family says of itself",
    "distributions/test_reference_values.py": "the families against values computed by independent means",
    "payback/test_bad_commands.py": "wrong command lines of every command",
    "payback/test_clusters.py": "runs on a cluster, from Python and from the command line",
    "payback/test_long_runs.py": "commands that are killed, interrupted and resumed",
    "payback/test_printed_records.py": "JSON of every command against its schema",
    "payback/test_processes.py": "imports, pipes, signals and terminals of a process",
    "payback/test_same_bits.py": "what must not change a result",
    "payback/test_sizes.py": "commands that choose their number of trials",
    "payback/test_surroundings.py": "threads, files, memory and users that a command runs among",
    "payback/test_transcripts.py": "the words of every command",
    "reports/figures/test_figures.py": "every figure, from sample documents",
    "simulator/case/formulas/test_generated_formulas.py": "generated formulas, parsed, checked and printed",
    "simulator/case/test_mutations.py": "cases with one edit each",
    "simulator/cube/test_environment.py": "coordinates in other languages, time zones and processors",
    "simulator/engine/compiled/test_random_cases.py": "random cases, compiled and in numpy",
    "simulator/engine/test_against_twin.py": "the engine against the slow twin",
    "simulator/engine/test_break_even.py": "cases that break even exactly, as readers write them",
    "simulator/engine/test_environment.py": "results in other languages, time zones and processors",
    "simulator/engine/test_generated_formulas.py": "generated formulas against the slow twin",
    "simulator/engine/test_processes.py": "processes by month against closed forms and the slow twin",
    "simulator/engine/test_renewals.py": "renewals against the renewal equation",
    "simulator/engine/workers/test_cluster_faults.py": "workers and schedulers that fail",
    "simulator/questions/trials/test_draws_of_a_longer_case.py": "draws of cases that grow or are reordered",
    "simulator/statistics/estimators/test_coverage.py": "how often the intervals of every estimator hold the truth",
}
"""Tests of no single module, and what they show."""

EXERCISES = "test_one_more_"
"""Names of tests that add to a copy of the tree begin so."""

CLOCKS = {"time", "monotonic", "perf_counter", "process_time", "thread_time"}
HANG_GUARDS = {"payback/test_long_runs.py"}
"""Tests that give up waiting for another process after minutes; what they assert is not a time."""


def by_path(path: Path) -> str:
    return path.relative_to(HERE).as_posix()


def test_tests_stand_at_the_path_of_their_module() -> None:
    tests = [path.relative_to(HERE) for path in FILES if path.name.startswith("test_")]
    of_no_module = {
        path.as_posix()
        for path in tests
        if path.parts[0] in MIRRORED
        and not path.name.startswith(EXERCISES)
        and not (ROOT / path.with_name(path.name.removeprefix("test_"))).is_file()
    }
    assert of_no_module == set(CROSS_CUTTING)


def clock_calls(tree: ast.AST) -> list[int]:
    """Return the lines that read a clock, such as ``time.monotonic()`` or ``perf_counter_ns()``."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {call: ast.unparse(call.func).rpartition(".")[2].removesuffix("_ns") for call in calls}
    return sorted(call.lineno for call, name in names.items() if name in CLOCKS)


@pytest.mark.parametrize("path", FILES, ids=by_path)
def test_no_test_reads_a_clock(path: Path) -> None:
    lines = clock_calls(ast.parse(path.read_text(encoding="utf-8")))
    assert bool(lines) == (by_path(path) in HANG_GUARDS), lines


@pytest.mark.parametrize("text", ["time.time()", "a = perf_counter_ns() - begin", "time.process_time()"])
def test_a_clock_is_seen(text: str) -> None:
    assert clock_calls(ast.parse(text)) == [1]
