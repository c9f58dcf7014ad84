"""Sums of independent draws: of a random number of them (`compound`), and of a known number (`known_sums`).

Draws in one sum are independent; dependence between inputs is in `copulas`.
"""

from __future__ import annotations
