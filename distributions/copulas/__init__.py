"""Dependence between inputs: elliptical copulas, conditioning, and calibration to a stated correlation.

This room works on coordinates in (0, 1); it changes no marginal distribution.
"""

from __future__ import annotations
