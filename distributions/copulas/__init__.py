"""Dependence: elliptical copulas, conditioning on them, and their calibration to a stated correlation.

No marginal distribution is changed.
"""

from __future__ import annotations
