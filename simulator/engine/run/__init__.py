"""Blocks of trials over threads: kept, counted, checkpointed, exchanged.

What a block computes is up to a back end.
"""

from __future__ import annotations
