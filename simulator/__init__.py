"""A trial is a point in the unit cube: case, cube, engine, statistics and questions.

======================  ==========================================================
feature                 transformation
======================  ==========================================================
simulate                ``measures(ledger(ppf(dependence(cube))))``, block by block
what-if                 the same cube, another case
stress                  ``cube.restrict(axis, low, high)``
tornado                 one axis at its P10 and P90, the others at their medians
correlation             a copula, cube -> cube, before ``ppf``
Sobol' indices          ``cube.mix(other, axes)``
threads, machines       ``cube.block(start, stop)``: any split gives the same bits
======================  ==========================================================
"""

from __future__ import annotations
