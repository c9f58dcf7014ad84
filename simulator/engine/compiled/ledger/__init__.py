"""A plan as code: stages, operations, rates of return. It knows no coordinates."""

from __future__ import annotations
