"""Sobol' indices of a formula: the share of its variance that each factor of a case contributes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import pick_freeze
from payback.simulator.errors import UsageError
from payback.simulator.questions.sensitivity.factors import Factor
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.statistics import Estimate, Indices

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Sobol' indices of a formula by factor."""

    factors: tuple[Factor, ...]
    indices: Indices

    def of(self, kind: str, factor: Factor) -> tuple[Estimate, Floats]:
        """Return the index of a factor, of all trials and of each group of trials.

        Parameters
        ----------
        kind : {"first_order", "total_order"}
        factor : Factor

        Returns
        -------
        estimate : Estimate
        groups : ndarray of shape (groups,)
        """
        index, total = self.factors.index(factor), kind == "total_order"
        estimate = self.indices.total(index) if total else self.indices.first(index)
        return estimate, self.indices.by_group(index, total=total)


def shares(frame: Frame, formula: Expression, wanted: Collection[Factor], execution: Execution) -> Shares:
    """Return the first-order and total Sobol' indices of `formula` for each of the factors `wanted`.

    Parameters
    ----------
    frame : Frame
        Its trials are the rows of both matrices of the pick-freeze scheme.
    formula : Expression
        Plain and scalar.
    wanted : collection of Factor
    execution : Execution

    Raises
    ------
    UsageError
        When a stress gives trials unequal weights.
    """
    if frame.cube.weighted:
        raise UsageError("variance shares where some trials are likelier than others -> a stress of one input")
    chosen = tuple(dict.fromkeys(wanted))
    indices = pick_freeze(
        frame.case.model,
        frame.cube,
        formula,
        [factor.draws for factor in chosen],
        threads=execution.threads,
        engine=execution.engine,
        progress=execution.progress,
    )
    return Shares(chosen, indices)
