"""Executors that run tasks on ranges of trials: threads, or processes of a dask cluster.

They do not know what a task computes.
"""

from __future__ import annotations
