"""Densities that rise, stay level and fall in straight lines, seen from one end.

`near`, `level` and `far` are the widths of the three parts in that order; the density is level in
the middle. No part is found as a difference, so that a thin tail keeps its digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from payback.distributions.core.array_types import FloatArray


def distance(v: FloatArray, near: Any, level: Any, far: Any) -> FloatArray:
    """Return how far from the end the mass `v` reaches."""
    near, level, far = (np.asarray(part, np.float64) for part in (near, level, far))
    area = v * (near + 2.0 * level + far)
    rest = np.clip(area - near - 2.0 * level, 0.0, far)
    down = rest / (1.0 + np.sqrt(1.0 - rest / np.where(far > 0.0, far, 1.0)))
    flat = np.clip(0.5 * (area - near), 0.0, level)
    return np.asarray(np.where(area <= near, np.sqrt(area * near), near + flat + down))


def mass(reach: FloatArray, near: Any, level: Any, far: Any) -> FloatArray:
    """Return the mass within the distance `reach` of the end."""
    near, level, far = (np.asarray(part, np.float64) for part in (near, level, far))
    down = np.clip(reach - near - level, 0.0, far)
    flat = np.clip(reach - near, 0.0, level)
    up = np.where(near > 0.0, np.minimum(reach, near) ** 2 / np.where(near > 0.0, near, 1.0), 0.0)
    fall = down * (2.0 - down / np.where(far > 0.0, far, 1.0))
    return np.asarray((up + 2.0 * flat + fall) / (near + 2.0 * level + far))
