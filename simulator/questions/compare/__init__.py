"""What-ifs and stresses beside the base case, claims and hurdles."""

from __future__ import annotations
