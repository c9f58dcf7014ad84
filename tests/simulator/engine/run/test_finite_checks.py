"""Formulas without a value: every trial of them is counted, one is shown, by every engine, kept or counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from payback.distributions import Lognormal
from payback.simulator.engine import accumulate, simulate
from payback.simulator.engine.run import finite_checks
from payback.simulator.errors import NumericalError
from payback.simulator.model import Model
from tests.catalogue import compared_with
from tests.simulator.engine.models import model, outputs
from tests.simulator.engine.run.test_keep_trials import cube

MANY = 1_000_000

differs = compared_with(Path(__file__).with_name("messages.txt"))


def bad(formula: str) -> Model:
    return model({"volume": Lognormal(100.0, 0.8)}, {"m_bad": formula}, {"build": "-300"}, {"in": "m_bad"}, horizon=2)


def message_of(run: Callable[..., object], of: Model, trials: int, engine: str) -> str:
    with pytest.raises(NumericalError) as error:
        run(of, cube(of, "monte_carlo", trials), outputs("npv"), engine=engine)
    assert error.value.exit_code == 3
    return str(error.value)


@pytest.fixture(scope="module")
def volumes() -> np.ndarray:
    return simulate(bad("volume"), cube(bad("volume"), "monte_carlo", MANY), outputs("volume"))["volume"]


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("run", [simulate, accumulate])
def test_c8_one_trial_in_a_million(volumes: np.ndarray, run: Callable[..., object], engine: str) -> None:
    second, first = np.sort(volumes)[-2:]
    message = message_of(run, bad(f"log({(first + second) / 2} - volume)"), MANY, engine)
    assert not differs(message, "one trial in a million")
    assert message.endswith(f" {volumes.argmax():,}: volume = {first:.6g}")


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("run", [simulate, accumulate])
@pytest.mark.parametrize("formula", ["exp(volume + 1_000)", "1 / (volume - volume)", "log(-volume)", "sqrt(-volume)"])
def test_c8_every_trial(run: Callable[..., object], engine: str, formula: str) -> None:
    assert not differs(message_of(run, bad(formula), 5_000, engine), "every trial")


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("run", [simulate, accumulate])
@pytest.mark.parametrize("formula", ["1e30 * 1e31 + volume", "-exp(140 + 0 * volume)"])
def test_a_value_whose_powers_would_overflow_is_refused(run: Callable[..., object], engine: str, formula: str) -> None:
    """The fourth powers of values up to 1e60, and their sums, are floats."""
    assert not differs(message_of(run, bad(formula), 2_048, engine), "a value that is too large")


def test_columns_in_the_same_memory_and_constants_are_checked() -> None:
    x = np.array([1.0, np.inf, 2.0])
    columns = {f"{finite_checks._CHECK}{k}": column for k, column in enumerate((x, x[::-1], x, np.full(3, 4.0)))}
    wrong = finite_checks.not_finite(columns, 10)
    assert wrong is not None
    assert wrong.tolist() == [11]
    columns[f"{finite_checks._CHECK}constant"] = np.broadcast_to(np.nan, (3,))
    wrong = finite_checks.not_finite(columns, 10)
    assert wrong is not None
    assert wrong.tolist() == [10, 11, 12]
    del columns[f"{finite_checks._CHECK}constant"], columns[f"{finite_checks._CHECK}0"]
    assert finite_checks.not_finite({**columns, "an output": x}, 10) is not None
    assert finite_checks.not_finite({"an output": x}, 10) is None
