"""The unit cube, whose points are trials: keyed streams, samplers, and conditions. It knows no case and no plan."""

from __future__ import annotations

from payback.simulator.cube.cube import Cube as Cube
from payback.simulator.cube.dependence import Dependence as Dependence
from payback.simulator.cube.samplers import SAMPLERS as SAMPLERS
from payback.simulator.cube.samplers import LatinHypercube as LatinHypercube
from payback.simulator.cube.samplers import MonteCarlo as MonteCarlo
from payback.simulator.cube.samplers import Sampler as Sampler
from payback.simulator.cube.samplers import Sobol as Sobol
from payback.simulator.cube.samplers import default_sampler as default_sampler
from payback.simulator.cube.streams import require_seed as require_seed
from payback.simulator.cube.streams import uniforms as uniforms

__all__ = [
    "SAMPLERS",
    "Cube",
    "Dependence",
    "LatinHypercube",
    "MonteCarlo",
    "Sampler",
    "Sobol",
    "default_sampler",
    "require_seed",
    "uniforms",
]
