"""The draws of a model that runs on the same trials share: each has a key, and equal keys mean equal values.

The values of an input follow from its distribution and its coordinates. Where parameters depend on other names, they
follow from the formulas of these names, and so on down to inputs: the key holds them all.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from payback.distributions import Certain, Distribution
from payback.simulator.case.expressions.tree import Call, Expression, names, walk
from payback.simulator.engine.numpy_engine.cube_protocol import CubeLike
from payback.simulator.engine.numpy_engine.shared_inputs import Column, SharedInputs
from payback.simulator.model import Draw, Model

ONCE = ""
"""The month of an input that is drawn once a trial."""


class SharedDraws:
    """The draws of one model among the values that runs share.

    Parameters
    ----------
    shared : SharedInputs
        The values of all runs.
    model : Model
        The model of this run.
    """

    def __init__(self, shared: SharedInputs, model: Model) -> None:
        self._shared = shared
        self._model = model
        self._definitions = {definition.name: definition for definition in model.definitions}

    def columns(self, draw: Draw, cube: CubeLike) -> tuple[Column | None, ...]:
        """Return the column of `draw` on the trials of `cube`, or one for each month; None where there is no room."""
        law = self._law(draw, cube, {})
        origins = (origin(cube, draw.axis, month) for month in self._months(draw))
        return tuple(self._shared.column((law, of_month), cube.trials) for of_month in origins)

    def _months(self, draw: Draw) -> Sequence[str]:
        return [f"[{month}]" for month in range(1, self._model.horizon + 1)] if draw.monthly else [ONCE]

    def _law(self, draw: Draw, cube: CubeLike, keys: dict[str, Hashable]) -> Hashable:
        if isinstance(draw.distribution, Distribution):
            return draw.distribution
        return draw.build, tuple(self._formula(tree, cube, keys) for tree in draw.parameters)

    def _formula(self, tree: Expression, cube: CubeLike, keys: dict[str, Hashable]) -> Hashable:
        """Return the key of the values of `tree`: the tree, and the key of every name in it."""
        trees = [tree]
        if any(isinstance(node, Call) and node.function == "present" for node in walk(tree)):
            trees.append(self._model.discount_rate)
        read = sorted(set().union(*map(names, trees)) - {"t"})
        return *trees, self._model.horizon, tuple((name, self._name(name, cube, keys)) for name in read)

    def _name(self, name: str, cube: CubeLike, keys: dict[str, Hashable]) -> Hashable:
        if name not in keys:
            keys[name] = "itself"  # the name inside its own `previous`
            definition = self._definitions.get(name)
            if definition is None:
                keys[name] = object()  # a measure: equal to nothing
            elif isinstance(definition, Draw):
                change = None if definition.change is None else self._formula(definition.change, cube, keys)
                months = () if isinstance(definition.distribution, Certain) else self._months(definition)
                origins = tuple(origin(cube, definition.axis, month) for month in months)
                keys[name] = self._law(definition, cube, keys), origins, change
            else:
                keys[name] = self._formula(definition.expression, cube, keys)
        return keys[name]


def origin(cube: CubeLike, axis: str, month: str = ONCE) -> Hashable:
    """Return a key of the coordinates of an input: equal keys mean equal coordinates in every trial of both cubes.

    Parameters
    ----------
    cube : CubeLike
    axis : str
        The axis of the input.
    month : str
        ``[3]`` for its third month; empty for one that is drawn once a trial.
    """
    group = next((group for group in cube.dependence if axis in group.axes), None)
    axes = tuple(name + month for name in (group.axes if group else (axis,)))
    return (
        axis + month,
        cube.sampler,
        None if cube.sampler.nested else cube.trials,
        tuple(map(cube.stream, axes)),
        group and (group.correlation, group.degrees),
        tuple((name, band) for name, band in cube.conditions if name in axes),
        tuple((name, band) for name, band in cube.interventions if name == axis + month),
    )
