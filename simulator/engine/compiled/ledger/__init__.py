"""A plan as compiled code: its stages, operations and rates of return. It knows no coordinates."""

from __future__ import annotations
