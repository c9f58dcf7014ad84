"""The inputs from which the parameters of other inputs follow."""

from __future__ import annotations

from payback.simulator.engine.plan.lowering import Lowered
from payback.simulator.engine.plan.schedule import needed


def parameter_inputs(lowered: Lowered) -> dict[str, frozenset[str]]:
    """Return, for each input whose parameters are formulas, the inputs that these read at any depth, by name.

    Parameters
    ----------
    lowered : Lowered
        The graph of a model with the outputs and the checks whose inputs count.
    """
    roots = (*lowered.outputs.values(), *lowered.checks.values())
    nested = [node for node in needed(lowered.graph, roots) if node.op == "draw" and node.args]
    return {
        node.data[0]: frozenset(under.data[0] for under in needed(lowered.graph, node.args) if under.op == "draw")
        for node in nested
    }
