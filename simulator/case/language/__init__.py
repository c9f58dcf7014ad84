"""The closed tables of the language: functions, measures, units and distribution words.

Nothing is checked here.
"""

from __future__ import annotations
