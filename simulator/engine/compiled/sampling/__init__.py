"""Coordinates and quantiles in compiled code. This room knows no ledger."""

from __future__ import annotations
