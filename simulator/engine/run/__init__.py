"""Runs of a plan, block by block over threads: trials kept, counted, checkpointed, exchanged.

Blocks are computed by a back end, not here.
"""

from __future__ import annotations
