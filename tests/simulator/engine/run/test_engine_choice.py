"""Which back end does the work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from payback.distributions import FAMILIES, Uniform
from payback.simulator.case.expressions.parser import parse
from payback.simulator.cube import Cube
from payback.simulator.engine import engine_for, simulate
from payback.simulator.engine.plan.lowering import lower
from payback.simulator.engine.run import engine_choice
from payback.simulator.engine.run.backends import choose
from payback.simulator.engine.run.finite_checks import checked_plan, drawn
from payback.simulator.errors import UsageError
from payback.simulator.model import Draw, Group, Line, Model
from tests.simulator.engine.models import outputs
from tests.simulator.engine.test_against_twin import one

ROOT = Path(__file__).resolve().parents[4]
MODEL = one("b * (1 + a / 10) ** (t - 1) + z", horizon=36)
ASKED = outputs("npv", "payback")


def chosen(engine: str, trials: int) -> str:
    plan = checked_plan(lower(MODEL, ASKED))
    return choose(engine, plan, drawn(MODEL, plan), Cube(("a", "b", "c"), trials)).name


def test_what_is_asked_for_is_done() -> None:
    assert chosen("numpy", 10**9) == "numpy"
    assert chosen("compiled", 1_024) == "compiled"
    with pytest.raises(ValueError, match="auto, numpy, compiled"):
        chosen("fortran", 10)


def test_auto_goes_by_the_size_of_the_work() -> None:
    assert chosen("auto", 1_024) == "numpy"
    assert chosen("auto", 10**9) == "compiled"


def test_coupled_inputs_count_as_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_choice, "cores", lambda: 2)
    plan = checked_plan(lower(MODEL, ASKED))
    group = Group(("a", "b", "c"), ((1.0, 0.5, 0.2), (0.5, 1.0, 0.3), (0.2, 0.3, 1.0)))
    names = []
    for dependence in ((), (group,)):
        cube = Cube(("a", "b", "c"), 350_000, dependence=dependence)
        names.append(choose("auto", plan, drawn(MODEL, plan), cube).name)
    assert names == ["numpy", "compiled"]


def test_many_runs_load_the_compiler_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that are too short for compiled code alone pay for it together."""
    monkeypatch.setattr(engine_choice, "cores", lambda: 2)
    work = [(MODEL, ASKED, changes) for changes in (0, 30)]
    assert chosen("auto", 2**17) == "numpy"
    assert [engine_for([each], 2**17) for each in work] == ["numpy", "compiled"]
    assert engine_for([work[0]] * 20, 2**17) == "compiled"
    monkeypatch.setattr(engine_choice, "find_spec", lambda name: None)
    assert engine_for([work[1]], 2**17) == "numpy"


def test_small_work_does_not_load_the_compiler() -> None:
    code = (
        "import sys; from tests.simulator.engine.run.test_engine_choice import chosen;"
        "print(chosen('auto', 2**17), [m for m in sys.modules if m.startswith(('llvmlite', 'numba'))])"
    )
    finished = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "numpy []"


def test_without_llvmlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_choice, "find_spec", lambda name: None)
    assert chosen("auto", 10**9) == "numpy"
    with pytest.raises(UsageError, match=r"pip install 'payback\[fast\]'"):
        chosen("compiled", 10)


def test_a_plan_without_code_is_numpys() -> None:
    """An input of each month, whose parameters follow from another of that month."""
    uniform = FAMILIES["uniform"].forms[0].build
    draws = (
        Draw("x", "x", Uniform(1.0, 2.0), monthly=True),
        Draw("y", "y", None, lambda low: uniform(low, 3.0, checked=False), (parse("x"),), monthly=True),
    )
    model = Model(draws, (Line("monthly", "line", parse("y")),), 3, parse("0"))
    cube = Cube((), 1_024)
    assert engine_for([(model, outputs("gain"), 0)], 10**9) == "numpy"
    gains = [simulate(model, cube, outputs("gain"), engine=engine)["gain"] for engine in ("numpy", "compiled")]
    assert gains[0].tobytes() == gains[1].tobytes()
