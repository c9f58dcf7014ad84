"""All internal rates of return of many cash flows at once. This room knows only cash flows, no case and no plan."""

from __future__ import annotations
