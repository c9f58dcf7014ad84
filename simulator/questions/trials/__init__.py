"""A case on a cube: the settings of a run, frames of what-ifs and stresses, and samples of their measures.

No statistic is computed here.
"""

from __future__ import annotations
