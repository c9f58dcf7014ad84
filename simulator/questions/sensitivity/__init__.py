"""Sensitivities: which inputs move a measure (the tornado), and which make it vary (Sobol' indices)."""

from __future__ import annotations
