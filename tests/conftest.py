"""One set of rules for generated tests: the same examples in every run, however slow the machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("payback", deadline=None, derandomize=True)
settings.load_profile("payback")
