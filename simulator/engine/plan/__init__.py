"""From a model to a graph of steps, and to a plan: which step runs when, and in which buffer.

No trials are computed here.
"""

from __future__ import annotations
