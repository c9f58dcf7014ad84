"""Who carries out ranges of trials: threads, or processes of a dask cluster.

They do not know what a range computes.
"""

from __future__ import annotations
