"""Small cases that the tests of questions ask."""

from __future__ import annotations

from pathlib import Path

from payback.simulator.case import Case, loads
from payback.simulator.questions.ask.answers import Answer, answer
from payback.simulator.questions.grammar import parse_questions
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.sampling import Sampling
from tests.catalogue import compared_with

differs = compared_with(Path(__file__).with_name("messages.txt"))

SMALL = """
case: A machine that saves labour
currency: USD
horizon: 12 months
discount_rate: 10 %/year
inputs:
  volume: lognormal(median=1_000, sigma=0.5) request/month
  price: uniform(0.5, 1.5) USD/request
  cost: triangular(3_000, 4_000, 8_000) USD
  fee: {distribution: "pert(10, 20, 60)", unit: USD/month, grade: guess, why: nobody asked}
  chance: beta(8, 2)
  works: bernoulli(chance)
calculations:
  sold: volume * works * step(2)
  peak: highest(sold)
  spent: upfront + total(outflow)
cash_flows:
  upfront: {machine: -cost}
  monthly: {sales: sold * price, fee: -fee}
hold: {works: 1}
claims:
  - {says: doubles the money, check: roi >= 1, source: page 1}
  - {says: most trials pay back, check: "P(payback <= 12 months) >= 60 %"}
what_if:
  volume halves: {volume: volume * 0.5}
  two years: {horizon: 24 months}
stress:
  thin demand: {volume: below 10 %}
hurdles: {payback: 12 months, confidence: 60 %}
"""

OPTIONS = """
options:
  do nothing: {volume: 0 request/month, cost: 0 USD, fee: 0 USD/month}
  smaller machine:
    inputs: {share: "beta(4, 4)"}
    sold: sold * share
    cost: cost * 0.4
decide_by: mean(npv)
"""
"""Options of the small case."""

CERTAIN = """
horizon: 12
discount_rate: 0 %/year
inputs: {saved: 100 USD/month}
cash_flows: {upfront: {cost: -250 USD}, monthly: {saved: saved}}
"""

COUPLED = """
horizon: 12
inputs:
  x: uniform(0, 1)
  y: uniform(0, 1)
  z: uniform(0, 1)
dependence: [{{between: [x, y], parameter: {rho}}}]
cash_flows: {{upfront: {{cost: -1}}, monthly: {{saved: x + y + z}}}}
"""


def small() -> Case:
    return loads(SMALL)


def frame(case: Case, trials: int = 4096, seed: int = 1, sampler: str = "") -> tuple[Frame, Execution]:
    return Frame(case, Sampling(trials, seed, sampler).cube(case)), Execution()


def ask(case: Case, *questions: str, trials: int = 4096, seed: int = 1, sampler: str = "") -> tuple[Answer, ...]:
    base, execution = frame(case, trials, seed, sampler)
    return answer(parse_questions(questions), base, execution)
