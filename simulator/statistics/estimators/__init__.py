"""Each statistic with its simulation error, from a sample. How trials are stored is the concern of `samples`."""

from __future__ import annotations
