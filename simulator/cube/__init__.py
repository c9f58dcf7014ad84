"""The unit cube: keyed streams, samplers, and the cube itself, whose points are trials."""

from __future__ import annotations

from simulator.cube.cube import Cube as Cube
from simulator.cube.samplers import SAMPLERS as SAMPLERS
from simulator.cube.samplers import MonteCarlo as MonteCarlo
from simulator.cube.samplers import Sampler as Sampler
from simulator.cube.streams import uniforms as uniforms

__all__ = ["SAMPLERS", "Cube", "MonteCarlo", "Sampler", "uniforms"]
