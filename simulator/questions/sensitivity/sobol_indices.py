"""Sobol' indices of a formula: the share of its variance that each factor of a case contributes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from payback.simulator.case.expressions.tree import Expression
from payback.simulator.engine import pick_freeze
from payback.simulator.errors import UsageError
from payback.simulator.questions.sensitivity.factors import Factor
from payback.simulator.questions.trials.execution import Execution
from payback.simulator.questions.trials.frames import Frame
from payback.simulator.questions.trials.rare_events import RareEvent, unseen
from payback.simulator.questions.trials.unseen_events import carried, cautioned
from payback.simulator.statistics import Estimate, Indices

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Sobol' indices of a formula by factor.

    Parameters
    ----------
    factors : tuple of Factor
    indices : Indices
    events : tuple of RareEvent
        The events that the formula depends on and that too few rows hold: with any, no index is known.
    """

    factors: tuple[Factor, ...]
    indices: Indices
    events: tuple[RareEvent, ...] = ()

    def first(self, *positions: int) -> Estimate:
        """Return the sum of the first-order indices of the factors at `positions`."""
        return self._stated(self.indices.first(*positions))

    def total(self, position: int) -> Estimate:
        """Return the total index of the factor at `position`."""
        return self._stated(self.indices.total(position))

    def _stated(self, estimate: Estimate) -> Estimate:
        """Return an index as it may be stated: without a value where an event was not seen, or few trials carry it."""
        if self.events and self.indices.variance > 0.0:
            estimate = replace(cautioned(estimate, "variance", 0.0, self.events), value=None)
        if not estimate.needs or self.events:
            return estimate
        return replace(estimate, warning=carried(estimate))

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
        estimate = self.total(index) if total else self.first(index)
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
    return Shares(chosen, indices, unseen(frame, formula, frame.cube.trials))
