"""The statistics of a sample, each with its simulation error; none depends on how the trials are stored."""

from __future__ import annotations
