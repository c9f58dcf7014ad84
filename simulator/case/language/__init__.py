"""The closed tables of the language: functions, measures, units. They check nothing."""

from __future__ import annotations
