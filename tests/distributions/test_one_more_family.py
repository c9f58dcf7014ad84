"""A family and a wrapper added as an exercise, in a copy of the tree: the places of the docs are touched, no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.copies import Edits, changed_copy, laws, run

ROOT = Path(__file__).parents[2]

CLASS = '''
"""The arcsine distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.parameters import DISTINCT, SWAPPED, Role, Rule


@dataclass(frozen=True)
class Arcsine(Distribution):
    """The arcsine distribution: where a swing between two ends is met at a random moment.

    Density::

        f(x) = 1 / (pi sqrt((x - low) (high - x))),  low < x < high

    Parameters
    ----------
    low, high : float
        The ends, low < high, in the unit of the input.

    References
    ----------
    .. [1] Feller (1971), An Introduction to Probability Theory and Its Applications, Volume 2, 2nd ed., section II.4.

    Examples
    --------
    >>> float(Arcsine(2, 6).ppf(0.5))
    4.0
    """

    low: float
    high: float

    name: ClassVar[str] = "arcsine"
    roles: ClassVar[tuple[Role, ...]] = ("value", "value")
    rules: ClassVar[tuple[Rule, ...]] = (DISTINCT, SWAPPED)

    def _support(self) -> Any:
        return self.low, self.high

    def _moments(self) -> tuple[float, float]:
        return 0.5 * (self.low + self.high), (self.high - self.low) / np.sqrt(8.0)

    def _reach(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return (self.high - self.low) * np.asarray(np.sin(0.5 * np.pi * v) ** 2)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        reach = self._reach(v, up)
        return np.where(up, self.high - reach, self.low + reach)

    def _cdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(2.0 / np.pi * np.arcsin(np.sqrt((x - self.low) / (self.high - self.low))))

    def _sf(self, x: FloatArray) -> FloatArray:
        return np.asarray(2.0 / np.pi * np.arcsin(np.sqrt((self.high - x) / (self.high - self.low))))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (np.pi * np.sqrt((x - self.low) * (self.high - x))))
