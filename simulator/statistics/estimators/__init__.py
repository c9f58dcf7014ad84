"""Each statistic with its simulation error, from a sample; nothing here depends on how its trials are stored."""

from __future__ import annotations
