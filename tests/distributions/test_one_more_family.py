"""A family added as an exercise: three places are touched, in a copy of the packages, and the rest follows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.laws import members, test_distributions

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
    """Where a swing between two ends is met: Feller (1971), Volume 2, 2nd ed., section II.4."""

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

BETA = "from payback.distributions.continuous.beta"
EDITS = {
    "payback/distributions/__init__.py": (
        (f"{BETA} import", f"from payback.distributions.continuous.arcsine import Arcsine\n{BETA} import"),
        ("__all__ = [\n", '__all__ = [\n    "Arcsine",\n'),
    ),
    "tests/laws/members.py": (
        ("from payback.distributions import (\n", "from payback.distributions import (\n    Arcsine,\n"),
        ("    Bernoulli(0.2),\n", "    Arcsine(-1.0, 4.0),\n    Bernoulli(0.2),\n"),
    ),
}  # fmt: skip

CHECKS = """
import numpy as np
from payback.distributions import FAMILIES, Arcsine, Mixture, Normal, Truncated, inverter
from payback.simulator.case import loads
from payback.simulator.case.expressions.parser import parse
from payback.simulator.case.expressions.printer import to_text
from payback.simulator.errors import CaseError
from tests.laws import test_case_lines, test_conditions, test_distributions as laws
from tests.laws.members import CONTINUOUS, MEMBERS

row = MEMBERS[0]
assert row == Arcsine(-1.0, 4.0) and row in CONTINUOUS and "arcsine" in FAMILIES
laws.test_every_family_of_the_language_has_a_row()
for law in LAWS:
    getattr(laws, law)(row)
test_conditions.test_truncation_is_conditioning(row)
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


def test_a_family_is_a_class_an_export_and_a_law_row(tmp_path: Path) -> None:
    """What docs/distributions.md calls the three places; the laws, the case language and its messages then have it."""
    shutil.copytree(ROOT / "payback", tmp_path / "payback", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(Path(members.__file__).parent, tmp_path / "tests" / "laws")
    (tmp_path / "payback" / "distributions" / "continuous" / "arcsine.py").write_text(CLASS.lstrip(), encoding="utf-8")
    for name, edits in EDITS.items():
        text = (tmp_path / name).read_text(encoding="utf-8")
        for old, new in edits:
            assert text.count(old) == 1
            text = text.replace(old, new)
        (tmp_path / name).write_text(text, encoding="utf-8")
    laws = sorted(
        name
        for name, law in vars(test_distributions).items()
        for mark in getattr(law, "pytestmark", ())
        if name.startswith("test_") and mark.args[1] in (members.MEMBERS, members.CONTINUOUS)
    )
    assert len(laws) > 8
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"LAWS = {laws!r}\n{CHECKS}"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


def test_the_page_says_which() -> None:
    text = (ROOT / "docs" / "distributions.md").read_text(encoding="utf-8")
    section = text.partition("## A new family touches three places")[2]
    for place in (
        "distributions/continuous/",
        "distributions/discrete/",
        "distributions/__init__.py",
        "tests/laws/members.py",
    ):
        assert f"`{place}`" in section
