"""Every ready-made case: it loads, says where each assumption comes from, and every set of it runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from payback.simulator.case import Case, load
from payback.simulator.case.language.measures import HEADLINE
from payback.simulator.cube import SAMPLERS, Cube
from payback.simulator.engine import evaluate, simulate

FILES = sorted((Path(__file__).resolve().parents[2] / "configs").glob("*.yaml"))
CASES = {path.stem: load(path) for path in FILES}
SETS = [(name, what_if.name) for name, case in CASES.items() for what_if in case.what_if]


def headline(case: Case) -> dict[str, np.ndarray]:
    model = case.model
    axes = tuple(draw.axis for draw in model.draws if not draw.monthly)
    cube = Cube(axes, 512, 1, SAMPLERS["monte_carlo"], model.dependence)
    return simulate(model, cube, {name: case.formula(name).expression for name in HEADLINE}).values


@pytest.mark.parametrize("name", CASES)
def test_base_case_runs(name: str) -> None:
    values = headline(CASES[name])
    assert np.isfinite(values["npv"]).all()
    assert np.isfinite(values["gain"]).all()


@pytest.mark.parametrize(("name", "what_if"), SETS)
def test_every_what_if_runs_and_changes_something(name: str, what_if: str) -> None:
    changed = headline(CASES[name].change(what_if))
    assert np.isfinite(changed["npv"]).all()
    assert (changed["npv"] != headline(CASES[name])["npv"]).any()


@pytest.mark.parametrize("name", ["falcon3_api", "support_classifier"])
def test_every_input_says_where_it_comes_from(name: str) -> None:
    for declared in CASES[name].declarations.inputs:
        assert declared.grade, declared.name
        assert declared.why, declared.name


def test_the_article_arithmetic() -> None:
    """Golden case G11: savings 2,400 a month, 8.83 and 13.25 months, 19,200 and -2,000 USD."""
    case = CASES["support_classifier"].change("the article's arithmetic")
    formulas = ("upfront", "monthly_saving", "simple_payback", "payback", "annual_net_benefit", "first_year_net")
    values = evaluate(case.model, {}, {text: case.formula(text).expression for text in formulas})
    answers = [round(values[text].item(), 4) for text in formulas]
    assert answers == [21_200.0, 2_400.0, 8.8333, 13.25, 19_200.0, -2_000.0]
