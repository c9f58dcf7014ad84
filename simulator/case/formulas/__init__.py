"""The check of formulas: names, units, months. Distribution lines are checked in `inputs`."""

from __future__ import annotations
