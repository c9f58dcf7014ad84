"""Coordinates and quantiles in compiled code. It knows no ledger."""

from __future__ import annotations
