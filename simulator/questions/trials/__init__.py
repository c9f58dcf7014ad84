"""A case on a cube: how trials are drawn and carried out, frames of what-ifs and stresses, samples of formulas.

No statistic is computed here.
"""

from __future__ import annotations
