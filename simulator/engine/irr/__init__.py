"""Every internal rate of return of many cash flows at once. It knows only cash flows, no case and no plan."""

from __future__ import annotations
