"""Monthly processes, written out as hidden draws and states. The engine knows none of them."""

from __future__ import annotations
