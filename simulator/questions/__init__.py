"""Questions about a case: the appendix of a run, answers, comparisons, sensitivities, run sizes, descriptions, fits.

A question changes the case or the cube and leaves the simulation to the one engine. Nothing here prints or draws.
"""

from __future__ import annotations
