"""The unit cube: keyed streams, samplers, and the cube itself, whose points are trials."""

from __future__ import annotations

from simulator.cube.cube import Cube as Cube
from simulator.cube.dependence import Dependence as Dependence
from simulator.cube.samplers import SAMPLERS as SAMPLERS
from simulator.cube.samplers import LatinHypercube as LatinHypercube
from simulator.cube.samplers import MonteCarlo as MonteCarlo
from simulator.cube.samplers import Sampler as Sampler
from simulator.cube.samplers import Sobol as Sobol
from simulator.cube.samplers import default_sampler as default_sampler
from simulator.cube.streams import require_seed as require_seed
from simulator.cube.streams import uniforms as uniforms

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
