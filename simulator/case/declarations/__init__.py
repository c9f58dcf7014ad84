"""Declarations: the sections of a case file as values, read from YAML nodes with every mistake collected.

Formulas stay trees; names and units are not checked here.
"""

from __future__ import annotations
