"""Monthly processes, written out as hidden draws and states; the engine knows draws and formulas alone."""

from __future__ import annotations