'''

SECTION = """### arcsine

`arcsine(low, high)`: where a swing between two ends is met. Example: `arcsine(2, 6)`

- **For** a value read at a random moment of a swing.
- **Not for** a likely value in the middle.

"""
BETA = "from payback.distributions.continuous.beta"
EDITS: Edits = {
    "distributions/__init__.py": (
        (f"{BETA} import", f"from payback.distributions.continuous.arcsine import Arcsine\n{BETA} import"),
        ('    "Bernoulli",\n', '    "Arcsine",\n    "Bernoulli",\n'),
    ),
    "tests/laws/members.py": (
        ("from payback.distributions import (\n", "from payback.distributions import (\n    Arcsine,\n"),
        ("    Bernoulli(0.2),\n", "    Arcsine(-1.0, 4.0),\n    Bernoulli(0.2),\n"),
    ),
    "docs/distributions.md": (("### trapezoidal\n", f"{SECTION}### trapezoidal\n"),),
    "docs/language.md": (("| `trapezoidal(", "| `arcsine(low, high)` | where a swing is met |\n| `trapezoidal("),),
}  # fmt: skip

CHECKS = """
import numpy as np
from payback.distributions import FAMILIES, Arcsine, Mixture, Normal, Truncated, inverter
from payback.simulator.case import loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.errors import CaseError
from tests import test_distributions_page, test_language_page, test_public_names
from tests.distributions import test_family_docstrings
from tests.distributions.core import test_parameters, test_parameters_by_trial
from tests.laws import test_any_parameters, test_case_lines, test_conditions, test_distributions as laws
from tests.laws.members import CONTINUOUS, MEMBERS

row = MEMBERS[0]
assert row == Arcsine(-1.0, 4.0) and row in CONTINUOUS and "arcsine" in FAMILIES
laws.test_every_family_of_the_language_has_a_row()
for law in LAWS:
    getattr(laws, law)(row)
test_conditions.test_truncation_is_conditioning(row)
test_parameters.test_no_family_of_the_language_is_lost()
test_parameters_by_trial.test_stated_trials_are_of_families()
test_parameters_by_trial.test_trials_equal_constants("arcsine")
test_parameters_by_trial.test_a_missing_parameter_gives_nan("arcsine")
test_any_parameters.test_forms_are_of_families()
test_any_parameters.test_the_laws_hold_for_any_parameters(family="arcsine")
test_any_parameters.test_moments_and_truncation_for_any_parameters(family="arcsine")
test_family_docstrings.test_every_exported_distribution_has_a_law_row()
test_family_docstrings.test_a_distribution_is_stated_in_symbols_with_a_source_and_an_example(Arcsine)
test_family_docstrings.test_every_parameter_of_a_distribution_is_explained(Arcsine)
test_public_names.test_exports_are_what_they_say("payback.distributions")
test_distributions_page.test_every_word_has_a_section_that_says_when_and_when_not()
test_distributions_page.test_every_example_loads("arcsine(2, 6)")
test_language_page.test_every_distribution_and_every_later_word_stands_on_the_page()
test_case_lines.test_a_line_is_read_as_what_it_is_written_from(row)
for value in test_case_lines.BAD.values():
    test_case_lines.test_parameters_are_validated_by_name("arcsine", value)
case = "horizon: 1 month\\ninputs: {{x: '{}'}}\\ncash_flows: {{upfront: {{saved: 1 * x}}}}\\n"
x = loads(case.format("arcsine(2, 6) USD")).model.draws[0]
assert (x.unit, x.distribution, inverter(x.distribution).kind) == ("USD", Arcsine(2.0, 6.0), "table")
assert to_text(parse("arcsine(high=6, low=2)")) == "arcsine(high=6, low=2)"
inside = loads(case.format("mixture(0.5: truncated(arcsine(low=2, high=6), 3), 0.5: normal(0, 1)) USD")).model.draws[0]
assert inside.distribution == Mixture((Truncated(Arcsine(2.0, 6.0), 3.0), Normal(0.0, 1.0)), (0.5, 0.5))
by_trial = loads(case.format("arcsine(0, 1)").replace("{x:", "{a: 'uniform(1, 2)', x:").replace("(0, 1)", "(0, a)"))
assert np.allclose(by_trial.model.draws[1].build(np.array([1.0, 2.0])).ppf(np.array([0.5, 0.5])), [0.5, 1.0])
for text, says in (
    ("arcsine(6, 2)", "`Arcsine(high=...)` must be greater than low = 6.0 (are they swapped?), got 2.0"),
    ("arcsin(2, 6)", "did you mean arcsine?"),
    ("arcsine(2)", "`arcsine` without `high` -> `arcsine(low, high)`"),
):
    try:
        loads(case.format(text))
    except CaseError as error:
        assert says in str(error), str(error)
    else:
        raise AssertionError(text)
"""


WRAPPER = """
\"\"\"The exponential of a value.\"\"\"

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from payback.distributions.core.array_types import BoolArray, FloatArray
from payback.distributions.core.distribution import Distribution
from payback.distributions.core.wrapper import Wrapper


@dataclass(frozen=True)
class Exponentiated(Wrapper):
    \"\"\"The exponential of a value of a continuous distribution: F_exp(x) = F(log x).\"\"\"

    distribution: Distribution

    name: ClassVar[str] = "exponentiated"

    def _support(self) -> Any:
        low, high = self.distribution.support
        return np.exp(low), np.exp(high)

    def _quantile(self, v: FloatArray, up: BoolArray) -> FloatArray:
        return np.exp(self.distribution.quantile(v, up))

    def _cdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.cdf(np.log(x))

    def _sf(self, x: FloatArray) -> FloatArray:
        return self.distribution.sf(np.log(x))

    def _pdf(self, x: FloatArray) -> FloatArray:
        return self.distribution.pdf(np.log(x)) / x
"""

ROUNDED = "from payback.distributions.wrappers.rounded"
EXPONENTIATED = "from payback.distributions.wrappers.exponentiated import Exponentiated"
WRAPPER_EDITS: Edits = {
    "distributions/__init__.py": (
        (
            f"{ROUNDED} import",
            f"from payback.distributions.wrappers.exponentiated import Exponentiated\n{ROUNDED} import",
        ),
        ('    "FAMILIES",\n', '    "FAMILIES",\n    "Exponentiated",\n'),
    ),
    "tests/laws/members.py": (
        ("    Gamma,\n", "    Exponentiated,\n    Gamma,\n"),
        ("    Bernoulli(0.2),\n", "    Exponentiated(Normal(3.0, 0.5)),\n    Bernoulli(0.2),\n"),
    ),
}

WRAPPER_CHECKS = """
import numpy as np
from payback.distributions import (
    Compound, Exponentiated, Highest, Lognormal, Mixture, Normal, Poisson, Rounded, Scaled, Truncated, inverter
)
from tests.laws import test_conditions, test_distributions as laws
from tests.laws.members import CONTINUOUS, MEMBERS

row = MEMBERS[0]
assert row == Exponentiated(Normal(3.0, 0.5)) and row in CONTINUOUS
for law in LAWS:
    getattr(laws, law)(row)
test_conditions.test_truncation_is_conditioning(row)
twin, u = Lognormal(np.exp(3.0), 0.5), np.array([1e-9, 0.2, 0.5, 0.999])
assert inverter(row).kind == "table"
for wrap in (
    lambda d: Scaled(d, -2.0),
    lambda d: Truncated(d, 5.0, 90.0),
    lambda d: Rounded(d),
    lambda d: Mixture((d, Normal(0.0, 1.0)), (0.5, 0.5)),
    lambda d: Highest((d, d)),
    lambda d: Compound(Poisson(3.0), d),
):
    assert np.allclose(inverter(wrap(row))(u), inverter(wrap(twin))(u), rtol=1e-6, atol=1e-6)
    assert np.isclose(wrap(row).mean, wrap(twin).mean, rtol=1e-6)
"""


def test_a_family_is_a_class_an_export_a_law_row_and_docs(tmp_path: Path) -> None:
    """The four places of docs/distributions.md; the laws, the case language and its messages then have it."""
    touched = changed_copy(tmp_path, {"distributions/continuous/arcsine.py": CLASS}, EDITS, tests=True)
    run(tmp_path, "-c", f"LAWS = {laws()!r}\n{CHECKS}")
    assert touched == {
        "docs/distributions.md",
        "docs/language.md",
        "distributions/__init__.py",
        "distributions/continuous/arcsine.py",
        "tests/laws/members.py",
    }


def test_a_wrapper_is_a_class_an_export_and_a_law_row(tmp_path: Path) -> None:
    """What a wrapper touches in this package and its laws; the case language adds a word, the docs a section."""
    touched = changed_copy(tmp_path, {"distributions/wrappers/exponentiated.py": WRAPPER}, WRAPPER_EDITS, tests=True)
    run(tmp_path, "-c", f"LAWS = {laws()!r}\n{WRAPPER_CHECKS}")
    assert touched == {
        "distributions/__init__.py",
        "distributions/wrappers/exponentiated.py",
        "tests/laws/members.py",
    }


@pytest.mark.parametrize(
    ("heading", "places"),
    [
        (
            "## A new family touches four places",
            ("distributions/continuous/", "distributions/discrete/", "docs.draw"),
        ),
        ("## A new wrapper touches four places and the docs", ("distributions/wrappers/", "distribution_words.py")),
    ],
)
def test_the_page_says_which(heading: str, places: tuple[str, ...]) -> None:
    text = (ROOT / "docs" / "distributions.md").read_text(encoding="utf-8")
    section = text.partition(heading)[2].partition("\n## ")[0]
    for mention in (*places, "distributions/__init__.py", "tests/laws/members.py"):
        assert mention in section
