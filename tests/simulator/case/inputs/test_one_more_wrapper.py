"""A wrapper added as an exercise: four places are touched, in a copy of the packages, and the rest follows."""

from __future__ import annotations

from pathlib import Path

from tests.copies import changed_copy, laws, run

CLASS = '''
"""Powers of a distribution above zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import Rule, above_zero
from payback.distributions.core.wrapper import Wrapper


@dataclass(frozen=True)
class Powered(Wrapper):
    """A value of a distribution above zero, to a power."""

    distribution: Distribution
    exponent: float

    name: ClassVar[str] = "powered"
    rules: ClassVar[tuple[Rule, ...]] = (above_zero("exponent"),)

    def _support(self) -> Any:
        low, high = self.distribution.support
        return low**self.exponent, high**self.exponent

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return np.asarray(self.distribution.quantile(v, up) ** self.exponent)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.cdf(x ** (1.0 / self.exponent))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.distribution.sf(x ** (1.0 / self.exponent))

    def _pdf(self, x: FloatArray) -> FloatArray:
        root = x ** (1.0 / self.exponent)
        return np.asarray(self.distribution.pdf(root) * root / (self.exponent * x))
'''

ROUNDED = "from payback.distributions.wrappers.rounded"
EDITS = {
    "distributions/__init__.py": (
        (f"{ROUNDED} import", f"from payback.distributions.wrappers.powered import Powered\n{ROUNDED} import"),
        ("__all__ = [\n", '__all__ = [\n    "Powered",\n'),
    ),
    "simulator/case/language/distribution_words.py": (
        ("from payback.distributions import (\n", "from payback.distributions import (\n    Powered,\n"),
        (
            '    wrapper("rounded", Rounded),\n',
            '    wrapper("rounded", Rounded),\n    wrapper("powered", Powered, Parameter("exponent", "shape")),\n',
        ),
    ),
    "tests/laws/members.py": (
        ("from payback.distributions import (\n", "from payback.distributions import (\n    Powered,\n"),
        ("    Bernoulli(0.2),\n", "    Powered(Gamma(2.0, 3.0), 2.0),\n    Bernoulli(0.2),\n"),
    ),
}  # fmt: skip
NEW_FILE = "distributions/wrappers/powered.py"

CHECKS = """
import numpy as np
from payback.distributions import Gamma, Lognormal, Mixture, Normal, Powered, Scaled, Truncated, inverter
from payback.simulator.case import loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.errors import CaseError
from tests.laws import test_case_lines, test_distributions as laws
from tests.laws.members import CONTINUOUS, MEMBERS

row = MEMBERS[0]
assert row == Powered(Gamma(2.0, 3.0), 2.0) and row in CONTINUOUS
for law in LAWS:
    getattr(laws, law)(row)
test_case_lines.test_every_word_has_a_line()
test_case_lines.test_a_line_is_read_as_what_it_is_written_from(row)
case = "horizon: 1 month\\ninputs: {{x: '{}'}}\\ncash_flows: {{upfront: {{saved: 1 * x}}}}\\n"
x = loads(case.format("powered(gamma(2, 3), exponent=2) USD")).model.draws[0]
assert (x.unit, x.distribution, inverter(x.distribution).kind) == ("USD", row, "table")
assert loads(case.format("powered(gamma(2, 3 USD), 2)")).model.draws[0].unit == "USD"
assert to_text(parse("powered(gamma(2, 3), exponent=2)")) == "powered(gamma(2, 3), exponent=2)"
inside = loads(case.format("mixture(0.5: truncated(powered(2 * gamma(2, 3), 2), 3), 0.5: normal(0, 1))")).model.draws[0]
wanted = Truncated(Powered(Scaled(Gamma(2.0, 3.0), 2.0), 2.0), 3.0)
assert inside.distribution == Mixture((wanted, Normal(0.0, 1.0)), (0.5, 0.5))
by_trial = loads(case.format("powered(lognormal(2, 1), k)").replace("{x:", "{k: 'uniform(1, 2)', x:")).model.draws[1]
assert np.allclose(by_trial.build(np.array([1.0, 2.0])).ppf(np.array([0.5, 0.5])), [2.0, 4.0])
for text, says in (
    ("powered(gamma(2, 3), 0)", "`Powered(exponent=...)` must be greater than 0, got 0.0"),
    ("powered(3, 2)", "`powered` of no distribution -> `powered(d, exponent)`"),
    ("powered(gamma(2, 3))", "`powered` with nothing to do -> `powered(d, exponent)`"),
    ("powered(gamma(2, 3), exponnent=2)", "`exponnent=` in powered(...) -> `powered(d, exponent)`"),
    ("powered(gamma(2, 3), 2 USD)", "`2 USD` is in USD -> `exponent`: a number without a unit"),
    ("powred(2)", "did you mean powered?"),
    ("powered", "`powered` without its parameters -> `powered(...)`"),
):
    try:
        loads(case.format(text))
    except CaseError as error:
        assert says in str(error), str(error)
    else:
        raise AssertionError(text)
try:
    loads(case.format("1").replace("{x:", "{powered: 2, x:"))
except CaseError as error:
    assert "`powered` is taken: a distribution" in str(error), str(error)
"""


def test_a_wrapper_is_a_class_an_export_a_row_of_words_and_a_law_row(tmp_path: Path) -> None:
    """The laws, the case language and its messages then have it."""
    touched = changed_copy(tmp_path, {NEW_FILE: CLASS}, EDITS, tests=True)
    assert touched == {NEW_FILE, *EDITS}
    assert len(touched) == 4
    run(tmp_path, "-c", f"LAWS = {laws()!r}\n{CHECKS}")
