"""YAML nodes to declarations, with every mistake collected.

Formulas stay trees; names and units are not checked here.
"""

from __future__ import annotations
