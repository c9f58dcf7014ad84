"""Which inputs move a measure, and which make it vary: the tornado, and Sobol' indices."""

from __future__ import annotations
