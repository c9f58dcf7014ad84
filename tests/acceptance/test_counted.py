"""Trials that are counted answer every statistic of the grammar as kept ones do: atoms, shares and means exactly."""

from __future__ import annotations

import pytest

from payback.simulator.case import loads
from payback.simulator.engine.run import count_trials
from payback.simulator.questions.ask.answers import answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials import execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from payback.simulator.statistics import Estimate
from tests.acceptance.coverage import HEAVY, ROOT, STEPPED

TRIALS, PILOT = 2**17, 2**14

REF1 = (ROOT / "configs" / "ref1.yaml").read_text(encoding="utf-8")
CHANGES = "\nstress: {{thin demand: {{{0}: below 10 %}}}}\nwhat_if: {{halved: {{{0}: {0} * 0.5}}}}\n"
TEXTS = {name: text + CHANGES.format(axis) for name, text, axis in (
    ("ref1", REF1, "volume"), ("stepped", STEPPED, "volume"), ("heavy", HEAVY, "x"),
)}  # fmt: skip

EXACT = (
    *("P(npv < 0)", "P(roi > 0.2)", "P(never(payback))", "P(roi > 0.1 and total_cost < mean(total_cost))"),
    *("P(npv > 3 * sd(npv))", 'P(npv < 0) in "thin demand"'),
    *("mean(npv)", "sd(npv)", "skew(npv)", "sd(npv) / mean(npv)", "mean(npv) - 2 * mean(total_cost)"),
    *('mean(npv) in "thin demand"', 'sd(npv) in "halved"'),
)
"""What comes from counts and sums of powers alone: its value to rounding, and the interval of a share."""

PLAIN = ("P(npv < 0)", "P(roi > 0.2)", "P(never(payback))", 'P(npv < 0) in "thin demand"')

WITHIN = (
    *(f"P{q}({x})" for q in ("0.5", "5", "25", "50", "75", "99", "99.9") for x in ("npv", "payback")),
    *(f"CVaR{q}(npv)" for q in ("1", "5", "95", "99")),
    *("P90(npv) - P10(npv)", "P(npv < P25(npv))", 'P50(npv) in "thin demand"', 'CVaR5(npv) in "halved"'),
)
"""What takes trials to lie evenly inside a cell."""

ATOMS = {
    "ref1": ("iterations", "ceil(gpu_hours / 1 hour)"),
    "stepped": ("replicas", "irr_count", "ceil(payback / 1 month)"),
    "heavy": ("floor(x)", "if(x > 40, 1, 0)"),
}


@pytest.fixture(params=["sobol", "monte_carlo"])
def both(request, monkeypatch):
    """Ask questions twice: of kept trials, then of counted ones."""
    monkeypatch.setattr(count_trials, "PILOT", PILOT)

    def ask(name: str, questions: tuple[str, ...]) -> list[tuple[str, Estimate, Estimate]]:
        c, answers = loads(TEXTS[name]), []
        for kept in (64 * TRIALS, 0):
            monkeypatch.setattr(execution, "KEPT", kept)
            frame = Frame(c, Sampling(TRIALS, 7, request.param).cube(c))
            answers.append(answer(parse_questions(questions), frame, execution.Execution(engine="numpy")))
        return [(first.question, first.estimate, second.estimate) for first, second in zip(*answers, strict=True)]

    return ask


@pytest.mark.parametrize("name", TEXTS)
def test_shares_and_means_are_the_same_to_rounding(both, name):
    for question, kept, counted in both(name, EXACT):
        assert (counted.method, counted.never) == (kept.method, kept.never), question
        half = (kept.high - kept.low) / 2
        # the reach of a tail takes the outermost trials, by cell; the error of a spread or skewness of independent
        # trials powers that are not summed; a correlation comes from 16 groups, which know it to 1 / sqrt(15)
        # and what the tails of two statistics have in common is not known of counted trials: theirs may be wider
        shorter, longer = (1e-9, 1e-9) if question in PLAIN else (0.5, 3.0)
        assert abs(counted.value - kept.value) <= 1e-9 * half + 1e-12 * abs(kept.value), question
        rounding = 1e-12 * abs(kept.value)
        for outward in (kept.low - counted.low, counted.high - kept.high):
            assert -shorter * half - rounding <= outward <= longer * half + rounding, question


@pytest.mark.parametrize("name", TEXTS)
def test_the_others_are_the_same_to_their_stated_error(both, name):
    for question, kept, counted in both(name, WITHIN):
        assert (kept.value is None) == (counted.value is None), question
        assert (counted.never, counted.undefined) == (kept.never, kept.undefined), question
        if kept.value is None or kept.low is None or kept.high is None:
            continue
        assert counted.low <= kept.value <= counted.high, question
        # a half-width is itself known to 18 %; points of one axis are so even that steps of the trials make all of it
        assert name == "heavy" or counted.high - counted.low >= 0.6 * (kept.high - kept.low), question


@pytest.mark.parametrize("name", TEXTS)
def test_atoms_are_exact(both, name):
    # further out the first trials miss some of the whole numbers of the heavy tail, and cells hold several
    questions = [f"P{q}({x})" for q in ("0.1", "5", "50", "95", "99") for x in ATOMS[name]]
    for question, kept, counted in both(name, tuple(questions)):
        assert (counted.low, counted.value, counted.high) == (kept.low, kept.value, kept.high), question
