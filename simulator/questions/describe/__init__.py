"""Descriptions of a case without a simulation: the case and its plan in words, checks of claims and stresses."""

from __future__ import annotations
