"""A Monte Carlo simulator of claims about return on investment: payback, loss, and how likely each is.

>>> import payback as pb
>>> text = "{horizon: 12, inputs: {x: 1 to 3}, cash_flows: {upfront: {cost: -20}, monthly: {saved: x}}}"
>>> result = pb.simulate(pb.loads(text), trials=4096, seed=1)
>>> result.probability("npv < 0").value
0.45
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from payback.api import load as load
    from payback.api import loads as loads
    from payback.api import simulate as simulate
    from payback.result import Result as Result
    from payback.simulator.case import Case as Case
    from payback.simulator.engine.workers.dask_cluster import Cluster as Cluster
    from payback.simulator.errors import CaseError as CaseError
    from payback.simulator.errors import HurdleNotMet as HurdleNotMet
    from payback.simulator.errors import NumericalError as NumericalError
    from payback.simulator.errors import PaybackError as PaybackError
    from payback.simulator.errors import UsageError as UsageError

_HOMES = {
    "Case": "payback.simulator.case",
    "CaseError": "payback.simulator.errors",
    "Cluster": "payback.simulator.engine.workers.dask_cluster",
    "HurdleNotMet": "payback.simulator.errors",
    "NumericalError": "payback.simulator.errors",
    "PaybackError": "payback.simulator.errors",
    "Result": "payback.result",
    "UsageError": "payback.simulator.errors",
    "load": "payback.api",
    "loads": "payback.api",
    "simulate": "payback.api",
}
"""Where each public name lives: it is imported when it is first used, so that ``payback --help`` is quick."""

__all__ = [
    "Case",
    "CaseError",
    "Cluster",
    "HurdleNotMet",
    "NumericalError",
    "PaybackError",
    "Result",
    "UsageError",
    "load",
    "loads",
    "simulate",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("payback")
    if name not in _HOMES:
        raise AttributeError(f"module 'payback' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
